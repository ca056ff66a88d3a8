//! A step of the search on the machine: one access that others can see, with those that are merged into it.

use super::looks::Looks;
use super::movers::{Mover, Movers};
use super::space::Event;
use crate::machine::{Call, Can, Machine, ThreadId};
use crate::program::Instr;

/// Whether the thread can step; if it is the idle worker, it takes the chosen item. Gives whether there is another item.
pub(super) fn begin(machine: &mut Machine, thread: ThreadId, choice: u8) -> Option<bool> {
    if thread == machine.worker() && machine.call(thread) == Call::None {
        let is_ready = |w: &crate::machine::Work| w.grace.is_over();
        let mut ready = (0..machine.work.len()).filter(|at| is_ready(&machine.work[*at]));
        let item = ready.nth(usize::from(choice))?;
        let has_more = ready.next().is_some();
        return machine.take_work(item).then_some(has_more);
    }
    (choice == 0 && machine.can_step(thread) == Can::Step).then_some(false)
}

/// Is told how a block goes.
pub(super) trait Sees {
    /// How the thread's next access commutes is asked.
    fn mover(&mut self, _machine: &Machine, _thread: ThreadId) {}

    /// The access will be made now.
    fn before(&mut self, machine: &mut Machine, thread: ThreadId);
}

impl<F: FnMut(&mut Machine)> Sees for F {
    fn before(&mut self, machine: &mut Machine, _: ThreadId) {
        self(machine);
    }
}

/// Takes note of all that a block looks at.
pub(super) struct Tracer<'s> {
    pub(super) looks: &'s mut Looks,
    pub(super) movers: &'s Movers,
    pub(super) is_void: &'s mut bool,
}

impl Sees for Tracer<'_> {
    fn mover(&mut self, machine: &Machine, thread: ThreadId) {
        self.looks.at_mover(self.movers, machine, thread);
    }

    fn before(&mut self, machine: &mut Machine, thread: ThreadId) {
        self.looks.at_access(machine, thread);
        *self.is_void |= self.movers.is_void_next(machine, thread);
    }
}

/// Right movers, one access that others could see, left movers: as one step.
pub(super) fn block(
    machine: &mut Machine,
    movers: &Movers,
    thread: ThreadId,
    sees: &mut impl Sees,
) -> Event {
    sees.mover(machine, thread);
    let mut mover = movers.of(machine, thread);
    loop {
        sees.before(machine, thread);
        let stepped = machine.step(thread, &mut ());
        if let Some(returned) = stepped.returned {
            return Event::Returned(returned);
        }
        if stepped.ended.is_some() || machine.fault.is_some() {
            return Event::Stepped;
        }
        sees.mover(machine, thread);
        let next = movers.of(machine, thread);
        let goes_on = match mover {
            // Nothing that others could see has happened yet.
            Mover::Right | Mover::Both if next != Mover::Left => true,
            _ => matches!(next, Mover::Left | Mover::Both),
        };
        if !goes_on
            || !matches!(machine.program.code[machine.threads[thread].pc as usize], Instr::Touch(_))
        {
            return Event::Stepped;
        }
        mover = match (mover, next) {
            (Mover::Right | Mover::Both, next) => next,
            _ => Mover::Left,
        };
    }
}
