//! References that walks and slots hold, told apart from those that keep a group alive in any case.

use super::{Call, Machine};
use crate::hierarchy::GroupId;
use crate::world::{Op, Role};
use alloc::{vec, vec::Vec};

impl Machine {
    /// References on groups below the global root that neither the group itself (base, children)
    /// nor the caller of a walk (its root) nor an outside pin accounts for.
    ///
    /// Those are held by walks, calls in flight and slots. Groups without any are left out.
    pub fn held_by_walks(&self) -> Vec<(GroupId, u32)> {
        let mut known = vec![0_i32; self.groups.len()];
        for (at, group) in (0..).map(GroupId).zip(&self.groups) {
            if !group.exists || group.freed {
                continue;
            }
            known[at.index()] += i32::from(!self.is_offline(at) || self.in_stage(at));
            if let Some(parent) = self.world.groups[at.index()].parent {
                known[parent.index()] += 1;
            }
        }
        for (thread, spec) in self.threads.iter().zip(&self.world.threads) {
            match &spec.role {
                Role::Reclaimer { root, .. } => known[root.index()] += 1,
                Role::Admin(ops) => {
                    for op in ops.iter().take(thread.op as usize) {
                        match op {
                            Op::Pin(group) => known[group.index()] += 1,
                            Op::Unpin(group) => known[group.index()] -= 1,
                            Op::Mkdir(_) | Op::Rmdir(_) => {}
                        }
                    }
                }
            }
        }
        let groups = (0..).map(GroupId).zip(self.groups.iter().zip(known)).skip(1);
        groups
            .filter(|(_, (group, _))| group.exists && !group.freed)
            .filter_map(|(at, (group, known))| {
                let n = u32::try_from(group.n_refs - known).ok().filter(|n| *n > 0)?;
                Some((at, n))
            })
            .collect()
    }

    /// Whether some thread is in the middle of a stage of this group's life.
    fn in_stage(&self, group: GroupId) -> bool {
        let about = |call| matches!(call, Call::Stage { group: g, .. } if g == group);
        self.threads.iter().any(|t| t.inside && about(t.call))
    }
}
