//! The scenario's text: in step with the picture, or typed and not taken over yet.

use memcg_scenario::Diagnostic;

/// From this length on a text is not shown in a field unless asked for: a field would freeze.
pub const TEXT_BYTES_SHOWN_MAX: usize = 150_000;

/// From this length on a text is read by the worker.
pub const TEXT_BYTES_HERE_MAX: usize = 60_000;

/// The text tab.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TextTab {
    /// What was typed; `None` while the text is the picture's own.
    pub typed: Option<Typed>,
    /// Counts letters, so that an alarm knows whether it is still the last one.
    pub n_typed: u32,
    /// A long text is shown nevertheless.
    pub shown_anyway: bool,
}

/// What was typed.
#[derive(Clone, PartialEq, Debug)]
pub struct Typed {
    /// The whole text.
    pub text: String,
    /// What came of it.
    pub verdict: Verdict,
    /// What is wrong or odd; those of the text before until the new one is read.
    pub diagnostics: Vec<Diagnostic>,
    /// Further ones.
    pub n_more: usize,
}

/// What came of a typed text.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Verdict {
    /// Not read yet.
    Unread,
    /// The worker reads it.
    Reading {
        /// Which question.
        id: u32,
    },
    /// It is what the document of this revision says.
    Taken {
        /// The revision.
        revision: u64,
    },
    /// It has mistakes: the picture stays as it was.
    Wrong,
}

impl TextTab {
    /// The text that no link can hold: typed and not taken over.
    pub fn unsaved(&self) -> Option<&str> {
        let typed = self.typed.as_ref()?;
        match typed.verdict {
            Verdict::Unread | Verdict::Reading { .. } | Verdict::Wrong => Some(&typed.text),
            Verdict::Taken { .. } => None,
        }
    }

    /// Forgets a typed text that the document has left behind; mistaken ones stay.
    pub fn follow(&mut self, revision: u64) {
        let behind = |typed: &Typed| matches!(typed.verdict, Verdict::Taken { revision: r } if r != revision);
        if self.typed.as_ref().is_some_and(behind) {
            self.typed = None;
        }
    }
}
