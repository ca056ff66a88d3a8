// Figures in a page of somebody's own, with the playground beside it: what they show, what they leave alone, their messages, and
// that many are one program. `cargo xtask test --only docs` runs this beside docs.test.mjs.

import { figure, live, plain, plays, shown, start, stateOf } from "./figures.mjs";
import { assert, comes, test } from "./helper.mjs";

test("a page of somebody's own: a picture, a text and a file", async ({ page, url }) => {
  await plain(page, url);
  const cursors = { picture: 6, text: 2, file: 0 };
  for (const id in cursors) await start(page.locator(`#${id}`));
  const states = {};
  for (const [id, cursor] of Object.entries(cursors)) {
    await live(page.locator(`#${id}`));
    await comes(async () => {
      states[id] = await stateOf(page.locator(`#${id}`));
      assert.equal(states[id].cursor, cursor, id);
    });
    assert.deepEqual(states[id].notices, [], id);
  }
  assert.equal(states.picture.title, "One rmdir in the middle of a round");
  assert.deepEqual(states.text.lanes.map(({ lane }) => lane), ["vz7-nullify", "vz7-seed-commit on bias"]);
  assert.equal(states.text.nMoves, 4);
  assert.equal(states.file.title, "From a file");
  assert.ok(await page.locator("#text").getByText("A scenario in the page").isVisible());
  const steps = page.locator("#text .live").getByRole("button", { name: /kswapd0/ });
  assert.ok(await steps.count(), "readers may step");
  assert.equal(await page.locator("#file .live").getAttribute("aria-label"), "A scenario from a file");
});

