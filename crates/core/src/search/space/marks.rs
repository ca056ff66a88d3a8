//! What is kept of the runs to a state, as the state's mark.

use super::{Event, Space};
use crate::machine::{Call, FaultInfo, Machine, ThreadId};
use crate::search::Mark;
use crate::search::history::{Asked, History, Made, Note};
use crate::search::live::Live;
use crate::search::movers::Movers;
use alloc::boxed::Box;

impl Space {
    /// The space whose states have this of their runs as their mark; to be called before anything is searched. Accesses
    /// that it depends on take a step of their own.
    ///
    /// # Panics
    /// If it needs every access ([`Asked::needs_every_access`]) and the space is reduced.
    #[must_use]
    pub fn with_history(mut self, asked: Asked) -> Self {
        assert!(!(self.reduced && asked.needs_every_access()), "every access is asked for");
        self.movers = Movers::new(&self.machine, self.reduced, asked.apart());
        if let Some(field) = self.machine.program.cookie_generation
            && asked.keeps_walks(self.machine.world())
        {
            self.live = Live::keeping(&self.machine.program, field);
        }
        self.history = (!asked.is_nothing()).then(|| Box::new(History::new(asked, &self.machine)));
        self
    }

    /// Whether threads that do the same may be taken for each other when this is asked of their runs.
    pub fn may_be_symmetric(&self, asked: &Asked) -> bool {
        asked.is_symmetric(&self.machine)
    }

    /// Whether marks are histories.
    #[inline]
    pub(in crate::search) const fn has_history(&self) -> bool {
        self.history.is_some()
    }

    /// The mark at the start, and what is so there.
    pub(in crate::search) fn start_mark(&mut self) -> (Mark, Note) {
        let initial = self.initial();
        self.machine(&initial);
        match &mut self.history {
            Some(history) => history.start(&self.machine),
            None => (0, Note::default()),
        }
    }

    /// What is so in a state, at a fault if there is one.
    pub(in crate::search) fn note(
        &mut self,
        mark: Mark,
        state: &[u32],
        fault: Option<FaultInfo>,
    ) -> Note {
        self.machine(state);
        self.machine.fault = fault;
        self.history.as_mut().map_or(Note::default(), |h| h.look(mark, &self.machine))
    }

    /// The mark behind a step of a thread from its part and a shared part to this state, and what is so there.
    pub(in crate::search) fn follow(
        &mut self,
        mark: Mark,
        thread: ThreadId,
        from: (u32, u32),
        event: Event,
        to: &[u32],
    ) -> (Mark, Note) {
        let Some(mut history) = self.history.take() else { return (mark, Note::default()) };
        self.machine.unpack_local(thread, &self.live, self.locals.get(from.0));
        let (slot, call) = (self.machine.slot_number(thread), self.machine.call(thread));
        let n_set = |machine: &Machine| {
            let n_slots = machine.layout.slots.len();
            (0..n_slots).filter(|slot| machine.position(*slot).is_some()).count()
        };
        let is_removal = !matches!(call, Call::Next | Call::Leave);
        let mut n_wiped = 0;
        if history.counts_wiped() && is_removal {
            self.hold(from.1);
            let n_before = n_set(&self.machine);
            self.hold(to[0]);
            n_wiped = n_before.saturating_sub(n_set(&self.machine));
        }
        let made = Made {
            thread,
            slot,
            returned: match event {
                Event::Returned(returned) => Some(returned),
                Event::None | Event::Stepped | Event::Fault(_) => None,
            },
            has_left: call == Call::Leave && !self.is_inside(to[1 + thread]),
            n_wiped: u32::try_from(n_wiped).unwrap_or(u32::MAX),
        };
        self.machine(to);
        let out = history.step(mark, &self.machine, &made);
        self.history = Some(history);
        out
    }
}
