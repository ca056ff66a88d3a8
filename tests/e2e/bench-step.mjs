// Prints what a step takes with four lanes of a thousand groups: the processor's time of the page's main thread
// from the key to the end of the frame that shows what it did, model, layout and drawing together. Called by
// `cargo xtask bench`; by hand with the number of groups.

import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const N_STEPS = 60;
const N_GROUPS = Number(process.argv[2] ?? 1000);

const slice = (at) => [`  slice-${at}`, ...Array.from({ length: 9 }, (_, group) => `    group-${at}-${group}`)];
const text = [
  `scenario: ${N_GROUPS} groups`,
  "preemption: none",
  "hierarchy:",
  ...Array.from({ length: N_GROUPS / 10 }, (_, at) => slice(at)).flat(),
  "threads:",
  ...["kswapd0", "kswapd1"].map((name) => `  ${name}: reclaim / node 0 zones 1 priority 12 rounds forever`),
  "  admin:",
  ...Array.from({ length: 9 }, (_, group) => `    rmdir slice-5/group-5-${group}`),
  "compare:",
  ...["rhel7-dead-count", "vz7-seed-commit", "vz7-nullify", "v6.12-unpinned"].map((name) => `  ${name}`),
  "schedule:",
  ...Array.from({ length: 9 }, () => ["  kswapd0 x6", "  kswapd1 x4", "  admin x2"]).flat(),
  "",
].join("\n");

const server = await serve();
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  await page.goto(server.url);
  await page.waitForFunction(() => window.memcg);
  await page.evaluate((scenario) => window.memcg.load(scenario), text);
  await page.locator(".lanes .row--heading").nth(3).waitFor();
  for (let n = 0; n < 10; n++) await step(page);
  const times = await traced(page, async () => {
    for (let n = 0; n < N_STEPS; n++) await step(page);
  });
  times.sort((a, b) => a - b);
  const at = (part) => `${times[Math.floor((times.length - 1) * part)].toFixed(1)} ms`;
  console.log(`a step of 4 lanes with ${N_GROUPS} groups, drawn: median ${at(0.5)}, nine in ten within ${at(0.9)}, longest ${at(1)}`);
} finally {
  await browser.close();
  server.close();
}

// One key, and the frame that follows.
function step(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
        requestAnimationFrame(() => setTimeout(resolve, 30));
      }),
  );
}

// The tasks of the main thread from each key to the frame it led to, in milliseconds of the processor.
async function traced(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const categories = "devtools.timeline,disabled-by-default-devtools.timeline";
  await session.send("Tracing.start", { categories, transferMode: "ReportEvents" });
  await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const keys = events.filter(({ name, args }) => name === "EventDispatch" && args.data?.type === "keydown");
  const [{ pid, tid }] = keys;
  const main = events.filter((event) => event.pid === pid && event.tid === tid && event.ph === "X").sort((a, b) => a.ts - b.ts);
  return keys.flatMap(({ ts }) => {
    const end = main.find((event) => event.name === "Commit" && event.ts > ts)?.ts;
    const tasks = main.filter((event) => event.name === "RunTask" && event.ts + event.dur >= ts && event.ts <= end);
    return end ? [tasks.reduce((sum, event) => sum + event.tdur / 1000, 0)] : [];
  });
}
