//! One lane's run as a list of events: calls that begin and end, and the accesses between.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::picture::{Next, Returned};
use memcg_core::run::{LaneReport, Outcome, Run};
use memcg_core::schedule::Move;
use memcg_core::tally::Mark;
use memcg_core::trace::Record;
use memcg_core::world::World;

/// What a mark is about.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Kind {
    /// A restart, the end of a round, a slot that was wiped.
    Walk,
    /// A grace period that waits for readers.
    Wait,
    Fault,
}

/// Something that happens in a lane.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A move of the schedule begins: its number, from 1.
    Move(usize),
    /// A thread begins a call: `next()`, `kill(machine/ct-103)`.
    Begin { thread: usize, call: String, is_stage: bool },
    /// An access.
    Access(Record),
    /// The call is over, with what it returned in words.
    End { thread: usize, result: Option<String> },
    /// Worth a mark, in words.
    Mark { thread: usize, words: String, kind: Kind },
    /// The lane did not make the move, and why.
    Idle { thread: usize, why: String },
}

/// What a lane is told of: its name and its events.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) lane: String,
    pub(crate) events: Vec<Event>,
    /// The slots, by their words in accesses.
    pub(crate) slots: Vec<String>,
    /// Why a thread does not go on, at the end.
    pub(crate) ends: Vec<Option<String>>,
}

/// Plays the schedule in a run at its start and tells every lane.
pub(crate) fn tell(mut run: Run, schedule: &[Move], n_moves: usize) -> Vec<Story> {
    run.keep_records(true);
    let n_threads = run.world().threads.len() + 1;
    let mut tellers: Vec<Teller> = (0..run.n_lanes())
        .map(|lane| Teller { lane, inside: vec![false; n_threads], events: Vec::new() })
        .collect();
    for (mv, number) in schedule.iter().zip(1..).take(n_moves) {
        let thread = run.world().thread(mv.thread()).unwrap_or(n_threads - 1);
        let before: Vec<Vec<Option<String>>> = (0..run.n_lanes())
            .map(|lane| (0..n_threads).map(|t| call_words(&run, lane, t, mv)).collect())
            .collect();
        let report = run.apply(mv);
        for ((teller, told), before) in tellers.iter_mut().zip(&report.lanes).zip(&before) {
            teller.events.push(Event::Move(number));
            teller.told(&run, thread, told, before);
        }
    }
    tellers
        .into_iter()
        .map(|teller| Story {
            lane: run.lane(teller.lane).spec().to_string(),
            slots: (0..run.lane(teller.lane).machine().layout().slots.len())
                .map(|slot| run.lane(teller.lane).machine().slot_words(slot))
                .collect(),
            ends: (0..n_threads).map(|t| end_words(&run, teller.lane, t)).collect(),
            events: teller.events,
        })
        .collect()
}

/// The call that a thread is in or would make next, with its group.
fn call_words(run: &Run, lane: usize, thread: usize, mv: &Move) -> Option<String> {
    let machine = run.lane(lane).machine();
    if let (Move::Work { stage, group }, true) = (mv, thread == machine.worker()) {
        return Some(format!("{stage}({group})"));
    }
    match machine.call(thread) {
        memcg_core::machine::Call::Stage { stage, group } => {
            let stage = &machine.program().stages[stage as usize].name;
            Some(format!("{stage}({})", run.world().path(group)))
        }
        // The idle worker takes the first item that can run, or that can once others have been waited for.
        memcg_core::machine::Call::None => {
            let items = || machine.work().filter(|_| thread == machine.worker());
            let (stage, group, _) =
                items().find(|(_, _, waits_for)| *waits_for == 0).or_else(|| items().next())?;
            let stage = &machine.program().stages[stage as usize].name;
            Some(format!("{stage}({})", run.world().path(group)))
        }
        call => machine.call_name(call).map(|name| format!("{name}()")),
    }
}

fn end_words(run: &Run, lane: usize, thread: usize) -> Option<String> {
    match run.lane(lane).machine().next_words(thread) {
        Next::Waits { threads, stage, group } => {
            let names: Vec<&str> = threads.iter().map(|t| name(run.world(), *t)).collect();
            Some(format!("{stage}({}) waits for {}", run.world().path(group), names.join(", ")))
        }
        Next::Access { .. } | Next::Blocked(_) | Next::Done => None,
    }
}

