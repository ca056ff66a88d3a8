// `?src=FILE`: opens a scenario's file of the page's own origin, as a link that holds it (docs/links.md). boot.js loads this
// before the program, and only when it is asked for.
//
// A fragment in the address goes first: it is what has become of the scenario since.

const TEXT_BYTES_MAX = 1 << 20;
const PATIENCE_MS = 15_000;
const KEYS = /^\s*(scenario|note|preemption|use_hierarchy|hierarchy|threads|compare|schedule|expect|cursor|view|edit|state|branch)\s*:/m;

/// Puts the scenario into the address, or says why not.
export async function arrive() {
  const src = new URLSearchParams(location.search).get("src");
  if (!src || location.hash.length > 1) return;
  try {
    const text = await load(src);
    history.replaceState(null, "", `#1:${await packed(text)}`);
  } catch (error) {
    say(src, error.name === "TimeoutError" ? "the server does not answer" : error.message);
  }
}

async function load(src) {
  const from = new URL(src, location.href);
  if (from.origin !== location.origin) throw new Error(`a scenario is only loaded from this page's own origin, not from ${from.origin}`);
  const answer = await fetch(from, { mode: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) })
    .catch((error) => { throw error.name === "TimeoutError" ? error : new Error("there is no connection to the server, or it leads elsewhere"); });
  if (!answer.ok) throw new Error(answer.status === 404 ? "there is no such file" : `the server says ${answer.status}`);
  const text = await read(answer);
  if (/html/.test(answer.headers.get("content-type")) || text.includes("\0") || !KEYS.test(text)) throw new Error("it is not a scenario's text");
  return text;
}

async function read(answer) {
  const parts = [];
  let n_bytes = 0;
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    n_bytes += next.value.length;
    if (n_bytes > TEXT_BYTES_MAX) {
      reader.cancel();
      throw new Error("it is longer than 1 MiB; drop the file on the page instead");
    }
    parts.push(next.value);
  }
  return new Blob(parts).text();
}

/// The text as a link of version 1 has it: checksum and deflate, in base64url.
async function packed(text) {
  const bytes = new TextEncoder().encode(text);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  const head = new DataView(new ArrayBuffer(4));
  head.setUint32(0, ~crc >>> 0);
  const deflated = await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"))).bytes();
  let binary = "";
  for (const byte of [...new Uint8Array(head.buffer), ...deflated]) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/// In the words and colours of the page's own notices, above whatever opens instead.
function say(src, why) {
  const notice = document.createElement("div");
  notice.className = "notice notice--bad";
  notice.setAttribute("role", "alert");
  const make = (name, className, textContent) => notice.appendChild(Object.assign(document.createElement(name), { className, textContent }));
  make("p", "notice__title", "The scenario that the address names could not be opened.");
  make("p", "notice__text", `${src.slice(0, 200)}: ${why}.`);
  make("button", "button button--small", "Dismiss").onclick = () => notice.remove();
  const place = new CSSStyleSheet();
  place.replaceSync(".notice.notice--src { position: fixed; z-index: 9; inset: 1rem 1rem auto; margin: auto; max-width: 36rem; box-shadow: var(--shade) }");
  document.adoptedStyleSheets.push(place);
  notice.classList.add("notice--src");
  document.body.append(notice);
}
