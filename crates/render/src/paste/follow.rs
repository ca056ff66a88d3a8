//! A machine that follows a pasted diagram: which access each thread has come to, and what it would make next.

use crate::story::name;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Access, Call, Can, Machine};
use memcg_core::picture::{Next, Returned};
use memcg_core::trace::Record;

/// Accesses of a call that are looked through for one that a line could mean.
const N_AHEAD_MAX: usize = 4_000;

/// A step made.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) thread: usize,
    /// Label of the access.
    pub(super) label: String,
    /// The thread's call was over with it.
    pub(super) ended: bool,
    /// The machine came to a fault.
    pub(super) faulted: bool,
    /// For the worker: what it works at, and whether that was the first item that could run.
    pub(super) work: Option<Work>,
}

/// An item of the worker.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) struct Work {
    pub(super) stage: String,
    pub(super) group: String,
    pub(super) was_first: bool,
}

/// What a step showed.
#[derive(Debug)]
pub(super) struct Made {
    /// `None` for a call without any access, and for an access that is a fault.
    pub(super) record: Option<Record>,
    pub(super) ended: bool,
    pub(super) faulted: bool,
}

/// Where an access was found that a line means.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) struct Found {
    /// Accesses before it that no line tells.
    pub(super) n_before: usize,
    /// How well it fits; the more the better.
    pub(super) rank: u8,
    /// All accesses before it are of the same statement.
    pub(super) same_line: bool,
}

/// The machine and the way that it has come.
#[derive(Debug)]
pub(super) struct Follow {
    pub(super) machine: Machine,
    pub(super) steps: Vec<Step>,
    /// The item that the worker is at.
    work: Option<Work>,
    /// Per thread: the listing in which its call began, whose functions need no name.
    pub(super) homes: Vec<Option<String>>,
}

impl Follow {
    pub(super) fn new(machine: Machine) -> Self {
        let n_threads = machine.world().threads.len() + 1;
        Self { machine, steps: Vec::new(), work: None, homes: vec![None; n_threads] }
    }

    pub(super) fn name(&self, thread: usize) -> &str {
        name(self.machine.world(), thread)
    }

    /// The call that a thread is in or makes next, as a diagram writes it.
    pub(super) fn call_words(&self, thread: usize) -> Option<String> {
        let machine = &self.machine;
        match machine.call(thread) {
            Call::None => None,
            Call::Stage { stage, group } => Some(self.stage_words(stage, group)),
            call => machine.call_name(call).map(|name| format!("{name}()")),
        }
    }

    fn stage_words(&self, stage: u8, group: GroupId) -> String {
        let stage = &self.machine.program().stages[usize::from(stage)].name;
        format!("{stage}({})", self.machine.world().path(group))
    }

    /// The items that the worker could take, as calls.
    pub(super) fn items(&self) -> Vec<String> {
        let ready = self.machine.work().filter(|(_, _, waits_for)| *waits_for == 0);
        ready.map(|(stage, group, _)| self.stage_words(stage, group)).collect()
    }

    /// The idle worker takes this item, or the first that can run.
    pub(super) fn take(&mut self, wanted: Option<&str>) {
        let worker = self.machine.worker();
        if self.machine.call(worker) != Call::None {
            return;
        }
        let found = {
            let mut items = self.machine.work().enumerate().filter(|(_, (_, _, mask))| *mask == 0);
            let is_wanted = |&(_, (stage, group, _)): &(usize, (u8, GroupId, u32))| {
                wanted.is_none_or(|wanted| self.stage_words(stage, group) == wanted)
            };
            let first = self.machine.work().position(|(_, _, mask)| mask == 0);
            items.find(is_wanted).map(|(at, (stage, group, _))| {
                let stage = self.machine.program().stages[usize::from(stage)].name.clone();
                let group = self.machine.world().path(group).to_string();
                (at, Work { stage, group, was_first: first == Some(at) })
            })
        };
        if let Some((at, work)) = found
            && self.machine.take_work(at)
        {
            self.work = Some(work);
        }
    }

