// Building a hierarchy by keyboard, mouse and finger; the text; threads; undo.

import { assert, comes, test } from "./helper.mjs";
import { SMALL, load, state } from "./app.mjs";

const paths = async (page) => (await state(page)).lanes[0].groups.map(({ path }) => path);

// Types a name into the field that the last key opened. Fingers are slower than a page is drawn; a script is not.
async function name(page, text) {
  await page.waitForFunction(() => document.activeElement?.matches("#build-tree input"));
  await page.keyboard.type(text);
}

// The field is gone, and the keyboard is in the tree.
const unnamed = (page) =>
  page.waitForFunction(() => document.activeElement?.id === "build-tree" && !document.querySelector("#build-tree input"));

async function build(page) {
  await load(page);
  await page.getByRole("tab", { name: "Build" }).click();
}

test("a tree is typed without a mouse, and Tab gets out again", async ({ page, open }) => {
  await open();
  await build(page);
  await page.locator("#build-tree").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await name(page, "ct-5");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.matches("#build-tree input") && document.activeElement.value === "");
  await page.keyboard.press("Tab");
  await name(page, "init");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await unnamed(page);
  assert.deepEqual((await paths(page)).slice(-2), ["machine/ct-5", "machine/ct-5/init"]);

  await page.keyboard.press("F2");
  await name(page, "pid1");
  await page.keyboard.press("Enter");
  await unnamed(page);
  await page.keyboard.press("Alt+ArrowLeft");
  assert.equal((await paths(page)).at(-1), "machine/pid1");
  await page.keyboard.press("Delete");
  assert.equal((await paths(page)).at(-1), "machine/ct-5");

  await page.keyboard.press("Escape");
  await page.getByText("Arrows choose a group").waitFor();
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "build-tree");

  for (let n = 0; n < 5; n++) await page.keyboard.press("u");
  assert.deepEqual((await paths(page)).at(-1), "machine/ct-4");
  await page.keyboard.press("U");
  assert.deepEqual((await paths(page)).at(-1), "machine/ct-5");
});

test("what cannot be a name is said beside it", async ({ page, open }) => {
  await open();
  await build(page);
  await page.locator("#build-tree").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await name(page, "ct-1");
  await page.keyboard.press("Enter");
  await page.getByText('its parent already has a child "ct-1"').waitFor();
  await name(page, "/x");
  await page.getByText('a name cannot hold "/"').waitFor();
});

const drag = async (page, name, target) => {
  const row = (name) => page.locator("#build-tree [role=treeitem]", { hasText: new RegExp(`^${name}$`) });
  await row(name).hover();
  const from = await row(name).locator(".build__handle").boundingBox();
  const to = await row(target).boundingBox();
  return [from.x + from.width / 2, from.y + from.height / 2, to.x + 60, to.y + to.height / 2];
};

test("a group is dragged to another parent with the mouse", async ({ page, open }) => {
  await open();
  await build(page);
  const [x0, y0, x1, y1] = await drag(page, "ct-4", "ct-1");
  await page.mouse.move(x0, y0);
  await page.mouse.down();
  await page.mouse.move(x1, y1, { steps: 5 });
  await page.mouse.up();
  assert.ok((await paths(page)).includes("machine/ct-1/ct-4"));
});

test("and with a finger", { hasTouch: true, viewport: { width: 390, height: 844 } }, async ({ page, context, open }) => {
  await open();
  await build(page);
  // The bar with the steps lies over the end of a phone's screen.
  await page.locator("#build-tree").evaluate((tree) => tree.scrollIntoView({ block: "center", behavior: "instant" }));
  const row = (name) => page.locator("#build-tree [role=treeitem]", { hasText: new RegExp(`^${name}$`) });
  const centre = async (locator) => {
    const box = await locator.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const from = await centre(row("ct-4").locator(".build__handle"));
  const to = await centre(row("ct-2"));
  const session = await context.newCDPSession(page);
  const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [from]);
  for (let n = 1; n <= 5; n++) {
    await touch("touchMove", [{ x: from.x + ((to.x - from.x) * n) / 5, y: from.y + ((to.y - from.y) * n) / 5 }]);
  }
  await touch("touchEnd", []);
  await page.waitForFunction(() => window.memcg.state().lanes[0].groups.some(({ path }) => path === "machine/ct-2/ct-4"));
});

test("a removed group says what went along, and undo brings it back", async ({ page, open }) => {
  await open();
  await build(page);
  await page.locator("#build-tree [role=treeitem]").last().click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText(/rmdir machine\/ct-4/).first().waitFor();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  assert.ok((await paths(page)).includes("machine/ct-4"));
});

test("the text and the picture keep step", async ({ page, open }) => {
  await open();
  await load(page);
  await page.getByRole("tab", { name: "Scenario" }).click();
  const field = page.locator("#scenario-text");
  const text = await field.inputValue();
  await field.fill(text.replace("    ct-4\n", "    ct-4\n    ct-5\n"));
  await page.waitForFunction(() => window.memcg.state().lanes[0].groups.at(-1).path === "machine/ct-5");

  await field.fill(text.replace("rmdir machine/ct-4", "rmdirr machine/ct-4"));
  await page.getByText(/did you mean "rmdir"/).waitFor();
  assert.equal((await paths(page)).at(-1), "machine/ct-5", "the last good picture stays");

  // The draft with the mistake survives a reload.
  await page.waitForFunction(() => localStorage.getItem("memcg-playground.text")?.includes("rmdirr"));
  await page.reload();
  await page.getByText(/did you mean "rmdir"/).waitFor();
  assert.match(await field.inputValue(), /rmdirr/);
  assert.equal((await paths(page)).at(-1), "machine/ct-5");
  await page.getByRole("button", { name: "Back to the picture's text" }).click();
  await comes(async () => assert.match(await field.inputValue(), /ct-5/));

  await page.keyboard.press("Escape");
  await page.locator("#stage").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("2");
  await comes(async () => assert.match(await field.inputValue(), /kswapd0\n {2}admin\n/));
});

test("a thread is a line, and a mistake in it stays with what is wrong", async ({ page, open }) => {
  await open();
  await build(page);
  await page.getByRole("button", { name: "Private walk" }).click();
  const line = page.locator("#build-line");
  await line.fill("stat: reclaim machin private");
  await line.press("Enter");
  await page.getByText('did you mean "machine"?').waitFor();
  await line.fill("stat: reclaim machine private rounds 1");
  await line.press("Enter");
  assert.deepEqual((await state(page)).threads, ["kswapd0", "admin", "stat"]);
});

test("lanes are picked, ordered and put on another core", async ({ page, open }) => {
  await open();
  await build(page);
  await page.getByRole("button", { name: "Add a lane" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^vz7-nullify/ }).click();
  await page.getByRole("button", { name: "In a lane of its own" }).click();
  await page.getByLabel("Core of lane 4").selectOption("bias");
  await page.getByRole("button", { name: "Move lane 4 to the left" }).click();
  const names = (await state(page)).lanes.map(({ lane }) => lane);
  assert.deepEqual(names, ["rhel7-dead-count", "vz7-seed-commit", "vz7-nullify on bias", "vz7-nullify"]);
  await page.getByRole("button", { name: "Remove lane 1" }).click();
  assert.equal((await state(page)).lanes.length, 3);
});

test("an unknown policy is named, and the others run", async ({ page, open }) => {
  await open();
  await load(page, SMALL.replace("vz7-nullify", "vz7-nulify"));
  await page.getByText(/there is no policy "vz7-nulify"; did you mean "vz7-nullify"\?/).first().waitFor();
  assert.equal((await state(page)).lanes.length, 2);
});
