//! How large the page is to download: a table of files, and the budget.

use crate::run::Run;
use crate::say::{self, Failure, Outcome};
use crate::setup::node;
use std::path::Path;

/// WebAssembly, scripts and styles that the page loads to start, compressed by brotli. Past this it is no longer
/// a figure one embeds in a page.
const BUDGET_KB: u64 = 300;
/// The same for what it loads once it is asked for something long.
const WORKER_BUDGET_KB: u64 = 250;
const COUNTED: [&str; 3] = ["wasm", "js", "css"];
/// Loaded by other people's pages (`tests/e2e/docs.test.mjs` holds it to a budget of its own), once one of them talks to a
/// figure, by an address with `?src=`, by the gallery's page, and by the browser when the page has started.
const OTHERS: [&str; 5] = ["memcg-playground.js", "embed.js", "src.js", "gallery.css", "sw.js"];
/// The documentation beside the page, and the gallery's pictures: in a line each.
const FOLDERS: [&str; 2] = ["book", "gallery"];

/// Node has a brotli of its own, so no other tool is needed. Prints `name raw compressed` lines.
const MEASURE: &str = "
const fs = require('fs'), path = require('path'), zlib = require('zlib');
const root = process.argv[1];
const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? walk(path.join(dir, entry.name)) : [path.join(dir, entry.name)]);
const hidden = (file) => path.basename(file).startsWith('.');
for (const file of walk(root).filter((file) => !hidden(file)).sort()) {
  const raw = fs.readFileSync(file);
  console.log(path.relative(root, file) + '\\t' + raw.length + '\\t' + zlib.brotliCompressSync(raw).length);
}";

#[derive(Debug, PartialEq)]
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the table; fails when the budget is exceeded and counts.
pub(crate) fn report(dist: &Path, budget_counts: bool) -> Outcome<()> {
    let said = Run::new("measure", node::node()?).args(["-e", MEASURE]).args([dist]).silently();
    let sizes: Vec<Size> = said.unwrap_or_default().lines().filter_map(parse).collect();
    say::line(&format!("\n  {:<28} {:>12} {:>12}", "file", "bytes", "brotli"));
    let (sizes, beside): (Vec<Size>, Vec<Size>) =
        sizes.into_iter().partition(|size| folder_of(&size.name).is_none());
    for size in &sizes {
        say::line(&format!("  {:<28} {:>12} {:>12}", size.name, size.raw, size.brotli));
    }
    for folder in FOLDERS {
        let inside = beside.iter().filter(|size| folder_of(&size.name) == Some(folder));
        let (raw, brotli) = inside.fold((0, 0), |sum, s| (sum.0 + s.raw, sum.1 + s.brotli));
        if raw > 0 {
            say::line(&format!("  {:<28} {raw:>12} {brotli:>12}", format!("{folder}/, all")));
        }
    }
    let (to_start, later) = counted(&sizes);
    let kb = |bytes: u64| format!("{}.{}", bytes / 1000, bytes % 1000 / 100);
    let summary = format!(
        "wasm, js and css after brotli: {} kB of {BUDGET_KB} kB to start, {} kB of {WORKER_BUDGET_KB} kB for the worker",
        kb(to_start),
        kb(later)
    );
    say::line(&format!("  {summary}"));
    let too_large = to_start > BUDGET_KB * 1000 || later > WORKER_BUDGET_KB * 1000;
    if sizes.is_empty() || (budget_counts && too_large) {
        return Err(Failure::new(format!("the page is too large: {summary}")).advice(
            "Look at the table above for what grew. `twiggy top` on the app's wasm tells which functions;\n\
             profile `web` in Cargo.toml tells which crates are built for speed and which for size.",
        ));
    }
    Ok(())
}

fn parse(line: &str) -> Option<Size> {
    let mut fields = line.split('\t');
    let name = fields.next()?.to_owned();
    Some(Size { name, raw: fields.next()?.parse().ok()?, brotli: fields.next()?.parse().ok()? })
}

fn folder_of(name: &str) -> Option<&'static str> {
    let (first, _) = name.split_once('/')?;
    FOLDERS.into_iter().find(|folder| *folder == first)
}

/// What the page loads to start, and what its worker loads.
fn counted(sizes: &[Size]) -> (u64, u64) {
    let ending = |size: &&Size| {
        !OTHERS.contains(&size.name.as_str())
            && COUNTED
                .iter()
                .any(|ending| Path::new(&size.name).extension().is_some_and(|e| e == *ending))
    };
    let sum = |worker: bool| {
        let here = sizes.iter().filter(ending).filter(|s| s.name.starts_with("worker") == worker);
        here.map(|size| size.brotli).sum()
    };
    (sum(false), sum(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_counts() {
        let table = "app.js\t10\t4\napp_bg.wasm\t100\t40\nindex.html\t9\t5\nstyle.css\t8\t2\nworker.js\t7\t1\nmemcg-playground.js\t6\t3\nsw.js\t3\t3\nbook/toc.js\t9\t9\nodd line";
        let sizes: Vec<Size> = table.lines().filter_map(parse).collect();
        assert_eq!((sizes.len(), folder_of("book/toc.js")), (8, Some("book")));
        assert_eq!(counted(&sizes[..7]), (46, 1));
    }
}
