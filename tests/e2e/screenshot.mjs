// Pictures of the page: three widths, light and dark. Called by `cargo xtask screenshot`.
//
//   --page=embed.html  --fragment='#...'  --width=N (repeated)  --scheme=light|dark  --name=NAME
//   --actions=FILE.mjs   its default export, async (page) => …, runs before each picture
//   --readme             docs/screenshot.png: 1440 wide, light, a few moves into the story

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";
import { ROOT, serve } from "./server.mjs";

const given = process.argv.slice(2).map((word) => word.match(/^--([^=]+)=?(.*)$/s).slice(1));
const all = (name) => given.filter(([n]) => n === name).map(([, value]) => value);
const last = (name, otherwise) => all(name).at(-1) ?? otherwise;

const HEIGHTS = { 1440: 900, 800: 1000, 390: 844 };
const readme = given.some(([name]) => name === "readme");
const widths = readme ? [1440] : all("width").length ? all("width").map(Number) : [1440, 800, 390];
const schemes = readme ? ["light"] : all("scheme").length ? all("scheme") : ["light", "dark"];
const act = last("actions") ? (await import(pathToFileURL(resolve(last("actions"))))).default : async () => {};
const folder = join(ROOT, readme ? "docs" : "target/screenshots");

const server = await serve();
const browser = await launch();
let complaints = 0;
try {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of schemes) {
    for (const width of widths) {
      const page = await browser.newPage({
        serviceWorkers: "block",
        viewport: { width, height: HEIGHTS[width] ?? 900 },
        colorScheme,
        locale: "en-GB",
        timezoneId: "UTC",
      });
      for (const kind of ["console", "pageerror"]) {
        page.on(kind, (event) => {
          if (kind === "console" && event.type() !== "error") return;
          complaints += 1;
          console.log(`the page complained: ${kind === "console" ? event.text() : event}`);
        });
      }
      await page.goto(server.url + last("page", "") + last("fragment", ""));
      await page.locator("#boot-status").waitFor({ state: "detached", timeout: 120_000 });
      await page.evaluate(() => document.fonts.ready);
      if (readme) {
        // Where the lanes have parted: any key takes over from the story, then step by step.
        for (let n = 0; n < 17; n++) await page.keyboard.press("ArrowRight");
        await page.waitForTimeout(400);
      }
      await act(page);
      const name = readme ? "screenshot" : `${last("name", "page")}-${width}-${colorScheme}`;
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path, fullPage: !all("viewport").length });
      console.log(path.slice(ROOT.length));
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}
process.exitCode = complaints ? 1 : 0;
