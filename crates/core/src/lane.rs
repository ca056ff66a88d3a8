//! One lane: a machine under a policy, its figures, and how far it is in the common schedule.
//!
//! Makes the moves that [`crate::run`] hands to all lanes, and knows of no other lane.

use crate::hierarchy::GroupId;
use crate::listing::Header;
use crate::machine::{Access, Call, Can, Machine, Stepped, ThreadId, bits};
use crate::picture::{Counters, GroupPicture, LanePicture, Next};
use crate::program::{Instr, Program};
use crate::rounds::Rounds;
use crate::run::{Grain, LaneReport, Outcome, Possible};
use crate::schedule::{LaneSpec, Move};
use crate::tally::{Mark, Tally};
use crate::trace::Record;
use crate::world::World;
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

/// One lane: a machine under a policy, its figures, and how far it is in the common schedule.
#[derive(Clone, Debug)]
pub struct Lane {
    pub(crate) spec: LaneSpec,
    pub(crate) machine: Machine,
    tally: Tally,
    /// Calls that each thread has ended here beyond those that the schedule has asked for.
    pub(crate) n_ahead: Vec<u32>,
    /// Whether reports list every access.
    pub(crate) keeps_records: bool,
    /// What its rounds have covered, if that is asked for.
    rounds: Option<Rounds>,
}

impl Lane {
    /// Policy and core.
    pub fn spec(&self) -> &LaneSpec {
        &self.spec
    }

    /// The program that runs.
    pub fn program(&self) -> &Program {
        self.machine.program()
    }

    /// The policy's header.
    pub fn header(&self) -> &Header {
        self.program().policy()
    }

    /// The machine, to be looked at.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Figures since the start.
    pub fn counters(&self) -> Counters {
        self.tally.counters
    }

    pub(crate) fn rounds(&self) -> Option<&Rounds> {
        self.rounds.as_ref()
    }

    pub(crate) fn keep_rounds(&mut self) {
        self.rounds = Some(Rounds::new(&self.machine));
    }
}

impl Lane {
    pub(crate) fn new(spec: LaneSpec, program: Arc<Program>, world: Arc<World>) -> Self {
        let n_threads = world.threads.len() + 1;
        let machine = Machine::new(program, world);
        let tally = Tally::new(&machine);
        let n_ahead = alloc::vec![0; n_threads];
        Self { spec, machine, tally, n_ahead, keeps_records: true, rounds: None }
    }

    pub(crate) fn apply(&mut self, mv: &Move, thread: ThreadId) -> LaneReport {
        if self.machine.fault().is_some() {
            return LaneReport::new(Outcome::Halted);
        }
        let mut report = LaneReport::new(Outcome::Moved);
        match mv {
            Move::Call { .. } => {
                if self.n_ahead[thread] > 0 {
                    self.n_ahead[thread] -= 1;
                    return LaneReport::new(Outcome::AlreadyThere);
                }
                if self.free_the_way(thread, &mut report) {
                    self.finish_call(thread, &mut report);
                }
            }
            Move::Begin { .. } => {
                if self.n_ahead[thread] > 0 || self.machine.is_inside(thread) {
                    return LaneReport::new(Outcome::AlreadyThere);
                }
                if self.free_the_way(thread, &mut report)
                    && self.step(thread, &mut report).is_some()
                {
                    self.n_ahead[thread] += 1;
                }
            }
            Move::To { label, lane, .. } => {
                self.run_to(thread, label, lane.as_deref(), &mut report);
            }
            Move::Work { stage, group } => self.work(stage, group, &mut report),
        }
        if self.machine.fault().is_some() {
            report.marks.push(Mark::Fault);
            report.outcome = Outcome::Halted;
        }
        report
    }

    /// The idle worker stands nowhere: it takes the item that its next step would take, which has words and a label then.
    fn take_ready_work(&mut self, thread: ThreadId) {
        let ready = self.machine.work().position(|(_, _, waits_for)| waits_for == 0);
        if let Some(item) = ready.filter(|_| thread == self.machine.worker()) {
            self.machine.take_work(item);
        }
    }

    /// One access; the call that it ended.
    fn step(&mut self, thread: ThreadId, report: &mut LaneReport) -> Option<Call> {
        self.take_ready_work(thread);
        let slot = self.machine.slot_number(thread);
        let mut seen: Option<Access> = None;
        // Words need the machine as it was: the registers that name the objects.
        let before = if self.keeps_records {
            self.machine.access_words_before(thread)
        } else {
            String::new()
        };
        let stepped = self.machine.step(thread, &mut |access: &Access| seen = Some(*access));
        if let Some(access) = seen {
            let mark = self.tally.access(&self.machine, &access);
            report.marks.extend(mark);
            report.n_accesses += 1;
            if self.keeps_records {
                report.records.push(Record::new(&self.machine, &access, before));
            }
        }
        if stepped.ended.is_some() {
            self.call_over(thread, slot, stepped, report);
        }
        // What the call's end comes to belongs to its last access.
        if self.keeps_records && seen.is_some() {
            let n_marks = report.marks.len();
            if let Some(record) = report.records.last_mut() {
                (record.ended, record.n_marks) = (stepped.ended.is_some(), n_marks);
            }
        }
        stepped.ended
    }

