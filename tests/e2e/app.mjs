// Words for the tests about the playground itself; `helper.mjs` knows only pages.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./server.mjs";

const GALLERY = join(ROOT, "crates/scenario/gallery");

// A scenario of the gallery under other lanes: what it expects and asks of its own is left out.
export async function gallery(name, ...compared) {
  const file = (await readdir(GALLERY)).find((file) => file.replace(/^\d+-/, "") === `${name}.scenario`);
  const text = await readFile(join(GALLERY, file), "utf8");
  const compare = ["compare:", ...compared.map((lane) => `  ${lane}`), ""].join("\n");
  return text.replace(/\nexpect:[^]*$/, "\n").replace(/compare:\n(?: .*\n)+/, compare);
}

export const SMALL = `scenario: Small
hierarchy:
  machine
    ct-1
    ct-2
    ct-3
    ct-4
threads:
  kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
  admin: rmdir machine/ct-4
compare:
  rhel7-dead-count
  vz7-seed-commit
  vz7-nullify
schedule:
  kswapd0 x4
`;

// What the page says of itself; see docs/page-api.md.
export const state = (page) => page.evaluate(() => window.memcg.state());
export const step = (page, what) => page.evaluate((what) => window.memcg.step(what), what);
export const load = (page, text = SMALL) => page.evaluate((text) => window.memcg.load(text), text);

// A picture of every lane without what depends on how it was reached.
export const lanes = async (page) => (await state(page)).lanes;

// Types into the field that finds groups, once it is there.
export async function find(page, part) {
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.id === "search-field");
  await page.keyboard.type(part);
}

// A node's cgroups as `find` prints them.
export const listing = (n) =>
  ["/sys/fs/cgroup", "/sys/fs/cgroup/machine.slice"]
    .concat(Array.from({ length: n - 1 }, (_, at) => `/sys/fs/cgroup/machine.slice/ct-${at + 1}`))
    .join("\n") + "\n";

// As if a person pasted it, nowhere in particular.
export const paste = (page, text) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, text);

// The longest time, in milliseconds, for which the page did not answer while `act` ran.
export async function longestFreeze(page, act) {
  await page.evaluate(() => {
    window.gaps = { last: performance.now(), worst: 0, on: true };
    const tick = () => {
      const now = performance.now();
      window.gaps.worst = Math.max(window.gaps.worst, now - window.gaps.last);
      window.gaps.last = now;
      if (window.gaps.on) setTimeout(tick, 4);
    };
    tick();
  });
  await act();
  return page.evaluate(() => {
    window.gaps.on = false;
    return window.gaps.worst;
  });
}
