
// Mounts figures in a page, all of them out of one program. web/finish.sh puts this at the end of figure.js, and the version
// for every `?v=0`.

const OFFERED = Symbol.for("memcg-figure");
const STOPPED = Symbol.for("memcg-figure-stopped");
const figures = new Set();
let mounts;

/// Draws a figure in an element: { fragment, address, mode, theme }. Calls `changed` whenever it has been drawn anew, and
/// `stopped` with the reason if the program of all figures has ended by a mistake of its own.
/// Gives the figure's functions: state, load, step, goto, play, theme, height, end.
export async function mount(element, wanted, changed = () => {}, stopped = () => {}) {
  begin();
  const figure = (await mounts)(element, { address: new URL(".", import.meta.url).href, ...wanted }, changed);
  figures.add(stopped);
  const { end } = figure;
  figure.end = () => {
    figures.delete(stopped);
    end();
  };
  return figure;
}

/// Bytes that the program holds, for all figures together.
export const memory = () => wasm?.memory.buffer.byteLength ?? 0;

/// Starts the program, if it is not; from this response, if it is of this version.
export function begin(response, version) {
  mounts ??= start(version === "?v=0" && response);
}

async function start(response) {
  try {
    const program = await response || new URL("figure_bg.wasm?v=0", import.meta.url);
    await __wbg_init({ module_or_path: program });
  } catch (error) {
    mounts = undefined;
    throw error;
  }
  const offered = globalThis[OFFERED];
  delete globalThis[OFFERED];
  // A mistake of the program ends it wherever it was; the page may have programs of others, whose mistakes are not ours.
  const heard = ({ error, reason }) => {
    const mistake = error ?? reason;
    if (mistake instanceof WebAssembly.RuntimeError && /figure(_bg)?\./.test(mistake.stack)) globalThis[STOPPED]();
  };
  addEventListener("error", heard);
  addEventListener("unhandledrejection", heard);
  globalThis[STOPPED] = () => figures.forEach((stopped) => stopped("The model made a mistake and has stopped."));
  return offered;
}
