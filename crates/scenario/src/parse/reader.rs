//! Lines, header words and sections.
//!
//! Knows which section a line belongs to, and hands it on.

use super::{
    Line, PageState, Parsed, TEXT_BYTES_MAX, Whose, hierarchy::TreeReader, threads::ThreadReader,
};
use crate::{
    diagnostic::{Counter, Problem, Problems, Span},
    resolve::{self, Spans},
    scenario::Scenario,
    word::{Words, read_line},
};
use alloc::{format, vec::Vec};
use memcg_core::{listing::nearest, world::Preemption};

/// Words that open a line at the left margin.
const HEADERS: [&str; 16] = [
    "scenario",
    "note",
    "preemption",
    "use_hierarchy",
    "hierarchy",
    "threads",
    "compare",
    "schedule",
    "expect",
    "check",
    "watch",
    "cursor",
    "branch",
    "view",
    "state",
    "edit",
];

/// The section that indented lines belong to.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Section {
    /// None yet, or a header without lines of its own: this word.
    None,
    /// An unknown one; its lines were reported with its header.
    Unknown,
    Hierarchy,
    Threads,
    Compare,
    Schedule,
    Expect,
    Check,
    Watch,
    View,
    Edit,
}

/// Everything that is known of a text so far.
pub(crate) struct Reader<'t> {
    pub(super) text: &'t str,
    whose: Whose,
    pub(super) problems: Problems,
    pub(super) scenario: Scenario,
    pub(super) spans: Spans,
    pub(super) page: PageState,
    section: Section,
    tree: TreeReader<'t>,
    threads: ThreadReader<'t>,
    /// Headers seen that may stand only once.
    seen: Vec<&'static str>,
}

/// Reads a scenario or the text of a link.
pub(crate) fn read(text: &str, whose: Whose) -> (Parsed, PageState) {
    read_through(text, whose).finish()
}

/// Where the parts of a scenario stand in its text.
pub(crate) fn spans(text: &str) -> Spans {
    read_through(text, Whose::Scenario).spans
}

/// Reads all lines.
fn read_through(text: &str, whose: Whose) -> Reader<'_> {
    let mut reader = Reader {
        text,
        whose,
        problems: Problems::default(),
        scenario: Scenario::default(),
        spans: Spans::default(),
        page: PageState::default(),
        section: Section::None,
        tree: TreeReader::new(),
        threads: ThreadReader::default(),
        seen: Vec::new(),
    };
    if text.len() > TEXT_BYTES_MAX {
        let message = format!(
            "the text has {} bytes; at most {TEXT_BYTES_MAX} are read, so nothing was",
            text.len()
        );
        reader.problems.note(|| Problem::error(Span::default(), message));
    } else {
        reader.lines();
    }
    reader
}

