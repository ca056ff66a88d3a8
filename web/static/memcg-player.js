// Plays the steps that an author's tool has put beside a figure (`memcg render --steps`), where WebAssembly cannot be. No model:
// each step lists the parts of the picture that change, and with which text. memcg-playground.js loads this when it is needed;
// a script and no module, so that it also runs in a page that was opened from a file.
(() => {
"use strict";

const VERSION = 1;
const PLAY_EVERY_MS = 1000;

const STYLE = `
.player { display: grid; grid-template-rows: minmax(0, 1fr) auto auto; height: 100%; box-sizing: border-box; color-scheme: light; background: #fff; color: #1a1e24; font: 14px/1.45 system-ui, sans-serif; }
.player[data-theme="dark"] { color-scheme: dark; background: #14171b; color: #e8ebef; }
.picture { overflow: auto; }
.picture:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid; outline-offset: -2px; }
.picture svg { display: block; height: auto; min-width: 34rem; max-width: 100%; }
.said { margin: 0; padding: 6px 12px; min-height: 1.45em; border-top: 1px solid; border-color: color-mix(in srgb, currentColor 25%, transparent); }
.steps { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 12px; }
.steps input { flex: 1 1 120px; min-height: 28px; }
.steps output { min-width: 5em; text-align: center; font-variant-numeric: tabular-nums; }
button { font: inherit; color: inherit; min-height: 30px; padding: 2px 12px; border: 1px solid; border-radius: 6px; border-color: color-mix(in srgb, currentColor 40%, transparent); background: none; cursor: pointer; }
button:disabled { opacity: .45; cursor: default; }`;

const make = (name, properties = {}, attributes = {}) => {
  const element = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

/// Shows a film in an element of a shadow root, at its start. Gives the functions of a figure (figure-mount.js) that need no model.
function play(root, film, changed) {
  if (film.memcg !== VERSION || !Array.isArray(film.steps)) throw new Error("these steps are of another version");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const tree = root.getRootNode();
  tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, sheet];
  const last = film.steps.length - 1;
  const picture = make("div", { className: "picture", tabIndex: 0 }, { role: "group", "aria-label": "Figure" });
  // What the tool has written, as what it has written into the page itself.
  picture.innerHTML = film.svg;
  const said = make("p", { className: "said" }, { "aria-live": "polite" });
  const bar = make("div", { className: "steps" }, { role: "group", "aria-label": "Playing" });
  const button = (words, name, act) => {
    const made = make("button", { type: "button", textContent: words, title: name }, { "aria-label": name });
    made.addEventListener("click", act);
    return made;
  };
  const slider = make("input", { type: "range", min: 0, max: last }, { "aria-label": "Moves made" });
  const place = make("output");
  let at = -1;
  let timer;
  const playing = () => timer !== undefined;
  const parts = new Map();
  const part = (number) => {
    if (!parts.has(number)) parts.set(number, picture.querySelector(`#part${Number(number)}`));
    return parts.get(number);
  };
  const shown = [];

  const goTo = (wanted) => {
    const target = Math.max(0, Math.min(last, wanted));
    const texts = new Map();
    // What every part shows: the last change at or before it.
    for (let step = target > at ? at + 1 : 0; step <= target; step++) {
      const changes = film.steps[step][1];
      for (let n = 0; n < changes.length; n += 2) texts.set(changes[n], changes[n + 1]);
    }
    for (const [number, text] of texts) {
      if (shown[number] === text) continue;
      shown[number] = text;
      part(number).innerHTML = film.texts[text];
    }
    at = target;
    slider.value = at;
    place.textContent = `${film.steps[at][0]} / ${film.steps[last][0]}`;
    said.textContent = film.steps[at][2];
    start.disabled = back.disabled = at === 0;
    end.disabled = next.disabled = at === last;
    if (at === last) stop();
    changed();
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    toggle.textContent = "Play";
    toggle.setAttribute("aria-label", "Play");
  };
  const run = () => {
    if (at === last) goTo(0);
    timer ??= setInterval(() => goTo(at + 1), PLAY_EVERY_MS);
    toggle.textContent = "Pause";
    toggle.setAttribute("aria-label", "Pause");
    changed();
  };
  // Of a person or a page: it plays no further by itself.
  const go = (wanted) => {
    stop();
    goTo(wanted);
  };

  const start = button("Start", "To the start", () => go(0));
  const back = button("Back", "One step back", () => go(at - 1));
  const toggle = button("Play", "Play", () => (playing() ? (stop(), changed()) : run()));
  const next = button("Next", "One step on", () => go(at + 1));
  const end = button("End", "To the end", () => go(last));
  slider.addEventListener("input", () => go(Number(slider.value)));
  bar.append(start, back, toggle, next, end, slider, place);
  root.append(picture, said, bar);
  const keys = { Home: () => 0, ArrowLeft: () => at - 1, ArrowRight: () => at + 1, End: () => last };
  root.addEventListener("keydown", (event) => {
    const to = keys[event.key];
    if (!to || event.ctrlKey || event.altKey || event.metaKey || event.target === slider) return;
    event.preventDefault();
    event.stopPropagation();
    go(to());
  });
  goTo(0);

  const counters = ([rounds, restarts, visits, wiped]) => ({ rounds, restarts, visits, wiped });
  return {
    state: () => ({
      title: film.title,
      cursor: film.steps[at][0],
      nMoves: film.steps[last][0],
      branch: "main",
      playing: playing(),
      sentence: film.steps[at][2],
      lanes: film.lanes.map((lane, n) => ({ lane, counters: counters(film.counters[at][n]), fault: null })),
    }),
    // Every move is a moment.
    goto: go,
    play: (on) => on !== playing() && (on ? run() : (stop(), changed())),
    theme: (name) => (root.dataset.theme = name),
    height: () => root.clientHeight + picture.scrollHeight - picture.clientHeight,
    end: stop,
  };
}

globalThis[Symbol.for("memcg-player")] = play;
})();
