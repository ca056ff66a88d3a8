// What the tests of figures in other people's pages are written with.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assert } from "./helper.mjs";
import { ROOT } from "./server.mjs";

export const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

export const figure = (page, at = 0) => page.locator("memcg-playground").nth(at);
export const start = (element) => element.getByRole("button", { name: "Step through it" }).click();
// Waits for the figure, and gives what it is in: an element of the page, or a document of its own.
export const live = async (element) => {
  await element.locator("[data-live]").waitFor();
  const isFramed = await element.evaluate((e) => Boolean(e.shadowRoot.querySelector("iframe")));
  return isFramed ? element.locator("iframe").contentFrame() : element.locator(".live");
};
export const stateOf = (element) => element.evaluate((e) => e.state() ?? e.shadowRoot.querySelector("iframe").contentWindow.memcg.state());
// The player steps through what was recorded, and a line says why there is no more.
export async function plays(element, why) {
  await element.getByText(why).waitFor();
  const player = element.locator(".player");
  const { cursor, nMoves, sentence } = await stateOf(element);
  assert.equal(cursor, 6);
  await player.getByRole("button", { name: "One step on" }).click();
  const after = await stateOf(element);
  assert.deepEqual([after.cursor, after.nMoves], [7, nMoves]);
  assert.notEqual(after.sentence, sentence);
  assert.equal(await player.locator(".said").textContent(), after.sentence);
  const drawn = () => player.locator(".picture svg").evaluate((svg) => svg.outerHTML);
  const at7 = await drawn();
  await player.getByRole("button", { name: "To the start" }).press("Enter");
  assert.equal((await stateOf(element)).cursor, 0);
  await player.locator(".picture").press("End");
  assert.equal((await stateOf(element)).cursor, nMoves);
  await element.evaluate((element) => element.setAttribute("step", "7"));
  assert.equal(await drawn(), at7, "the same moment is the same picture, whatever was before");
}

export const refused = (page) => page.evaluate(() => window.refused);
export const listen = (page) => page.addInitScript(() => {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.target.closest?.("memcg-playground") || /memcg/.test(event.sourceFile + event.blockedURI)) window.refused.push(event.effectiveDirective);
  });
});
export const shown = (element) => element.locator("slot").evaluate((slot) => getComputedStyle(slot).display !== "none");

// Documents come with this header; what they load comes as it is.
export const policy = (page, csp, path = "**/*.html") =>
  page.route(path, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": csp } });
  });

// The page of somebody's own, with a picture that `memcg render` drew.
export async function plain(page, url) {
  const picture = await readFile(join(ROOT, "crates/render/tests/snapshots/one-rmdir.svg"), "utf8");
  const body = (await readFile(join(ROOT, "tests/docs/plain/index.html"), "utf8")).replace("PICTURE", () => picture);
  await page.route("**/plain/", (route) => route.fulfill({ body, contentType: "text/html; charset=utf-8" }));
  await page.goto(`${url}plain/`);
}
