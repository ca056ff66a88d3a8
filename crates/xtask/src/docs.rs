//! The test stage `docs`: our own book, a real mdBook and a real Sphinx project, built as their authors would, and looked at in Chromium.

use crate::book;
use crate::build::{self, Care};
use crate::count::Count;
use crate::files::copy;
use crate::options::Options;
use crate::run::Run;
use crate::say::{self, Outcome, at};
use crate::setup::{browser, node, path_with, python, root, tools};
use std::fs;
use std::path::Path;

/// What Sphinx is asked for: a page, paper, a terminal, a manual, a book.
const BUILDERS: [&str; 5] = ["html", "latex", "text", "man", "epub"];

/// Builds and tests; `counted` runs a program and counts what it says it has tested.
pub(crate) fn test(options: &Options, counted: fn(Run) -> Outcome<Count>) -> Outcome<Count> {
    let care = Care::asked(options);
    let dist = if let Some(dist) = care.built() { dist } else { build::dist(care)? };
    let programs = book::programs()?;
    let python = python::sphinx()?;
    let made = root().join("target/docs");
    let site = made.join("site");
    let _ = fs::remove_dir_all(&made);
    copy(&dist, &site.join("memcg"))?;
    // Ours, beside the page: a dead link or a figure that does not hold ends it.
    book::build(&site.join("memcg"))?;
    copy(&root().join("tests/docs/plain"), &site.join("plain"))?;

    one_file(&programs, &dist, &site.join("file"))?;

    let mdbook = tools::mdbook()?.join("mdbook");
    authors_book(&mdbook, &programs, &root().join("tests/docs/mdbook"), &made.join("mdbook"))
        .quietly()?;
    copy(&made.join("mdbook/html"), &site.join("mdbook"))?;
    copy(&dist, &site.join("mdbook/memcg"))?;
    let mut count = Count { passed: 2, failed: 0 };
    count.add(broken_book(&mdbook, &programs, &made)?);

    for builder in BUILDERS {
        sphinx(&python, &programs, &made, builder)?;
        count.passed += 1;
    }
    copy(&made.join("sphinx/html"), &site.join("sphinx"))?;
    copy(&dist, &site.join("sphinx/memcg"))?;

    let extension = root().join("integrations/sphinx/tests/all.py");
    count.add(counted(
        Run::new("tests of the Sphinx extension", &python)
            .args([&extension])
            .env("MEMCG", programs.join("memcg"))
            .advice("One alone: `python -m unittest`, with PYTHONPATH=integrations/sphinx."),
    )?);
    let folder = node::modules()?;
    for (what, file) in
        [("documentation in Chromium", "docs.mjs"), ("our book in Chromium", "book.test.mjs")]
    {
        count.add(counted(
            Run::new(what, node::node()?)
                .args(["--test-reporter=spec", file])
                .dir(&folder)
                .env("CHROMIUM", browser::chromium()?)
                .env("DIST", &site)
                .advice("Pictures of failures: target/e2e/."),
        )?);
    }
    Ok(count)
}

/// A page of one file that carries the playground.
/// A scenario as a page of one file with the playground in it, and as pictures.
fn one_file(programs: &Path, dist: &Path, folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    for kind in ["svg", "png"] {
        Run::new("a picture", programs.join("memcg"))
            .args(["render", "torn-pair", "--step", "5", &format!("--{kind}"), "--out"])
            .args([folder.join(format!("picture.{kind}"))])
            .quietly()?;
    }
    Run::new("a page of one file", programs.join("memcg"))
        .args(["render", "torn-pair", "--html", "--engine"])
        .args([dist])
        .args(["--out"])
        .args([folder.join("page.html")])
        .advice("The message above says what is missing in dist/.")
        .quietly()
        .map(drop)
}

fn authors_book(mdbook: &Path, programs: &Path, book: &Path, out: &Path) -> Run {
    Run::new("an mdBook built", mdbook)
        .args(["build", "--dest-dir"])
        .args([out, book])
        .env("PATH", path_with(&[programs.to_path_buf()]))
        .advice("The messages above name file and line.")
}

/// A book that expects what does not come is not built, and it is said where that stands.
fn broken_book(mdbook: &Path, programs: &Path, made: &Path) -> Outcome<Count> {
    let folder = made.join("broken-book");
    copy(&root().join("tests/docs/mdbook"), &folder)?;
    let chapter = folder.join("src/figures.md");
    let text = fs::read_to_string(&chapter).map_err(at(&chapter))?;
    let (right, wrong) = ("restarts = 1", "restarts = 7");
    let line = text.lines().position(|line| line.contains(right)).map_or(0, |line| line + 1);
    fs::write(&chapter, text.replacen(right, wrong, 1)).map_err(at(&chapter))?;
    let ended =
        authors_book(mdbook, programs, &folder, &made.join("broken-out")).aloud(|_| false)?;
    let told = format!("src/figures.md:{line}: error: expected ");
    let holds = !ended.status.success() && ended.lines.iter().any(|said| said.contains(&told));
    if holds {
        return Ok(Count { passed: 1, failed: 0 });
    }
    say::line(&format!(
        "a book with a wrong expectation: no `{told}` in\n{}",
        ended.lines.join("\n")
    ));
    Ok(Count { passed: 0, failed: 1 })
}

fn sphinx(python: &Path, programs: &Path, made: &Path, builder: &str) -> Outcome<()> {
    Run::new(format!("a Sphinx project built as {builder}"), python)
        .args(["-m", "sphinx", "-q", "-W", "-b", builder, "-d"])
        .args([made.join("doctrees"), root().join("tests/docs/sphinx")])
        .args([made.join("sphinx").join(builder)])
        .env("PATH", path_with(&[programs.to_path_buf()]))
        .env("PYTHONPATH", root().join("integrations/sphinx"))
        .advice("The messages above name file and line.")
        .quietly()
        .map(drop)
}