test("what cannot be shown is said, and the figure stays", async ({ page, url }) => {
  await plain(page, url);
  for (const [id, why] of [["foreign", /only loaded from this page's own origin/], ["empty", /names no scenario/]]) {
    await start(page.locator(`#${id}`));
    await page.locator(`#${id}`).getByText(why).waitFor();
    assert.ok(await shown(page.locator(`#${id}`)));
    await page.locator(`#${id}`).getByRole("button", { name: "Try again" }).waitFor();
  }
});

test("where the engine does not come, the figure stays or plays what was recorded, and says why", async ({ page, context, url, expectProblem }) => {
  expectProblem(/figure_bg\.wasm|console: /);
  await page.route("**/figure_bg.wasm*", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${url}mdbook/figures.html`);
  await start(figure(page));
  await plays(figure(page), /Only what was recorded can be played: /);
  await page.unroute("**/figure_bg.wasm*");
  await figure(page).getByRole("button", { name: "Show the figure again" }).click();
  await start(figure(page));
  await live(figure(page));
  assert.equal(await figure(page).locator(".player").count(), 0);

  // In the frame of its own as well; this page has no steps.
  const old = await context.newPage();
  await old.addInitScript(() => delete globalThis.WebAssembly);
  await plain(old, url);
  await start(old.locator("#text"));
  await old.locator("#text").getByText(/The figure stays as it is: this browser does not run WebAssembly/).waitFor();
  await old.locator("#file").evaluate((element) => element.setAttribute("frame", ""));
  await start(old.locator("#file"));
  await old.locator("#file").getByText(/this browser does not run WebAssembly/).waitFor();

  const offline = await context.newPage();
  await plain(offline, url);
  await offline.locator("#text").evaluate((element) => element.setAttribute("frame", ""));
  await context.setOffline(true);
  expectProblem(/ERR_INTERNET_DISCONNECTED/);
  await start(offline.locator("#text"));
  await offline.locator("#text").getByText(/does not answer\. It may be out of reach, or this browser offline/).waitFor();
  await start(offline.locator("#picture"));
  await offline.locator("#picture").getByText(/The figure stays as it is/).waitFor();
  assert.ok(await shown(offline.locator("#picture")));
});

test("it keeps nothing, moves no focus and leaves no history", async ({ page, url }) => {
  await plain(page, url);
  const length = await page.evaluate(() => history.length);
  const button = page.locator("#picture").getByRole("button", { name: "Step through it" });
  await button.focus();
  await page.keyboard.press("Enter");
  await live(page.locator("#picture"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "picture", "the keyboard is where the reader left it");
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent), "Show the figure again");
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, history.length]), [0, 0, length]);
  assert.equal(await page.locator("memcg-playground [style], head style").count(), 0);
});

test("in view: nothing before, by itself then; and on paper the figure", async ({ page, url }) => {
  await plain(page, url);
  await page.evaluate(() => {
    const below = document.getElementById("below");
    below.style.paddingTop = "4000px";
    below.innerHTML = `<memcg-playground when="view" src="small.scenario" step="1"><p>Further down.</p></memcg-playground>`;
  });
  const element = page.locator("#below memcg-playground");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await element.locator(".live").count(), 0);
  await element.scrollIntoViewIfNeeded();
  await live(element);
  assert.equal((await stateOf(element)).cursor, 1);
  await page.emulateMedia({ media: "print" });
  assert.ok(await shown(element));
  assert.ok(!(await element.locator(".live").isVisible()));
});

test("a page talks with a figure in a frame: load, goto, play, theme, state, height", async ({ page, url }) => {
  await plain(page, url);
  await page.locator("#text").evaluate((element) => element.setAttribute("frame", ""));
  await start(page.locator("#text"));
  const frame = await live(page.locator("#text"));
  // Answers are kept in the order in which they come.
  await page.evaluate(() => {
    window.heard = [];
    window.addEventListener("message", ({ data, origin }) => window.heard.push({ ...data, origin }));
    window.tell = (message) => document.querySelector("#text").shadowRoot.querySelector("iframe").contentWindow.postMessage(message, location.origin);
  });
  const ask = async (message, is) => {
    await page.evaluate((message) => { window.heard.length = 0; window.tell(message); }, message);
    const found = await page.waitForFunction((is) => window.heard.find(new Function("m", `return ${is}`)), is);
    return found.jsonValue();
  };
  const at = await ask({ memcg: 1, type: "goto", step: 3 }, "m.type === 'state'");
  assert.deepEqual([at.memcg, at.state.cursor, at.origin], [1, 3, new URL(url).origin]);
  const scenario = "scenario: Sent\nhierarchy:\n a\nthreads:\n kswapd0: reclaim /\ncompare:\n vz7-nullify\nschedule:\n kswapd0 x300\n";
  const loaded = await ask({ memcg: 1, type: "load", text: scenario }, "m.type === 'state'");
  assert.deepEqual([loaded.state.title, loaded.state.nMoves], ["Sent", 300]);
  await ask({ memcg: 1, type: "play", on: true }, "m.type === 'state' && m.state.playing && m.state.cursor > 0");
  await ask({ memcg: 1, type: "play", on: false }, "m.type === 'state' && !m.state.playing");
  await page.evaluate(() => window.tell({ memcg: 1, type: "theme", theme: "light" }));
  await frame.locator("html[data-theme=light]").waitFor();
  assert.ok((await ask({ memcg: 1, type: "height" }, "m.type === 'height'")).px > 100);
  const link = await ask({ memcg: 1, type: "load", text: "#1t:cursor:1%0A" + encodeURIComponent(scenario.replace("Sent", "A link")) }, "m.type === 'state'");
  assert.deepEqual([link.state.title, link.state.cursor], ["A link", 1]);

  const refusals = [
    [{ memcg: 2, type: "goto", step: 1, id: 7 }, /speaks version 1/],
    [{ memcg: 1, type: "explode" }, /no message "explode"/],
    [{ memcg: 1, type: "constructor" }, /no message "constructor"/],
    [{ memcg: 1, type: "goto", step: -1 }, /takes a `step`/],
    [{ memcg: 1, type: "goto", step: "1" }, /takes a `step`/],
    [{ memcg: 1, type: "load" }, /takes a `text`/],
    [{ memcg: 1, type: "load", text: "x".repeat((4 << 20) + 1) }, /4194304 characters at most/],
    [{ memcg: 1, type: "play" }, /takes `on`/],
    [{ memcg: 1, type: "theme", theme: "<b>" }, /takes a `theme`/],
  ];
  for (const [message, why] of refusals) {
    const answer = await ask(message, "m.type === 'refused'");
    assert.match(answer.why, why);
    assert.equal(answer.id, message.id);
  }
  for (const nothing of [null, 1, "connect", [], { type: "goto", step: 0 }, { memcg: "1", type: "goto", step: 0 }, { memcg: 1 }]) {
    await page.evaluate((message) => window.tell(message), nothing);
  }
  // Whatever came of them came before this answer.
  const after = await ask({ memcg: 1, type: "state", id: 1 }, "m.type === 'state'");
  assert.equal(after.state.title, link.state.title);
  assert.deepEqual(await page.evaluate(() => window.heard.length), 1);
});

test("a figure listens to the page around it alone, and that to the figure alone", async ({ page, url }) => {
  await plain(page, url);
  await page.locator("#text").evaluate((element) => element.setAttribute("frame", ""));
  await start(page.locator("#text"));
  await live(page.locator("#text"));
  const before = await stateOf(page.locator("#text"));
  // A frame beside it, of the same origin even, is not the page around it.
  await page.evaluate(async () => {
    const other = document.createElement("iframe");
    document.body.append(other);
    const target = document.querySelector("#text").shadowRoot.querySelector("iframe").contentWindow;
    const script = other.contentDocument.createElement("script");
    other.contentWindow.target = target;
    script.textContent = "target.postMessage({ memcg: 1, type: 'goto', step: 4 }, '*'); parent.postMessage({ memcg: 1, type: 'failed', why: 'a lie' }, '*');";
    other.contentDocument.head.append(script);
    await new Promise((done) => setTimeout(done, 300));
  });
  assert.equal((await stateOf(page.locator("#text"))).cursor, before.cursor);
  assert.equal(await page.getByText("a lie").count(), 0);
  assert.equal(await shown(page.locator("#text")), false);
});

test("an engine of another origin, and one that names whom it answers", async ({ page, url, expectProblem }) => {
  expectProblem(/request to another host/);
  const here = url.replace("127.0.0.1", "localhost");
  const begin = async () => {
    await page.goto(`${here}plain/elsewhere.html`);
    await figure(page).evaluate((element, engine) => element.setAttribute("engine", engine), `${url}memcg/`);
    await start(figure(page));
  };
  await begin();
  await live(figure(page));
  assert.equal(await page.evaluate(() => document.querySelector("memcg-playground").send("goto", { step: 2 })), true);
  const moved = page.evaluate(() => new Promise((done) => addEventListener("memcg-state", ({ detail }) => detail.cursor === 3 && done(detail.title))));
  await page.evaluate(() => document.querySelector("memcg-playground").setAttribute("step", "3"));
  assert.equal(await moved, "From a file");

  for (const [named, answers] of [["https://docs.example", false], [`https://docs.example ${new URL(here).origin}`, true]]) {
    await page.route("**/memcg/embed.html", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace("<title>", () => `<meta name="memcg-hosts" content="${named}"><title>`);
      await route.fulfill({ response, body });
    });
    await begin();
    if (answers) await live(figure(page));
    else await figure(page).getByText(/127\.0\.0\.1:\d+ does not answer/).waitFor();
    await page.unroute("**/memcg/embed.html");
  }
});

test("a figure that is moved in the page begins anew", async ({ page, url }) => {
  await plain(page, url);
  await start(page.locator("#text"));
  await live(page.locator("#text"));
  await page.evaluate(() => document.getElementById("below").append(document.getElementById("text")));
  assert.ok(await shown(page.locator("#text")));
  await start(page.locator("#text"));
  await live(page.locator("#text"));
});

test("ten figures on one page: one engine, one program, styles of their own", async ({ page, url }) => {
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname.replace(/.*\//, "")));
  await plain(page, url);
  await page.evaluate(() => {
    const one = `<memcg-playground src="small.scenario"><p>One of ten.</p></memcg-playground>`;
    document.getElementById("below").innerHTML = one.repeat(10);
    window.nPrograms = 0;
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const of = WebAssembly[name];
      WebAssembly[name] = (...args) => (window.nPrograms++, of.apply(WebAssembly, args));
    }
  });
  const all = page.locator("#below memcg-playground");
  // Not by clicks: the page moves below the pointer as figures come.
  await all.evaluateAll((elements) => elements.forEach((element) => element.start()));
  for (let at = 0; at < 10; at++) await live(all.nth(at));
  const sheets = await page.evaluate(() => document.adoptedStyleSheets.length);
  assert.equal(sheets, 1, "one sheet, however many figures");
  assert.deepEqual(["figure.js", "figure_bg.wasm", "figure.css"].map((file) => loaded.filter((name) => name === file).length), [1, 1, 1]);
  assert.equal(await page.evaluate(() => window.nPrograms), 1);
  assert.equal(await page.locator("iframe").count(), 0);

  // Each has a model of its own.
  for (let at = 0; at < 10; at++) await all.nth(at).evaluate((element, step) => element.send("goto", { step }), at % 4);
  for (let at = 0; at < 10; at++) assert.equal((await stateOf(all.nth(at))).cursor, at % 4);
  const bytes = await page.evaluate(async () => (await import(performance.getEntriesByType("resource").find(({ name }) => /figure\.js/.test(name)).name)).memory());
  console.log(`ten figures: one program with ${(bytes / 1e6).toFixed(1)} MB of memory`);
  assert.ok(bytes < 16e6, `${bytes} bytes`);

  // Whatever styles the page has, they are not the figure's, nor is its keyboard.
  await page.addStyleTag({ content: "* { color: red !important; font-size: 40px !important; } html { font-size: 10px; }" });
  const words = all.first().locator(".sentence__words");
  assert.notEqual(await words.evaluate((element) => getComputedStyle(element).color), "rgb(255, 0, 0)");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Home");
  assert.equal((await stateOf(all.nth(1))).cursor, 1, "keys are the page's");
  await all.nth(1).locator(".stage__lanes").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("ArrowRight");
  assert.equal((await stateOf(all.nth(1))).cursor, 2, "keys inside are the figure's");
  assert.equal((await stateOf(all.nth(2))).cursor, 2);
  await page.evaluate(() => {
    window.passed = [];
    window.addEventListener("keydown", ({ key, defaultPrevented }) => window.passed.push(`${key} ${defaultPrevented}`));
  });
  for (const key of ["/", "?", "ArrowLeft", "Escape"]) await page.keyboard.press(key);
  assert.deepEqual(await page.evaluate(() => window.passed), ["/ false", "? false", "Escape false"], "others are the page's");

  // Taken away and brought again, it is the same program.
  for (let n = 0; n < 5; n++) {
    await all.first().evaluate((element) => (element.stop(), element.start()));
    await live(all.first());
  }
  assert.equal(await page.evaluate(() => window.nPrograms), 1);
});

test("an editable figure: the scenario's text beside the lanes", { viewport: { width: 900, height: 900 } }, async ({ page, url, axe, picture }) => {
  await plain(page, url);
  await page.locator("#text").evaluate((element) => element.setAttribute("mode", "editable"));
  await start(page.locator("#text"));
  const inside = await live(page.locator("#text"));
  await inside.getByRole("button", { name: "Listing" }).click();
  await inside.getByRole("region", { name: /Listing of/ }).waitFor();
  await inside.getByRole("button", { name: "Scenario" }).click();
  const text = inside.getByRole("textbox", { name: "Text of the scenario" });
  await text.fill("scenario: Typed\nhierarchy:\n a\nthreads:\n kswapd0: reclaim /\ncompare:\n vz7-nullify\n");
  await inside.getByText("Taken over.").waitFor();
  assert.deepEqual([(await stateOf(page.locator("#text"))).title, await inside.locator(".lane").count()], ["Typed", 1]);
  await axe({ include: "#text" });
  await text.fill("hierarchy: here\n");
  await inside.locator(".diagnostic--error").first().waitFor();
  assert.equal((await stateOf(page.locator("#text"))).title, "Typed");
  await picture("docs-editable");
  await inside.getByRole("button", { name: "Scenario" }).click();
  assert.equal(await text.count(), 0);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, history.length > 2]), [0, false]);
});

test("a figure whose program has ended by a mistake says so, and comes again", async ({ page, url }) => {
  await plain(page, url);
  await start(page.locator("#text"));
  await live(page.locator("#text"));
  await page.evaluate(() => globalThis[Symbol.for("memcg-figure-stopped")]());
  await page.locator("#text").getByText(/made a mistake and has stopped/).waitFor();
  await page.locator("#text").getByRole("button", { name: "Try again" }).click();
  await live(page.locator("#text"));
});
