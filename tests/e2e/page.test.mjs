// The page as such: it arrives, starts, keeps to its own host and its policy, and says so when it cannot start.

import { assert, test } from "./helper.mjs";

for (const [path, program] of [["", "app"], ["embed.html", "figure"]]) {
  const name = path || "index.html";

  test(`${name} starts without a complaint`, async ({ page, open, axe }) => {
    await open(path);
    assert.ok((await page.locator("body").innerText()).trim().length > 0);
    assert.ok((await page.title()).length > 0);
    await axe();
  });

  test(`${name} says something before its program has arrived`, { javaScriptEnabled: false }, async ({ page, open, expectProblem }) => {
    expectProblem(new RegExp(`${program}\\.js.* csp`));
    await open(path, { started: false });
    assert.match(await page.locator("body").innerText(), /needs JavaScript/);
  });

  test(`${name} says so when its program does not arrive`, async ({ page, open, expectProblem }) => {
    expectProblem(/_bg\.wasm|console: /);
    await page.route(`**/${program}_bg.wasm*`, (route) => route.fulfill({ status: 404, body: "" }));
    await open(path, { started: false });
    await page.getByText("could not be loaded").waitFor();
  });
}

test("an inline script is refused", async ({ page, open, expectProblem }) => {
  expectProblem(/console: .*[Cc]ontent [Ss]ecurity [Pp]olicy/);
  await open();
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.wasRun = true";
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.wasRun), undefined);
});

test("a mistake of the program is said on the page, once, and of no other script", async ({ page, open }) => {
  await open();
  const raise = (kind) =>
    page.evaluate((kind) => {
      const error = kind === "program" ? new WebAssembly.RuntimeError("unreachable") : new TypeError("somebody else's");
      dispatchEvent(new ErrorEvent("error", { error }));
      dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: error }));
    }, kind);
  const notice = page.getByRole("alert").filter({ hasText: "made a mistake and has stopped" });
  await raise("other");
  assert.equal(await notice.count(), 0);
  await raise("program");
  await notice.waitFor();
  assert.equal(await notice.count(), 1);
  assert.match(await notice.getByRole("link", { name: "Open it again" }).getAttribute("href"), /\/$|index\.html$/);
});
