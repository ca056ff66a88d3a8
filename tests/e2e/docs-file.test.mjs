// A page of one file, opened from a folder: recorded steps in plain JavaScript, and the playground that it carries.
// `cargo xtask test --only docs` makes file/page.html in DIST with `memcg render --html --engine`.

import { join } from "node:path";
import { assert, test } from "./helper.mjs";
import { DIST } from "./server.mjs";

const FILE = `file://${join(DIST, "file/page.html")}`;
// The file itself, to those who serve the other tests' pages.
const OTHER_HOST = /another host: file:/;
const NARROW = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
const place = (page) => page.locator("#place").textContent();

for (const [how, options] of [["wide and light", {}], ["narrow and dark", NARROW]]) {
  test(`a page of one file, ${how}: steps by button, key and slider`, options, async ({ page, axe, expectProblem }) => {
    expectProblem(OTHER_HOST);
    await page.goto(FILE);
    assert.equal(await place(page), "0 / 11");
    await page.getByRole("button", { name: "Next" }).click();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await place(page), "2 / 11");
    // What the move did is announced, and stands in the figure.
    const said = await page.locator("#said").textContent();
    assert.ok(said.length > 5 && (await page.locator("#part0").textContent()).replace(/\s+/g, "").includes(said.replace(/\s+/g, "")), said);
    assert.equal(await page.locator("#said").getAttribute("aria-live"), "polite");
    await page.getByRole("slider", { name: "moves made" }).fill("11");
    assert.match(await page.locator("figure svg").textContent(), /UAF css_tryget/);
    await page.keyboard.press("Home");
    assert.equal(await place(page), "0 / 11");
    assert.ok(await page.getByRole("button", { name: "Back" }).isDisabled());
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    await axe();
    await page.emulateMedia({ media: "print" });
    assert.ok(!(await page.getByRole("button", { name: "Next" }).isVisible()), "paper has no buttons");
  });
}

test("without scripts the page of one file shows the end, the race and the scenario", { javaScriptEnabled: false }, async ({ page, expectProblem }) => {
  expectProblem(OTHER_HOST);
  await page.goto(FILE);
  assert.match(await page.locator("figure svg").textContent(), /Move 11 of 11/);
  assert.ok(await page.locator("noscript p").isVisible());
  assert.ok(!(await page.getByRole("button", { name: "Open the playground" }).isVisible()));
});

test("the playground in a page of one file runs from a folder, with its worker", async ({ page, expectProblem }) => {
  expectProblem(OTHER_HOST);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(FILE);
  await page.getByRole("button", { name: "Open the playground" }).click();
  await page.waitForFunction(() => window.memcg?.state().nMoves === 11);
  await page.evaluate(() => window.memcg.step(11));
  await page.waitForFunction(() => window.memcg.state().lanes.some((lane) => lane.fault));
  // A sheet is the worker's to write.
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByText("first parts from").waitFor();
  const away = asked.filter((address) => !/^(blob|data):/.test(address) && !address.startsWith(FILE));
  assert.deepEqual(away, [], "nothing is asked for but the file itself");
});
