//! The policy of `two-reclaimers.scenario` on the percpu-ref core, written by hand for the `stateright` crate: a root with three children, two
//! reclaimers of three calls each in one slot, the second child removed, the kernel's worker; no preemption. A step is
//! one access to what threads share, as in the search of `memcg-core`, and a thread keeps what it can still read and
//! nothing else: so both come to the same number of states, which the bench sees to.
//!
//! Prints `bench`, the states and the milliseconds, between tabs.

mod reclaimer;
mod removal;

use reclaimer::{Pc, Reclaimer};
use removal::{Admin, Worker};
use stateright::{Checker, Model, Property};
use std::time::Instant;

/// Calls of each reclaimer.
const N_CALLS: u8 = 3;

/// The root, and the child that is removed; its siblings are 2 and 4.
const ROOT: u8 = 1;
const DEAD: u8 = 3;

/// Who can step.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
enum Step {
    Reclaimer(usize),
    Admin,
    Worker,
}

/// What all threads share, and where each is.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
struct State {
    /// The slot.
    last_visited: u8,
    generation: u8,
    /// References, by group.
    n_refs: [i8; 5],
    killed: bool,
    /// The dead group is off its parent's list; its own next pointer stays.
    unlinked: bool,
    freed: bool,
    /// Who is inside `rcu_read_lock` and `rcu_read_lock_sched`, a bit each.
    in_rcu: u8,
    in_sched: u8,
    reclaimers: [Reclaimer; 2],
    admin: Admin,
    worker: Worker,
    /// Freed memory was touched.
    fault: bool,
}

impl State {
    /// Touches a group's memory.
    fn touch(&mut self, group: u8) {
        self.fault |= group == DEAD && self.freed;
    }

    fn first_child(&mut self, group: u8) -> u8 {
        self.touch(group);
        if group == ROOT { 2 } else { 0 }
    }

    fn next_sibling(&mut self, group: u8) -> u8 {
        self.touch(group);
        match group {
            2 if self.unlinked => 4,
            2 => DEAD,
            DEAD => 4,
            _ => 0,
        }
    }

    fn parent(&mut self, group: u8) -> u8 {
        self.touch(group);
        if group == ROOT { 0 } else { ROOT }
    }

    fn tryget(&mut self, group: u8) -> bool {
        self.touch(group);
        let can = !(group == DEAD && self.killed) && self.n_refs[usize::from(group)] > 0;
        self.n_refs[usize::from(group)] += i8::from(can);
        can
    }

    /// Drops a reference; the last one of the dead group gives the worker its work.
    fn put(&mut self, group: u8) {
        self.touch(group);
        self.n_refs[usize::from(group)] -= 1;
        if group == DEAD && self.n_refs[usize::from(group)] == 0 {
            self.worker = Worker::Release;
        }
    }
}

struct Nullify;

impl Model for Nullify {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            last_visited: 0,
            generation: 0,
            // The root's own, its three children's, and those of the two callers.
            n_refs: [0, 6, 1, 1, 1],
            killed: false,
            unlinked: false,
            freed: false,
            in_rcu: 0,
            in_sched: 0,
            reclaimers: [Reclaimer::new(); 2],
            admin: Admin::Kill,
            worker: Worker::Idle,
            fault: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        if state.fault {
            return;
        }
        for (at, reclaimer) in state.reclaimers.iter().enumerate() {
            if reclaimer.pc != Pc::Done {
                actions.push(Step::Reclaimer(at));
            }
        }
        if state.admin.can_step() {
            actions.push(Step::Admin);
        }
        if state.worker.can_step() {
            actions.push(Step::Worker);
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut state = *last;
        match step {
            Step::Reclaimer(at) => reclaimer::step(&mut state, at),
            Step::Admin => removal::step(&mut state),
            Step::Worker => removal::work(&mut state),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("no freed memory is touched", |_, state: &State| !state.fault)]
    }
}

fn main() {
    let begun = Instant::now();
    let checker = Nullify.checker().threads(1).spawn_bfs().join();
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    checker.assert_properties();
    println!("bench\tstateright\t{}\t{milliseconds:.3}", checker.unique_state_count());
}
