//! The book: mdBook's two JSON values in, the book out, with what is wrong by file and line.

use crate::block::{self, Block, Options};
use crate::figure::{Problem, draw};
use crate::markup::{self, Form};
use memcg_scenario::gallery_item;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A book that has been gone through.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The book as JSON.
    pub book: String,
    /// What is wrong, a line each: `file:line: what`.
    pub problems: Vec<String>,
    /// Something is so wrong that the book may not be built.
    pub is_bad: bool,
}

/// What is the same for all chapters.
#[derive(Clone, Debug)]
struct Place {
    /// The folder of chapters, from the book's.
    src: String,
    /// The same on disk.
    folder: PathBuf,
    form: Form,
    /// Where the playground is.
    engine: Option<String>,
}

/// Draws the blocks of a book; `input` is what mdBook writes to a preprocessor.
///
/// # Errors
/// If that is not what mdBook writes.
pub fn preprocess(input: &str) -> Result<Done, String> {
    let not_a_book = |what: &str| format!("this is not what mdBook tells a preprocessor: {what}");
    let mut input: Value = serde_json::from_str(input).map_err(|e| not_a_book(&e.to_string()))?;
    let [context, book] = input.as_array_mut().map_or(&mut [][..], |values| &mut values[..]) else {
        return Err(not_a_book("a context and a book are missing"));
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let root = text(&context["root"]).unwrap_or_default();
    let src = text(&context["config"]["book"]["src"]).unwrap_or_else(|| "src".into());
    let place = Place {
        folder: Path::new(&root).join(&src),
        src,
        form: Form::of_renderer(context["renderer"].as_str().unwrap_or_default()),
        engine: text(&context["config"]["preprocessor"]["memcg"]["engine"]),
    };
    let mut done = Done::default();
    // Called `sections` before mdBook 0.5.
    let key = if book.get("items").is_some() { "items" } else { "sections" };
    let items = book.get_mut(key).ok_or_else(|| not_a_book("the book has no chapters"))?;
    chapters(items, &mut |chapter| place.chapter(chapter, &mut done));
    done.book = book.to_string();
    Ok(done)
}

fn chapters(items: &mut Value, each: &mut impl FnMut(&mut Value)) {
    for item in items.as_array_mut().into_iter().flatten() {
        if let Some(chapter) = item.get_mut("Chapter") {
            each(chapter);
            if let Some(below) = chapter.get_mut("sub_items") {
                chapters(below, each);
            }
        }
    }
}

/// Every further line indented as the first, so that it stays in the list or quote in which the block stands.
fn within(before: &str, drawn: &str) -> String {
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let margin: String = before[start..].chars().map(|c| if c == '>' { c } else { ' ' }).collect();
    let lines: Vec<&str> = drawn.trim_end().lines().collect();
    lines.join(&format!("\n{margin}")) + "\n" + margin.trim_end()
}

impl Place {
    fn chapter(&self, chapter: &mut Value, done: &mut Done) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let Some(content) = text(&chapter["content"]) else { return };
        let name =
            text(&chapter["source_path"]).or_else(|| text(&chapter["path"])).unwrap_or_default();
        let blocks = block::find(&content);
        if blocks.is_empty() {
            return;
        }
        let mut loader = self.loader(&name);
        let mut out = String::new();
        let mut at = 0;
        for block in blocks {
            out.push_str(&content[at..block.range.start]);
            at = block.range.end;
            let (drawn, problems) = self.block(&name, &block, loader.as_deref());
            for (file, problem) in &problems {
                let (file, line) = match file {
                    Some(file) => (file.clone(), problem.line),
                    None => {
                        let file = format!("{}/{name}", self.src);
                        (file, self.line(&name, &content, &block) + problem.line)
                    }
                };
                let line = if line > 0 { format!(":{line}") } else { String::new() };
                done.problems.push(format!("{file}{line}: {}", problem.message));
                done.is_bad |= problem.is_bad;
            }
            if let Some(drawn) = drawn {
                // One program for all figures of a page.
                loader = None;
                out.push_str(&within(&content[..block.range.start], &drawn));
            }
        }
        out.push_str(&content[at..]);
        chapter["content"] = out.into();
    }

    /// The block drawn, and what is wrong, with the file if it is not the chapter's.
    fn block(
        &self,
        chapter: &str,
        block: &Block,
        loader: Option<&str>,
    ) -> (Option<String>, Vec<(Option<String>, Problem)>) {
        let bad = |message: String| {
            let problem = Problem { line: 0, message: format!("error: {message}"), is_bad: true };
            (None, vec![(None, problem)])
        };
        let options = match Options::parse(&block.info) {
            Ok(options) => options,
            Err(why) => return bad(why),
        };
        let mut of_file = None;
        let text = match &options.file {
            None => block.text.clone(),
            Some(_) if !block.text.trim().is_empty() => {
                return bad("a block with file= holds no scenario of its own".into());
            }
            Some(file) => match self.read(chapter, file) {
                Ok((shown, text)) => {
                    of_file = Some(shown);
                    text
                }
                Err(why) => return bad(why),
            },
        };
        let (figure, problems) = draw(&text, &options);
        let drawn = figure.map(|figure| markup::block(&figure, &options, self.form, loader));
        // What concerns no line of a file concerns the block that names it.
        let with_file = |problem: Problem| {
            let file = of_file.clone().filter(|_| problem.line > 0);
            (file, problem)
        };
        (drawn, problems.into_iter().map(with_file).collect())
    }

    /// A scenario by file or by its name in the gallery: how it is called in messages, and its text.
    fn read(&self, chapter: &str, file: &str) -> Result<(String, String), String> {
        let folder = Path::new(chapter).parent().unwrap_or(Path::new(""));
        let path = self.folder.join(folder).join(file);
        if !path.exists()
            && let Some(item) = gallery_item(file)
        {
            return Ok((format!("the gallery's {file}"), item.text.to_owned()));
        }
        let shown = Path::new(&self.src).join(folder).join(file).display().to_string();
        match fs::read_to_string(&path) {
            Ok(text) => Ok((shown, text)),
            Err(why) => Err(format!("{shown}: {why}")),
        }
    }

    /// The line on which a block begins, from 1: in the file as it is, if another preprocessor has made lines before it.
    fn line(&self, name: &str, content: &str, block: &Block) -> usize {
        let n_lines = |text: &str| text.matches('\n').count() + 1;
        let here = n_lines(&content[..block.range.start]);
        let Ok(file) = fs::read_to_string(self.folder.join(name)) else { return here };
        let wanted = &content[block.range.clone()];
        // The same block may stand there several times.
        let n_before = content[..block.range.start].matches(wanted).count();
        file.match_indices(wanted).nth(n_before).map_or(here, |(at, _)| n_lines(&file[..at]))
    }

    /// The address of the element's program, seen from a chapter.
    fn loader(&self, chapter: &str) -> Option<String> {
        let engine = self.engine.as_deref()?;
        let up = if engine.contains("://") || engine.starts_with('/') {
            String::new()
        } else {
            "../".repeat(chapter.matches('/').count())
        };
        Some(format!("{up}{}/memcg-playground.js", engine.trim_end_matches('/')))
    }
}
