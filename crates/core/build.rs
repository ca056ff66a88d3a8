//! Lists the listings, so that a new policy or core is one file and nothing names it.

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let mut out = String::new();
    for (folder, constant) in [("policies", "POLICIES"), ("cores", "CORES"), ("walks", "WALKS")] {
        let folder = Path::new(&root).join("listings").join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut paths: Vec<_> = fs::read_dir(&folder)
            .expect("the listings are in the tree")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.extension().is_some_and(|e| e == "lst"))
            .collect();
        paths.sort();
        writeln!(out, "const {constant}: &[Entry] = &[").expect("a string");
        for path in paths {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = path.display().to_string();
            writeln!(out, "Entry {{ name: {name:?}, text: include_str!({text:?}) }},").expect("ok");
        }
        writeln!(out, "];").expect("a string");
    }
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("registry.rs");
    fs::write(target, out).expect("the build folder can be written");
}
