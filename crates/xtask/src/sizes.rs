//! How large the page is to download: a table of files, and the budget.

use crate::run::Run;
use crate::say::{self, Failure, Outcome};
use crate::setup::node;
use std::path::Path;

/// WebAssembly, scripts and styles that the page loads to start, compressed by brotli. Past this it is no longer
/// a figure one embeds in a page.
const BUDGET_KB: u64 = 300;
/// The same for what it loads once it is asked for something long.
const WORKER_BUDGET_KB: u64 = 256;
/// The same for all figures in somebody's page together, in a frame or not.
const FIGURE_BUDGET_KB: u64 = 250;
/// What every page with figures loads, whether anybody asks for one or not: by gzip, as most servers send it.
const LOADER: &str = "memcg-playground.js";
const LOADER_BUDGET_KB: u64 = 8;
const COUNTED: [&str; 3] = ["wasm", "js", "css"];
/// Loaded where WebAssembly cannot be.
const PLAYER: &str = "memcg-player.js";
/// Loaded by an address with `?src=`, by the gallery's page, and when the page has started.
const OTHERS: [&str; 4] = ["src.js", "gallery.css", "sw.js", "late.css"];
/// The documentation beside the page, and the gallery's pictures: in a line each.
const FOLDERS: [&str; 2] = ["book", "gallery"];

/// Node has a brotli of its own, so no other tool is needed. Prints `name raw brotli gzip` lines.
const MEASURE: &str = "
const fs = require('fs'), path = require('path'), zlib = require('zlib');
const root = process.argv[1];
const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? walk(path.join(dir, entry.name)) : [path.join(dir, entry.name)]);
const hidden = (file) => path.basename(file).startsWith('.');
for (const file of walk(root).filter((file) => !hidden(file)).sort()) {
  const raw = fs.readFileSync(file);
  const sizes = [raw.length, zlib.brotliCompressSync(raw).length, zlib.gzipSync(raw, { level: 9 }).length];
  console.log([path.relative(root, file), ...sizes].join('\\t'));
}";

#[derive(Debug, PartialEq)]
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
    gzip: u64,
}

/// Something that is loaded by itself, and how large it may be.
struct Part {
    words: &'static str,
    bytes: u64,
    budget_kb: u64,
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
    let parts = parts(&sizes);
    for folder in FOLDERS {
        let inside = beside.iter().filter(|size| folder_of(&size.name) == Some(folder));
        let (raw, brotli) = inside.fold((0, 0), |sum, s| (sum.0 + s.raw, sum.1 + s.brotli));
        if raw > 0 {
            say::line(&format!("  {:<28} {raw:>12} {brotli:>12}", format!("{folder}/, all")));
        }
    }
    let kb = |bytes: u64| format!("{}.{}", bytes / 1000, bytes % 1000 / 100);
    let told: Vec<String> = parts
        .iter()
        .map(|part| format!("{} kB of {} kB {}", kb(part.bytes), part.budget_kb, part.words))
        .collect();
    let summary = format!("wasm, js and css after brotli: {}", told.join(", "));
    say::line(&format!("  {summary}"));
    let too_large = parts.iter().any(|part| part.bytes > part.budget_kb * 1000);
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
    let mut number = || fields.next()?.parse().ok();
    Some(Size { name, raw: number()?, brotli: number()?, gzip: number()? })
}

fn folder_of(name: &str) -> Option<&'static str> {
    let (first, _) = name.split_once('/')?;
    FOLDERS.into_iter().find(|folder| *folder == first)
}

/// What is loaded together.
fn parts(sizes: &[Size]) -> [Part; 4] {
    let counted = |size: &&Size| {
        let ending = Path::new(&size.name).extension();
        COUNTED.iter().any(|counted| ending.is_some_and(|ending| ending == *counted))
    };
    let is_figure = |name: &str| name.starts_with("figure") || name == "embed.js";
    let is_page = |name: &str| {
        !is_figure(name)
            && !name.starts_with("worker")
            && name != LOADER
            && name != PLAYER
            && !OTHERS.contains(&name)
    };
    let sum = |is_it: &dyn Fn(&str) -> bool| {
        sizes.iter().filter(counted).filter(|s| is_it(&s.name)).map(|s| s.brotli).sum()
    };
    let loader = sizes.iter().filter(|s| s.name == LOADER).map(|s| s.gzip).sum();
    [
        Part { words: "to start", bytes: sum(&is_page), budget_kb: BUDGET_KB },
        Part {
            words: "for the worker",
            bytes: sum(&|name| name.starts_with("worker")),
            budget_kb: WORKER_BUDGET_KB,
        },
        Part { words: "for figures", bytes: sum(&is_figure), budget_kb: FIGURE_BUDGET_KB },
        Part { words: "(gzip) for the element", bytes: loader, budget_kb: LOADER_BUDGET_KB },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_counts() {
        let table = "app.js\t10\t4\t5\napp_bg.wasm\t100\t40\t50\nindex.html\t9\t5\t6\nstyle.css\t8\t2\t3\n\
                     worker.js\t7\t1\t2\nmemcg-playground.js\t6\t3\t4\nfigure_bg.wasm\t9\t7\t8\nsw.js\t3\t3\t3\nodd line";
        let sizes: Vec<Size> = table.lines().filter_map(parse).collect();
        assert_eq!((sizes.len(), parts(&sizes).map(|part| part.bytes)), (8, [46, 1, 7, 4]));
        assert_eq!((folder_of("book/toc.js"), folder_of("app.js")), (Some("book"), None));
    }
}
