// Every *.test.mjs of this folder in one process, so that they share one browser.

import { readdir } from "node:fs/promises";

const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".test.mjs"));
// These look at other pages: `cargo xtask test --only docs`.
const OTHERS = ["docs.test.mjs", "book.test.mjs"];
for (const file of files.sort()) if (!OTHERS.includes(file)) await import(`./${file}`);
