// The opening: the seed's story plays by itself, and whoever does anything takes over.

import { assert, comes, test } from "./helper.mjs";
import { state, step } from "./app.mjs";

test("the story plays by itself and a key takes over", async ({ page, open }) => {
  await open();
  await page.waitForFunction(() => window.memcg.state().cursor >= 2);
  await page.keyboard.press("ArrowRight");
  const { playing, cursor } = await state(page);
  assert.equal(playing, false);
  await page.keyboard.press("ArrowLeft");
  assert.equal((await state(page)).cursor, cursor - 1);
});

test("nothing moves for those who want no motion", { reducedMotion: "reduce" }, async ({ page, open }) => {
  await open();
  // It is looked through once, unseen.
  await comes(async () => {
    const { playing, cursor } = await state(page);
    assert.deepEqual([playing, cursor], [false, 0]);
  });
});

test("the three lanes part as the seed tells it", async ({ page, open }) => {
  await open();
  await page.keyboard.press("End");
  await step(page, 0);
  const { lanes, divergence } = await state(page);
  const counters = Object.fromEntries(lanes.map(({ lane, counters }) => [lane, counters]));
  assert.equal(counters["rhel7-dead-count"].rounds, 0);
  assert.equal(counters["vz7-seed-commit"].rounds, 0);
  assert.ok(counters["rhel7-dead-count"].restarts >= 5);
  assert.deepEqual(counters["vz7-seed-commit"], counters["rhel7-dead-count"]);
  assert.ok(counters["vz7-nullify"].rounds >= 2);
  assert.equal(counters["vz7-nullify"].restarts, 0);
  assert.match(divergence.words, /restart/);
  const visits = (lane) => Object.fromEntries(lanes[lane].groups.map(({ path, visits }) => [path, visits]));
  assert.equal(visits(0)["machine/ct-109"], 0, "its last groups are never visited");
  assert.ok(visits(2)["machine/ct-109"] > 0);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[1440, 900], [800, 1000], [390, 844]]) {
    test(`no accessibility violation, ${width} pixels, ${colorScheme}`, { colorScheme, viewport: { width, height }, reducedMotion: "reduce" }, async ({ page, open, axe, picture }) => {
      await open();
      await page.keyboard.press("End");
      await axe();
      for (const tab of ["Build", "Scenario"]) {
        await page.getByRole("tab", { name: tab }).click();
        await axe();
      }
      for (const name of ["Gallery", "Policies", "Compare", "Import", "All keys", "Share"]) {
        await page.getByRole("button", { name, exact: true }).click();
        await page.getByRole("dialog").waitFor();
        await axe();
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      await picture(`story-${width}-${colorScheme}`);
    });
  }
}
