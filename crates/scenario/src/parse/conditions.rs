//! The `check:` section: conditions over what can be seen of a lane.
//!
//! Names of groups and threads are taken as they are; [`crate::resolve`] looks at them.

use super::reader::{Reader, no_more};
use crate::{
    diagnostic::{Problem, Problems, Span},
    scenario::ConditionText,
    tree::normal_path,
    word::{Kind, Word, Words},
};
use alloc::{format, string::String, vec, vec::Vec};
use memcg_core::{
    condition::{
        Comparison, Condition, LIVES, Measure, Mode, N_CONDITIONS_MAX, N_TERMS_MAX, Slot, Subject,
        Term, Value,
    },
    listing::nearest,
};

/// What a comparison can look at, beside the measures.
const SUBJECTS: &str = "rounds, restarts, visits, visits of GROUP, wiped, kept, faults, refs of GROUP, \
     life of GROUP, position of ROOT, held by THREAD, returned to THREAD, place of THREAD";

/// The words that a subject begins with.
const FIRST_WORDS: [&str; 12] = [
    "rounds", "restarts", "visits", "wiped", "kept", "faults", "refs", "life", "position", "held",
    "returned", "place",
];

impl Reader<'_> {
    /// `always TERM { and|or TERM }`.
    pub(super) fn condition_line(&mut self, span: Span) {
        if self.scenario.checks.len() >= N_CONDITIONS_MAX {
            self.problems.note(|| {
                Problem::error(span, format!("at most {N_CONDITIONS_MAX} conditions are checked"))
            });
            return;
        }
        let mut terms = Terms::new(self.text, span, &mut self.problems);
        if let Some(condition) = terms.condition() {
            let spans = terms.spans;
            self.scenario.checks.push(condition);
            self.spans.checks.push(spans);
        }
    }
}

/// Reads a condition from a text of its own, such as `always visits of ct-101 <= 1`.
pub(crate) fn read_condition(
    text: &str,
    problems: &mut Problems,
) -> Option<(ConditionText, Vec<Span>)> {
    let mut terms = Terms::new(text, Span::new(0, text.len()), problems);
    let condition = terms.condition()?;
    Some((condition, terms.spans))
}

/// Reads what a comparison looks at from a text of its own, such as `refs of ct-101`.
pub(crate) fn read_subject(text: &str, problems: &mut Problems) -> Option<Subject<String, String>> {
    let mut terms = Terms::new(text, Span::new(0, text.len()), problems);
    let subject = terms.subject()?;
    no_more(&mut terms.words, terms.problems);
    terms.problems.is_empty().then_some(subject)
}

/// Reads the parts of a condition from a line.
pub(super) struct Terms<'t, 'p> {
    words: Words<'t>,
    problems: &'p mut Problems,
    line: Span,
    /// Where the comparisons stand.
    spans: Vec<Span>,
}

impl<'t, 'p> Terms<'t, 'p> {
    pub(super) fn new(text: &'t str, line: Span, problems: &'p mut Problems) -> Self {
        Self { words: Words::new(text, line), problems, line, spans: Vec::new() }
    }

