// The gallery's page, the matrix, link previews, and scenarios by `?src=`.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, comes, test } from "./helper.mjs";
import { DIST } from "./server.mjs";
import { SMALL, load, state } from "./app.mjs";

// Its whole schedule is looked through first; then it stands at its beginning.
const opened = (page, title) =>
  comes(async () => {
    const there = await state(page);
    assert.deepEqual([there.title, there.cursor, there.notices], [title, 0, []]);
  });

for (const width of [390, 1280]) {
  test(`the gallery at ${width} px: pictures, and one click opens a scenario`, { viewport: { width, height: 800 } }, async ({ page, url, axe, picture }) => {
    await page.goto(`${url}gallery.html`);
    const cards = page.locator(".shelf__card");
    assert.ok((await cards.count()) >= 20);
    const images = await page.locator(".shelf__card img").evaluateAll((all) =>
      Promise.all(all.map(async (image) => { image.loading = "eager"; await image.decode(); return image.naturalWidth; })));
    assert.ok(images.every((px) => px > 0));
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    await axe();
    await picture(`gallery-${width}`);
    await cards.filter({ hasText: "One walker's pointer" }).click();
    await page.locator("#boot-status").waitFor({ state: "detached" });
    await opened(page, "One walker's pointer with another's count");
  });
}

for (const width of [390, 1280]) {
  test(`the matrix at ${width} px: what fails opens its counter-example`, { viewport: { width, height: 800 } }, async ({ page, url, axe, picture }) => {
    await page.goto(`${url}gallery.html`);
    await page.getByRole("link", { name: "What fails where" }).click();
    await page.waitForURL("**/matrix.html");
    const failing = page.locator(".matrix__bad");
    assert.ok((await failing.count()) > 30);
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    await axe();
    await picture(`matrix-${width}`);
    const link = failing.locator("a").first();
    const words = await link.getAttribute("title");
    await link.click();
    await page.locator("#boot-status").waitFor({ state: "detached" });
    const there = await state(page);
    assert.ok(there.title.endsWith(words), `${there.title}: ${words}`);
    assert.deepEqual(there.notices, []);
  });
}

test("what link previews and installers are told is there", async () => {
  for (const name of ["index.html", "gallery.html", "matrix.html"]) {
    const html = await readFile(join(DIST, name), "utf8");
    const told = Object.fromEntries([...html.matchAll(/property="og:([^"]+)" content="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    assert.ok(told.title && told.description && told.image, JSON.stringify(told));
    const png = await readFile(join(DIST, told.image.split("/").at(-1)));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [Number(told["image:width"]), Number(told["image:height"])]);
  }
  const manifest = JSON.parse(await readFile(join(DIST, "manifest.webmanifest"), "utf8"));
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await readFile(join(DIST, src));
    if (type === "image/png") assert.equal(`${icon.readUInt32BE(16)}x${icon.readUInt32BE(20)}`, sizes);
  }
});

// Files beside the page, as somebody would put them there.
const files = (page, all) =>
  Promise.all(Object.entries(all).map(([name, [body, contentType = "text/plain"]]) =>
    page.route(`**/${name}`, (route) => route.fulfill({ body, contentType }))));

test("?src= opens a scenario's file, and what becomes of it stays in the address", async ({ page, open, url }) => {
  await files(page, { "my.scenario": [SMALL.replace("Small", "From a file: ünïcode")] });
  await open("?src=my.scenario");
  await opened(page, "From a file: ünïcode");
  await load(page, SMALL.replace("Small", "Changed"));
  await page.waitForFunction(() => location.hash.length > 10 && location.search === "?src=my.scenario");
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.draft") === location.hash.slice(1));
  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  assert.equal((await state(page)).title, "Changed");

  // Work of one's own is not lost to a file.
  await open("?src=my.scenario&again");
  assert.equal((await state(page)).title, "From a file: ünïcode");
  await page.getByRole("button", { name: "Bring it back" }).click();
  assert.equal((await state(page)).title, "Changed");
});

test("?src= with mistakes inside: they are told beside what did parse", async ({ page, open }) => {
  await files(page, { "half.scenario": [SMALL.replace("kswapd0 x4", "kswapd0 x2\n  kswapd0 sideways")] });
  await open("?src=half.scenario");
  assert.deepEqual([(await state(page)).title, (await state(page)).nMoves], ["Small", 2]);
  await page.getByText(/17:11: error: after the thread comes/).first().waitFor();
});

test("?src= that cannot be opened says why, and the page opens as it would", async ({ page, open, expectProblem }) => {
  expectProblem(/404|request failed|console: /);
  await files(page, {
    "page.scenario": ["<!DOCTYPE html><p>scenario: no", "text/html"],
    "noise.scenario": ["\u0000\u0001\u0002"],
    "prose.scenario": ["Dear reader, nothing here."],
    "long.scenario": [`scenario: long\n${"# filler\n".repeat(130_000)}`],
    "elsewhere.scenario": [""],
  });
  const wrong = [
    ["https://example.org/x.scenario", /own origin, not from https:\/\/example\.org/],
    ["javascript:alert(1)", /own origin/],
    ["data:text/plain,scenario:x", /own origin/],
    ["missing.scenario", /there is no such file/],
    ["page.scenario", /not a scenario/],
    ["noise.scenario", /not a scenario/],
    ["prose.scenario", /not a scenario/],
    ["long.scenario", /longer than 1 MiB/],
    ["<img src=x onerror=alert(1)>.scenario", /there is no such file/],
  ];
  page.on("dialog", (dialog) => assert.fail(dialog.message()));
  for (const [src, why] of wrong) {
    await open(`?src=${encodeURIComponent(src)}`);
    const notice = page.locator(".notice--src");
    await notice.waitFor();
    assert.match(await notice.innerText(), why, src);
    assert.ok((await state(page)).lanes.length > 0, "the story is there");
    assert.equal(await notice.locator("img").count(), 0);
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await notice.waitFor({ state: "detached" });
  }
});
