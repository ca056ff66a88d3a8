// Prints how long a figure takes to be there from when it is asked for, in a page that has not had one, and what ten take.
// Called by `cargo xtask bench`, against dist/; by hand with the number of pages that are tried.

import { SMALL } from "./app.mjs";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const N_PAGES = Number(process.argv[2] ?? 11);
const N_FIGURES = 10;
const ELEMENT = `<memcg-playground><pre class="memcg-scenario">${SMALL}</pre></memcg-playground>`;
const BODY = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Ten figures</title><link rel="icon" href="data:,">
<script defer src="memcg-playground.js"></script>${ELEMENT.repeat(N_FIGURES)}`;

// In the page: milliseconds from asking a figure to come until it is drawn and shown.
const begin = (at) =>
  new Promise((done, failed) => {
    const element = document.querySelectorAll("memcg-playground")[at];
    element.addEventListener("memcg-failed", ({ detail }) => failed(new Error(detail)));
    element.addEventListener("memcg-ready", () => {
      performance.mark("ready");
      done(performance.now() - asked);
    });
    const asked = performance.now();
    performance.mark("asked");
    element.start();
  });
const memory = async () => {
  const { name } = performance.getEntriesByType("resource").find(({ name }) => /figure\.js/.test(name));
  return (await import(name)).memory();
};

// The processor's time of the page's main thread from asking to ready, in milliseconds: what others do at the time is not in it.
async function traced(context, page, act) {
  const session = await context.newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const categories = "disabled-by-default-devtools.timeline,devtools.timeline,blink.user_timing";
  await session.send("Tracing.start", { categories, transferMode: "ReportEvents" });
  const result = await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const mark = (name) => events.find((event) => event.name === name && event.cat.includes("user_timing"));
  const [from, to] = [mark("asked"), mark("ready")];
  const tasks = events.filter(({ ph, name, pid, tid, ts, dur }) =>
    ph === "X" && name.endsWith("RunTask") && pid === from.pid && tid === from.tid && ts + dur >= from.ts && ts <= to.ts);
  busy.push(tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0));
  return result;
}

const server = await serve();
const browser = await launch();
const first = [];
const next = [];
const busy = [];
let one, ten;
try {
  for (let n = 0; n < N_PAGES; n++) {
    // Nothing is kept from page to page.
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    const page = await context.newPage();
    await page.route("**/ten", (route) => route.fulfill({ body: BODY, contentType: "text/html; charset=utf-8" }));
    await page.goto(`${server.url}ten`);
    await page.locator("memcg-playground").last().getByRole("button").waitFor();
    await page.waitForTimeout(300);
    first.push(await traced(context, page, () => page.evaluate(begin, 0)));
    one = await page.evaluate(memory);
    for (let at = 1; at < N_FIGURES; at++) next.push(await page.evaluate(begin, at));
    ten = await page.evaluate(memory);
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}
const told = (times) => {
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor((times.length - 1) * part)].toFixed(0);
  return `median ${at(0.5)} ms, quickest ${at(0)}, longest ${at(1)}`;
};
console.log(`the first figure of a page, from asking to drawn: ${told(first)} (of ${first.length} pages)`);
console.log(`of that, the main thread's own time: ${told(busy)}`);
console.log(`each further one: ${told(next)}`);
console.log(`memory of the program: ${(one / 1e6).toFixed(1)} MB with one figure, ${(ten / 1e6).toFixed(1)} MB with ten`);
