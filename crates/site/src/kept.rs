//! The list of files that a browser keeps for use without a network, each with its hash, put into `sw.js`.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What the service worker begins with, in place of the line in its source.
const MARK: &str = "const RELEASE = null;";
/// What is not kept: the worker itself, what only other programs look at, and the book, which is read once.
const LEFT_OUT: [&str; 4] = ["sw.js", "preview.png", "book/", "."];

/// Writes the list. A page to work on has none: its service worker takes itself off.
pub(crate) fn list(folder: &Path, dev: bool) -> Result<(), String> {
    let worker = folder.join("sw.js");
    let source = include_str!("../../../web/static/sw.js");
    if !source.contains(MARK) {
        return Err(format!("web/static/sw.js has no line \"{MARK}\""));
    }
    let source = without_comments(source);
    if dev {
        return super::write(&worker, source.as_bytes());
    }
    let page = super::read(&folder.join("index.html"))?;
    let version: String = super::version(&page).chars().filter(char::is_ascii_digit).collect();
    let files = hashes(folder)?;
    let mut entries = String::new();
    for (name, hash) in &files {
        let _ = write!(entries, "\n  {name:?}: \"sha256-{hash}\",");
    }
    let id = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&entries)[..9]);
    let release =
        format!("const RELEASE = {{ id: \"{id}\", v: \"{version}\", files: {{{entries}\n}} }};");
    super::write(&worker, source.replacen(MARK, &release, 1).as_bytes())
}

fn without_comments(source: &str) -> String {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.trim_start().to_owned() + "\n").collect()
}

/// Every file that is kept, by its name from the folder, with the hash of what is in it.
fn hashes(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let mut out = Vec::new();
    for file in all(folder) {
        let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if LEFT_OUT.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let bytes = fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        out.push((name, BASE64_STANDARD.encode(Sha256::digest(&bytes))));
    }
    Ok(out)
}

fn all(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|e| if e.is_dir() { all(&e) } else { vec![e] }).collect()
}
