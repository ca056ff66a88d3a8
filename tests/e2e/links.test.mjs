// Links, drafts, figures, and the page for scripts.

import { readFile } from "node:fs/promises";
import { assert, comes, test } from "./helper.mjs";
import { SMALL, find, lanes, load, paste, state, step } from "./app.mjs";

const fragmentOf = async (page) => {
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.locator("#share-link").inputValue();
  await page.keyboard.press("Escape");
  return link.slice(link.indexOf("#"));
};

test("a link is copied, and the address bar follows the work", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, open }) => {
  await open();
  await load(page);
  await step(page, 2);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.waitForFunction((link) => location.href === link, link);
  assert.equal(await page.evaluate(() => history.length), await page.evaluate(() => history.length));
});

test("where the clipboard is out of reach, the text is selected", async ({ page, open }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await open();
  await load(page);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("copy it with Ctrl C").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "share-link");
  const selected = await page.evaluate(() => document.activeElement.selectionEnd - document.activeElement.selectionStart);
  assert.ok(selected > 20);
});

test("what was done survives a reload, branches included", async ({ page, open }) => {
  await open();
  await load(page);
  await step(page, 2);
  await step(page, { thread: "admin" });
  const before = await state(page);
  assert.deepEqual(before.branches, ["main", "fork 1"]);
  await page.waitForFunction(() => location.hash.length > 10);
  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  const after = await step(page, 0);
  assert.deepEqual(after.lanes, before.lanes);
  assert.deepEqual(after.branches, before.branches);
});

test("a link cut in half opens with an explanation and what could be read", async ({ page, open, axe }) => {
  await open();
  await load(page, SMALL + "  admin\n  kswapd0 x3\n");
  const fragment = await fragmentOf(page);
  for (const part of [0.3, 0.6, 0.9]) {
    await open("about:blank".slice(0, 0) + `?${part}${fragment.slice(0, Math.floor(fragment.length * part))}`);
    await page.getByText(/link/).first().waitFor();
    assert.ok((await state(page)).notices.length >= 1);
  }
  await axe();
});

test("a link of the future, nonsense, and one made to explode", async ({ page, open }) => {
  const bomb = "1:AAAAAA" + "A".repeat(100_000);
  for (const [at, fragment] of ["#99:abc", "#hello world", "#1:%%%", `#${bomb}`, "#1:", "#1t:scenario%3A"].entries()) {
    await open(`?${at}${fragment}`);
    assert.ok((await state(page)).lanes.length > 0 || fragment.startsWith("#1t"), fragment);
  }
  await open("?future#99:abc");
  await page.getByText(/version 99/).waitFor();
});

test("a link opened over work leaves the work to come back", async ({ page, open }) => {
  await open();
  await load(page, SMALL.replace("Small", "Theirs"));
  const theirs = await fragmentOf(page);
  await load(page, SMALL.replace("Small", "Mine"));
  const mine = await fragmentOf(page);
  await page.waitForFunction((mine) => localStorage.getItem("memcg-playground.draft") === mine.slice(1), mine);
  await page.waitForLoadState("networkidle");
  await open(`?again${theirs}`);
  assert.equal((await state(page)).title, "Theirs");
  await page.getByRole("button", { name: "Bring it back" }).click();
  assert.equal((await state(page)).title, "Mine");
});

test("a figure keeps to itself", async ({ page, context, open, url, axe }) => {
  await open();
  await load(page);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "iframe" }).click();
  await page.locator("#sheet-open", { hasText: "iframe" }).waitFor();
  const snippet = await page.locator("#share-snippet").inputValue();
  const [, src] = snippet.match(/^<iframe src="([^"]+)" title="Small" width="\d+" height="\d+" loading="lazy"><\/iframe>$/);
  assert.ok(src.startsWith(`${url}embed.html#1:`));

  const figure = await context.newPage();
  await figure.goto(src);
  await figure.locator("#boot-status").waitFor({ state: "detached" });
  // The playground keeps its draft in the storage of the same origin; it is not the one watched here.
  await page.goto("about:blank");
  await figure.evaluate(() => localStorage.clear());
  const before = figure.url();
  const length = await figure.evaluate(() => history.length);
  const way = figure.getByRole("link", { name: "Open in the playground" });
  const from = await way.getAttribute("href");
  await figure.getByRole("button", { name: "One step on" }).click();
  assert.equal((await state(figure)).cursor, 1);
  assert.equal(await figure.getByText("Who goes next").count(), 0);
  await figure.evaluate(() => window.memcg.step({ thread: "admin" }));
  assert.equal((await state(figure)).branches.length, 1, "it plays what is recorded");
  await comes(async () => assert.notEqual(await way.getAttribute("href"), from));
  assert.equal(await way.getAttribute("target"), "_blank");
  assert.equal(await way.getAttribute("rel"), "noopener");
  const there = await context.newPage();
  await there.goto(await way.getAttribute("href"));
  await there.locator("#boot-status").waitFor({ state: "detached" });
  assert.deepEqual([there.url().startsWith(`${url}#`), (await state(there)).title], [true, "Small"]);
  await comes(async () => assert.equal((await state(there)).cursor, 1));
  await there.goto("about:blank");
  await there.close();
  await figure.evaluate(() => localStorage.clear());
  await figure.waitForTimeout(1000);
  assert.equal(figure.url(), before);
  assert.equal(await figure.evaluate(() => history.length), length);
  assert.equal(await figure.evaluate(() => localStorage.length), 0);
  assert.equal(await figure.evaluate(() => document.activeElement.tagName), "BUTTON", "only where the reader went");
  await figure.close();
});

