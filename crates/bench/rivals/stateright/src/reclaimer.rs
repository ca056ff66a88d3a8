//! A thread that walks: `next`, and `break` behind the last call.

use super::{N_CALLS, ROOT, State};

/// The access that comes next, with what can still be read from there on. `last`: the position that the walk went on
/// from; `found`: what the call will return.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub(crate) enum Pc {
    RcuLock,
    SchedLock,
    /// Is this walker too late?
    Late,
    /// It is: it spoils the position.
    Spoil,
    Load,
    TrygetLast {
        last: u8,
    },
    FirstChild {
        last: u8,
        at: u8,
    },
    NextSibling {
        last: u8,
        at: u8,
    },
    Parent {
        last: u8,
        at: u8,
    },
    Tryget {
        last: u8,
        at: u8,
    },
    PutLast {
        last: u8,
        found: u8,
    },
    Store {
        last: u8,
        found: u8,
    },
    RoundLoad {
        last: u8,
    },
    RoundStore {
        last: u8,
        generation: u8,
    },
    Begin {
        last: u8,
        found: u8,
    },
    SchedUnlock {
        found: u8,
    },
    RcuUnlock {
        found: u8,
    },
    PutPrev {
        found: u8,
    },
    /// The walk is left.
    Leave,
    Done,
}

#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub(crate) struct Reclaimer {
    pub(crate) pc: Pc,
    prev: u8,
    n_calls: u8,
    /// The generation in which the walk began.
    generation: u8,
}

impl Reclaimer {
    pub(crate) const fn new() -> Self {
        Self { pc: Pc::RcuLock, prev: 0, n_calls: 0, generation: 0 }
    }
}

/// Goes on from a group that was found, or was not.
fn found(last: u8, found: u8) -> Pc {
    if last > ROOT { Pc::PutLast { last, found } } else { Pc::Store { last, found } }
}

/// Behind the last position, or at the root if there is none.
fn look(last: u8) -> Pc {
    if last == 0 { found(0, ROOT) } else { Pc::FirstChild { last, at: last } }
}

pub(crate) fn step(state: &mut State, me: usize) {
    let mut own = state.reclaimers[me];
    let bit = 1 << me;
    // Behind the loop's head: the generation counts only for a walk that has begun.
    let head = if own.prev == 0 { Pc::Load } else { Pc::Late };
    own.pc = match own.pc {
        Pc::RcuLock => {
            state.in_rcu |= bit;
            Pc::SchedLock
        }
        Pc::SchedLock => {
            state.in_sched |= bit;
            head
        }
        Pc::Late if own.generation != state.generation => Pc::Spoil,
        Pc::Late => Pc::Load,
        Pc::Spoil => {
            state.last_visited = 0;
            Pc::SchedUnlock { found: 0 }
        }
        Pc::Load => match state.last_visited {
            last @ 0..=ROOT => look(last),
            last => Pc::TrygetLast { last },
        },
        Pc::TrygetLast { last } => look(if state.tryget(last) { last } else { 0 }),
        Pc::FirstChild { last, at } => match state.first_child(at) {
            0 if at == ROOT => found(last, 0),
            0 => Pc::NextSibling { last, at },
            child => Pc::Tryget { last, at: child },
        },
        Pc::NextSibling { last, at } => match state.next_sibling(at) {
            0 => Pc::Parent { last, at },
            next => Pc::Tryget { last, at: next },
        },
        Pc::Parent { last, at } => match state.parent(at) {
            ROOT => found(last, 0),
            at => Pc::NextSibling { last, at },
        },
        Pc::Tryget { last, at } if state.tryget(at) => found(last, at),
        Pc::Tryget { last, at } => Pc::FirstChild { last, at },
        Pc::PutLast { last, found } => {
            state.put(last);
            Pc::Store { last, found }
        }
        Pc::Store { last, found } => {
            state.last_visited = found;
            match (found, own.prev) {
                (0, _) => Pc::RoundLoad { last },
                (_, 0) => Pc::Begin { last, found },
                _ => Pc::SchedUnlock { found },
            }
        }
        Pc::RoundLoad { last } => Pc::RoundStore { last, generation: state.generation },
        Pc::RoundStore { generation, .. } => {
            state.generation = generation + 1;
            if own.prev == 0 { Pc::Load } else { Pc::SchedUnlock { found: 0 } }
        }
        Pc::Begin { found, .. } => {
            own.generation = state.generation;
            Pc::SchedUnlock { found }
        }
        Pc::SchedUnlock { found } => {
            state.in_sched &= !bit;
            state.admin.leaves_sched(bit);
            Pc::RcuUnlock { found }
        }
        Pc::RcuUnlock { found } => {
            state.in_rcu &= !bit;
            state.admin.leaves_rcu(bit);
            state.worker.leaves_rcu(bit);
            if own.prev > ROOT { Pc::PutPrev { found } } else { returns(&mut own, found) }
        }
        Pc::PutPrev { found } => {
            state.put(own.prev);
            returns(&mut own, found)
        }
        Pc::Leave => {
            if own.prev > ROOT {
                state.put(own.prev);
            }
            done(&mut own)
        }
        Pc::Done => Pc::Done,
    };
    state.reclaimers[me] = own;
}

/// The call is over.
fn returns(own: &mut Reclaimer, found: u8) -> Pc {
    own.n_calls += 1;
    own.prev = found;
    match (own.n_calls, found) {
        (N_CALLS, 0) => done(own),
        (N_CALLS, _) => Pc::Leave,
        _ => Pc::RcuLock,
    }
}

fn done(own: &mut Reclaimer) -> Pc {
    *own = Reclaimer::new();
    Pc::Done
}