/// A thread's name, the worker's too.
pub(crate) fn name(world: &World, thread: usize) -> &str {
    world.threads.get(thread).map_or(World::WORKER, |t| t.name.as_str())
}

struct Teller {
    lane: usize,
    /// Per thread: it is in the middle of a call.
    inside: Vec<bool>,
    events: Vec<Event>,
}

impl Teller {
    fn told(&mut self, run: &Run, mover: usize, told: &LaneReport, before: &[Option<String>]) {
        let result = |thread: usize| {
            let along = || told.returned_along.iter().find(|(t, _)| *t == thread).map(|(_, r)| *r);
            let returned = if thread == mover { told.returned } else { along() };
            returned.map(|returned| match returned {
                Returned::Group(group) => run.world().path(group).to_string(),
                Returned::Nothing => "NULL".to_string(),
            })
        };
        // Everything stands where it happened, so that a story depends on who made which access when, and not
        // on the moves by which the schedule said so.
        let mut n_marked = 0;
        for record in &told.records {
            let thread = record.thread;
            self.begin(thread, before);
            self.events.push(Event::Access(record.clone()));
            if record.ended {
                self.end(thread, result(thread));
            }
            self.marks(run, thread, told.marks.get(n_marked..record.n_marks).unwrap_or_default());
            n_marked = n_marked.max(record.n_marks);
        }
        // A call that touches nothing is a call all the same.
        if told.ended.is_some() && !told.records.iter().any(|r| r.ended && r.thread == mover) {
            self.begin(mover, before);
            self.end(mover, result(mover));
        }
        self.marks(run, mover, told.marks.get(n_marked..).unwrap_or_default());
        if let Outcome::Nothing(why) | Outcome::Waits(why) = &told.outcome
            && told.records.is_empty()
        {
            self.events.push(Event::Idle { thread: mover, why: why.clone() });
        }
    }

    fn begin(&mut self, thread: usize, before: &[Option<String>]) {
        if !core::mem::replace(&mut self.inside[thread], true) {
            let call = before[thread].clone().unwrap_or_else(|| "work".to_string());
            let is_stage = !matches!(call.as_str(), "next()" | "break()");
            self.events.push(Event::Begin { thread, call, is_stage });
        }
    }

    fn marks(&mut self, run: &Run, thread: usize, marks: &[Mark]) {
        for mark in marks {
            // A fault is that of the thread that came to it, also of one that another had to wait for.
            let faulty = run.lane(self.lane).machine().fault().map(|fault| fault.thread);
            let thread = faulty.filter(|_| *mark == Mark::Fault).unwrap_or(thread);
            if let Some((words, kind)) = mark_words(run, self.lane, mark) {
                self.events.push(Event::Mark { thread, words, kind });
            }
        }
    }

    fn end(&mut self, thread: usize, result: Option<String>) {
        if core::mem::take(&mut self.inside[thread]) {
            self.events.push(Event::End { thread, result });
        }
    }
}

/// A mark in words; what calls say themselves is left out.
fn mark_words(run: &Run, lane: usize, mark: &Mark) -> Option<(String, Kind)> {
    let world = run.world();
    match mark {
        Mark::Restart => Some(("restart: back at the root".into(), Kind::Walk)),
        Mark::RoundEnd => Some(("end of a round".into(), Kind::Walk)),
        Mark::Wiped { slot, group } => {
            Some((format!("{slot} wiped, was {}", world.path(*group)), Kind::Walk))
        }
        Mark::GraceBegins { stage, group, waits_for } if !waits_for.is_empty() => {
            let names: Vec<&str> = waits_for.iter().map(|t| name(world, *t)).collect();
            let names = names.join(", ");
            Some((format!("{stage}({}) waits for {names}", world.path(*group)), Kind::Wait))
        }
        Mark::Fault => {
            let machine = run.lane(lane).machine();
            let fault = machine.fault().map(|fault| machine.fault_picture(fault))?;
            Some((format!("{}: {}", fault.name, fault.words), Kind::Fault))
        }
        Mark::GraceBegins { .. } | Mark::Killed(_) | Mark::Created(_) | Mark::Freed(_) => None,
    }
}
