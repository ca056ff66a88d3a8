//! The project's documentation: an mdBook of `docs/`, built into the folder of the page, so that its figures find the
//! engine one folder up. No link in it may lead nowhere.

use crate::build::{self, Care};
use crate::files::{self, copy};
use crate::options::Options;
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use crate::setup::{path_with, root, tools};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Where mdBook writes; what is published is a copy.
const MADE: &str = "target/book";
/// Files of the sources that mdBook copies along, and nobody needs.
const LEFT_OUT: [&str; 2] = ["book.toml", "book.css"];

/// `cargo xtask docs`: the page, if it has not been built yet, and the book beside it.
pub(crate) fn docs(options: &Options) -> Outcome<()> {
    let care = Care::asked(options);
    let dist = if let Some(dist) = care.built() { dist } else { build::dist(care)? };
    say::heading("Building the book");
    let book = build(&dist)?;
    // The gallery leads to it from now on.
    build::complete(care, None)?;
    let bytes: u64 =
        files::all(&book).iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    say::line(&format!(
        "  {}/index.html, {}.{} MB in all; no part of the page's budget, loaded by who reads it\n  \
         `cargo xtask serve --no-build` serves it at /book/",
        book.display(),
        bytes / 1_000_000,
        bytes % 1_000_000 / 100_000
    ));
    Ok(())
}

/// Builds the book into a folder that holds the page.
pub(crate) fn build(dist: &Path) -> Outcome<PathBuf> {
    let programs = programs()?;
    let mdbook = tools::mdbook()?.join("mdbook");
    let (made, book) = (root().join(MADE), dist.join("book"));
    Run::new("the book built", &mdbook)
        .args(["build", "--dest-dir"])
        .args([&made, &root().join("docs")])
        .env("PATH", path_with(&[programs]))
        .advice("The messages above name file and line.")
        .quietly()?;
    let _ = fs::remove_dir_all(&book);
    copy(&made, &book)?;
    for name in LEFT_OUT {
        let _ = fs::remove_file(book.join(name));
    }
    let mut dead = Vec::new();
    for page in files::all(&book).into_iter().filter(|f| f.extension().is_some_and(|e| e == "html"))
    {
        let text = fs::read_to_string(&page).map_err(at(&page))?;
        let told = tell(&text, &page, &book, &mut dead)?;
        if told != text {
            fs::write(&page, told).map_err(at(&page))?;
        }
    }
    if dead.is_empty() {
        return Ok(book);
    }
    Err(Failure::new(format!("links that lead nowhere:\n  {}", dead.join("\n  ")))
        .advice("They are seen from the file in docs/ that the page is made of."))
}

/// Folder of `memcg` and `mdbook-memcg`, beside this program.
pub(crate) fn programs() -> Outcome<PathBuf> {
    Run::new("memcg and mdbook-memcg built", "cargo")
        .args(["build", "-p", "memcg", "-p", "mdbook-memcg"])
        .dir(&root())
        .advice("`cargo build -p mdbook-memcg` says it again, in full.")
        .quietly()?;
    let here = std::env::current_exe().map_err(|error| Failure::new(error.to_string()))?;
    Ok(here.parent().map(Path::to_path_buf).unwrap_or_default())
}

/// A page with its links followed: what leads to a file of the checkout takes that file along.
fn tell(text: &str, page: &Path, book: &Path, dead: &mut Vec<String>) -> Outcome<String> {
    let folder = page.parent().unwrap_or(book);
    let depth = folder.strip_prefix(book).map_or(0, |below| below.components().count());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" href=\"") {
        let Some((link, further)) = after.split_once('"') else { break };
        out.push_str(before);
        out.push_str(" href=\"");
        rest = further;
        let (path, _) = link.split_once(['#', '?']).unwrap_or((link, ""));
        let is_ours = !(path.is_empty() || path.contains(':') || path.starts_with('/'));
        let source =
            root().join("docs").join(folder.strip_prefix(book).unwrap_or(folder)).join(path);
        // What mdBook's own page for mistakes names has the site's root before it.
        if !is_ours || folder.join(path).exists() {
            out.push_str(link);
        } else if source.is_file() {
            let name = source.file_name().unwrap_or_default();
            let to = book.join("files");
            fs::create_dir_all(&to).map_err(at(&to))?;
            fs::copy(&source, to.join(name)).map_err(at(&source))?;
            let _ = write!(out, "{}files/{}", "../".repeat(depth), name.to_string_lossy());
        } else {
            dead.push(format!("{}: {link}", page.strip_prefix(book).unwrap_or(page).display()));
            out.push_str(link);
        }
        out.push('"');
    }
    out.push_str(rest);
    // On the page of all chapters, which is at the top, programs are named as from the chapters' folders.
    if page.file_name().is_some_and(|name| name == "print.html") {
        out = out.replace("src=\"../../memcg-playground.js\"", "src=\"../memcg-playground.js\"");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_somewhere_or_is_told() {
        let book = root().join("target/tmp/book-links");
        let folder = book.join("bugs");
        fs::create_dir_all(&folder).expect("a folder");
        let page = folder.join("page.html");
        fs::write(book.join("there.html"), "").expect("a file");
        let text = "<a href=\"../there.html#x\">1</a><a href=\"gone.html\">2</a><a href=\"https://x/y\">3</a>\
                    <a href=\"../links.md\">4</a>";
        let mut dead = Vec::new();
        let told = tell(text, &page, &book, &mut dead).expect("told");
        assert_eq!(dead, ["bugs/page.html: gone.html"]);
        assert!(told.contains("href=\"../files/links.md\""), "{told}");
        assert!(book.join("files/links.md").is_file());
        let _ = fs::remove_dir_all(&book);
    }
}
