//! What is wrong with what a call of the iterator returned.

use crate::hierarchy::GroupId;
use crate::machine::{Call, Machine, ThreadId};
use crate::program::{Action, Instr, Place, Touch};

/// What a call of the iterator should not return.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Wrong {
    /// A group whose memory is freed.
    Freed(GroupId),
    /// A group whose online hook has not run yet.
    NotOnline(GroupId),
    /// A group that is not below the root of the walk.
    Outside(GroupId),
}

/// What is wrong with a group that the thread's call has just returned.
pub(super) fn wrong(machine: &Machine, thread: ThreadId, id: GroupId) -> Option<Wrong> {
    let group = &machine.groups[id.index()];
    let is_online = machine.program.online.is_none_or(|field| machine.field(id, field) != 0);
    let root = machine.walk_root(thread).unwrap_or(GroupId::ROOT);
    match () {
        () if group.freed => Some(Wrong::Freed(id)),
        () if !group.exists || !is_online && !group.killed => Some(Wrong::NotOnline(id)),
        () if !machine.is_below(id.0 + 1, root.0 + 1) => Some(Wrong::Outside(id)),
        () => None,
    }
}

/// Whether something is wrong when all threads are looked at: a group may be past its online hook before that is written.
pub(super) fn is_so(machine: &Machine, what: Wrong) -> bool {
    let Wrong::NotOnline(id) = what else { return true };
    !machine.program.online.is_some_and(|field| has_hook_run(machine, id, field))
}

/// Whether the group's online hook is over, though the core has not yet written so into this field: who makes the group
/// stands before that store, and something was done between it and putting the group on the list.
fn has_hook_run(machine: &Machine, id: GroupId, online: u8) -> bool {
    let code = &machine.program.code;
    machine.threads.iter().any(|thread| {
        let makes = matches!(thread.call, Call::Stage { group, .. } if group == id);
        let (before, rest) = code.split_at(thread.pc as usize);
        let stands = matches!(
            rest.first(),
            Some(Instr::Touch(Touch::Word { place: Place::Memcg(field), action: Action::Store { .. }, .. }))
                if *field == online
        );
        let last = before.iter().rfind(|instr| matches!(instr, Instr::Touch(_)));
        makes && stands && !matches!(last, Some(Instr::Touch(Touch::ListAdd { .. })))
    })
}
