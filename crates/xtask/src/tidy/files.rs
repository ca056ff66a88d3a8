//! The files of the checkout, as text with line numbers.
//!
//! Those git tracks or would track; without git, everything outside the folders builds make.

use crate::run::Run;
use crate::say::{Outcome, at};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders that hold nothing of ours.
const MADE: [&str; 5] = [".git", "target", "dist", "node_modules", ".cache"];

/// A text file.
#[derive(Debug)]
pub(crate) struct File {
    /// Path from the top of the checkout, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Whether its `mod` line is only for tests.
    pub(crate) is_test: bool,
}

impl File {
    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line))
    }

    /// Lines before the unit tests at the end of a Rust file; none of a file that is all tests.
    pub(crate) fn lines_outside_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.lines().zip(self.lines().skip(1)).find(|((_, line), (_, next))| {
            *line == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{')
        });
        let end = if self.is_test { 0 } else { tests.map_or(usize::MAX, |((n, _), _)| n) };
        self.lines().take_while(move |(n, _)| *n < end)
    }

    /// Lines that are neither tests nor comments.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines_outside_tests().filter_map(|(n, line)| {
            let code = line.split_once("// ").map_or(line, |(code, _)| code);
            (!line.trim_start().starts_with("//")).then_some((n, code))
        })
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.ends_in("rs")
    }

    pub(crate) fn ends_in(&self, ending: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|e| e == ending)
    }
}

/// Every text file of the checkout, in the order of their paths.
pub(crate) fn tracked(root: &Path) -> Outcome<Vec<File>> {
    let git = Run::new("ask", "git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .dir(root)
        .silently();
    let mut paths = Vec::new();
    match git {
        Some(list) => paths.extend(list.lines().map(str::to_owned)),
        None => walk(root, "", &mut paths)?,
    }
    paths.sort();
    // A picture is not text, and a file may have been removed since the list was made.
    let read = |path: String| {
        fs::read_to_string(root.join(&path)).ok().map(|text| File { path, text, is_test: false })
    };
    let mut files: Vec<File> = paths.into_iter().filter_map(read).collect();
    let tests: BTreeSet<String> = files.iter().flat_map(test_modules).collect();
    for file in &mut files {
        file.is_test = tests.contains(&file.path) || file.path.contains("/tests/");
    }
    Ok(files)
}

/// Paths that a `#[cfg(test)] mod name;` of this file may mean.
fn test_modules(file: &File) -> Vec<String> {
    let Some(stem) = file.path.strip_suffix(".rs") else { return Vec::new() };
    let folder = match stem.rsplit_once('/') {
        Some((folder, "mod" | "lib" | "main")) => folder,
        _ => stem,
    };
    let lines: Vec<&str> = file.text.lines().collect();
    let names = lines.windows(2).filter_map(|pair| {
        let name = pair[1].strip_suffix(';')?.rsplit_once("mod ")?.1;
        (pair[0].trim() == "#[cfg(test)]").then_some(name)
    });
    names
        .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")])
        .collect()
}

fn walk(root: &Path, under: &str, paths: &mut Vec<String>) -> Outcome<()> {
    let folder = root.join(under);
    for entry in fs::read_dir(&folder).map_err(at(&folder))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if under.is_empty() { name.clone() } else { format!("{under}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !MADE.contains(&name.as_str()) => {
                walk(root, &path, paths)?;
            }
            Ok(kind) if kind.is_file() => paths.push(path),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_neither_comment_nor_test() {
        let text = "//! About.\nlet a = 1; // one\n#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests {\n    b\n}\n";
        let file = File { path: "a.rs".to_owned(), text: text.to_owned(), is_test: false };
        let code: Vec<_> = file.code().collect();
        assert_eq!(code, [(2, "let a = 1; "), (3, "#[cfg(test)]"), (4, "use x;")]);
    }

    #[test]
    fn a_module_only_for_tests_is_one() {
        let text = "mod a;\n#[cfg(test)]\npub(crate) mod b;\n".to_owned();
        let file = |path: &str| File { path: path.to_owned(), text: text.clone(), is_test: false };
        assert_eq!(test_modules(&file("x/view.rs")), ["x/view/b.rs", "x/view/b/mod.rs"]);
        assert_eq!(test_modules(&file("x/lib.rs")), ["x/b.rs", "x/b/mod.rs"]);
    }
}
