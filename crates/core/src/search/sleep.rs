//! Steps that need not be made, since they lead to states that are known (sleep sets, Godefroid 1996).
//!
//! When two threads can step in a state and their steps commute, the second thread's step and then the first one's lead
//! where the first one's and then the second one's led. So behind the second one's step the first thread is asleep: its
//! step is not made there, nor anywhere further on until something is done that its step does not commute with.
//!
//! With states that are kept this is not sound in general: a state may be come to by several ways, of which only some
//! put a thread to sleep. Here it is, because states are looked at nearest first and in order, and what counts is who was
//! asleep on the first way: the least in the order of threads among the shortest ways to the state. Were the last step
//! of a state's least way asleep, then a lesser thread had made the same step earlier on, and the way with this step put
//! there would be as short and less. So no state is missed, and each is come to by the very step by which it would be
//! without this, with the same number.

use super::recall::Known;
use crate::machine::ThreadId;
use alloc::vec::Vec;

/// Threads that can be put to sleep, a bit each.
pub(super) const N_THREADS_MAX: usize = 8;

/// Steps from the state that is looked at which have been made, or need not be.
#[derive(Clone, Debug)]
pub(super) struct Sleep {
    is_on: bool,
    /// Threads whose step from here others may sleep on: those asleep, and those that have stepped.
    resting: u8,
    asleep: u8,
    known: Vec<Known>,
}

impl Sleep {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on, resting: 0, asleep: 0, known: [Known::nothing(); N_THREADS_MAX].into() }
    }

    /// Another state is looked at, with these threads asleep.
    #[inline(always)]
    pub(super) fn begin(&mut self, asleep: u8) {
        (self.resting, self.asleep) = (asleep, asleep);
    }

    /// The step of a thread that is asleep.
    #[inline(always)]
    pub(super) fn of(&self, thread: ThreadId) -> Option<Known> {
        (self.is_on && self.asleep >> thread & 1 != 0).then(|| self.known[thread])
    }

    /// The step of a thread that is asleep, told before anything is made of the state.
    pub(super) fn put(&mut self, thread: ThreadId, known: Known) {
        self.known[thread] = known;
    }

    /// The thread makes this step, its only one from here: who is asleep behind it.
    #[inline(always)]
    pub(super) fn behind(&mut self, thread: ThreadId, known: &Known) -> u8 {
        let mut others = self.resting;
        let mut out = 0;
        while others != 0 {
            let other = others.trailing_zeros();
            others &= others - 1;
            out |= u8::from(known.commutes(&self.known[other as usize])) << other;
        }
        out & !(1 << thread)
    }

    /// The thread has made its only step from here.
    #[inline(always)]
    pub(super) fn rest(&mut self, thread: ThreadId, known: &Known) {
        self.resting |= 1 << thread;
        self.known[thread] = *known;
    }

    #[inline(always)]
    pub(super) const fn is_on(&self) -> bool {
        self.is_on
    }
}
