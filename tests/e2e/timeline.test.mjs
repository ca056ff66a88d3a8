// The timeline: how large moves are drawn, and that links say it.

import { assert, comes, test } from "./helper.mjs";
import { SMALL, load, state } from "./app.mjs";

const LONG = SMALL.replace("kswapd0 x4", "kswapd0 x997");
const zoomed = (page, shown, why) =>
  comes(async () => assert.equal(await page.locator(".tl__zoom[aria-pressed=true]").textContent(), shown, why));

// Where the playhead and the numbers stand, in pixels from the plot's edges.
const places = (page) =>
  page.evaluate(() => {
    const plot = document.querySelector(".tl__plot").getBoundingClientRect();
    const head = document.querySelector(".tl__head").getBoundingClientRect();
    const numbers = [...document.querySelectorAll(".tl__number")].map((number) => number.getBoundingClientRect());
    return {
      head: head.left - plot.left,
      width: plot.width,
      n: numbers.length,
      beyond: Math.max(...numbers.map(({ right }) => right - plot.right)),
      apart: Math.min(...numbers.slice(1).map(({ left }, at) => left - numbers[at].right)),
      scrolls: document.querySelector(".tl").scrollWidth - document.querySelector(".tl").clientWidth,
    };
  });

for (const width of [1440, 800]) {
  test(`zoom by key and button at ${width} px`, { viewport: { width, height: 900 } }, async ({ page, open, axe }) => {
    await open();
    await load(page, LONG);
    await zoomed(page, "1");
    for (const [key, shown] of [["-", "½"], ["-", "fit"], ["+", "½"], ["=", "1"], ["+", "2"], ["+", "4"], ["+", "4"], ["0", "fit"]]) {
      await page.keyboard.press(key);
      await zoomed(page, shown, key);
    }
    for (const shown of ["fit", "½", "1", "2", "4"]) {
      await page.getByRole("button", { name: shown, exact: true }).click();
      await zoomed(page, shown);
      for (const key of ["Home", "End"]) {
        await page.keyboard.press("Escape");
        await page.keyboard.press(key);
        await page.waitForFunction((end) => window.memcg.state().cursor === (end ? 997 : 0), key === "End");
        await comes(async () => {
          const { head, width, n, beyond, apart, scrolls } = await places(page);
          assert.ok(head >= -1 && head <= width + 1, `${shown} ${key}: the playhead is at ${head} of ${width}`);
          assert.ok(n > 1 && beyond <= 12 && apart > 4 && scrolls <= 0, `${shown} ${key}: ${n} numbers, ${beyond} beyond, ${apart} apart, scrolls ${scrolls}`);
        });
      }
    }
    await axe();
    await page.keyboard.press("0");
    await comes(async () => {
      const { beyond } = await places(page);
      assert.ok(beyond <= 0, `with fit the last number runs ${beyond} px beyond the edge`);
    });
  });
}

test("a link carries the zoom, and one of another time is told", async ({ page, open }) => {
  await open();
  await load(page, LONG);
  await page.keyboard.press("0");
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.locator("#share-link").inputValue();
  await open(`?again${link.slice(link.indexOf("#"))}`);
  await zoomed(page, "fit");
  await open(`?third#1t:view:%0A%20zoom%2017%0A${encodeURIComponent(SMALL)}`);
  await page.getByText("zoom is none of fit, 1/2, 1, 2, 4").waitFor();
  await zoomed(page, "1");
  assert.equal((await state(page)).title, "Small");
});

test("a narrow page has no room for it, and says nothing of it", { viewport: { width: 390, height: 844 } }, async ({ page, open }) => {
  await open();
  assert.equal(await page.getByRole("group", { name: "Zoom of the timeline" }).count(), 0);
});