impl<'t> Reader<'t> {
    fn lines(&mut self) {
        let mut at = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut margin: Option<&str> = None;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let body = line.trim();
            if !body.is_empty() && !body.starts_with('#') {
                let indent = &line[..line.len() - line.trim_start().len()];
                let start = at + indent.len();
                let span = Span::new(start, start + body.len());
                // A text pasted with an indent of its own has its margin there.
                let margin = *margin.get_or_insert(indent);
                match indent.strip_prefix(margin) {
                    Some(indent) if !indent.is_empty() => self.line(Line { indent, span }),
                    _ => self.header(span),
                }
            }
            at += line.len() + 1;
        }
    }

    fn header(&mut self, span: Span) {
        self.end_section();
        let line = &self.text[span.start..span.end];
        let Some((word, _)) = line.split_once(':') else {
            self.section = Section::Unknown;
            self.problems.note(|| {
                let message = "a line at the margin starts with a word and \":\"".into();
                Problem::error(span, message)
                    .suggest(Some("indent the lines of a section by two spaces".into()))
            });
            return;
        };
        let value_start = span.start + word.len() + 1;
        let value = self.text[value_start..span.end].trim_start();
        let value = Span::new(span.end - value.len(), span.end);
        let key = Span::new(span.start, span.start + word.trim_end().len());
        self.section = Section::None;
        let word = word.trim_end();
        let of_page = matches!(word, "cursor" | "branch" | "view" | "state" | "edit");
        if of_page && self.whose == Whose::Scenario {
            self.section = Section::Unknown;
            self.problems.note(|| {
                Problem::warning(key, format!("\"{word}\" belongs to links, not to scenarios"))
            });
            return;
        }
        match word {
            "scenario" if self.once(key, "scenario") => {
                self.scenario.title = read_line(self.text, value, &mut self.problems);
            }
            "note" => {
                let note = read_line(self.text, value, &mut self.problems);
                self.scenario.notes.push(note);
            }
            "preemption" if self.once(key, "preemption") => {
                let choices = [("none", Preemption::None), ("full", Preemption::Full)];
                if let Some(chosen) = self.choice(value, &choices) {
                    self.scenario.preemption = chosen;
                }
            }
            "use_hierarchy" if self.once(key, "use_hierarchy") => {
                if let Some(chosen) = self.choice(value, &[("on", true), ("off", false)]) {
                    self.scenario.use_hierarchy = chosen;
                }
            }
            "cursor" if self.once(key, "cursor") => self.cursor(value),
            "branch" if self.once(key, "branch") => {
                self.page.branch = Some(read_line(self.text, value, &mut self.problems));
            }
            "state" if self.once(key, "state") => self.state(value),
            "edit" => self.edit(value),
            "hierarchy" => self.open(Section::Hierarchy, value),
            "threads" => self.open(Section::Threads, value),
            "compare" => self.open(Section::Compare, value),
            "schedule" => self.open(Section::Schedule, value),
            "expect" => self.open(Section::Expect, value),
            "check" => self.open(Section::Check, value),
            "watch" => self.open(Section::Watch, value),
            "view" => self.open(Section::View, value),
            "scenario" | "preemption" | "use_hierarchy" | "cursor" | "branch" | "state" => {}
            _ => self.unknown_header(key, word),
        }
    }

    fn unknown_header(&mut self, key: Span, word: &str) {
        self.section = Section::Unknown;
        let known = &HEADERS[..if self.whose == Whose::Link { HEADERS.len() } else { 11 }];
        self.problems.note(|| {
            let meant = if word.len() <= 40 { nearest(word, known.iter().copied()) } else { None };
            let suggestion = match meant {
                Some(meant) => format!("did you mean \"{meant}:\"?"),
                None => "the lines of a section are indented".into(),
            };
            Problem::error(key, "no section has this name".into()).suggest(Some(suggestion))
        });
    }

    /// Whether this header comes for the first time; notes it otherwise.
    fn once(&mut self, key: Span, word: &'static str) -> bool {
        if self.seen.contains(&word) {
            self.problems.note(|| {
                Problem::error(
                    key,
                    format!("\"{word}:\" stands above already; this one is not used"),
                )
            });
            return false;
        }
        self.seen.push(word);
        true
    }

    fn open(&mut self, section: Section, value: Span) {
        self.section = section;
        let mut words = Words::new(self.text, value);
        if let Some(word) = words.next(false, &mut self.problems) {
            let rest = word.span.to(words.rest_span());
            self.problems.note(|| {
                let message = "the lines of this section go below it, indented".into();
                Problem::error(rest, message)
            });
        }
    }

    /// One word out of a few.
    fn choice<T: Copy>(&mut self, value: Span, choices: &[(&str, T)]) -> Option<T> {
        let mut words = Words::new(self.text, value);
        let word = words.next(false, &mut self.problems);
        self.no_more(&mut words);
        let found = word.as_ref().and_then(|w| choices.iter().find(|(name, _)| w.is(name)));
        if found.is_none() {
            let span = word.map_or(value, |w| w.span);
            self.problems.note(|| {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                Problem::error(span, format!("this is one of: {}", names.join(", ")))
            });
        }
        found.map(|(_, chosen)| *chosen)
    }

    fn cursor(&mut self, value: Span) {
        let mut words = Words::new(self.text, value);
        let word = words.next(false, &mut self.problems);
        match word.and_then(|w| w.text.parse().ok()) {
            Some(n) => self.page.cursor = n,
            None => self
                .problems
                .note(|| Problem::error(value, "the cursor is a number of moves".into())),
        }
        self.no_more(&mut words);
    }

    /// An edited listing follows, line by line.
    fn edit(&mut self, value: Span) {
        self.section = if self.edit_header(value) { Section::Edit } else { Section::Unknown };
    }

    /// Notes words that are left on a line.
    pub(super) fn no_more(&mut self, words: &mut Words<'t>) {
        no_more(words, &mut self.problems);
    }

    fn line(&mut self, line: Line<'t>) {
        let text = self.text;
        match self.section {
            Section::Unknown => {}
            Section::None => {
                self.section = Section::Unknown;
                self.problems.note(|| {
                    let message = "this line is indented but belongs to no section".into();
                    Problem::error(line.span, message)
                });
            }
            Section::Hierarchy => self.tree.line(text, line, &mut self.problems),
            Section::Threads => self.threads.line(text, line, &mut self.problems),
            Section::Compare => self.lane_line(line.span),
            Section::Schedule => self.move_line(line.span),
            Section::Expect => self.expectation_line(line.span),
            Section::Check => self.condition_line(line.span),
            Section::Watch => self.watch_line(line.span),
            Section::Edit => self.edit_line(line.span),
            Section::View => {
                let mut words = Words::new(text, line.span);
                let Some(key) = words.next(false, &mut self.problems) else { return };
                let value = words.next(false, &mut self.problems).map(|w| w.text.into_owned());
                self.page.view.insert(key.text.into_owned(), value.unwrap_or_default());
                self.no_more(&mut words);
            }
        }
    }

    fn end_section(&mut self) {
        match self.section {
            Section::Hierarchy => self.tree.end_section(),
            Section::Threads => {
                let (threads, spans) = (&mut self.scenario.threads, &mut self.spans);
                self.threads.end_section(threads, spans, &mut self.problems);
            }
            _ => {}
        }
    }

    fn finish(mut self) -> (Parsed, PageState) {
        self.end_section();
        self.scenario.hierarchy = self.tree.finish(&mut self.problems);
        resolve::resolve(&self.scenario, &self.spans, &mut self.problems);
        let mut counter = Counter::new(self.text);
        let lane_places = self.spans.lanes.iter().map(|span| counter.place(*span)).collect();
        let (diagnostics, n_more) = self.problems.locate(self.text);
        (Parsed { scenario: self.scenario, diagnostics, n_more, lane_places }, self.page)
    }
}

/// Notes words that are left on a line.
pub(super) fn no_more(words: &mut Words<'_>, problems: &mut Problems) {
    if let Some(word) = words.next(false, problems) {
        let rest = word.span.to(words.rest_span());
        problems.note(|| {
            Problem::error(rest, "nothing more can stand on this line".into())
                .suggest(Some("start a comment with \"#\", put quotes round spaces".into()))
        });
    }
}
