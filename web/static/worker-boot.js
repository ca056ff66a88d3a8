// Starts the worker. What it is sent before its WebAssembly has arrived is kept and handed over then.
// web/finish.sh puts the version for every `?v=0`.
import init from "./worker.js?v=0";

const early = [];
self.onmessage = (event) => early.push(event);

init({ module_or_path: new URL("worker_bg.wasm?v=0", import.meta.url) }).then(
  () => early.forEach((event) => self.onmessage(event)),
  // As an error event at the page, where it is reported; a rejected promise would be lost.
  (error) => setTimeout(() => { throw error; }),
);
