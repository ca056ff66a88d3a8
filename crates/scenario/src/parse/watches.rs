//! The `watch:` section: values, and conditions without a word that says when.

use super::conditions::Terms;
use super::reader::Reader;
use crate::{
    diagnostic::{Problem, Problems, Span},
    scenario::WatchText,
};
use alloc::{format, vec::Vec};
use memcg_core::condition::{Condition, Mode, N_WATCHES_MAX, Watch};

impl Reader<'_> {
    /// `SUBJECT`, or `TERM { and|or TERM }`.
    pub(super) fn watch_line(&mut self, span: Span) {
        if self.scenario.watches.len() >= N_WATCHES_MAX {
            self.problems.note(|| {
                Problem::error(span, format!("at most {N_WATCHES_MAX} lines are watched"))
            });
            return;
        }
        if let Some((watch, spans)) = watch(Terms::new(self.text, span, &mut self.problems), span) {
            self.scenario.watches.push(watch);
            self.spans.watches.push(spans);
        }
    }
}

/// Reads a line from a text of its own, such as `refs of ct-101`.
pub(crate) fn read_watch(text: &str, problems: &mut Problems) -> Option<(WatchText, Vec<Span>)> {
    let span = Span::new(0, text.len());
    watch(Terms::new(text, span, problems), span)
}

fn watch(mut terms: Terms<'_, '_>, line: Span) -> Option<(WatchText, Vec<Span>)> {
    if let Some(subject) = terms.alone() {
        return Some((Watch::Value(subject), alloc::vec![line]));
    }
    let any = terms.any()?;
    Some((Watch::Holds(Condition { mode: Mode::Always, any }), terms.into_spans()))
}
