//! Completes the folder that Trunk has built: the gallery's page with its pictures, the matrix, icons, what link previews show, and the
//! list of files that are kept for use without a network. `cargo xtask build` runs it.
//!
//! It reads the folder and writes into it; twice on the same folder gives the same. Knows no network and no clock.

mod bitmap;
mod gallery;
mod kept;
mod matrix;
mod preview;

use preview::Page;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

const TITLE: &str = "memcg playground";
const DESCRIPTION: &str =
    "Step through the kernel's memory cgroup iterators, race them and see what each one promises";
const USAGE: &str = "memcg-site FOLDER [--url https://…/] [--dev]";

/// What is asked for.
#[derive(Debug, Default)]
struct Asked {
    folder: PathBuf,
    /// Where the folder will be.
    url: Option<String>,
    /// A page to work on: nothing of it is to be kept by a browser.
    dev: bool,
}

fn main() -> ExitCode {
    match asked().and_then(|asked| complete(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn asked() -> Result<Asked, String> {
    let mut out = Asked::default();
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--url" => out.url = Some(preview::sound(&words.next().ok_or(USAGE)?)?),
            "--dev" => out.dev = true,
            folder if !folder.starts_with('-') => out.folder = folder.into(),
            _ => return Err(USAGE.into()),
        }
    }
    if out.folder.join("index.html").is_file() {
        return Ok(out);
    }
    Err(format!("{USAGE}\n{} holds no index.html", out.folder.display()))
}

fn complete(asked: &Asked) -> Result<(), String> {
    let folder = &asked.folder;
    let index = folder.join("index.html");
    let html = read(&index)?;
    // A folder that was completed before stays where it was said to be.
    let url = asked.url.clone().or_else(|| preview::url_of(&html));
    let told = Page { file: "", title: TITLE, description: DESCRIPTION };
    write(&index, preview::filled(&html, told, url.as_deref()).as_bytes())?;

    let has_book = folder.join("book/index.html").is_file();
    let shelf = gallery::page(version(&html), has_book);
    let told =
        Page { file: "gallery.html", title: gallery::TITLE, description: gallery::DESCRIPTION };
    let shelf = preview::filled(&shelf, told, url.as_deref());
    write(&folder.join("gallery.html"), shelf.as_bytes())?;
    let told = Page { file: "matrix.html", title: matrix::TITLE, description: matrix::DESCRIPTION };
    let table = preview::filled(&matrix::page(version(&html), has_book)?, told, url.as_deref());
    write(&folder.join("matrix.html"), table.as_bytes())?;
    for (name, svg) in gallery::thumbnails() {
        write(&folder.join(name), svg.as_bytes())?;
    }
    bitmap::icons(folder)?;
    // Somebody who has no font can build the page all the same.
    match bitmap::preview() {
        Ok(png) => write(&folder.join("preview.png"), &png)?,
        Err(why) => eprintln!("warning: no preview.png: {why}"),
    }
    kept::list(folder, asked.dev)
}

/// What Trunk's last step has put behind `?v=`.
fn version(page: &str) -> &str {
    let rest = page.split_once("style.css?v=").map_or("", |(_, rest)| rest);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    &rest[..end]
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, bytes))
        .map_err(|why| format!("{}: {why}", file.display()))
}
