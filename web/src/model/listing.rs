//! Listings being edited: texts as typed, whether they compile or not.
//!
//! What compiles is in the document, as a difference to the shipped listing. Here is what a field shows, and what
//! no link can hold.

use memcg_core::listing::Diagnostic;

/// Longer texts are kept, and not compiled: the longest that is shipped has a fifth of it.
pub const LISTING_BYTES_MAX: usize = 32_000;

/// The line before the drafts of another work, see [`Drafts::written`].
const OTHER: &str = "other work";

/// What is being edited.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Drafts {
    /// One for each listing that is open or has mistakes.
    pub all: Vec<Draft>,
    /// Counts letters, so that an alarm knows whether it is still the last one.
    pub n_typed: u32,
    /// Lines that are gone are shown among those that are there.
    pub shows_gone: bool,
    /// The document's revision that they were compared with last.
    pub followed: u64,
    /// A listing has just been changed: what the schedule came to before.
    pub replay: Option<Replay>,
    /// As kept: drafts of work that an opened link stands in the place of.
    pub other: Option<String>,
    /// What was kept last.
    pub kept: Option<String>,
}

/// A listing being edited.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// The shipped listing.
    pub base: String,
    /// What lanes call it; the base's name as long as it is as shipped.
    pub name: String,
    /// As typed.
    pub text: String,
    /// The field is open.
    pub open: bool,
    /// What came of the text.
    pub verdict: Verdict,
    /// What is wrong with it, or with the text before until this one is compiled. Line 0 for no place in it.
    pub mistakes: Vec<Diagnostic>,
}

/// What came of a typed listing.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Verdict {
    /// Not compiled yet.
    Unread,
    /// It runs.
    Runs,
    /// It has mistakes: its lanes go on with the last text that had none.
    Wrong,
}

/// What a schedule came to in a lane before its listing was changed.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Replay {
    /// The lane, by place among those that run.
    pub lane: usize,
    /// For every move: whether the lane could make it.
    pub made: Vec<bool>,
}

impl Drafts {
    /// The draft of a lane's listing: of this name, or of the shipped one that no lane edits any more.
    pub fn place(&self, policy: &str, base: &str, is_lane: impl Fn(&str) -> bool) -> Option<usize> {
        let exact = self.all.iter().position(|draft| draft.name == policy);
        exact.or_else(|| self.all.iter().position(|d| d.base == base && !is_lane(&d.name)))
    }

    /// What is kept of them: texts that no link can hold. `None` if there are none.
    pub fn written(&self) -> Option<String> {
        let mut out = String::new();
        for draft in self.all.iter().filter(|draft| draft.verdict != Verdict::Runs) {
            out.extend([&draft.base, "\t", &draft.name, "\n"]);
            for line in draft.text.split('\n') {
                out.extend([" ", line, "\n"]);
            }
        }
        if let Some(other) = &self.other {
            out.extend([OTHER, "\n", other]);
        }
        (!out.is_empty()).then_some(out)
    }

    /// What was kept belongs to another work than the one that is shown.
    pub fn of_other(kept: &str) -> String {
        let rest = kept.strip_prefix(OTHER).and_then(|rest| rest.strip_prefix('\n'));
        rest.unwrap_or(kept).to_owned()
    }

    /// What was kept: the drafts of the work that was kept with them, and those of another, as kept.
    pub fn read(text: &str) -> (Vec<Draft>, Option<String>) {
        let mut all: Vec<Draft> = Vec::new();
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            rest = after;
            if line == OTHER {
                return (all, Some(rest.to_owned()));
            }
            match (line.strip_prefix(' '), line.split_once('\t'), all.last_mut()) {
                (Some(line), _, Some(draft)) => {
                    if draft.verdict == Verdict::Unread {
                        draft.text.push('\n');
                    }
                    draft.verdict = Verdict::Unread;
                    draft.text.push_str(line);
                }
                (None, Some((base, name)), _) => all.push(Draft {
                    base: base.to_owned(),
                    name: name.to_owned(),
                    text: String::new(),
                    open: true,
                    verdict: Verdict::Wrong,
                    mistakes: Vec::new(),
                }),
                _ => {}
            }
        }
        (all, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_come_back_as_they_were_typed() {
        let draft = |name: &str, text: &str| Draft {
            base: "a".into(),
            name: name.into(),
            text: text.into(),
            open: true,
            verdict: Verdict::Unread,
            mistakes: Vec::new(),
        };
        let runs = Draft { verdict: Verdict::Runs, ..draft("c", "runs") };
        let texts = [draft("a", ""), draft("b", "x\n\n other work\nother work\n\ty\tz\n")];
        let drafts = Drafts {
            all: [texts.to_vec(), vec![runs]].concat(),
            other: Some("b\tb\n x\n".into()),
            ..Drafts::default()
        };
        let kept = drafts.written().expect("two cannot run");
        let (all, other) = Drafts::read(&kept);
        assert_eq!(all, texts);
        assert_eq!(other, drafts.other);
        assert_eq!(Drafts::default().written(), None);
        assert_eq!(Drafts::read("nonsense\n x\n\n"), (Vec::new(), None));
    }
}