    fn next(&mut self) -> Option<Word<'t>> {
        self.words.next(false, self.problems)
    }

    /// The next word, if it is this one.
    fn take(&mut self, keyword: &str) -> bool {
        let mut ahead = self.words.clone();
        let is_it = ahead.next(false, self.problems).is_some_and(|word| word.is(keyword));
        if is_it {
            self.words = ahead;
        }
        is_it
    }

    /// Says what is wrong with a word, or with the line if it ends too early.
    fn wrong(&mut self, word: Option<&Word<'_>>, message: &str, suggestion: Option<String>) {
        let span = word.map_or(self.line, |word| word.span);
        self.problems.note(|| Problem::error(span, message.into()).suggest(suggestion));
    }

    fn condition(&mut self) -> Option<ConditionText> {
        let word = self.next();
        let first = word.as_ref().and_then(Word::keyword);
        let Some(mode) = first.and_then(Mode::from_word) else {
            let meant = first.and_then(|first| meant(first, Mode::ALL.map(Mode::word)));
            self.wrong(
                word.as_ref(),
                "a condition begins with always, sometimes or eventually",
                meant,
            );
            return None;
        };
        Some(Condition { mode, any: self.any()? })
    }

    /// What is looked at, if nothing else stands on the line.
    pub(super) fn alone(&mut self) -> Option<Subject<String, String>> {
        let mut problems = Problems::default();
        let mut ahead = Terms::new("", self.line, &mut problems);
        ahead.words = self.words.clone();
        let subject = ahead.subject()?;
        let is_over = ahead.next().is_none();
        (is_over && problems.is_empty()).then_some(subject)
    }

    /// Where the comparisons stand that have been read.
    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans
    }

    /// Comparisons to the end of the line.
    pub(super) fn any(&mut self) -> Option<Vec<Vec<Term<String, String>>>> {
        let mut any = vec![vec![self.term()?]];
        loop {
            let Some(word) = self.next() else { return Some(any) };
            match word.keyword() {
                Some("and") => {
                    let term = self.term()?;
                    if let Some(all) = any.last_mut() {
                        all.push(term);
                    }
                }
                Some("or") => any.push(vec![self.term()?]),
                _ => {
                    let message = "comparisons are joined by \"and\" or \"or\"";
                    let meant = meant(&word.text, ["and", "or"]);
                    self.wrong(Some(&word), message, meant);
                    return None;
                }
            }
            if self.spans.len() > N_TERMS_MAX {
                let message = format!("a condition has at most {N_TERMS_MAX} comparisons");
                self.wrong(None, &message, None);
                return None;
            }
        }
    }

    fn term(&mut self) -> Option<Term<String, String>> {
        let start = self.words.rest_span().start;
        let subject = self.subject()?;
        let word = self.next();
        let Some(comparison) = word.as_ref().and_then(|w| Comparison::from_sign(&w.text)) else {
            let meant = match word.as_ref().map_or("", |word| &*word.text) {
                "=>" => Some("did you mean \">=\"?".into()),
                "=<" => Some("did you mean \"<=\"?".into()),
                "" => Some(format!("such as \"{subject} = …\"")),
                _ => None,
            };
            self.wrong(word.as_ref(), "a comparison is one of: = != < <= > >=", meant);
            return None;
        };
        let is_ordered = matches!(
            subject,
            Subject::Measure(_) | Subject::Visits(_) | Subject::Refs(_) | Subject::Life(_)
        );
        if !is_ordered && !comparison.is_equality() {
            self.wrong(word.as_ref(), "this is compared by = or !=", None);
            return None;
        }
        let value = self.value(&subject)?;
        self.spans.push(Span::new(start, self.words.rest_span().start.min(self.line.end)));
        Some(Term { subject, comparison, value })
    }

    fn value(&mut self, subject: &Subject<String, String>) -> Option<Value<String>> {
        let word = self.next();
        let text = word.as_ref().map_or("", |word| &*word.text);
        let is_bare = word.as_ref().is_some_and(|word| word.kind == Kind::Bare);
        let (value, message) = match subject {
            Subject::Measure(_) | Subject::Visits(_) | Subject::Refs(_) => {
                let number = text.parse().ok().map(Value::Number);
                (number, format!("this is a number from 0 to {}", u32::MAX))
            }
            Subject::Life(_) => {
                let life = LIVES.iter().find(|(_, name)| is_bare && *name == text);
                let names: Vec<&str> = LIVES.iter().map(|(_, name)| *name).collect();
                let message = format!("the stages of a life are: {}", names.join(", "));
                (life.map(|(life, _)| Value::Life(*life)), message)
            }
            Subject::Position(_) | Subject::Held(_) | Subject::Returned(_) => {
                let value = match text {
                    "" => None,
                    "none" if is_bare => Some(Value::None),
                    path => Some(Value::Group(normal_path(path))),
                };
                (value, "this is a group's path or \"none\"".into())
            }
            Subject::Place(_) => {
                let label = (is_bare && !text.is_empty()).then(|| Value::Label(text.into()));
                (label, "this is the label of an access, such as \"load_position.tryget\"".into())
            }
        };
        if value.is_none() {
            let meant = match subject {
                Subject::Life(_) => meant(text, LIVES.map(|(_, name)| name)),
                _ => None,
            };
            self.wrong(word.as_ref(), &message, meant);
        }
        value
    }

    fn subject(&mut self) -> Option<Subject<String, String>> {
        let word = self.next();
        if word.is_none() {
            let such = Some("such as \"rounds >= 1\"".into());
            self.wrong(None, "a comparison is missing at the end", such);
            return None;
        }
        let first = word.as_ref().and_then(Word::keyword).unwrap_or("");
        if let Some(measure) = Measure::from_word(first) {
            if measure == Measure::Visits && self.take("of") {
                return Some(Subject::Visits(self.name("of")?));
            }
            return Some(Subject::Measure(measure));
        }
        let between = match first {
            "refs" | "life" | "position" | "place" => "of",
            "held" => "by",
            "returned" => "to",
            _ => {
                let meant = meant(first, FIRST_WORDS);
                self.wrong(word.as_ref(), &format!("a comparison looks at: {SUBJECTS}"), meant);
                return None;
            }
        };
        if !self.take(between) {
            let message = format!("\"{first}\" goes on with \"{between}\" and a name");
            self.wrong(word.as_ref(), &message, None);
            return None;
        }
        let name = self.name(between)?;
        Some(match first {
            "refs" => Subject::Refs(name),
            "life" => Subject::Life(name),
            "position" => Subject::Position(self.slot(name)?),
            "held" => Subject::Held(name),
            "returned" => Subject::Returned(name),
            _ => Subject::Place(name),
        })
    }

    /// The path or name behind this word; a path in its normal form.
    fn name(&mut self, behind: &str) -> Option<String> {
        let word = self.next();
        if word.is_none() {
            self.wrong(None, &format!("\"{behind}\" needs a name behind it"), None);
        }
        word.map(|word| match behind {
            "of" => normal_path(&word.text),
            _ => word.text.into_owned(),
        })
    }

    fn slot(&mut self, root: String) -> Option<Slot<String>> {
        let mut slot = Slot { root, node: None, zone: None, priority: None };
        loop {
            let part = match () {
                () if self.take("node") => &mut slot.node,
                () if self.take("zone") => &mut slot.zone,
                () if self.take("priority") => &mut slot.priority,
                () => return Some(slot),
            };
            let word = self.words.next(false, self.problems);
            *part = word.as_ref().and_then(|word| word.text.parse().ok());
            if part.is_none() {
                self.wrong(word.as_ref(), "this is a number from 0 to 255", None);
                return None;
            }
        }
    }
}

fn meant<const N: usize>(word: &str, known: [&str; N]) -> Option<String> {
    let meant = if word.len() <= 40 { nearest(word, known) } else { None };
    meant.map(|meant| format!("did you mean \"{meant}\"?"))
}