    /// Why a thread cannot step; `None` if it can.
    pub(super) fn why_not(&self, thread: usize) -> Option<String> {
        if self.machine.can_step(thread) == Can::Step {
            return None;
        }
        Some(match self.machine.next_words(thread) {
            Next::Access { .. } => return None,
            Next::Waits { threads, stage, group } => {
                let names: Vec<&str> = threads.iter().map(|t| self.name(*t)).collect();
                format!(
                    "{stage}({}) waits until {} leaves its read-side section",
                    self.machine.world().path(group),
                    names.join(" and ")
                )
            }
            Next::Blocked(why) => why,
            Next::Done => format!("{} has done all it had to do", self.name(thread)),
        })
    }

    /// One access of a thread.
    pub(super) fn make(&mut self, thread: usize) -> Option<Made> {
        if thread == self.machine.worker() {
            self.take(None);
        }
        if self.machine.can_step(thread) != Can::Step {
            return None;
        }
        let label = self.label(thread);
        let made = make(&mut self.machine, thread);
        if let Some(record) = &made.record
            && self.homes[thread].is_none()
        {
            self.homes[thread] = Some(record.file.clone());
        }
        if made.ended {
            self.homes[thread] = None;
        }
        let is_worker = thread == self.machine.worker();
        self.steps.push(Step {
            thread,
            label,
            ended: made.ended,
            faulted: made.faulted,
            work: self.work.clone().filter(|_| is_worker),
        });
        if is_worker && made.ended {
            self.work = None;
        }
        Some(made)
    }

    fn label(&self, thread: usize) -> String {
        match self.machine.next_words(thread) {
            Next::Access { label, .. } => label,
            _ => String::new(),
        }
    }

    /// Runs to the end of the thread's call; how many accesses that took.
    pub(super) fn finish(&mut self, thread: usize) -> usize {
        for n in 1.. {
            match self.make(thread) {
                None => return n - 1,
                Some(made) if made.ended || made.faulted => return n,
                Some(_) => {}
            }
        }
        0
    }

    /// The access in the rest of the thread's call (and `n_more` calls that follow) that fits best; the nearest of
    /// those that fit alike.
    pub(super) fn ahead(
        &self,
        thread: usize,
        n_more: usize,
        mut rank: impl FnMut(&Record) -> u8,
    ) -> Option<Found> {
        let mut machine = self.machine.clone();
        if thread == machine.worker() && machine.call(thread) == Call::None {
            let first = machine.work().position(|(_, _, mask)| mask == 0)?;
            machine.take_work(first);
        }
        let (mut best, mut n_calls, mut line) = (None::<Found>, 0, None);
        let mut same_line = true;
        for n_before in 0..N_AHEAD_MAX {
            if machine.can_step(thread) != Can::Step {
                break;
            }
            let made = make(&mut machine, thread);
            if let Some(record) = &made.record {
                let at = (record.file.clone(), record.line);
                same_line &= *line.get_or_insert_with(|| at.clone()) == at;
                let rank = rank(record);
                if rank > best.map_or(0, |best| best.rank) {
                    best = Some(Found { n_before, rank, same_line });
                }
                if rank == u8::MAX {
                    break;
                }
            }
            n_calls += usize::from(made.ended);
            if n_calls > n_more || made.faulted {
                break;
            }
        }
        best
    }

    /// What the thread's last call returned, as a diagram writes it.
    pub(super) fn returned(&self, thread: usize) -> Option<String> {
        Some(match self.machine.returned(thread)? {
            Returned::Group(group) => self.machine.world().path(group).to_string(),
            Returned::Nothing => "NULL".to_string(),
        })
    }
}

/// One access of a thread that can step.
fn make(machine: &mut Machine, thread: usize) -> Made {
    let before = match machine.call(thread) {
        Call::None => String::new(),
        _ => machine.access_words(thread, machine.pc(thread)),
    };
    let mut seen: Option<Access> = None;
    let stepped = machine.step(thread, &mut |access: &Access| seen = Some(*access));
    Made {
        record: seen.map(|access| Record::new(machine, &access, before)),
        ended: stepped.ended.is_some(),
        faulted: machine.fault().is_some(),
    }
}
