// Our own documentation beside the page: `cargo xtask test --only docs` builds it into DIST/memcg/book and runs this file, alone.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { figure, live, stateOf } from "./figures.mjs";
import { assert, test } from "./helper.mjs";
import { DIST } from "./server.mjs";

const BOOK = "memcg/book/";
const pages = async (folder) => (await readdir(join(DIST, BOOK, folder))).filter((name) => name.endsWith(".html")).map((name) => `${BOOK}${folder}/${name}`);

test("a story's figure comes to life at the moment that is drawn, and steps", async ({ page, url, axe, picture }) => {
  await page.goto(`${url}${BOOK}stories/two-locks.html`);
  assert.equal(await page.locator("memcg-playground").count(), 2);
  await axe({ include: "memcg-playground" });
  await picture("book-two-locks-still");
  await figure(page).getByRole("button", { name: "Step through it" }).click();
  const frame = await live(figure(page));
  const there = await stateOf(figure(page));
  // The edited listing travels in the figure's link.
  assert.deepEqual(there.lanes.map(({ lane, fault }) => [lane, fault?.name ?? null]), [["vz7-nullify", null], ["no-sched", "UAF css_tryget"]]);
  assert.deepEqual(there.notices, []);
  await frame.getByRole("button", { name: "One step back" }).click();
  assert.equal((await stateOf(figure(page))).cursor, there.cursor - 1);
  await picture("book-two-locks-live");
});

test("every chapter with figures: no complaint, nothing too wide at 390 px, figures alive", { viewport: { width: 390, height: 844 } }, async ({ page, url }) => {
  const chapters = [`${BOOK}index.html`, ...(await pages("stories")), ...(await pages("bugs"))];
  let n_figures = 0;
  for (const chapter of chapters) {
    await page.goto(url + chapter);
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${chapter} is ${overflow} px too wide`);
    const all = page.locator("memcg-playground");
    n_figures += await all.count();
    // All have been played when the book was built; that one comes to life in each story is enough.
    if (!chapter.includes("/stories/") || !(await all.count())) continue;
    await figure(page).evaluate((element) => element.start());
    await live(figure(page));
    assert.deepEqual((await stateOf(figure(page))).notices, [], chapter);
  }
  console.log(`${chapters.length} chapters, ${n_figures} figures`);
  assert.ok(n_figures >= 25, `${n_figures} figures`);
});

test("without JavaScript: figure, caption and the race as text", { javaScriptEnabled: false }, async ({ page, url, picture }) => {
  await page.goto(`${url}${BOOK}bugs/torn-pair.html`);
  assert.ok(await figure(page).locator("svg").first().isVisible());
  assert.ok(await figure(page).locator("figcaption").isVisible());
  await figure(page).locator("summary").click();
  assert.ok(await figure(page).locator("pre").isVisible());
  assert.match(await figure(page).locator("pre").innerText(), /limit1[^]*tryget\(ct-101\)/);
  await picture("book-no-script");
});

test("on paper a chapter is text and figures, and the whole book is one page", async ({ page, url, picture }) => {
  await page.goto(`${url}${BOOK}stories/seed.html`);
  await figure(page).evaluate((element) => element.start());
  await live(figure(page));
  await page.emulateMedia({ media: "print" });
  assert.ok(await figure(page).locator("svg").first().isVisible());
  assert.ok(!(await figure(page).locator(".live").isVisible()));
  assert.ok(!(await page.getByRole("button", { name: "Show the figure again" }).isVisible()));
  await picture("book-print");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);

  await page.emulateMedia({ media: "screen" });
  // The page of all chapters opens the browser's own dialog by itself.
  await page.addInitScript(() => (window.print = () => {}));
  await page.goto(`${url}${BOOK}print.html`);
  await figure(page).getByRole("button", { name: "Step through it" }).waitFor();
  assert.ok((await page.locator("memcg-playground svg[role=img]").count()) >= 25);
});

test("a dark book has dark figures", async ({ page, url, picture }) => {
  await page.addInitScript(() => localStorage.setItem("mdbook-theme", "navy"));
  await page.goto(`${url}${BOOK}stories/kswapd.html`);
  await page.locator("memcg-playground[data-shade=dark]").first().waitFor();
  await picture("book-dark");
});
