// Files that `memcg render` made, dropped on the page: each opens the scenario that it carries. `cargo xtask test --only
// docs` makes file/ in DIST.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { load, longestFreeze, paste, state } from "./app.mjs";
import { assert, test } from "./helper.mjs";
import { DIST } from "./server.mjs";

const file = (name) => readFile(join(DIST, "file", name));
const TITLE = "One walker's pointer with another's count";

// As if a person dropped it; made in the page, since a large one would take long to get there.
const drop = (page, name, bytes, blanks = 0) =>
  page.evaluate(
    ([name, base64, blanks]) => {
      const head = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const data = new DataTransfer();
      // Blanks behind the first element of markup, before what it holds.
      const at = blanks ? head.indexOf(62) + 1 : head.length;
      data.items.add(new File([head.slice(0, at), new Uint8Array(blanks).fill(32), head.slice(at)], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, Buffer.from(bytes).toString("base64"), blanks],
  );

const opened = (page) => page.waitForFunction((title) => window.memcg.state().title === title, TITLE);
const refused = (page) => page.getByRole("dialog").getByRole("alert").innerText();

for (const [name, cursor] of [["picture.svg", 5], ["picture.png", 5], ["page.html", undefined]]) {
  test(`dropped: ${name}`, async ({ page, open }) => {
    await open("memcg/index.html");
    await load(page);
    await drop(page, name, await file(name));
    await opened(page);
    // The way there may take some frames: at the moment drawn.
    if (cursor !== undefined) await page.waitForFunction((cursor) => window.memcg.state().cursor === cursor, cursor);
    const { title, lanes } = await state(page);
    assert.equal(title, TITLE);
    assert.ok(lanes.length > 0);
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.keyboard.press("u");
    assert.equal((await state(page)).title, "Small", "undo brings back what was here");
  });
}

test("the text of a picture is pasted", async ({ page, open }) => {
  await open("memcg/index.html");
  await paste(page, String(await file("picture.svg")));
  await opened(page);
});

test("pictures that were cut off, or hold nothing, say so and change nothing", async ({ page, open, axe }) => {
  await open("memcg/index.html");
  await load(page);
  const [svg, png, html] = await Promise.all(["picture.svg", "picture.png", "page.html"].map(file));
  const cut = (bytes) => bytes.subarray(0, bytes.indexOf("memcg:scenario") + 40);
  for (const [name, bytes, why] of [
    ["cut.svg", cut(svg), /cut\.svg|ends too early/],
    ["cut.png", cut(png), /ends too early/],
    ["cut.html", cut(html), /ends too early/],
    ["header.png", png.subarray(0, 20), /ends too early/],
    ["foreign.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>window.wasRun=1</script></svg>"), /no scenario in it/],
    ["hostile.svg", Buffer.from("<svg><memcg:scenario link='javascript:alert(1)'>hierarchy: <img src=x onerror=window.wasRun=1></memcg:scenario></svg>"), undefined],
  ]) {
    await drop(page, name, bytes);
    if (!why) continue;
    assert.match(await refused(page), why, name);
    assert.equal((await state(page)).title, "Small", name);
    if (name === "cut.svg") await axe();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByText("Not all of the scenario in the picture makes sense here.").waitFor();
  assert.equal(await page.evaluate(() => window.wasRun), undefined);
});

test("thirty megabytes are the worker's, with a scenario and without", async ({ page, open }) => {
  await open("memcg/index.html");
  await load(page);
  const svg = await file("picture.svg");
  const froze = await longestFreeze(page, async () => {
    await drop(page, "large.svg", Buffer.from("<svg></svg>"), 30_000_000);
    assert.match(await refused(page), /no scenario in it/);
    await drop(page, "large.svg", svg, 30_000_000);
    await opened(page);
  });
  console.log(`  longest freeze: ${Math.round(froze)} ms`);
  await drop(page, "huge.svg", Buffer.from("<svg></svg>"), 70_000_000);
  assert.match(await refused(page), /larger than 64 MB/);
});
