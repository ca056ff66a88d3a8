// What the tests in this folder are written with.
//
//   import { assert, test } from "./helper.mjs";
//
//   test("what it shows", async ({ page, open }) => {
//     await open("#fragment");                     // also "embed.html", "embed.html#..."; waits for the program
//     await page.getByRole("button", { name: "Step" }).click();
//     assert.equal(await page.locator("#x").textContent(), "…");
//   });
//   test("narrow and dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }, async (t) => …);
//
// A test gets a fresh page of its own (the options are Playwright's for a browser context) in one Chromium
// shared by all, against dist/ served under a folder of a host. Its argument holds
//   page              Playwright's page
//   context           its context, for a second page, permissions, going offline
//   url               address of the page's folder, with its last slash
//   open(path, {started})  goes there; waits until the program has replaced the start screen unless
//                     `started: false`
//   axe(options)      fails on any accessibility violation; { include: "#css" , disable: ["rule"] }
//   picture(name)     writes target/e2e/NAME.png
//   expectProblem(regex)  one kind of problem is meant to happen in this test, and must
//
// A test fails by itself on anything the page complains of: an error in the console (of a worker as well), an
// uncaught exception, a violation of the content security policy, a request that fails, one to another host.
// No clock decides: wait for what should come (`locator.waitFor`, `comes(() => assert…)`), it may take minutes
// on a slow machine (PATIENCE_MS in the environment says how long). A failing test leaves target/e2e/NAME.png behind.
//
// SLUGGISH=1 in the environment has every page draw late, as on a busy machine: a test that reads what it did not wait
// for fails then.
//
// A new file NAME.test.mjs in this folder is found by itself; `node tests/e2e/NAME.test.mjs` runs it alone.

import { strict as assert } from "node:assert";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test as nodeTest } from "node:test";
import { launch } from "./browser.mjs";
import { ROOT, serve } from "./server.mjs";

export { assert };

const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 120_000);
const PICTURES = join(ROOT, "target/e2e");
// Only offline.test.mjs lets the page be kept: elsewhere every file comes from the server, and each test's page is its own.
const CONTEXT = { viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "UTC", serviceWorkers: "block" };

// Yew puts off the rest of a drawing once 16 ms have gone by, and what comes meanwhile is drawn with it: here they have
// always gone by, and what is put off, to the next turn or to the next frame, comes a tenth of a second late.
const SLUGGISH = () => {
  const [now, turn, frame] = [Date.now, setTimeout, requestAnimationFrame];
  let late_ms = 0;
  Date.now = () => now() + (late_ms += 17);
  globalThis.setTimeout = (act, after_ms, ...rest) => turn(act, Math.max(after_ms ?? 0, 100), ...rest);
  globalThis.requestAnimationFrame = (act) => turn(() => frame(act), 100);
};

let shared;
const start = () => (shared ??= Promise.all([serve(), launch()]).then(([server, browser]) => ({ server, browser })));
after(async () => {
  if (!shared) return;
  const { server, browser } = await shared;
  await browser.close();
  server.close();
});

// Looks again until it holds. What a page was told it knows at once (`state`) and draws a moment later: whatever is read from
// the page itself after it was told something is read like this.
export async function comes(look) {
  const last = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (error.code !== "ERR_ASSERTION" || Date.now() > last) throw error;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function test(name, options, body) {
  if (!body) [options, body] = [{}, options];
  nodeTest(name, async () => {
    const { server, browser } = await start();
    const context = await browser.newContext({ ...CONTEXT, ...options });
    try {
      context.setDefaultTimeout(PATIENCE_MS);
      if (process.env.SLUGGISH) await context.addInitScript(SLUGGISH);
      const page = await context.newPage();
      const watch = watchProblems(context, server.url);
      try {
        await body({
          page,
          context,
          url: server.url,
          open: (path = "", how = {}) => open(page, server.url + path, how),
          axe: (how) => axe(page, how),
          picture: (file) => picture(page, file),
          expectProblem: watch.expectProblem,
        });
      } catch (error) {
        await picture(page, name).catch(() => {});
        error.message += watch.tail();
        throw error;
      }
      watch.finish();
    } finally {
      await context.close();
    }
  });
}

async function open(page, address, { started = true } = {}) {
  await page.goto(address);
  if (started) await page.locator("#boot-status").waitFor({ state: "detached" });
  // Pictures and measures are of the page in all its styles.
  const late = () => !document.querySelector('script[src*="boot.js"]') || [...document.styleSheets].some((sheet) => sheet.href?.includes("late.css"));
  if (started) await page.waitForFunction(late);
}

// The name of a row of a lane is a sentence ("machine/ct-101, 3 references, …"): that the bare figures in its columns
// are no part of it is on purpose.
const AXE_DISABLED = ["label-content-name-mismatch"];

async function axe(page, { include, disable = AXE_DISABLED } = {}) {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const rules = Object.fromEntries(disable.map((rule) => [rule, { enabled: false }]));
  const { violations } = await page.evaluate(
    ([context, rules]) => globalThis.axe.run(context ?? document, { rules }),
    [include, rules],
  );
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.html}\n    ${node.failureSummary?.replaceAll("\n", "\n    ")}`),
  );
  if (lines.length) assert.fail(`accessibility:\n  ${lines.join("\n  ")}`);
}

async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  const file = join(PICTURES, `${name.replaceAll(/[^\w.-]+/g, "-")}.png`);
  await page.screenshot({ path: file, fullPage: true });
  return file;
}

// Collects whatever the pages of a context complain of.
function watchProblems(context, url) {
  const problems = [];
  const expected = [];
  let over = false;
  const add = (problem) => over || problems.push(problem);
  const home = new URL(url).origin;

  context.on("console", (message) => message.type() === "error" && add(`console: ${message.text()}`));
  context.on("weberror", (error) => add(`exception: ${error.error()?.stack ?? error.error()}`));
  context.on("request", (request) => {
    const target = new URL(request.url());
    const within = target.origin === home || ["data:", "blob:", "about:"].includes(target.protocol);
    if (!within) add(`request to another host: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    // What a page had asked for when it was left or loaded again.
    const left = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left) add(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on("response", (response) => response.status() >= 400 && add(`${response.status()}: ${response.url()}`));

  return {
    expectProblem: (pattern) => expected.push(pattern),
    tail: () => (problems.length ? `\n\nThe page also complained:\n  ${problems.join("\n  ")}` : ""),
    finish() {
      over = true;
      const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
      if (surprising.length) assert.fail(`the page complained:\n  ${surprising.join("\n  ")}`);
      for (const pattern of expected) {
        assert.ok(problems.some((problem) => pattern.test(problem)), `nothing like ${pattern} happened`);
      }
    },
  };
}
