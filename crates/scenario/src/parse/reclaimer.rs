//! A reclaimer's line: root, slots, and when it leaves.
//!
//! The fields may stand in any order; each has a default, so that `reclaim /` is enough.

use super::threads::read_path;
use crate::{
    diagnostic::{Problem, Problems, Span},
    scenario::{COOKIE_DEFAULT, RoleText},
    word::Word,
};
use alloc::{format, vec::Vec};
use memcg_core::{
    listing::nearest,
    world::{Cookie, Until},
};

/// Bounds of the numbers of a reclaimer.
pub(crate) const NODE_MAX: u32 = 63;
pub(crate) const N_ZONES_MAX: u32 = 8;
pub(crate) const PRIORITY_MAX: u32 = 12;

/// Reads what follows the name; notes where the root's path stands.
pub(super) fn reclaimer(
    start: Span,
    words: &[Word<'_>],
    root_span: &mut Span,
    problems: &mut Problems,
) -> Option<RoleText> {
    let mut words = words.iter().filter(|w| w.span.start < w.span.end).skip(1);
    let Some(root) = words.next() else {
        problems.note(|| {
            Problem::error(start, "\"reclaim\" needs the path of its root".into())
                .suggest(Some("write \"reclaim /\" for a global reclaimer".into()))
        });
        return None;
    };
    *root_span = root.span;
    let path = read_path(root, problems)?;
    let mut reclaim = Fields { problems, seen: Vec::new(), cookie: COOKIE_DEFAULT };
    let mut private = None;
    let mut until = Until::Rounds(None);
    while let Some(word) = words.next() {
        let key = word.keyword().unwrap_or("");
        if !reclaim.is_new(word, key) {
            if key != "private" {
                words.next();
            }
            continue;
        }
        match key {
            "private" => private = Some(word.span),
            "node" => {
                let node = reclaim.number(word, words.next(), 0, NODE_MAX);
                reclaim.cookie.node = node.map_or(0, narrow);
            }
            "zones" => {
                let n_zones = reclaim.number(word, words.next(), 1, N_ZONES_MAX);
                reclaim.cookie.n_zones = n_zones.map_or(1, narrow);
            }
            "priority" => reclaim.priorities(word, words.next()),
            "rounds" => {
                if let Some(n) = reclaim.number_or_forever(word, words.next()) {
                    until = Until::Rounds(n);
                }
            }
            "calls" => {
                if let Some(n) = reclaim.number(word, words.next(), 1, u32::MAX) {
                    until = Until::Calls(n);
                }
            }
            "enough" => {
                if let Some(n_visits) = reclaim.number(word, words.next(), 1, u32::MAX) {
                    let n_walks = match until {
                        Until::Visits { n_walks, .. } => n_walks,
                        Until::Rounds(_) | Until::Calls(_) => None,
                    };
                    until = Until::Visits { n_visits, n_walks };
                }
            }
            "walks" => {
                if let Some(n_walks) = reclaim.number_or_forever(word, words.next()) {
                    let n_visits = match until {
                        Until::Visits { n_visits, .. } => n_visits,
                        Until::Rounds(_) | Until::Calls(_) => 0,
                    };
                    until = Until::Visits { n_visits, n_walks };
                }
            }
            _ => reclaim.unknown(word),
        }
    }
    if let Until::Visits { n_visits: 0, .. } = until {
        reclaim.problems.note(|| {
            let message = "\"walks\" needs \"enough\", the groups after which a walk breaks off";
            Problem::error(start, message.into())
        });
        until = Until::Rounds(None);
    }
    if let (Some(span), true) = (private, reclaim.seen.iter().any(|s| SHARED.contains(s))) {
        reclaim.problems.note(|| {
            let message = "a private walk has no slot: node, zones and priority are not used";
            Problem::error(span, message.into())
        });
    }
    let cookie = private.is_none().then_some(reclaim.cookie);
    Some(RoleText::Reclaimer { root: path, cookie, until })
}

const KEYS: [&str; 8] =
    ["private", "node", "zones", "priority", "rounds", "enough", "walks", "calls"];
const SHARED: [&str; 3] = ["node", "zones", "priority"];

/// Only called for numbers that were checked against a bound below 256.
fn narrow(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

struct Fields<'p> {
    problems: &'p mut Problems,
    seen: Vec<&'static str>,
    cookie: Cookie,
}

impl Fields<'_> {
    /// Whether the field is new and goes with those before it.
    fn is_new(&mut self, word: &Word<'_>, key: &str) -> bool {
        let Some(key) = KEYS.into_iter().find(|k| *k == key) else { return true };
        let ends = ["rounds", "enough", "calls"];
        let clash = self.seen.iter().find(|seen| {
            **seen == key
                || (ends.contains(seen) && ends.contains(&key))
                || (**seen == "walks" && matches!(key, "rounds" | "calls"))
                || (key == "walks" && matches!(**seen, "rounds" | "calls"))
        });
        if let Some(clash) = clash {
            self.problems.note(|| {
                let message = format!("\"{key}\" does not go with the \"{clash}\" before it");
                Problem::error(word.span, message)
            });
            return false;
        }
        self.seen.push(key);
        true
    }

    fn number(
        &mut self,
        key: &Word<'_>,
        word: Option<&Word<'_>>,
        min: u32,
        max: u32,
    ) -> Option<u32> {
        let found = word.and_then(|w| w.keyword()).and_then(|w| w.parse::<u32>().ok());
        let found = found.filter(|n| (min..=max).contains(n));
        if found.is_none() {
            let span = word.map_or(key.span, |w| w.span);
            self.problems.note(|| {
                let message = format!("\"{}\" takes a number from {min} to {max}", key.text);
                Problem::error(span, message)
            });
        }
        found
    }

    #[expect(clippy::option_option, reason = "for ever is a value here, and none a mistake")]
    fn number_or_forever(
        &mut self,
        key: &Word<'_>,
        word: Option<&Word<'_>>,
    ) -> Option<Option<u32>> {
        if word.is_some_and(|w| w.is("forever")) {
            return Some(None);
        }
        self.number(key, word, 1, u32::MAX).map(Some)
    }

    fn priorities(&mut self, key: &Word<'_>, word: Option<&Word<'_>>) {
        let range = word.and_then(|w| w.keyword()).and_then(|text| {
            let (from, to) = text.split_once("..").unwrap_or((text, text));
            Some((from.parse::<u32>().ok()?, to.parse::<u32>().ok()?))
        });
        match range {
            Some((from, to)) if to <= from && from <= PRIORITY_MAX => {
                self.cookie.priority_from = narrow(from);
                self.cookie.priority_to = narrow(to);
            }
            _ => self.problems.note(|| {
                let span = word.map_or(key.span, |w| w.span);
                let message = format!(
                    "\"priority\" takes a number from 0 to {PRIORITY_MAX}, or two downwards"
                );
                let turned = range.filter(|(from, to)| from < to && *to <= PRIORITY_MAX);
                Problem::error(span, message)
                    .suggest(turned.map(|(from, to)| format!("did you mean \"{to}..{from}\"?")))
            }),
        }
    }

    fn unknown(&mut self, word: &Word<'_>) {
        self.problems.note(|| {
            let meant = if word.text.len() <= 40 { nearest(&word.text, KEYS) } else { None };
            Problem::error(word.span, format!("a reclaimer has: {}", KEYS.join(", ")))
                .suggest(meant.map(|m| format!("did you mean \"{m}\"?")))
        });
    }
}
