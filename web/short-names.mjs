// What wasm-bindgen imports and exports has a hash in its name, sixteen digits that no compression can shorten, in a program and
// again in its script. Each becomes a number as long, in the order in which they come.
import { readFileSync, writeFileSync } from "node:fs";

const [folder] = process.argv.slice(2);
for (const name of ["app", "figure", "worker"]) {
  const files = [`${folder}/${name}.js`, `${folder}/${name}_bg.wasm`];
  const texts = files.map((file) => readFileSync(file, "latin1"));
  const numbers = new Map();
  for (const [, hash] of texts[0].matchAll(/_([0-9a-f]{16})(?![0-9a-f])/g)) {
    if (!numbers.has(hash)) numbers.set(hash, numbers.size.toString(16).padStart(16, "0"));
  }
  // Both must mean the same, so nothing is renamed to a name that is there.
  const taken = [...numbers.values()].some((number) => texts.some((text) => text.includes(`_${number}`) && !numbers.has(number)));
  if (taken) throw new Error(`${name}: a number is a name already`);
  const renamed = (text) => text.replace(/_([0-9a-f]{16})(?![0-9a-f])/g, (whole, hash) => numbers.has(hash) ? `_${numbers.get(hash)}` : whole);
  files.forEach((file, at) => writeFileSync(file, renamed(texts[at]), "latin1"));
}
