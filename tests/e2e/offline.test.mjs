// Use without a network: what is kept after the first visit, and what a new release changes for whom. Servers of its own, since
// they have to end and to change.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, test } from "./helper.mjs";
import { DIST, serve } from "./server.mjs";
import { load, state, step } from "./app.mjs";

const WORKER = await readFile(join(DIST, "sw.js"), "utf8").catch(() => "");
const KEEPS = { serviceWorkers: "allow" };
const DEEP = "/some/deep/path/of a host/";

// A page to work on keeps nothing.
const offline = (name, body) =>
  WORKER.includes("RELEASE = null") ? console.log(`not of a page to work on: ${name}`) : test(name, KEEPS, body);

// A folder with the page, and a server for it that can be ended.
async function published(body) {
  const folder = join(await mkdtemp(join(tmpdir(), "memcg-")), "site");
  await cp(DIST, folder, { recursive: true, filter: (from) => !from.includes(join(DIST, "book")) });
  const server = await serve({ folder, under: DEEP });
  let ended = false;
  const site = { folder, url: encodeURI(server.url), end: () => { ended = true; server.close(); } };
  try {
    await body(site);
  } finally {
    if (!ended) server.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  }
}

// The program runs: a browser's own page of an error has no words of the start screen either.
const ready = (page) => page.waitForFunction(() => document.getElementById("app") && !document.getElementById("boot-status"));
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");

// The same page under another version, as the next build would make it.
async function release(folder, version, mark) {
  const files = (await readdir(folder)).filter((name) => /\.(html|js)$/.test(name));
  const old = (await readFile(join(folder, "index.html"), "utf8")).match(/style\.css\?v=(\d+)/)[1];
  for (const name of files) {
    const text = await readFile(join(folder, name), "utf8");
    await writeFile(join(folder, name), text.replaceAll(`?v=${old}`, `?v=${version}`).replaceAll(`v: "${old}"`, `v: "${version}"`));
  }
  const page = await readFile(join(folder, "index.html"), "utf8");
  await writeFile(join(folder, "index.html"), page.replace(/<html/, `<html data-release="${mark}"`));
  let worker = await readFile(join(folder, "sw.js"), "utf8");
  for (const [entry, name] of [...worker.matchAll(/"([^"]+)": "sha256-[^"]+"/g)]) {
    const hash = createHash("sha256").update(await readFile(join(folder, name))).digest("base64");
    worker = worker.replace(entry, `"${name}": "sha256-${hash}"`);
  }
  await writeFile(join(folder, "sw.js"), worker.replace(/id: "[^"]+"/, `id: "${mark}"`));
}

offline("after one visit it opens without a server: page, sheet, gallery, figure", async ({ page, context, expectProblem }) => {
  // The server is another than that of the tests, and ends.
  expectProblem(/request to another host|ERR_CONNECTION_REFUSED/);
  await published(async ({ url, end }) => {
    await page.goto(url);
    await ready(page);
    await kept(page);
    end();
    // The page that was there before its worker was.
    await load(page);
    await step(page, 2);
    await page.getByRole("button", { name: "Compare" }).first().click();
    await page.locator("dialog table, dialog .sheet, #dialog").first().waitFor();

    const later = await context.newPage();
    await later.goto(url);
    await ready(later);
    await load(later);
    await step(later, 3);
    assert.equal((await state(later)).cursor, 3);
    await later.getByRole("button", { name: "Gallery" }).first().click();
    await later.locator(".card").first().waitFor();

    await later.goto(`${url}gallery.html`);
    const picture = later.locator(".shelf__card img").first();
    assert.ok(await picture.evaluate(async (image) => { await image.decode(); return image.naturalWidth > 0; }));
    await later.locator(".shelf__card").nth(1).click();
    await ready(later);
    assert.equal((await state(later)).title, "One rmdir in the middle of a round");

    await later.goto(`${url}embed.html#1t:scenario:x%0Ahierarchy:%0A a`);
    await ready(later);
    assert.equal((await state(later)).title, "x");
  });
});

offline("a new release: an open page goes on with its own files, the next visit has the new one", async ({ page, context, expectProblem }) => {
  expectProblem(/request to another host|ERR_CONNECTION_REFUSED|integrity/);
  await published(async ({ url, folder, end }) => {
    await page.goto(url);
    await ready(page);
    await kept(page);
    const asked = [];
    context.on("response", (response) => asked.push(response));

    await release(folder, "7777", "second");
    const boot = join(folder, "worker-boot.js");
    const whole = await readFile(boot);
    // What the old page has not asked for yet is another now.
    await writeFile(boot, "throw new Error('of another release');");
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => {}));
    await page.getByRole("button", { name: "Gallery" }).first().click();
    await page.locator(".card").first().waitFor();
    const answer = asked.find((response) => /worker-boot\.js/.test(response.url()) && !response.url().endsWith("7777"));
    assert.ok(answer.fromServiceWorker(), "of its own release");
    assert.equal(await page.locator("html").getAttribute("data-release"), null);

    // The server was between two releases, so nothing of it was kept; now it is whole.
    await writeFile(boot, whole);
    const next = await context.newPage();
    await next.goto(url);
    await ready(next);
    assert.equal(await next.locator("html").getAttribute("data-release"), "second");
    // Both are open, each with its own.
    await page.keyboard.press("Escape");
    await load(page);
    assert.equal((await state(page)).title, "Small");
    await next.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      const worker = registration.installing ?? registration.waiting;
      if (worker && worker.state === "installing") await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
    });
    await page.close();
    await next.close();

    const last = await context.newPage();
    await last.goto(url);
    await ready(last);
    await last.waitForFunction(async () => (await caches.keys()).filter((name) => name.includes("7777")).length === 1 && (await caches.keys()).length === 1);
    await kept(last);
    end();
    await last.reload();
    await ready(last);
    assert.equal(await last.locator("html").getAttribute("data-release"), "second");
  });
});

offline("a worker whose files were taken over by the next release answers with those", async ({ page, expectProblem }) => {
  expectProblem(/request to another host|ERR_CONNECTION_REFUSED/);
  await published(async ({ url, end }) => {
    await page.goto(url);
    await ready(page);
    await kept(page);
    // As it is for the moment between the end of one release's files and that of its worker.
    await page.evaluate(async () => {
      const [name] = await caches.keys();
      const [from, to] = await Promise.all([caches.open(name), caches.open(`${name} after`)]);
      for (const request of await from.keys()) await to.put(request, await from.match(request));
      await caches.delete(name);
    });
    end();
    await page.reload();
    await ready(page);
    await load(page);
    assert.equal((await state(page)).title, "Small");
    await page.getByRole("button", { name: "Gallery" }).first().click();
    await page.locator(".card").first().waitFor();
  });
});

offline("a figure on somebody's page keeps nothing", async ({ page, context, expectProblem }) => {
  expectProblem(/request to another host/);
  await published(async ({ url }) => {
    await page.goto(`${url}embed.html`);
    await ready(page);
    await page.goto("about:blank");
    await page.route("**/around.html", (route) => route.fulfill({ contentType: "text/html", body: "<iframe src=index.html></iframe>" }));
    await page.goto(`${url}around.html`);
    await page.locator("iframe").contentFrame().locator("#boot-status").waitFor({ state: "detached" });
    // Longer than the page itself waits before it registers.
    await page.waitForTimeout(2500);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length), 0);
    assert.equal(context.serviceWorkers().length, 0);
  });
});
