//! A path of the search as a schedule of moves, which lanes can be driven by.

use super::space::{Choice, Space};
use crate::machine::{Call, Machine, ThreadId};
use crate::program::Instr;
use crate::schedule::Move;
use alloc::{string::ToString, vec::Vec};

/// An access of a path: who makes it, in which call, and where.
#[derive(Copy, Clone)]
struct Made {
    thread: ThreadId,
    pc: u32,
    call: Call,
    is_first: bool,
    is_last: bool,
}

impl Space {
    /// The moves that make the steps of a path, access by access where threads meet and call by call where they do not.
    ///
    /// An item of the worker that others come into the middle of is written as the worker's next: lanes take the first
    /// that is ready.
    pub fn moves(&self, path: &[Choice]) -> Vec<Move> {
        let mut machine = self.start();
        let mut made: Vec<Made> = Vec::new();
        for choice in path {
            let first = made.len();
            let thread = choice.thread;
            self.replay(&mut machine, *choice, &mut |machine: &mut Machine| {
                made.push(Made {
                    thread,
                    pc: machine.pc(thread),
                    call: machine.call(thread),
                    is_first: !machine.is_inside(thread),
                    is_last: false,
                });
            });
            let is_over = machine.fault().is_some() || !machine.is_inside(thread);
            if let Some(last) = made[first..].last_mut() {
                last.is_last = is_over;
            }
        }
        self.written(&made)
    }

    fn written(&self, made: &[Made]) -> Vec<Move> {
        let start = self.start();
        let name = |thread| start.thread_name(thread).to_string();
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(access) = made.get(at) {
            let rest = &made[at..];
            let n = rest.iter().take_while(|a| a.thread == access.thread && !a.is_last).count();
            let runs_to_end = rest.get(n).is_some_and(|a| a.thread == access.thread);
            let thread = name(access.thread);
            match access.call {
                Call::Stage { stage, group }
                    if runs_to_end && access.is_first && access.thread == start.worker() =>
                {
                    let stage = start.program().stages[usize::from(stage)].name.clone();
                    out.push(Move::Work { stage, group: start.world().path(group).to_string() });
                    at += n + 1;
                }
                _ if runs_to_end => {
                    out.push(Move::Call { thread });
                    at += n + 1;
                }
                _ => {
                    if let Instr::Touch(_) = start.program().code[access.pc as usize] {
                        let label = start.program().label(access.pc).to_string();
                        out.push(Move::To { thread, label, lane: None });
                    }
                    at += 1;
                }
            }
        }
        out
    }
}
