// Links to what a figure shows, made from a scenario's text. Joined into memcg-playground.js.

const isLink = (text) => /^\d+t?(:|%3A)/i.test(text);

/// A scenario's text, with other lanes and a place in time, as a link of the plain form (docs/links.md).
function linkOf(text, { policies, step, flag }) {
  let lines = text.replaceAll("\r\n", "\n").split("\n");
  if (policies.length) {
    // A section is its head and everything that is indented, empty or a comment below; the margin is the first line's.
    const margin = lines.find((line) => line.trim())?.match(/^\s*/)[0] ?? "";
    let inside = false;
    lines = lines.filter((line) => {
      const head = line.trim() && line.startsWith(margin) && !/^[\s#]/.test(line.slice(margin.length));
      if (head) inside = /^compare\s*:/.test(line.slice(margin.length));
      return !inside;
    });
    lines.push(`${margin}compare:`, ...policies.map((policy) => `${margin} ${policy}`));
  }
  const margin = lines.find((line) => line.trim())?.match(/^\s*/)[0] ?? "";
  const heads = [step > 0 && `cursor:${step}`, flag && `view:\n${margin} embed ${flag}`].filter(Boolean);
  return "1t:" + encodeURIComponent([...heads.map((head) => margin + head), ...lines].join("\n") + "\n");
}
