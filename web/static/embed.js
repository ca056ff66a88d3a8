// The figure in a frame of its own (embed.html), and its talk with the page around it; docs/embedding.md describes the messages.
//
// It speaks to nobody before it is spoken to, then only to that window at that origin.
// web/finish.sh puts the version for every `?v=0`.

const VERSION = 1;
const TEXT_CHARS_MAX = 4 << 20;
const STATE_EVERY_MS = 100;

/// The figure's functions (figure-mount.js), once there is a model.
let figure = null;
/// Why there is no model, once that is known; "" if there is one.
let failure = null;
/// Origin of the page around, once it has spoken.
let host = null;
let theme = null;

const root = document.documentElement;
// Whoever publishes the page may name those who may talk to it; without the element everybody may who embeds it.
const hosts = document.querySelector("meta[name=memcg-hosts]")?.content.split(/\s+/);

/// A message to this window, whoever sent it.
function hear(event) {
  const message = event.data;
  const isOurs = message && typeof message === "object" && Number.isInteger(message.memcg) && typeof message.type === "string";
  // A page without an origin cannot be answered without answering everybody.
  if (!isOurs || parent === window || event.source !== parent || event.origin === "null") return;
  if ((host !== null && event.origin !== host) || (hosts && !hosts.includes(event.origin))) return;
  host = event.origin;
  if (message.memcg !== VERSION) return refuse(message, `this figure speaks version ${VERSION} of the messages`);
  const act = Object.hasOwn(ACTS, message.type) && ACTS[message.type];
  if (!act) return refuse(message, `there is no message "${message.type.slice(0, 40)}"`);
  if (failure !== "" && message.type !== "connect") return refuse(message, failure ?? "the figure is not ready yet");
  const why = act(message);
  if (why) refuse(message, why);
}

/// What can be asked for; each gives back why not, if not.
const ACTS = {
  connect(message) {
    shade(message.theme);
    if (failure === null) say("loading");
    else greet();
  },
  load({ text }) {
    if (typeof text !== "string") return "load takes a `text`: a scenario or a link";
    if (text.length > TEXT_CHARS_MAX) return `load takes ${TEXT_CHARS_MAX} characters at most`;
    figure.load(text);
    tell();
  },
  goto({ step }) {
    if (!Number.isInteger(step) || step < 0) return "goto takes a `step`: a number of moves";
    figure.goto(Math.min(step, figure.state().nMoves));
    tell();
  },
  play({ on }) {
    if (typeof on !== "boolean") return "play takes `on`: true or false";
    if (figure.state().playing === on) return;
    if (!document.querySelector(".transport__play")) return "there is nothing to play";
    figure.play(on);
  },
  theme({ theme }) {
    if (!["auto", "light", "dark"].includes(theme)) return "theme takes a `theme`: auto, light or dark";
    shade(theme);
  },
  state: () => tell(true),
  height: () => say("height", { px: figure.height() }),
};

function refuse({ type, id }, why) {
  say("refused", { of: String(type).slice(0, 40), id, why });
}

function say(type, more = {}) {
  if (host !== null) parent.postMessage({ memcg: VERSION, type, ...more }, host);
}

function greet() {
  if (failure) return say("failed", { why: failure });
  say("ready", { height: figure.height(), state: brief() });
}

function shade(wanted) {
  theme = ["light", "dark", "auto"].includes(wanted) ? wanted : theme;
  if (!theme) return;
  // Of the document too, for what the browser draws.
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  figure?.theme(theme);
}

/// The figure as it is, without the groups.
function brief() {
  const { title, cursor, nMoves, branch, playing, sentence, lanes } = figure.state();
  return { title, cursor, nMoves, branch, playing, sentence, lanes: lanes.map(({ lane, counters, fault }) => ({ lane, counters, fault })) };
}

let told = "";
function tell(always) {
  const state = brief();
  const text = JSON.stringify(state);
  if (always || text !== told) say("state", { state });
  told = text;
}

let waiting = false;
function changed() {
  if (waiting || host === null || !figure) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    tell();
  }, STATE_EVERY_MS);
}

addEventListener("message", hear);
try {
  const { mount } = await import("./figure.js?v=0");
  figure = await mount(document.getElementById("app"), { fragment: location.hash.slice(1) }, changed, stopped);
  failure = "";
  document.querySelector("h1").textContent = document.title = figure.state().title || document.title;
  const { version, state, load, step } = figure;
  // docs/page-api.md
  window.memcg = { version, state, load, step };
  shade();
} catch (error) {
  console.error(error);
  failure = typeof WebAssembly === "object"
    ? `The model could not be loaded: ${error}.`
    : "The model could not be loaded: this browser does not run WebAssembly.";
  const status = document.getElementById("boot-status");
  if (status) status.textContent = failure;
}
greet();

/// Our own mistake: the program has ended, and what is drawn stays as it is.
function stopped(why) {
  failure = why;
  greet();
}