    /// The thread's call is over: what it was, what it returned, and what figures make of it.
    fn call_over(
        &mut self,
        thread: ThreadId,
        slot: Option<usize>,
        stepped: Stepped,
        report: &mut LaneReport,
    ) {
        let Some(call) = stepped.ended else { return };
        report.ended = self.machine.call_name(call).map(ToString::to_string);
        if let Call::Stage { group, .. } = call {
            report.about = Some(group);
        }
        if let Some(returned) = stepped.returned {
            report.returned = Some(returned);
            report.marks.extend(self.tally.returned(&self.machine, thread, slot, returned));
            if let Some(rounds) = &mut self.rounds {
                rounds.returned(&self.machine, thread, slot, returned);
            }
        }
        if call == Call::Leave
            && let Some(rounds) = &mut self.rounds
        {
            rounds.left(&self.machine, thread);
        }
    }

    /// Steps until the thread's call is over (or the lane has come to a fault).
    fn finish_call(&mut self, thread: ThreadId, report: &mut LaneReport) {
        while self.machine.fault().is_none() && self.machine.can_step(thread) == Can::Step {
            if self.step(thread, report).is_some() {
                return;
            }
        }
    }

    /// Makes the thread able to step, by finishing the calls that it waits for; says in the report if that cannot be.
    fn free_the_way(&mut self, thread: ThreadId, report: &mut LaneReport) -> bool {
        let is_worker = thread == self.machine.worker();
        let waits_for = match self.machine.can_step(thread) {
            Can::Wait(mask) => mask,
            Can::Idle => self.machine.work().next().map_or(0, |(_, _, mask)| mask),
            _ => 0,
        };
        self.finish_readers(waits_for, report);
        match self.machine.can_step(thread) {
            Can::Step => true,
            Can::Halted => false,
            _ => {
                let why = match self.machine.next_words(thread) {
                    Next::Blocked(why) => why,
                    Next::Done => {
                        format!("{} has done all it had to do", self.machine.thread_name(thread))
                    }
                    Next::Access { .. } | Next::Waits { .. } => "it waits".to_string(),
                };
                report.outcome = Outcome::Nothing(why);
                if is_worker && self.n_ahead[thread] > 0 {
                    self.n_ahead[thread] = 0;
                }
                false
            }
        }
    }

    fn finish_readers(&mut self, mask: u32, report: &mut LaneReport) {
        for reader in bits(mask) {
            // What the readers do is not what the moving thread does: only their accesses and marks are kept.
            let mut own = LaneReport::new(Outcome::Moved);
            self.finish_call(reader, &mut own);
            self.n_ahead[reader] += 1;
            report.brought_along.push(reader);
            report.returned_along.extend(own.returned.map(|returned| (reader, returned)));
            own.records.iter_mut().for_each(|record| record.n_marks += report.marks.len());
            report.records.append(&mut own.records);
            report.n_accesses += own.n_accesses;
            report.marks.append(&mut own.marks);
        }
    }

    fn run_to(
        &mut self,
        thread: ThreadId,
        label: &str,
        lane: Option<&str>,
        report: &mut LaneReport,
    ) {
        let name = self.machine.thread_name(thread).to_string();
        if lane.is_some_and(|lane| lane != self.spec.to_string()) {
            report.outcome = Outcome::Waits(format!("{name} takes this step in another lane"));
            return;
        }
        if !self.program().has_label(label) {
            report.outcome = Outcome::Waits(format!("{name} has no step \"{label}\" here"));
            return;
        }
        if lane.is_none() && self.n_ahead[thread] > 0 && !self.machine.is_inside(thread) {
            report.outcome = Outcome::AlreadyThere;
            return;
        }
        if !self.free_the_way(thread, report) {
            return;
        }
        self.take_ready_work(thread);
        while self.machine.fault().is_none() && self.machine.can_step(thread) == Can::Step {
            let pc = self.machine.pc(thread);
            let is_last = self.program().label(pc) == label;
            if self.step(thread, report).is_some() {
                // The call is over: the schedule's next call of this thread has been made.
                self.n_ahead[thread] += 1;
                if !is_last {
                    let why = format!("{name}'s call ended before \"{label}\"");
                    report.outcome = Outcome::Waits(why);
                }
                return;
            }
            if is_last {
                return;
            }
        }
    }

