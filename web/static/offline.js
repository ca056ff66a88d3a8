// Registers the service worker that keeps the page for use without a network (sw.js), once the page has nothing else to do.
// Not in a frame: what somebody else's page holds keeps nothing.
if (parent === window) addEventListener("load", () => setTimeout(() => {
  navigator.serviceWorker?.register(new URL("sw.js", import.meta.url)).catch(() => {});
}, 1000));
