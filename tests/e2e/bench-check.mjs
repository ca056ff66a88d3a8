// Prints what checks take in the page's worker: states a second, the bugs of history, Stop, a longer world. Called by
// `cargo xtask bench`, against dist/.

import { gallery } from "./app.mjs";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

// As crates/cli/tests/check.rs has them: scenario, the lane with the bug, rounds.
const BUGS = [
  ["pinned-without-bound", "v3.10rc-pinned", 1],
  ["dying-root", "v3.10-dead-count", 1],
  ["loop-inside", "v3.13-dead-count", 1],
  ["half-made-group", "v3.13-dead-count", 1],
  ["torn-pair", "rhel7-dead-count", 1],
  ["old-next-pointer", "rhel7-dead-count", 1],
  ["leak-after-break", "v3.19-pinned", 1],
  ["late-reference", "v3.19-pinned", 1],
  ["global-root-slots", "v4.4-weak", 2],
  ["stale-group", "kinsey-v3-restart", 1],
  ["bias-core-nullify", "vz7-nullify on bias", 1],
];
// Two reclaimers, one removal, every access a step: where the rate is measured.
const RATE = `scenario: rate
preemption: full
hierarchy:
  a
  b
  c
threads:
  k0: reclaim / node 0 zones 1 priority 12 rounds 1
  k1: reclaim / node 0 zones 1 priority 12 rounds 1
  admin: rmdir a
compare:
  vz7-nullify
`;
const LONG = RATE.replace("scenario: rate", "scenario: long").replace(/rounds 1/g, "rounds 2").replace("  c\n", "  c\n    d\n  e\n");

const server = await serve();
const browser = await launch();
try {
  // What came of it, and milliseconds from the click to the verdict on the sheet; the worker's start is in them.
  const check = async (text, options = {}) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
    await page.goto(server.url);
    await page.waitForFunction(() => window.memcg);
    await page.evaluate((text) => window.memcg.load(text), text);
    await page.keyboard.press("c");
    await page.getByText("Not checked yet.").waitFor();
    await page.getByText("Options").click();
    for (const [name, value] of Object.entries(options)) {
      const field = page.locator(`[data-set="${name}"]`);
      if (typeof value === "boolean") await field.setChecked(value);
      else await field.selectOption(value);
    }
    const took = await page.evaluate(
      () =>
        new Promise((done) => {
          const dialog = document.querySelector("dialog");
          const from = performance.now();
          const observer = new MutationObserver(() => {
            if (!dialog.querySelector(".verdict__head")) return;
            observer.disconnect();
            done(performance.now() - from);
          });
          observer.observe(dialog, { subtree: true, childList: true });
          document.querySelector("#check-go").click();
        }),
    );
    const [headline, lines] = [await page.locator(".verdict__head").innerText(), await page.locator(".verdict li").allInnerTexts()];
    await page.close();
    return { took, headline, lines };
  };
  const said = ({ headline, lines }) => `${headline.split(/ \(|, these/)[0]}; ${lines.find((line) => /states/.test(line))}`;

  let longest = 0;
  for (const [name, lane, rounds] of BUGS) {
    const found = await check(await gallery(name, lane), { rounds: String(rounds) });
    if (!found.headline.startsWith("broken")) throw new Error(`${name}, ${lane}: ${found.headline}`);
    longest = Math.max(longest, found.took);
    console.log(`${name}, ${lane}: found in ${(found.took / 1000).toFixed(2)} s`);
  }
  console.log(`every bug of history in the page, the slowest: ${(longest / 1000).toFixed(2)} s (at most 3)`);

  const rate = await check(RATE, { reduced: false, symmetric: false });
  const n = Number(/([\d,]+) states/.exec(rate.lines.join(" "))[1].replaceAll(",", ""));
  const seconds = Number(/took ([\d.]+) s/.exec(rate.lines.join(" "))[1]);
  console.log(`states a second in one worker, every access a step: ${Math.round(n / seconds)} (${said(rate)})`);
  const reduced = await check(RATE);
  console.log(`the same world with the reductions: ${(reduced.took / 1000).toFixed(2)} s (${said(reduced)})`);

  const long = await check(LONG, { states: "16000000" });
  console.log(`a longer world: ${(long.took / 1000).toFixed(1)} s (${said(long)}; ${long.lines.at(-1)})`);
} finally {
  await browser.close();
  server.close();
}
