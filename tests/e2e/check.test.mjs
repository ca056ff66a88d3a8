// Checks of the lanes, in workers: verdicts, what they found in the lanes, Stop, what is kept.

import { gallery, lanes, load, longestFreeze, state } from "./app.mjs";
import { assert, comes, test } from "./helper.mjs";

const tornPair = () => gallery("torn-pair", "rhel7-dead-count", "v4.4-weak");

// Three reclaimers and two removals: minutes of states.
const LARGE = `scenario: Large
preemption: full
hierarchy:
  a
    b
    c
  d
    e
  f
threads:
  k0: reclaim / node 0 zones 1 priority 12 rounds 2
  k1: reclaim / node 0 zones 1 priority 12 rounds 2
  k2: reclaim a node 0 zones 1 priority 12 rounds 2
  admin: rmdir a/b; rmdir d/e
  other: rmdir f
compare:
  v6.12-unpinned
`;

const begin = async (page) => {
  await page.keyboard.press("c");
  await page.getByText("Not checked yet.").first().waitFor();
  await page.getByRole("button", { name: /^Check/ }).last().click();
};
const badges = (page, words) => comes(async () => assert.deepEqual(await page.locator(".badge").allInnerTexts(), words));
const verdicts = (page) => page.locator(".verdict__head");

test("a bug of history is found, shown in the lanes, and not found in its cure", async ({ page, open, context, axe, picture }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  await load(page, await tornPair());
  await begin(page);
  await verdicts(page).nth(1).waitFor();
  assert.deepEqual(
    (await verdicts(page).allInnerTexts()).map((text) => text.split(/[:(]/)[0].trim()),
    ["broken", "holds for this tree, these threads, this preemption"],
  );
  await axe();
  await picture("check");
  await page.getByText("Options").click();
  await picture("check-options");
  await axe();

  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy race diagram" }).click();
  await page.getByText("Copied.").waitFor();
  assert.match(await clipboard(), /^rhel7-dead-count\n[^]*UAF css_tryget/);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.waitForFunction(async () => /^http.*#1:/.test(await navigator.clipboard.readText()));
  const link = await clipboard();

  const before = await state(page);
  await page.getByRole("button", { name: "Show it in the lanes" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.locator(".lane__fault").waitFor();
  assert.deepEqual((await lanes(page)).map(({ fault }) => fault?.name ?? null), ["UAF css_tryget", null]);
  await badges(page, ["broken", "holds"]);
  await picture("check-shown");
  await page.keyboard.press("u");
  await page.locator(".lane__fault").waitFor({ state: "detached" });
  assert.equal((await state(page)).nMoves, before.nMoves);

  // Somebody else opens the link.
  const other = await context.newPage();
  await other.goto(link);
  await other.locator(".lane__fault").waitFor();
  await other.close();
});

test("a verdict says why a reduction was not used, and what a policy does not have", async ({ page, open, axe }) => {
  await open();
  await load(page, `${await tornPair()}check:\n  sometimes place of kswapd0 = next_liv.tryget\n`);
  await begin(page);
  await verdicts(page).nth(1).waitFor();
  await page.getByText(/no access merged, as condition 1 looks at a thread's place/).first().waitFor();
  await page.getByText('warning: v4.4-weak has no access "next_liv.tryget"; did you mean "next_live.tryget"?').waitFor();
  await axe();
});

test("verdicts are out of date when the scenario changes, and are kept when the page is closed", async ({ page, open }) => {
  await open();
  await load(page, await tornPair());
  await begin(page);
  await verdicts(page).nth(1).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.draft") === location.hash.slice(1));
  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  await badges(page, ["broken", "holds"]);
  await page.locator(".badge").first().click();
  await verdicts(page).nth(1).waitFor();
  await page.keyboard.press("Escape");
  await load(page, (await tornPair()).replace("preemption: none", "preemption: full"));
  await badges(page, ["out of date", "out of date"]);
});

test("Stop acts at once, nothing holds the page up, and a check that was cut is said", async ({ page, open, picture }) => {
  await open();
  await load(page, LARGE);
  const freeze = await longestFreeze(page, async () => {
    await begin(page);
    await page.getByText(/states in all/).waitFor();
  });
  await picture("check-live");
  const took = await page.evaluate(
    () =>
      new Promise((done) => {
        const go = document.querySelector("#check-go");
        const from = performance.now();
        const observer = new MutationObserver(() => {
          if (!/^Check/.test(go.textContent) || go.disabled) return;
          observer.disconnect();
          done(performance.now() - from);
        });
        observer.observe(go.closest("dialog"), { subtree: true, childList: true, characterData: true, attributes: true });
        go.click();
      }),
  );
  console.log(`  longest time without an answer of the page ${freeze.toFixed(0)} ms, Stop took ${took.toFixed(0)} ms`);
  await page.getByText("not decided: it was stopped").waitFor();
  // The worker says so itself, or its last figures are kept when it had no time to.
  await page.getByText(/nothing found in [\d,]+ states|looking at states: /).first().waitFor();

  await page.getByRole("button", { name: "Check this lane" }).click();
  await page.getByText(/states in all/).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "checking …" }).waitFor();
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.draft") === location.hash.slice(1));
  await page.reload();
  await page.locator("#boot-status").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "not finished" }).click();
  await page.getByText("the page was closed before the check was over").waitFor();
});

test("a bound is no proof, and workers go side by side on request", async ({ page, open }) => {
  await open();
  await load(page, LARGE.replace("  v6.12-unpinned", "  v6.12-unpinned\n  v4.4-weak"));
  await page.keyboard.press("c");
  await page.getByText("Options").click();
  await page.getByLabel("States at most").selectOption("1000000");
  await page.getByLabel("Check lanes side by side").check();
  await page.getByRole("button", { name: "Check 2 lanes" }).click();
  await page.locator(".check__live p").nth(1).waitFor();
  await verdicts(page).nth(1).waitFor();
  for (const text of await verdicts(page).allInnerTexts()) assert.equal(text, "not decided: the bound of 1,000,000 states was hit");
  await page.getByText(/every schedule of up to \d+ steps of the search was looked at; runs take about/).first().waitFor();
});

test("a phone, by keyboard alone: a run that passes", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }, async ({ page, open, axe, picture }) => {
  await open();
  await load(page, await tornPair());
  await page.locator("#open-check").focus();
  await page.keyboard.press("Enter");
  await page.getByText("Not checked yet.").first().waitFor();
  await page.locator("#check-go").focus();
  await page.keyboard.press("Enter");
  await verdicts(page).nth(1).waitFor();
  const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  await axe();
  await picture("check-390");
  await page.getByRole("button", { name: "Runs that pass" }).last().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("row", { name: /^run 64/ }).waitFor();
  await picture("check-390-runs");
  await page.getByRole("button", { name: "run 2", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const there = await state(page);
  assert.ok(there.nMoves > 0 && there.cursor === there.nMoves);
});
