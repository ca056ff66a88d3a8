"use strict";
// Starts the playground that this file carries, in place of the figure; where that cannot be, the figure goes on stepping.
(() => {
  const button = document.getElementById("live");
  const said = document.getElementById("live-said");
  if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
    said.textContent = "This browser does not run the playground that is in this file: the recorded steps can be stepped through.";
    return;
  }

  const packed = (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  };
  const address = (part, type) => URL.createObjectURL(new Blob([part], { type }));

  const start = async () => {
    const parts = ["app-js", "app-wasm", "worker-js", "worker-wasm", "app-css"].map(packed);
    const [app, wasm, worker, workerWasm, style] = await Promise.all(parts);
    const js = "text/javascript";
    // A worker of a file may load nothing, and be no module: its program is one text, and the model comes with the
    // first message.
    const module = new TextDecoder().decode(worker);
    const [exports, init] = /export\s*\{[^}]*?([\w$]+) as default[^}]*\};?/.exec(module);
    const text = module.replace(exports, "").replaceAll("import.meta.url", "location.href");
    const boot = address(`${text}
      const early = [];
      self.onmessage = ({ data }) => {
        self.onmessage = (event) => early.push(event);
        ${init}({ module_or_path: data }).then(
          () => early.forEach((event) => self.onmessage(event)),
          (error) => setTimeout(() => { throw error; }),
        );
      };`, js);
    const Native = Worker;
    window.Worker = function (url, options) {
      if (!String(url).includes("worker-boot")) return new Native(url, options);
      const made = new Native(boot);
      made.postMessage(workerWasm);
      return made;
    };
    const { default: run } = await import(address(app, js));
    // The page as it was stays until the program is there.
    if (location.hash.length < 2) location.hash = button.dataset.link;
    document.querySelector("style").textContent = new TextDecoder().decode(style);
    document.body.className = "";
    document.body.innerHTML = '<div id="app"></div>';
    await run({ module_or_path: wasm });
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = "Loading the model…";
    start().catch((error) => {
      console.error(error);
      const place = document.getElementById("live-said") ?? document.body;
      place.textContent = `The playground in this file could not be started: ${error}. Reloading brings the figure back.`;
    });
  });
})();
