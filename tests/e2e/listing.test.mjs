// Listings edited in the page: by mouse and by keyboard, with mistakes, over a reload, in a link.

import { assert, comes, test } from "./helper.mjs";
import { load, state, step } from "./app.mjs";

// docs/stories/two-locks.md, with the shipped listing alone.
const LOCKS = `scenario: The two locks
preemption: full
hierarchy:
  machine
    ct-101
    ct-102
threads:
  limit1: reclaim machine node 0 zones 1 priority 12 enough 2 walks 2
  admin: rmdir machine/ct-101
compare:
  vz7-nullify
schedule:
  limit1
  limit1 to next_live.tryget
  admin x2
  limit1 x2
  kworker release machine/ct-101
  kworker free machine/ct-101
  limit1
`;

const field = (page) => page.locator("#listing-text");
const names = async (page) => (await state(page)).lanes.map(({ lane }) => lane);
const button = (page, name) => page.getByRole("button", { name, exact: true });
const laneIs = (page, name, at = 0) =>
  page.waitForFunction(([name, at]) => window.memcg.state().lanes[at]?.lane === name, [name, at]);
const hash = (page) => page.evaluate(() => location.hash);

async function edit(page, text = LOCKS) {
  await load(page, text);
  await page.locator("#stage").focus();
  await page.keyboard.press("e");
  await page.waitForFunction(() => document.activeElement?.id === "listing-text");
}

// Selects the first line that holds these words, with its end.
const selectLine = (page, words) =>
  field(page).evaluate((area, words) => {
    const at = area.value.indexOf(words);
    if (at < 0) throw new Error(`no line with ${words}`);
    const from = area.value.lastIndexOf("\n", at) + 1;
    area.setSelectionRange(from, area.value.indexOf("\n", at) + 1);
  }, words);

async function cut(page, words) {
  await selectLine(page, words);
  await page.keyboard.press("Delete");
}

async function withoutSched(page) {
  await edit(page);
  await cut(page, "rcu_read_lock_sched();");
  await cut(page, "rcu_read_unlock_sched();");
  await laneIs(page, "vz7-nullify-edited");
}

const toTheEnd = (page) => step(page, 20);

test("row 21 by hand: without rcu_read_lock_sched() the wipe comes too early", async ({ page, open }) => {
  await open();
  await load(page, LOCKS);
  await toTheEnd(page);
  assert.equal((await state(page)).lanes[0].fault, null, "both locks");

  await withoutSched(page);
  await toTheEnd(page);
  const [lane] = (await state(page)).lanes;
  assert.equal(lane.lane, "vz7-nullify-edited");
  assert.match(lane.fault.name, /^UAF/);
  await page.locator(".lane__head .chip", { hasText: "edited" }).waitFor();
  await page.getByText("2 lines differ from vz7-nullify.").waitFor();

  // Side by side.
  await button(page, "Shipped beside it").click();
  await laneIs(page, "vz7-nullify", 1);
  await toTheEnd(page);
  assert.deepEqual((await state(page)).lanes.map(({ fault }) => fault !== null), [true, false]);
});

test("the link holds the edit, and so does a reload", async ({ page, context, open, url }) => {
  await open();
  await withoutSched(page);
  await button(page, "Share").click();
  const link = new URL(await page.locator("#share-link").inputValue()).hash;
  await page.keyboard.press("Escape");
  const kept = (link) => location.hash === link && localStorage.getItem("memcg-playground.draft") === link.slice(1);
  await page.waitForFunction(kept, link);
  const text = await field(page).inputValue();
  assert.ok(!text.includes("rcu_read_lock_sched"));

  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  await laneIs(page, "vz7-nullify-edited");
  await button(page, "Edit").click();
  assert.equal(await field(page).inputValue(), text);

  const there = await context.newPage();
  await there.addInitScript(() => localStorage.clear());
  await there.goto(url + (await hash(page)));
  await laneIs(there, "vz7-nullify-edited");
  await there.locator(".listing").waitFor();
  assert.ok(!(await there.locator(".listing__text").first().innerText()).includes("rcu_read_lock_sched"));
});

test("mistakes are said with their line; the lane runs on; nothing is lost", async ({ page, open }) => {
  await open();
  await edit(page);
  const shipped = await field(page).inputValue();
  await selectLine(page, "rcu_read_lock_sched();");
  await page.keyboard.insertText("\trcu_read_lock_shed();\n");
  const said = page.locator(".diagnostics .diagnostic").first();
  await said.waitFor();
  const line = shipped.slice(0, shipped.indexOf("\trcu_read_lock_sched();")).split("\n").length;
  await comes(async () => assert.match(await said.innerText(), new RegExp(`^${line}:2[^]*rcu_read_lock_shed`)));
  await page.locator(".code__wrong").getByText("rcu_read_lock_shed").waitFor();
  await page.getByText("this is the last text that compiled").waitFor();
  assert.deepEqual(await names(page), ["vz7-nullify"]);
  await comes(async () => assert.equal(await field(page).getAttribute("aria-invalid"), "true"));

  // A click goes there.
  await page.locator("#stage").focus();
  await said.click();
  await comes(async () => {
    const at = await field(page).evaluate((area) => [document.activeElement === area, area.value.slice(area.selectionStart, area.selectionEnd)]);
    assert.deepEqual([at[0], at[1].startsWith("rcu_read_lock_shed")], [true, true]);
  });

  const typed = await field(page).inputValue();
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.listings")?.includes("lock_shed"));
  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  assert.equal(await field(page).inputValue(), typed);
  await said.waitFor();
  await button(page, "Drop the draft").click();
  await field(page).waitFor({ state: "detached" });
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.listings") === null);
});

