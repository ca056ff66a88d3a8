// Lets the page around a figure (embed.html) talk to it; docs/embedding.md describes the messages. boot.js loads it with the first.
//
// Knows the page only by `window.memcg` (docs/page-api.md) and by its buttons. It speaks to nobody before it is spoken to,
// then only to that window at that origin.
// web/finish.sh puts the version for every `?v=0`.

const VERSION = 1;
const TEXT_CHARS_MAX = 4 << 20;
const STATE_EVERY_MS = 100;

/// Origin of the page around, once it has spoken.
let host = null;
/// Why there is no model, once that is known; "" if there is one.
let failure = null;
let theme = null;

const root = document.documentElement;
// Whoever publishes the page may name those who may talk to it; without the element everybody may who embeds it.
const hosts = document.querySelector("meta[name=memcg-hosts]")?.content.split(/\s+/);

/// A message to this window, whoever sent it.
export function hear(event) {
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
    window.memcg.load(text);
    tell();
  },
  goto({ step }) {
    if (!Number.isInteger(step) || step < 0) return "goto takes a `step`: a number of moves";
    const { cursor, nMoves } = window.memcg.state();
    window.memcg.step(Math.min(step, nMoves) - cursor);
    tell();
  },
  play({ on }) {
    if (typeof on !== "boolean") return "play takes `on`: true or false";
    if (window.memcg.state().playing === on) return;
    const button = document.querySelector(".transport__play");
    if (!button) return "there is nothing to play";
    button.click();
  },
  theme({ theme }) {
    if (!["auto", "light", "dark"].includes(theme)) return "theme takes a `theme`: auto, light or dark";
    shade(theme);
  },
  state: () => tell(true),
  height: () => say("height", { px: height() }),
};

function refuse({ type, id }, why) {
  say("refused", { of: String(type).slice(0, 40), id, why });
}

function say(type, more = {}) {
  if (host !== null) parent.postMessage({ memcg: VERSION, type, ...more }, host);
}

function greet() {
  if (failure) return say("failed", { why: failure });
  say("ready", { height: height(), state: brief() });
}

function shade(wanted) {
  theme = wanted === "light" || wanted === "dark" ? wanted : wanted === "auto" ? null : theme;
  if (theme) root.dataset.theme = theme;
  else if (wanted === "auto") delete root.dataset.theme;
}

/// How high the frame would have to be for nothing in it to be scrolled.
function height() {
  const lanes = document.querySelector(".stage__lanes");
  return innerHeight + (lanes ? lanes.scrollHeight - lanes.clientHeight : 0);
}

/// The page as it is, without the groups.
function brief() {
  const { title, cursor, nMoves, branch, playing, sentence, lanes } = window.memcg.state();
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
function later() {
  if (waiting || host === null) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    tell();
  }, STATE_EVERY_MS);
}

// Not awaited here: until the model has come, or has not, questions are answered too.
import("./boot.js?v=0").then(
  () => (window.memcg ? "" : document.getElementById("boot-status")?.textContent.trim() || "The model could not be loaded."),
  (error) => `The model could not be loaded: ${error}.`,
).then((outcome) => {
  failure = outcome;
  if (!failure) {
    if (theme) shade(theme);
    // Yew draws anew whatever has changed, and only then.
    new MutationObserver(later).observe(document.getElementById("app"), { subtree: true, childList: true, characterData: true, attributes: true });
  }
  greet();
});
