// Prints how long a figure takes to be there from when it is asked for, in a page that has not had one, and what ten take.
// Called by `cargo xtask bench`, against dist/; by hand with the number of pages that are tried.

import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const N_PAGES = Number(process.argv[2] ?? 11);
const N_FIGURES = 10;
const SCENARIO = `scenario: One of ten
hierarchy:
  machine
    ct-1
    ct-2
    ct-3
    ct-4
threads:
  kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
  admin: rmdir machine/ct-4
compare:
  rhel7-dead-count
  vz7-seed-commit
  vz7-nullify
schedule:
  kswapd0 x4
`;
const ELEMENT = `<memcg-playground><pre class="memcg-scenario">${SCENARIO}</pre></memcg-playground>`;
const BODY = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Ten figures</title><link rel="icon" href="data:,">
<script defer src="memcg-playground.js"></script>${ELEMENT.repeat(N_FIGURES)}`;

// In the page: milliseconds from asking a figure to come until it is drawn and shown.
const begin = (at) =>
  new Promise((done, failed) => {
    const element = document.querySelectorAll("memcg-playground")[at];
    element.addEventListener("memcg-failed", ({ detail }) => failed(new Error(detail)));
    element.addEventListener("memcg-ready", () => done(performance.now() - asked));
    const asked = performance.now();
    element.start();
  });
const memory = async () => {
  const { name } = performance.getEntriesByType("resource").find(({ name }) => /figure\.js/.test(name));
  return (await import(name)).memory();
};

const server = await serve();
const browser = await launch();
const first = [];
const next = [];
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
    first.push(await page.evaluate(begin, 0));
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
console.log(`each further one: ${told(next)}`);
console.log(`memory of the program: ${(one / 1e6).toFixed(1)} MB with one figure, ${(ten / 1e6).toFixed(1)} MB with ten`);
