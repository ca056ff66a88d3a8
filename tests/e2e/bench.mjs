// Runs the bench of target/bench/ in Chromium and prints its lines. Called by `cargo xtask bench`.

import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const server = await serve({ folder: process.argv[2] });
const browser = await launch();
try {
  const page = await browser.newPage();
  await new Promise((resolve, reject) => {
    page.on("console", (message) => {
      if (message.text() === "bench done") resolve();
      else console.log(message.text());
    });
    page.on("pageerror", reject);
    page.goto(server.url).catch(reject);
  });
} finally {
  await browser.close();
  server.close();
}
