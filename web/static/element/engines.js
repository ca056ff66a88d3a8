// What draws figures: the engine, or the player where WebAssembly cannot be. Joined into memcg-playground.js.

/// Where this file is: the engine is beside it.
const HERE = document.currentScript?.src ?? [...document.querySelectorAll('script[src*="memcg-playground.js"]')].at(-1)?.src ?? location.href;

/// The engine of every folder it comes from: one for all figures of the page. One that has failed is asked for anew.
const engines = new Map();
let nAsked = 0;
function engineAt(folder) {
  if (!engines.has(folder)) {
    const address = new URL("figure.js?v=0", folder);
    // A browser may remember that an address did not come.
    if (nAsked++) address.searchParams.set("again", nAsked);
    // Both at once; the second is used if it is of the same version.
    const program = fetch(new URL("figure_bg.wasm?v=0", folder));
    program.catch(() => {});
    const engine = import(address.href).then((engine) => (engine.begin(program, "?v=0"), engine));
    engine.catch(() => engines.delete(folder));
    engines.set(folder, engine);
  }
  return engines.get(folder);
}

/// Why WebAssembly cannot run in this page; nothing if it can.
function whyNoWasm() {
  if (typeof WebAssembly !== "object") return "this browser does not run WebAssembly";
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return "this page's security policy does not allow WebAssembly (script-src 'wasm-unsafe-eval')";
  }
}

/// What plays recorded steps without an engine, loaded with the first figure that needs it. As a script: modules need a server.
let player;
function playerAt(folder) {
  player ??= new Promise((done, failed) => {
    const script = make("script", { src: new URL("memcg-player.js", folder).href });
    script.onload = () => done(globalThis[Symbol.for("memcg-player")]);
    script.onerror = () => {
      player = undefined;
      failed();
    };
    document.head.append(script);
    script.remove();
  });
  return player;
}