test("a figure may let its readers step", async ({ page, open }) => {
  await open();
  await load(page);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "iframe" }).click();
  await page.locator("#sheet-open", { hasText: "iframe" }).waitFor();
  await page.getByRole("button", { name: "take other steps" }).click();
  await page.locator("#sheet-open", { hasText: "take other steps" }).waitFor();
  const snippet = await page.locator("#share-snippet").inputValue();
  await page.goto(snippet.match(/src="([^"]+)"/)[1]);
  await page.getByRole("button", { name: /admin/ }).click();
  assert.deepEqual((await state(page)).branches, ["main", "fork 1"]);
});

test("every form can be copied, by keyboard too, and saved pictures come back", { viewport: { width: 390, height: 844 } }, async ({ page, context, open, axe }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  await load(page);
  await step(page, 2);
  await page.getByRole("button", { name: "Share" }).click();
  const field = page.locator("#share-snippet");
  const starts = { HTML: "<script defer src=", iframe: "<iframe src=", Markdown: "[![Small](small.svg)](http", mdBook: "```memcg step=2\nscenario: Small\n", Sphinx: ".. memcg::\n   :step: 2\n\n   scenario: Small\n" };
  for (const [name, start] of Object.entries(starts)) {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#sheet-open", { hasText: name }).waitFor();
    await comes(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), name, "the keyboard stays where it was"));
    await comes(async () => assert.ok((await field.inputValue()).startsWith(start)));
    const text = await field.inputValue();
    assert.match(await page.getByRole("dialog").innerText(), new RegExp(`${[...text].length} characters`));
    await page.getByRole("button", { name: "Copy text" }).click();
    await page.getByText("Copied.").waitFor();
    await comes(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text));
  }
  await axe();
  const overflow = await page.evaluate(() => document.querySelector(".dialog__body").scrollWidth - document.querySelector(".dialog__body").clientWidth);
  assert.ok(overflow <= 0, `the dialog is ${overflow} px too wide`);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save the picture" }).click();
  const saved = await coming;
  assert.equal(saved.suggestedFilename(), "small.svg");
  const svg = await readFile(await saved.path(), "utf8");
  await page.keyboard.press("Escape");
  await load(page, SMALL.replace("Small", "Other"));
  await paste(page, svg);
  await page.waitForFunction(() => window.memcg.state().title === "Small");
  await comes(async () => assert.equal((await state(page)).cursor, 2, "at the moment that was shared"));
});

test("a long link says what else there is", async ({ page, open }) => {
  await open();
  await load(page, `${SMALL}note: ${Array.from({ length: 900 }, (_, at) => (at * 7919 % 10007).toString(36)).join(" ")}\n`);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByText(/send the scenario as a file, or put the file beside the page/).waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save the scenario" }).click();
  assert.equal((await coming).suggestedFilename(), "small.scenario");
});

test("scripts load, look and step", async ({ page, open }) => {
  await open();
  const loaded = await load(page);
  assert.equal(await page.evaluate(() => window.memcg.version), 1);
  assert.deepEqual([loaded.title, loaded.cursor, loaded.nMoves], ["Small", 0, 4]);
  const { lanes: after } = await step(page, 4);
  assert.equal(after[0].counters.visits, 4);
  const fine = await step(page, { thread: "kswapd0", grain: "access", lane: 0 });
  assert.equal(fine.lanes[0].threads[0].call, "next");
  const refused = await page.evaluate(() => {
    try { window.memcg.step({ grain: "huge", thread: "kswapd0" }); } catch (error) { return String(error); }
  });
  assert.match(refused, /no grain "huge"/);
  assert.deepEqual(await lanes(page), fine.lanes);
});

test("keys alone: choose, step, turn, find, help", async ({ page, open }) => {
  await open();
  await load(page);
  await page.keyboard.press("1");
  await page.keyboard.press("1");
  assert.equal((await state(page)).cursor, 2);
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal((await state(page)).lanes[0].threads[0].call, "next");
  await page.keyboard.press("Control+ArrowRight");
  assert.equal((await state(page)).lanes[0].threads[0].call, null);
  await page.keyboard.press("]");
  await comes(async () => assert.match(await page.locator(".lane.is-current").getAttribute("aria-label"), /Lane 2/));
  await find(page, "ct-3");
  await page.getByText("1 of 1").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.id !== "search-field");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Space");
  assert.equal((await state(page)).playing, true);
  await page.keyboard.press("Space");
  assert.equal((await state(page)).playing, false);
});
