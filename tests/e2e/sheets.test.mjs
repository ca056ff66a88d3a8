// What the worker writes and the page shows: policies, comparison, traces of running kernels.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { load, state } from "./app.mjs";
import { assert, test } from "./helper.mjs";
import { ROOT } from "./server.mjs";

const TRACE = join(ROOT, "conformance/traces/linux-6.12-machine-slice.ftrace.txt.gz");

test("a policy is picked from the family's picture", async ({ page, open, axe }) => {
  await open();
  await load(page);
  await page.getByRole("button", { name: "rhel7-dead-count", exact: true }).first().click();
  await page.getByText("It runs in this lane.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: /^v6\.12-unpinned/ }).click();
  await page.getByText("The listing: what runs").click();
  await axe();
  await page.getByRole("button", { name: "In this lane, instead of rhel7-dead-count" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal((await state(page)).lanes[0].lane, "v6.12-unpinned");
});

test("the comparison leads to the move in which lanes part", async ({ page, open }) => {
  await open();
  await page.keyboard.press("End");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("button", { name: "All policies" }).click();
  await page.getByRole("row", { name: /^v2\.6\.29-pinned-child/ }).waitFor();
  await page.getByRole("row", { name: /^vz7-nullify/ }).getByRole("button", { name: "move 12" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal((await state(page)).cursor, 12);
});

test("a kernel's trace is explained, gone through, and opened as a scenario", async ({ page, open, axe, picture }) => {
  await open();
  await page.getByRole("button", { name: "Import" }).click();
  const buffer = gunzipSync(await readFile(TRACE));
  const from = Date.now();
  await page.locator("#import-file").setInputFiles({ name: "node.trace", mimeType: "text/plain", buffer });
  await page.getByText("v6.12-unpinned explains 7801 of 7801 calls.").waitFor();
  console.log(`  a trace of ${(buffer.length / 1e6).toFixed(1)} MB read and replayed in ${Date.now() - from} ms`);
  await axe();
  await picture("trace");
  await page.getByLabel("Policy beside the kernel").selectOption("rhel7-dead-count");
  await page.getByText("rhel7-dead-count explains 6904 of 7801 calls.").waitFor();
  await page.getByRole("button", { name: "First difference" }).click();
  await page.locator("tr.is-here.is-other").waitFor();
  await page.getByLabel("Calls that have returned").fill("5000");
  await page.locator("tr.is-here", { hasText: "5000" }).waitFor();
  // Away, and back to where it was.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Import" }).click();
  await page.getByRole("button", { name: "Back to the trace" }).click();
  await page.locator("tr.is-here", { hasText: "5000" }).waitFor();
  await page.getByRole("button", { name: "Open as a scenario" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const { lanes, nMoves } = await state(page);
  assert.ok(nMoves > 100 && lanes[0].groups.length > 10);
});

test("reading a large trace shows how far it is and can be called off", async ({ page, open }) => {
  await open();
  await page.getByRole("button", { name: "Import" }).click();
  const trace = gunzipSync(await readFile(TRACE));
  // What it holds does not matter: it is to take a while.
  const buffer = Buffer.concat(Array.from({ length: 20 }, () => trace));
  await page.locator("#import-file").setInputFiles({ name: "large.trace", mimeType: "text/plain", buffer });
  await page.getByRole("progressbar").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok((await state(page)).lanes.length === 3, "the page goes on");
});

test("what only looks like a trace says so", async ({ page, open }) => {
  await open();
  await page.getByRole("button", { name: "Import" }).click();
  const buffer = Buffer.from("# tracer: nop\n#\r\n  <script>alert(1)</script>-1 [000] ..... 1.0: cgroup_mkdir: root=0 id=\n\0\xff\n");
  await page.locator("#import-file").setInputFiles({ name: "odd.trace", mimeType: "text/plain", buffer });
  await page.getByText("there is nothing to replay").waitFor();
});
