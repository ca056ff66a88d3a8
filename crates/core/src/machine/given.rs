//! Calls whose arguments come from outside, one by one: what the replay of a recorded kernel makes.
//!
//! The threads for them are administrators without operations, which have no call of their own.

use super::{Call, Machine, ThreadId};
use crate::hierarchy::GroupId;

impl Machine {
    /// The thread's next call is a step of a walk below `root`: with what the caller holds, and with the caller's
    /// cookie, or `None` for a private walk. Its steps are made with [`Self::step`].
    ///
    /// The references that these arguments stand for are the caller's business: see the stages `charge` and `uncharge`.
    pub fn begin_next(
        &mut self,
        thread: ThreadId,
        root: GroupId,
        prev: Option<GroupId>,
        cookie: Option<&[u32]>,
    ) {
        self.begin(thread, Call::Next, root, prev, cookie);
    }

    /// The thread's next call leaves a walk.
    pub fn begin_leave(&mut self, thread: ThreadId, root: GroupId, prev: Option<GroupId>) {
        self.begin(thread, Call::Leave, root, prev, None);
    }

    fn begin(
        &mut self,
        thread: ThreadId,
        call: Call,
        root: GroupId,
        prev: Option<GroupId>,
        cookie: Option<&[u32]>,
    ) {
        let n = self.program.cookie_fields.len();
        let own = &mut self.cookies[thread * n..(thread + 1) * n];
        match cookie {
            Some(cookie) if cookie.len() == n => own.copy_from_slice(cookie),
            _ => own.fill(0),
        }
        let prev = prev.map_or(0, |g| g.0 + 1);
        self.start_with(thread, call, [root.0 + 1, prev, u32::from(cookie.is_some())]);
    }

    /// The fields of the cookie of the thread's last call.
    pub fn cookie(&self, thread: ThreadId) -> &[u32] {
        let n = self.program.cookie_fields.len();
        &self.cookies[thread * n..(thread + 1) * n]
    }

    /// Number of the slot that such calls use below this root.
    pub fn slot_below(&self, root: GroupId) -> Option<usize> {
        usize::try_from(self.layout.next_slot(0, root.0 + 1)).ok()?.checked_sub(1)
    }

    /// The worker runs a stage for a group at once, whatever is queued; what the stage queues stays queued.
    ///
    /// Does nothing if the worker is busy or the machine has come to a fault.
    pub fn run_stage(&mut self, stage: u8, group: GroupId) {
        let worker = self.worker();
        if self.threads[worker].call != Call::None || self.fault.is_some() {
            return;
        }
        self.start_call(worker, Call::Stage { stage, group });
        while self.threads[worker].call != Call::None && self.fault.is_none() {
            self.step(worker, &mut ());
        }
    }
}
