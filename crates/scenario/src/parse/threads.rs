//! The `threads:` section: lines of a thread, its name, and what an administrator does.
//!
//! A thread's line may go on in lines that are indented deeper. Knows no group: paths are
//! resolved afterwards.

use super::{Line, reclaimer::reclaimer};
use crate::{
    diagnostic::{Problem, Problems, Span},
    resolve::Spans,
    scenario::{OpText, RoleText, ThreadText, Verb},
    tree::{PATH_BYTES_MAX, normal_path},
    word::{Kind, Word, Words},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::{hierarchy::check_name, listing::nearest, world::World};

/// A thread whose lines are being gathered.
#[derive(Debug)]
struct Open<'t> {
    indent: usize,
    name: Word<'t>,
    words: Vec<Word<'t>>,
}

#[derive(Debug, Default)]
pub(super) struct ThreadReader<'t> {
    open: Option<Open<'t>>,
    /// Threads whose lines are complete, until they are taken.
    done: Vec<Open<'t>>,
}

impl<'t> ThreadReader<'t> {
    pub(super) fn line(&mut self, text: &'t str, line: Line<'t>, problems: &mut Problems) {
        let mut words = Words::new(text, line.span);
        let deeper = |open: &&mut Open<'t>| open.indent < line.indent.len();
        if let Some(open) = self.open.as_mut().filter(deeper) {
            let span = Span::new(line.span.start, line.span.start);
            open.words.push(Word { text: "".into(), span, kind: Kind::Semicolon });
            while let Some(word) = words.next(false, problems) {
                open.words.push(word);
            }
            return;
        }
        self.done.extend(self.open.take());
        let Some(name) = words.next(true, problems) else { return };
        let colon = words.next(true, problems).filter(|w| w.kind == Kind::Colon);
        if name.kind == Kind::Colon || colon.is_none() {
            problems.note(|| {
                Problem::error(line.span, "a thread is written \"name: what it does\"".into())
            });
            return;
        }
        let mut open = Open { indent: line.indent.len(), name, words: Vec::new() };
        while let Some(word) = words.next(false, problems) {
            open.words.push(word);
        }
        self.open = Some(open);
    }

    /// Takes the threads that were read since the last call.
    pub(super) fn end_section(
        &mut self,
        threads: &mut Vec<ThreadText>,
        spans: &mut Spans,
        problems: &mut Problems,
    ) {
        self.done.extend(self.open.take());
        for open in core::mem::take(&mut self.done) {
            if let Err(message) = check_thread_name(&open.name.text, threads) {
                problems.note(|| Problem::error(open.name.span, message));
                continue;
            }
            if threads.len() >= World::N_THREADS_MAX {
                problems.note(|| {
                    let message = format!("at most {} threads are possible", World::N_THREADS_MAX);
                    Problem::error(open.name.span, message)
                });
                continue;
            }
            let mut places = Places { root: open.name.span, ops: Vec::new() };
            let role = match open.words.iter().find(|w| w.kind != Kind::Semicolon) {
                Some(first) if first.is("reclaim") => {
                    reclaimer(first.span, &open.words, &mut places.root, problems)
                }
                _ => Some(admin(&open.words, &mut places, problems)),
            };
            let Some(role) = role else { continue };
            threads.push(ThreadText { name: open.name.text.into_owned(), role });
            spans.threads.push(open.name.span);
            spans.roots.push(places.root);
            spans.ops.push(places.ops);
        }
    }
}

struct Places {
    root: Span,
    ops: Vec<Span>,
}

/// Why a thread cannot have this name.
pub(crate) fn check_thread_name(name: &str, threads: &[ThreadText]) -> Result<(), String> {
    if name == World::WORKER {
        return Err(format!("\"{name}\" is the kernel's worker, which every world has"));
    }
    if threads.iter().any(|t| t.name == name) {
        return Err(format!("a thread \"{name}\" is there already"));
    }
    // Real threads are called `kworker/0:1`, so a slash is fine.
    let shown = name.replace('/', "-");
    check_name(&shown).map_err(|_| {
        "a thread's name has 1 to 255 bytes without control characters, and is not all dots".into()
    })
}

/// The path that a word is, if it can be one.
pub(super) fn read_path(word: &Word<'_>, problems: &mut Problems) -> Option<String> {
    if word.text.len() > PATH_BYTES_MAX {
        problems.note(|| {
            Problem::error(word.span, format!("a path has at most {PATH_BYTES_MAX} bytes"))
        });
        return None;
    }
    let path = normal_path(&word.text);
    for name in path.split('/').filter(|name| !name.is_empty()) {
        if let Err(error) = check_name(name) {
            problems.note(|| Problem::error(word.span, format!("{error}")));
            return None;
        }
    }
    Some(path)
}

fn admin(words: &[Word<'_>], places: &mut Places, problems: &mut Problems) -> RoleText {
    let mut ops = Vec::new();
    for statement in words.split(|w| w.kind == Kind::Semicolon).filter(|s| !s.is_empty()) {
        let [first, rest @ ..] = statement else { continue };
        let Some(verb) = first.keyword().and_then(Verb::from_word) else {
            problems.note(|| {
                let known = Verb::ALL.iter().map(|v| v.word()).chain(["reclaim"]);
                let meant = if first.text.len() <= 40 { nearest(&first.text, known) } else { None };
                let message = "a thread does one of: reclaim, mkdir, rmdir, pin, unpin".into();
                Problem::error(first.span, message)
                    .suggest(meant.map(|m| format!("did you mean \"{m}\"?")))
            });
            continue;
        };
        let [path] = rest else {
            let span = statement.last().map_or(first.span, |last| first.span.to(last.span));
            problems.note(|| {
                Problem::error(span, format!("\"{}\" takes one path", verb.word()))
                    .suggest(Some("separate operations by \";\"".into()))
            });
            continue;
        };
        let Some(group) = read_path(path, problems) else { continue };
        places.ops.push(first.span.to(path.span));
        ops.push(OpText { verb, group });
    }
    RoleText::Admin(ops)
}
