// Figures in other people's documentation: a built mdBook, a built Sphinx project and a page of somebody's own, with the
// playground beside them. `cargo xtask test --only docs` builds them into DIST and runs this file, alone.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { figure, listen, live, plays, policy, refused, shown, start, stateOf, STRICT } from "./figures.mjs";
import { assert, comes, test } from "./helper.mjs";
import { DIST, ROOT } from "./server.mjs";

const LOADER_GZIP_BYTES_MAX = 8000;
const WIDTHS = [320, 900];
const BOOKS = {
  mdbook: ["mdbook/figures.html", "mdbook/deeper/file.html"],
  sphinx: ["sphinx/index.html", "sphinx/deeper/file.html"],
};

test("the element's program is small", async () => {
  const n = gzipSync(await readFile(join(DIST, "memcg/memcg-playground.js")), { level: 9 }).length;
  console.log(`memcg-playground.js: ${n} bytes after gzip, of ${LOADER_GZIP_BYTES_MAX}`);
  assert.ok(n <= LOADER_GZIP_BYTES_MAX, `${n} bytes after gzip`);
});

for (const [system, [first, second]] of Object.entries(BOOKS)) {
  for (const width of WIDTHS) {
    test(`${system} at ${width} px: a still figure until it is asked for, then a living one`, { viewport: { width, height: 800 } }, async ({ page, url, axe, picture }) => {
      const loaded = [];
      page.on("request", (request) => loaded.push(request.url()));
      await page.goto(url + first);
      await figure(page).getByRole("button", { name: "Step through it" }).waitFor();
      assert.equal(await page.locator("memcg-playground").count(), 2);
      assert.ok(await figure(page).locator("svg").first().isVisible());
      assert.ok(await figure(page).locator("figcaption").isVisible());
      assert.ok(!loaded.some((address) => /embed\.html|figure\.(js|css)|player|\.wasm/.test(address)), "nothing of the engine is loaded unasked");
      const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
      await axe({ include: "memcg-playground" });
      await picture(`docs-${system}-${width}-still`);

      await start(figure(page));
      const frame = await live(figure(page));
      const box = await figure(page).locator(".live").boundingBox();
      assert.ok(box.width <= width && Math.abs(box.height - 640) < 3, JSON.stringify(box));
      // Its whole schedule is looked through first.
      await comes(async () => {
        const before = await stateOf(figure(page));
        assert.deepEqual([before.title, before.cursor, before.notices], ["One rmdir", 6, []]);
      });
      await frame.getByRole("button", { name: "One step on" }).click();
      assert.equal((await stateOf(figure(page))).cursor, 7);
      assert.equal(await shown(figure(page)), false);
      assert.ok(await figure(page).locator("p.twin").isVisible(), "the caption stays");
      await picture(`docs-${system}-${width}-live`);
      await figure(page).getByRole("button", { name: "Show the figure again" }).click();
      assert.ok(await shown(figure(page)));
      assert.equal(await page.locator(".live, iframe").count(), 0);
    });
  }

  test(`${system} without JavaScript: the figure and the text of the race`, { javaScriptEnabled: false, viewport: { width: 320, height: 800 } }, async ({ page, url, picture }) => {
    await page.goto(url + first);
    const svg = figure(page).locator("svg").first();
    assert.ok(await svg.isVisible());
    const box = await svg.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
    await figure(page).locator("summary").first().click();
    assert.ok(await figure(page).getByText("tryget(machine)").first().isVisible());
    await picture(`docs-${system}-no-script`);
  });

  test(`${system} from a file, without any server: what was recorded plays`, async ({ page, expectProblem, picture }) => {
    // The page is another host's than that of the test, and its theme may ask for what a file cannot have.
    expectProblem(/another host|console|request failed/);
    await page.goto(`file://${join(DIST, first)}`);
    assert.ok(await figure(page).locator("svg").first().isVisible());
    assert.ok(await figure(page).locator("figcaption").isVisible());
    await start(figure(page));
    await plays(figure(page), /browsers load no program from a file/);
    await picture(`docs-${system}-file`);
  });

  test(`${system} under a strict policy it lives`, async ({ page, context, url, expectProblem, picture }) => {
    // The theme's own inline scripts and styles are refused; nothing of ours is among them.
    expectProblem(/console: .*[Cc]ontent [Ss]ecurity [Pp]olicy|exception: ReferenceError|request failed: .* csp/);
    await listen(page);
    await policy(page, STRICT, `**/${first}`);
    await page.goto(url + first);
    await start(figure(page));
    const inside = await live(figure(page));
    await inside.getByRole("button", { name: "One step on" }).click();
    assert.equal((await stateOf(figure(page))).cursor, 7);
    assert.deepEqual(await refused(page), []);
    await picture(`docs-${system}-strict`);

    // A frame has to be allowed.
    const framed = await context.newPage();
    await listen(framed);
    await policy(framed, STRICT, `**/${first}`);
    await framed.goto(url + first);
    await figure(framed).evaluate((element) => element.setAttribute("frame", ""));
    await start(figure(framed));
    await plays(figure(framed), /security policy does not allow it \(frame-src http/);
    assert.deepEqual(await refused(framed), ["frame-src"]);

    const allowed = await context.newPage();
    await listen(allowed);
    await policy(allowed, `${STRICT}; frame-src 'self'`, `**/${first}`);
    await allowed.goto(url + first);
    await figure(allowed).evaluate((element) => element.setAttribute("frame", ""));
    await start(figure(allowed));
    await live(figure(allowed));
    assert.deepEqual(await refused(allowed), []);
  });

  test(`${system} where WebAssembly cannot be: what was recorded plays, and it says why no more`, async ({ page, context, url, expectProblem, picture, axe }) => {
    expectProblem(/console: .*[Cc]ontent [Ss]ecurity [Pp]olicy|exception: ReferenceError|request failed: .* csp/);
    const loaded = [];
    context.on("request", (request) => loaded.push(request.url()));
    await listen(page);
    await policy(page, STRICT.replace(" 'wasm-unsafe-eval'", ""), `**/${first}`);
    await page.goto(url + first);
    await start(figure(page));
    await plays(figure(page), /policy does not allow WebAssembly/);
    // The question itself is what is refused, nothing else.
    assert.ok((await refused(page)).every((directive) => directive === "script-src"), await refused(page));
    await picture(`docs-${system}-no-wasm`);

    const old = await context.newPage();
    await old.addInitScript(() => delete globalThis.WebAssembly);
    await old.goto(url + first);
    await start(figure(old));
    await plays(figure(old), /this browser does not run WebAssembly/);
    assert.ok(!loaded.some((address) => /figure\.(js|css)|\.wasm|embed\.html/.test(address)), "nothing is loaded in vain");
    await figure(old).getByRole("button", { name: "Show the figure again" }).click();
    assert.ok(await shown(figure(old)));
  });

  test(`${system}: names and captions stay text`, async ({ page, url }) => {
    page.on("dialog", (dialog) => assert.fail(dialog.message()));
    await page.goto(url + second);
    await start(figure(page));
    await live(figure(page));
    assert.match((await stateOf(figure(page))).title, /^<img src=x onerror=alert\(1\)>/);
    // In the page, and in what the figure draws, which has bold words of its own.
    assert.equal(await page.evaluate(() => document.querySelectorAll("memcg-playground b").length), 0);
    assert.equal(await page.locator("memcg-playground img, memcg-playground script:not(.memcg-steps)").count(), 0);
    assert.ok(await page.getByText("<b>No</b> & never markup").count());
    assert.ok(await page.getByText("Text after it.").isVisible());
  });
}

test("a figure is as dark as the page around it, whatever theme that has", async ({ page, url, picture }) => {
  await page.addInitScript(() => localStorage.setItem("mdbook-theme", "coal"));
  await page.goto(`${url}mdbook/figures.html`);
  await page.locator("memcg-playground[data-shade=dark]").first().waitFor();
  const ground = (at) => figure(page, at).locator("svg rect").first().evaluate((rect) => getComputedStyle(rect).fill);
  assert.equal(await ground(0), "rgb(20, 23, 27)");
  await start(figure(page));
  const frame = await live(figure(page));
  await frame.locator(".figure-root[data-theme=dark]").waitFor();
  await picture("docs-mdbook-dark");
  await page.evaluate(() => document.documentElement.classList.replace("coal", "light"));
  await frame.locator(".figure-root[data-theme=light]").waitFor();
  assert.equal(await ground(0), "rgb(255, 255, 255)");
  assert.equal(await ground(1), "rgb(20, 23, 27)", "theme=dark stays dark");

  // Paper is light, and shows the figure, whatever is alive on the screen.
  await page.evaluate(() => document.documentElement.classList.replace("light", "coal"));
  await frame.locator(".figure-root[data-theme=dark]").waitFor();
  await page.emulateMedia({ media: "print" });
  assert.ok(await shown(figure(page)));
  assert.equal(await ground(0), "rgb(255, 255, 255)");
  await picture("docs-mdbook-print");
  const pdf = await page.pdf({ format: "A4" });
  await writeFile(join(ROOT, "target/e2e/docs-mdbook.pdf"), pdf);
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes are no figure`);
});