test("without a mouse: indent, leave, undo, done", async ({ page, open }) => {
  await open();
  await edit(page);
  const shipped = await field(page).inputValue();
  await field(page).evaluate((area) => {
    const at = area.value.indexOf("\trcu_read_lock();") + "\trcu_read_lock();".length;
    area.setSelectionRange(at, at);
  });
  await page.keyboard.press("Enter");
  await page.keyboard.type("// mine");
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await comes(async () => assert.ok((await field(page).inputValue()).includes("\trcu_read_lock();\n\t\t// mine\n")));
  await page.keyboard.press("Shift+Tab");
  await comes(async () => assert.ok((await field(page).inputValue()).includes("\trcu_read_lock();\n\t// mine\n")));
  await laneIs(page, "vz7-nullify-edited");
  // The browser's own undo, as far as it goes; then it is the shipped listing again.
  for (let n = 0; n < 20 && (await field(page).inputValue()) !== shipped; n++) await page.keyboard.press("Control+z");
  assert.equal(await field(page).inputValue(), shipped);
  await laneIs(page, "vz7-nullify");

  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.textContent === "Done");
  await page.keyboard.press("Enter");
  await field(page).waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Edit");
});

test("revert, and undo of it", async ({ page, open }) => {
  await open();
  await withoutSched(page);
  await button(page, "Done").click();
  await button(page, "What is gone").click();
  await page.locator("del", { hasText: "rcu_read_lock_sched();" }).waitFor();
  await button(page, "Revert").click();
  await laneIs(page, "vz7-nullify");
  await page.locator("#stage").focus();
  await page.keyboard.press("u");
  await laneIs(page, "vz7-nullify-edited");
  await page.keyboard.press("u");
  await laneIs(page, "vz7-nullify");
  await page.keyboard.press("U");
  await laneIs(page, "vz7-nullify-edited");
});

test("a listing that never returns stops its lane, not the page", async ({ page, open }) => {
  await open();
  await edit(page);
  await selectLine(page, "rcu_read_lock();");
  await page.keyboard.insertText("\twhile (!last)\n\t\tuse_hierarchy(root);\n\trcu_read_lock();\n");
  await laneIs(page, "vz7-nullify-edited");
  await toTheEnd(page);
  await page.locator(".lane__fault", { hasText: "HANG" }).waitFor();
  await button(page, "Revert").click();
  await laneIs(page, "vz7-nullify");
});

test("whatever is typed stays text, and too much of it is said", async ({ page, open }) => {
  await open();
  await edit(page);
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("policy: <img src=x onerror=alert(1)>\ncore: percpu-ref\n\n<script>alert(1)</script>\n");
  await page.locator(".diagnostics .diagnostic").first().waitFor();
  assert.equal(await page.locator(".listing-panel img, .listing-panel script").count(), 0);
  // At once, as a paste brings it; a script that types lines types each by itself.
  await field(page).evaluate((area) => {
    area.value = "// more\n".repeat(5000);
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await page.getByText("This listing has 40 kB; longer than 32 kB it is kept as typed, and not compiled.").waitFor();
  assert.deepEqual(await names(page), ["vz7-nullify"]);
});

for (const [width, colorScheme] of [[1440, "light"], [390, "dark"]]) {
  test(`a listing is edited at ${width} px`, { viewport: { width, height: 844 }, colorScheme }, async ({ page, open, axe, picture }) => {
    await open();
    await withoutSched(page);
    await selectLine(page, "rcu_read_unlock();");
    await page.keyboard.insertText("\trcu_read_unlok();\n");
    await page.locator(".diagnostics .diagnostic").first().waitFor();
    await axe();
    // What is typed lies exactly over what is seen.
    const [typed, seen] = await page.evaluate(() => {
      const area = document.getElementById("listing-text");
      const style = getComputedStyle(area);
      const line = document.querySelector(".edit .code__line .code__text").getBoundingClientRect();
      const box = area.getBoundingClientRect();
      return [[box.left + parseFloat(style.paddingLeft), box.top + parseFloat(style.paddingTop), parseFloat(style.lineHeight)],
        [line.left, line.top, document.querySelector(".edit .code__line").getBoundingClientRect().height]];
    });
    for (const at of [0, 1, 2]) assert.ok(Math.abs(typed[at] - seen[at]) < 1, `${typed} over ${seen}`);
    const lefts = await page.locator(".edit .code__text").evaluateAll((lines) => [...new Set(lines.map((line) => line.getBoundingClientRect().left))]);
    assert.equal(lefts.length, 1, "changed lines as well");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut off");
    await picture(`listing-${width}`);
  });
}
