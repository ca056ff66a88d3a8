// Keeps the page for use without a network: the service worker, registered by offline.js. docs/hosting.md describes it.
//
// Every file of a release is fetched once, by its hash, into a cache of its own, and served from there: a page finds its files, however
// much later it asks for one, as long as a tab of its release is open. Documents come from the network if that answers, so that
// whoever opens the page has the newest; `?v=` says to which release a page belongs. Nobody is asked anything.
// `cargo xtask build` puts the release for the next line; without one this worker takes itself off (`cargo xtask serve --dev`).
const RELEASE = null;

const HOME = self.registration.scope;
// One host may hold several playgrounds.
const OURS = `memcg-playground ${HOME} `;
const NAME = RELEASE && `${OURS}${RELEASE.v} ${RELEASE.id}`;
// After so long a page that is kept is better than a network that does not answer.
const PATIENCE_MS = 4000;

const names = async () => (await caches.keys()).filter((name) => name.startsWith(OURS));

addEventListener("install", (event) => event.waitUntil(RELEASE ? keep() : self.skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(RELEASE ? settle() : leave()));

// All files or none: if one is not what the list says, the server is between two releases, and the next visit tries again.
async function keep() {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(Object.entries(RELEASE.files).map(async ([file, integrity]) => {
      const key = `${HOME}${file}?${integrity}`;
      const known = await caches.match(key);
      const answer = known ?? await fetch(`${HOME}${file}?v=${RELEASE.v}`, { integrity, cache: "no-cache" });
      if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
      // A redirected answer may not be given to a navigation.
      await cache.put(key, new Response(answer.body, { headers: answer.headers }));
    }));
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

// No page of an earlier release is open any more.
async function settle() {
  for (const name of await names()) if (name !== NAME) await caches.delete(name);
  // The first page was there before the worker.
  await self.clients.claim();
}

async function leave() {
  for (const name of await names()) await caches.delete(name);
  await self.registration.unregister();
}

if (RELEASE) addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const address = url.origin + url.pathname;
  if (request.method !== "GET" || !address.startsWith(HOME)) return;
  const file = decodeURI(address.slice(HOME.length)) || "index.html";
  if (!Object.hasOwn(RELEASE.files, file)) return;
  event.respondWith(request.mode === "navigate" ? page(request, file) : part(request, file, url.searchParams.get("v")));
});

// The file as this worker's release has it, or another's. A worker that was replaced a moment ago still answers pages, when what
// it kept is gone already: a document is then that of the release after it.
async function kept(file, v) {
  for (const cacheName of [NAME, ...await names()].filter((name) => !v || name.startsWith(`${OURS}${v} `))) {
    const found = await caches.match(HOME + file, { cacheName, ignoreSearch: true });
    if (found) return found;
  }
}

async function page(request, file) {
  const fresh = fetch(request).then((answer) => {
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(answer.status);
    return answer;
  });
  fresh.catch(() => {});
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const first = await Promise.race([fresh, late]).catch(() => undefined);
  return first ?? (await kept(file)) ?? fresh;
}

const part = async (request, file, v) => (await kept(file, v)) ?? fetch(request);
