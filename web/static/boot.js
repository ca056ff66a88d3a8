// Starts the page. An external file, because the content security policy forbids inline scripts.
// web/finish.sh puts the version for every `?v=0`.
import init from "./app.js?v=0";

// Where the program finds its worker's script: of this version, not one the browser has kept.
document.documentElement.dataset.worker = new URL("worker-boot.js?v=0", import.meta.url).href;

// A scenario by its file goes into the address first. What goes wrong there is said there.
if (location.search.includes("src=")) await import("./src.js?v=0").then(({ arrive }) => arrive());

try {
  await init({ module_or_path: new URL("app_bg.wasm?v=0", import.meta.url) });
  // The styles of what opens over the page or beside it.
  const late = document.createElement("link");
  late.rel = "stylesheet";
  late.href = new URL("late.css?v=0", import.meta.url).href;
  document.head.append(late);
} catch (error) {
  console.error(error);
  // The page itself may be gone by now; the words of the start screen are there only before it.
  const status = document.getElementById("boot-status");
  if (status) {
    status.textContent = typeof WebAssembly === "object"
      ? `The model could not be loaded: ${error}. Reloading the page may help.`
      : "The model could not be loaded: this browser does not run WebAssembly.";
  }
}