    fn work(&mut self, stage: &str, group: &str, report: &mut LaneReport) {
        let worker = self.machine.worker();
        let (Some(stage_at), Some(id)) =
            (self.program().stage(stage), self.machine.world().group(group))
        else {
            report.outcome = Outcome::Nothing(format!("there is no {stage} of {group} here"));
            return;
        };
        let wanted = Call::Stage { stage: stage_at, group: id };
        let busy = self.machine.call(worker);
        if busy != wanted {
            if busy != Call::None {
                self.finish_readers(1 << worker, report);
                self.n_ahead[worker] = 0;
            }
            let find = |m: &Machine| m.work().position(|(s, g, _)| (s, g) == (stage_at, id));
            let Some(item) = find(&self.machine) else {
                report.outcome = Outcome::Nothing(self.why_no_work(stage, id));
                return;
            };
            let mask = self.machine.work().nth(item).map_or(0, |(_, _, mask)| mask);
            self.finish_readers(mask, report);
            let taken = find(&self.machine).is_some_and(|item| self.machine.take_work(item));
            if !taken {
                return;
            }
        }
        self.finish_call(worker, report);
    }

    fn why_no_work(&self, stage: &str, group: GroupId) -> String {
        let path = self.machine.world().path(group);
        match self.machine.n_refs(group) {
            _ if self.machine.is_freed(group) => format!("{path} is freed already"),
            Some(n) if n > 0 => {
                let holders = self.machine.holders(group).join(", ");
                format!("{path} still has references, {n}: {holders}")
            }
            Some(_) => format!("{stage} of {path} is not queued"),
            None => format!("{path} is not made yet"),
        }
    }

    pub(crate) fn possible(&self, thread: ThreadId) -> Possible {
        match self.machine.next_words(thread) {
            Next::Access { words, .. } => Possible::Yes(words),
            Next::Waits { threads, stage, group } => {
                Possible::No(self.waits_words(&threads, &stage, group))
            }
            Next::Blocked(why) => Possible::No(why),
            Next::Done => Possible::No("has done all it had to do".to_string()),
        }
    }

    fn waits_words(&self, threads: &[ThreadId], stage: &str, group: GroupId) -> String {
        let names: Vec<&str> = threads.iter().map(|t| self.machine.thread_name(*t)).collect();
        format!(
            "{stage} of {} waits until {} leaves its read-side section",
            self.machine.world().path(group),
            names.join(" and ")
        )
    }

    pub(crate) fn work_possible(&self, stage: &str, group: GroupId) -> Possible {
        let item =
            self.machine.work_pictures().into_iter().find(|w| w.stage == stage && w.group == group);
        match item {
            Some(item) if item.waits_for.is_empty() => {
                Possible::Yes(format!("{stage}({})", self.machine.world().name(group)))
            }
            Some(item) => Possible::No(self.waits_words(&item.waits_for, stage, group)),
            None => Possible::No(self.why_no_work(stage, group)),
        }
    }

    /// Label of the access that ends a step of this size.
    pub(crate) fn label_after(&self, thread: ThreadId, grain: Grain) -> Option<String> {
        let program = self.program();
        let first = self.machine.pc(thread);
        if !matches!(program.code.get(first as usize), Some(Instr::Touch(_))) {
            return None;
        }
        let mut label = program.label(first).to_string();
        if grain == Grain::Statement {
            let statement = |pc: u32| {
                let origin = program.origins[pc as usize];
                (origin.frame, origin.stmt)
            };
            let mut copy = self.machine.clone();
            // A statement may loop; the first time its label comes again is far enough.
            for _ in 0..64 {
                let stepped = copy.step(thread, &mut ());
                let pc = copy.pc(thread);
                let over = stepped.ended.is_some() || copy.fault().is_some();
                if over || statement(pc) != statement(first) || program.label(pc) == label {
                    break;
                }
                label = program.label(pc).to_string();
            }
        }
        Some(label)
    }

    pub(crate) fn picture(&self) -> LanePicture {
        let machine = &self.machine;
        let groups = machine.world().pre_order().into_iter().map(|group| GroupPicture {
            group,
            life: machine.life(group),
            n_refs: machine.n_refs(group).unwrap_or(0),
            visit: self.tally.visit(group),
            n_visits: self.tally.n_visits(group),
        });
        LanePicture {
            groups: groups.collect(),
            pins: machine.pins(),
            threads: (0..machine.world().threads.len())
                .map(|t| machine.thread_picture(t))
                .collect(),
            work: machine.work_pictures(),
            counters: self.tally.counters,
            fault: machine.fault().map(|f| machine.fault_picture(f)),
        }
    }
}
