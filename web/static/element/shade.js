// How dark the page around a figure is. Joined into memcg-playground.js.

/// Light or dark: what the page behind the element is.
function shadeBehind(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const [r, g, b, a = 1] = getComputedStyle(at).backgroundColor.match(/^rgba?\((.*)\)$/)?.[1].split(/[\s,/]+/).map(Number) ?? [];
    if (r !== undefined && a > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme.includes("dark") && (!scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches) ? "dark" : "light";
}

/// Every figure of the page looks again when its theme may have changed: no listener for each.
const figures = new Set();
let watching = false;
function watchTheme() {
  if (watching) return;
  watching = true;
  const look = () => requestAnimationFrame(() => figures.forEach((figure) => figure.shade()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
  const watch = { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-mode", "data-md-color-scheme"] };
  const observer = new MutationObserver(look);
  for (const element of [document.documentElement, document.body]) if (element) observer.observe(element, watch);
}
