// What is watched: written in the panel, shown at the foot of every lane, carried by links.

import { assert, comes, test } from "./helper.mjs";
import { load, state, step } from "./app.mjs";

const WATCHED = `scenario: Watched
hierarchy:
  machine
    ct-1
    ct-2
threads:
  kswapd0: reclaim /
  admin: rmdir machine/ct-1
compare:
  rhel7-dead-count
  vz7-nullify
schedule:
  kswapd0 x3
  admin x2
watch:
  visits
  held by kswapd0
  visits of machine/ct-1 <= 1 and refs of machine/ct-1 > 0
`;

const lines = async (page, lane) => {
  const all = await page.locator(".lane").nth(lane).locator(".watch").allInnerTexts();
  return all.map((line) => line.replace(/\s+/g, " ").trim());
};
const lit = (page, lane) => page.locator(".lane").nth(lane).locator(".watch__value.is-new").allInnerTexts();

test("values stand at the foot of every lane, those that a step changed are lit", async ({ page, open, axe }) => {
  await open();
  await load(page, WATCHED);
  await page.keyboard.press("Home");
  await comes(async () => assert.deepEqual(await lines(page, 0), ["visits 0", "held by kswapd0 none", "✓ holds: visits of ct-1 0 <= 1 and refs of ct-1 1 > 0"]));
  assert.deepEqual(await lit(page, 0), []);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => window.memcg.state().cursor === 1);
  await comes(async () => assert.deepEqual((await lines(page, 1))[0], "visits 1"));
  assert.ok((await lit(page, 1)).includes("1"));
  await page.keyboard.press("End");
  await page.waitForFunction(() => window.memcg.state().cursor === 5);
  await axe();
});

test("a line is added, mended and removed, and goes with the link", { viewport: { width: 1440, height: 840 } }, async ({ page, open }) => {
  await open();
  await load(page, WATCHED);
  await page.getByRole("tab", { name: "Build" }).click();
  await page.getByRole("button", { name: "Watch", exact: true }).click();
  const line = page.locator("#build-line");
  await line.fill("life of machine/ct-9");
  await line.press("Enter");
  const mistake = page.getByText('did you mean "machine/ct-');
  await mistake.waitFor();
  const inSight = (error) => error.getBoundingClientRect().bottom <= error.closest("[role=tabpanel]").getBoundingClientRect().bottom;
  await comes(async () => assert.ok(await mistake.evaluate(inSight), "what is wrong with the line is below what can be seen"));
  await line.fill("life of machine/ct-2 = online");
  await line.press("Enter");
  await line.waitFor({ state: "detached" });
  await comes(async () => assert.equal((await lines(page, 0)).at(-1), "✓ holds: life of ct-2 online = online"));
  await page.getByRole("button", { name: /^Remove line 1 of what is watched/ }).click();
  await comes(async () => assert.equal((await lines(page, 1)).length, 3));
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.locator("#share-link").inputValue();
  await open(`?again${link.slice(link.indexOf("#"))}`);
  await comes(async () => assert.equal((await lines(page, 0)).at(-1), "✓ holds: life of ct-2 online = online"));
  assert.equal((await state(page)).title, "Watched");
  await step(page, 1);
  await page.getByRole("tab", { name: "Scenario" }).click();
  await comes(async () => assert.match(await page.locator("#scenario-text").inputValue(), /\nwatch:\n {2}held by kswapd0\n/));
});

test("a lane whose policy does not have what is watched says so", async ({ page, open, axe }) => {
  await open();
  await load(page, WATCHED.replace("  visits\n", "  place of kswapd0 = next_liv.tryget\n"));
  await comes(async () => {
    const warnings = await Promise.all([0, 1].map(async (lane) => (await lines(page, lane)).at(-1)));
    assert.deepEqual(warnings, ["rhel7-dead-count", "vz7-nullify"].map((lane) => `Warning: ${lane} has no access "next_liv.tryget"; did you mean "next_live.tryget"?`));
  });
  await axe();
});
