//! A verdict that something is broken: the schedule, and what happens at its end.

use super::breaches::Breach;
use super::{Broken, Check, Property, Verdict};
use super::{coverage, double_visits, fewest, leak, restarts, returned};
use crate::condition::Mode;
use crate::machine::{FaultInfo, FaultKind, Machine};
use crate::picture::{LanePicture, Returned};
use crate::run::Run;
use crate::schedule::{LaneSpec, Move};
use crate::search::{Choice, Space, StateId};
use crate::world::World;
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec,
    vec::Vec,
};

impl Check {
    pub(super) fn tell_cycle(
        &mut self,
        property: Property,
        condition: Option<usize>,
        entry: StateId,
        cycle: &[Choice],
    ) {
        let stem = self.search.path(entry);
        let world = Arc::clone(&self.world);
        let name = |thread: usize| world.threads.get(thread).map_or(World::WORKER, |t| &t.name);
        let mut threads: Vec<usize> = cycle.iter().map(|c| c.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        let names = threads.iter().map(|t| name(*t)).collect::<Vec<_>>().join(" and ");
        let mut schedule = self.search.space().moves(&stem);
        let goes_round_from = Some(schedule.len());
        let words;
        if let ([thread], Property::CallReturns) = (&threads[..], property) {
            schedule.push(Move::Call { thread: name(*thread).to_string() });
            words = format!("{names}'s call does not return");
        } else {
            let mut all = stem.clone();
            all.extend_from_slice(cycle);
            schedule = self.search.space().moves(&all);
            words = match (property, condition.and_then(|at| self.condition_words(at))) {
                (_, Some(condition)) => {
                    format!(
                        "\"{condition}\" does not hold: {names} can go round without it for ever"
                    )
                }
                (Property::CallReturns, _) => format!("calls of {names} go round for ever"),
                _ => format!("{names} walks for ever: the same state comes again and again"),
            };
        }
        self.verdict = Some(Verdict::Broken(Broken {
            property,
            condition,
            is_never: false,
            name: property.name().to_string(),
            words,
            schedule,
            goes_round_from,
            thread: threads.first().copied(),
            n_steps: stem.len(),
            n_switches: fewest::n_switches(&stem),
            is_fewest: false,
            extent: self.extent(),
        }));
    }

    /// A breach, by the best path that is known.
    pub(super) fn tell(&mut self, breach: Breach, path: Option<Vec<Choice>>) {
        let is_fewest = path.is_some();
        let path = path.unwrap_or_else(|| self.search.path_with(breach.from, breach.choice));
        self.tell_path(breach, &path, is_fewest);
    }

    pub(super) fn tell_path(&mut self, breach: Breach, path: &[Choice], is_fewest: bool) {
        let hang = breach.fault.filter(|f| f.kind == FaultKind::Hang);
        let hang = hang.map(|f| FaultInfo { thread: path.last().map_or(0, |c| c.thread), ..f });
        let machine = self.played(path);
        let (name, words) = match hang {
            Some(hang) => {
                let picture = machine.fault_picture(&hang);
                (picture.name, picture.words)
            }
            None => self.told(breach, &machine, path),
        };
        let schedule = match (hang, path.split_last()) {
            // The call goes round where it is, however often its steps are named.
            (Some(hang), Some((_, before))) => {
                let mut moves = self.search.space().moves(before);
                moves.push(Move::Call { thread: machine.thread_name(hang.thread).to_string() });
                moves
            }
            _ => self.search.space().moves(path),
        };
        self.verdict = Some(Verdict::Broken(Broken {
            property: breach.property,
            condition: breach.condition,
            is_never: false,
            name,
            words,
            schedule,
            goes_round_from: None,
            thread: path.last().map(|c| c.thread),
            n_steps: path.len(),
            n_switches: fewest::n_switches(path),
            is_fewest,
            extent: self.extent(),
        }));
    }

    /// The machine behind these steps.
    fn played(&self, path: &[Choice]) -> Machine {
        let space = self.search.space();
        let mut machine = space.start();
        for choice in path {
            space.replay(&mut machine, *choice, &mut |_: &mut Machine| ());
        }
        machine
    }

    fn told(&self, breach: Breach, machine: &Machine, path: &[Choice]) -> (String, String) {
        if let Some(fault) = machine.fault().filter(|_| breach.condition.is_none()) {
            let picture = machine.fault_picture(fault);
            return (picture.name, picture.words);
        }
        let thread = path.last().map_or(0, |last| last.thread);
        let name = machine.thread_name(thread);
        let words = match breach.property {
            Property::Leak => leak::words(machine),
            Property::Coverage => coverage::words(name),
            Property::DoubleVisits => {
                let group = match machine.returned(thread) {
                    Some(Returned::Group(group)) => self.world.path(group),
                    Some(Returned::Nothing) | None => "",
                };
                double_visits::words(name, group)
            }
            Property::Restarts => restarts::words(name, self.questions.n_restarts_max),
            Property::Condition => self.told_of_condition(breach, path),
            Property::Safety | Property::Returned | Property::CallReturns | Property::WalkEnds => {
                let wrong = Space::wrong_now(machine, thread);
                wrong.map_or(String::new(), |what| returned::words(&self.world, name, what))
            }
        };
        (breach.property.name().to_string(), words)
    }

    /// A condition as it is written.
    fn condition_words(&self, at: usize) -> Option<String> {
        let condition = self.questions.conditions.get(at)?.named(&self.world)?;
        Some(condition.to_string())
    }

    fn told_of_condition(&self, breach: Breach, path: &[Choice]) -> String {
        let at = breach.condition.unwrap_or(0);
        let words = self.condition_words(at).unwrap_or_default();
        if self.questions.conditions.get(at).is_some_and(|c| c.mode == Mode::Eventually) {
            return format!(
                "\"{words}\" does not hold: nothing can run any more, and it never has"
            );
        }
        let values = self.values(at, &self.pictured(path));
        format!("\"{words}\" does not hold: {values}")
    }

    /// What a condition looks at, in words.
    fn values(&self, at: usize, picture: &LanePicture) -> String {
        let Some(condition) = self.questions.conditions.get(at) else { return String::new() };
        let Some(named) = condition.named(&self.world) else { return String::new() };
        let told = condition.on(picture);
        let values = named
            .terms()
            .zip(told.terms)
            .map(|(term, told)| format!("{} is {}", term.subject, told.value.named(&self.world)));
        let mut values: Vec<String> = values.collect();
        values.dedup();
        values.join(", ")
    }

    /// What a lane looks like behind these steps.
    fn pictured(&self, path: &[Choice]) -> LanePicture {
        let spec = LaneSpec { policy: String::new(), core: None };
        let program = (*self.program).clone();
        let mut run = Run::of_programs((*self.world).clone(), vec![(spec, program)]);
        run.keep_records(false);
        for mv in self.search.space().moves(path) {
            run.apply(&mv);
        }
        run.picture(0)
    }

    /// All was looked at, and this condition never holds.
    pub(super) fn never(&mut self, condition: usize) {
        let words = self.condition_words(condition).unwrap_or_default();
        self.verdict = Some(Verdict::Broken(Broken {
            property: Property::Condition,
            condition: Some(condition),
            is_never: true,
            name: Property::Condition.name().to_string(),
            words: format!("\"{words}\" does not hold: no run comes to it"),
            schedule: Vec::new(),
            goes_round_from: None,
            thread: None,
            n_steps: 0,
            n_switches: 0,
            is_fewest: false,
            extent: self.extent(),
        }));
    }
}
