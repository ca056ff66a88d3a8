// Every *.test.mjs of this folder in one process, so that they share one browser.

import { readdir } from "node:fs/promises";

const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".test.mjs"));
// docs*.test.mjs and book.test.mjs look at other pages: `cargo xtask test --only docs`.
for (const file of files.sort()) if (!/^(docs|book)/.test(file)) await import(`./${file}`);
