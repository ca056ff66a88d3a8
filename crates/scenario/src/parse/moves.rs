//! The `compare:`, `schedule:` and `expect:` sections.
//!
//! Names of threads, groups, policies and labels are taken as they are; [`crate::resolve`] and
//! [`crate::check_names`] look at them.

use super::reader::{Reader, no_more};
use crate::{
    diagnostic::{Problem, Span},
    scenario::{Comparison, Expectation, Measure},
    tree::normal_path,
    word::{Kind, Word, Words},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::{
    listing::nearest,
    schedule::{LaneSpec, Move},
    world::World,
};

/// Most moves a schedule can have.
pub const N_MOVES_MAX: usize = 100_000;

/// Most policies compared at once.
pub const N_LANES_MAX: usize = 64;

impl Reader<'_> {
    /// `policy` or `policy on core`.
    pub(super) fn lane_line(&mut self, span: Span) {
        let mut words = Words::new(self.text, span);
        let Some(lane) = self.lane(&mut words, None) else { return };
        no_more(&mut words, &mut self.problems);
        if self.scenario.lanes.contains(&lane) {
            self.problems.note(|| Problem::error(span, format!("\"{lane}\" is compared already")));
        } else if self.scenario.lanes.len() >= N_LANES_MAX {
            self.problems.note(|| {
                Problem::error(span, format!("at most {N_LANES_MAX} policies are compared"))
            });
        } else {
            self.scenario.lanes.push(lane);
            self.spans.lanes.push(span);
        }
    }

    /// Reads a lane from a line whose next word may have been taken already.
    fn lane(&mut self, words: &mut Words<'_>, first: Option<Word<'_>>) -> Option<LaneSpec> {
        let policy = match first {
            Some(word) => word,
            None => words.next(false, &mut self.problems)?,
        };
        let policy = self.identifier(&policy)?;
        let mut ahead = words.clone();
        let mut core = None;
        if ahead.next(false, &mut self.problems).is_some_and(|w| w.is("on")) {
            *words = ahead;
            let Some(word) = words.next(false, &mut self.problems) else {
                let span = words.rest_span();
                self.problems.note(|| Problem::error(span, "the core's name is missing".into()));
                return None;
            };
            core = Some(self.identifier(&word)?);
        }
        Some(LaneSpec { policy, core })
    }

    /// A name of a listing, stage or label: one word without quotes.
    fn identifier(&mut self, word: &Word<'_>) -> Option<String> {
        if word.kind == Kind::Bare && is_identifier(&word.text) {
            return Some(word.text.clone().into_owned());
        }
        self.problems.note(|| {
            let message = "a name of a policy, core, stage or label has no quotes and no \":\"";
            Problem::error(word.span, message.into())
        });
        None
    }

    /// `thread`, `thread x3`, `thread begin`, `thread to label [in lane]`, `kworker stage path`.
    pub(super) fn move_line(&mut self, span: Span) {
        let mut words = Words::new(self.text, span);
        let Some(first) = words.next(false, &mut self.problems) else { return };
        if first.kind == Kind::Semicolon {
            let problem = Problem::error(first.span, "one move a line".into());
            self.problems.note(|| problem);
            return;
        }
        let thread = first.text.into_owned();
        let Some(second) = words.next(false, &mut self.problems) else {
            return self.push(Move::Call { thread }, 1, span);
        };
        let keyword = second.keyword().unwrap_or("");
        let times = keyword.strip_prefix('x').and_then(|n| n.parse::<usize>().ok());
        match keyword {
            "begin" => self.push(Move::Begin { thread }, 1, span),
            "to" => {
                let Some(to) = self.to(&mut words, thread, second.span) else { return };
                self.push(to, 1, span);
            }
            _ if times.is_some_and(|n| n > 0) => {
                self.push(Move::Call { thread }, times.unwrap_or(1), span);
            }
            _ if thread == World::WORKER => {
                let Some(stage) = self.identifier(&second) else { return };
                let Some(path) = words.next(false, &mut self.problems) else {
                    self.problems.note(|| {
                        let message = "the worker's move names a stage and the group's path";
                        Problem::error(span, message.into())
                    });
                    return;
                };
                self.push(Move::Work { stage, group: normal_path(&path.text) }, 1, span);
            }
            _ => {
                self.problems.note(|| {
                    let message = "after the thread comes nothing, \"x\" and a number, \"begin\" or \
                                   \"to\" and a label";
                    let meant = if second.text.len() <= 40 {
                        nearest(&second.text, ["begin", "to"])
                    } else {
                        None
                    };
                    Problem::error(second.span, message.into())
                        .suggest(meant.map(|m| format!("did you mean \"{m}\"?")))
                });
                return;
            }
        }
        no_more(&mut words, &mut self.problems);
    }

    fn to(&mut self, words: &mut Words<'_>, thread: String, to: Span) -> Option<Move> {
        let Some(label) = words.next(false, &mut self.problems) else {
            let message = "\"to\" needs the label of an access";
            self.problems.note(|| {
                Problem::error(to, message.into())
                    .suggest(Some("such as \"to load_position.tryget\"".into()))
            });
            return None;
        };
        let label = self.identifier(&label)?;
        let mut ahead = words.clone();
        let mut lane = None;
        if let Some(word) = ahead.next(false, &mut self.problems).filter(|w| w.is("in")) {
            *words = ahead;
            let Some(first) = words.next(false, &mut self.problems) else {
                self.problems.note(|| {
                    Problem::error(word.span, "\"in\" needs the policy that takes the step".into())
                });
                return None;
            };
            lane = Some(format!("{}", self.lane(words, Some(first))?));
        }
        Some(Move::To { thread, label, lane })
    }

    fn push(&mut self, one: Move, times: usize, span: Span) {
        let schedule = &mut self.scenario.schedule;
        let room = N_MOVES_MAX - schedule.len();
        if times > room {
            self.problems.note(|| {
                let message = format!("a schedule has at most {N_MOVES_MAX} moves");
                Problem::error(span, message)
            });
        }
        if room > 0 {
            self.spans.moves.push((schedule.len(), span));
        }
        schedule.extend(core::iter::repeat_n(one, times.min(room)));
    }

    /// `lane measure [of path] comparison number`.
    pub(super) fn expectation_line(&mut self, span: Span) {
        let mut words = Words::new(self.text, span);
        let Some(lane) = self.lane(&mut words, None) else { return };
        let rest = words.rest_span();
        let mut tokens: Vec<Word<'_>> = Vec::new();
        while tokens.len() < 6
            && let Some(word) = words.next(false, &mut self.problems)
        {
            tokens.push(word);
        }
        // `visits of GROUP` counts one group; nothing else has a group.
        let mut group = None;
        if tokens.len() == 5 && tokens[0].is(Measure::Visits.word()) && tokens[1].is("of") {
            group = Some(normal_path(&tokens[2].text));
            tokens.drain(1..3);
        }
        let [measure, sign, number] = tokens.as_slice() else {
            self.problems.note(|| {
                let span = if rest.start < rest.end { rest } else { span };
                let message = "an expectation is a policy, what is counted, a comparison, a number";
                Problem::error(span, message.into())
                    .suggest(Some(format!("such as \"{lane} rounds >= 1\"")))
            });
            return;
        };
        let Some(known) = measure.keyword().and_then(Measure::from_word) else {
            self.problems.note(|| {
                let names = Measure::ALL.map(Measure::word);
                let meant =
                    if measure.text.len() <= 40 { nearest(&measure.text, names) } else { None };
                Problem::error(measure.span, format!("counted are: {}", names.join(", ")))
                    .suggest(meant.map(|m| format!("did you mean \"{m}\"?")))
            });
            return;
        };
        let Some(comparison) = Comparison::from_sign(&sign.text) else {
            let message = "a comparison is one of: = != < <= > >=";
            self.problems.note(|| Problem::error(sign.span, message.into()));
            return;
        };
        let Ok(number) = number.text.parse() else {
            let message = format!("this is a number from 0 to {}", u32::MAX);
            self.problems.note(|| Problem::error(number.span, message));
            return;
        };
        self.scenario.expectations.push(Expectation {
            lane,
            measure: known,
            group,
            comparison,
            number,
        });
        self.spans.expectations.push(span);
    }
}

/// Whether a name can stand in a scenario where names of listings do.
fn is_identifier(name: &str) -> bool {
    let mut written = String::new();
    crate::word::write_word(&mut written, name);
    written == name
}
