//! A trace under construction: groups by path, id and address, tasks, and which calls are open.
//!
//! Numbers of groups here are those of their first mention; [`crate::finish`] puts them in the order of creation.

use crate::trace::{Call, Caller, Event, Facts, Pointer, What};
use crate::trouble::{Kind, Troubles};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::hierarchy::GroupId;

/// Most events kept, 24 bytes each.
pub(crate) const N_EVENTS_MAX: usize = 4_000_000;
/// Most groups.
pub(crate) const N_GROUPS_MAX: usize = 100_000;
/// Most tasks.
pub(crate) const N_CALLERS_MAX: usize = 100_000;
/// Most calls under way at a time; the oldest is given up for a new one.
const N_OPEN_MAX: usize = 256;
/// Longest path, as the kernel's.
const PATH_BYTES_MAX: usize = 4096;

/// A group as it is known so far.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what is known, each on its own")]
pub(crate) struct Draft {
    pub(crate) hierarchy: u32,
    /// Without slashes at its ends; empty for the root and while it is not known.
    pub(crate) path: String,
    pub(crate) parent: u32,
    pub(crate) address: u64,
    pub(crate) before: bool,
    /// Its path is not known: it is placed by what walks return.
    pub(crate) guessed: bool,
    pub(crate) removed: bool,
    pub(crate) freed: bool,
    /// Orders groups that were there before: the line at which a walk first met it.
    pub(crate) key: u32,
    /// The key was taken in a walk that had begun at its root.
    pub(crate) key_is_sound: bool,
}

/// What makes of groups' identities an order of things.
#[derive(Debug)]
pub(crate) struct Drafts {
    pub(crate) groups: Vec<Draft>,
    /// By hash of hierarchy and path.
    by_path: BTreeMap<u64, u32>,
    /// By hash of hierarchy and cgroup id.
    by_id: BTreeMap<u64, u32>,
    pub(crate) by_address: BTreeMap<u64, u32>,
    pub(crate) callers: Vec<Caller>,
    by_pid: BTreeMap<u64, u32>,
    /// For every caller, the group whose `online` hook it ran, until its `cgroup_mkdir` names it, and how often events
    /// had been lost then.
    pending: Vec<Option<(u32, u32)>>,
    pub(crate) calls: Vec<Call>,
    pub(crate) events: Vec<Event>,
    pub(crate) open: Vec<u32>,
    pub(crate) sites: Vec<String>,
    pub(crate) facts: Facts,
    pub(crate) troubles: Troubles,
    /// Groups that turned out to be others: the one, and the other.
    pub(crate) aliases: Vec<(u32, u32)>,
    /// For every caller, the path that its mark has announced for the root of its next walk.
    announced: BTreeMap<u32, String>,
    /// Times that events were lost.
    n_lost: u32,
}

/// FNV-1a over a number and bytes: short, and the same everywhere.
fn hash(number: u32, bytes: &[u8]) -> u64 {
    let number = number.to_le_bytes();
    number.iter().chain(bytes).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Drafts {
    pub(crate) fn new() -> Self {
        let mut drafts = Self {
            groups: Vec::new(),
            by_path: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_address: BTreeMap::new(),
            callers: Vec::new(),
            by_pid: BTreeMap::new(),
            pending: Vec::new(),
            calls: Vec::new(),
            events: Vec::new(),
            open: Vec::new(),
            sites: vec![String::new()],
            facts: Facts::default(),
            troubles: Troubles::default(),
            aliases: Vec::new(),
            announced: BTreeMap::new(),
            n_lost: 0,
        };
        drafts.groups.push(Draft::new(0, String::new(), 0, true, 0));
        drafts
    }

    pub(crate) fn event(&mut self, time_ns: u64, line: u32, caller: u32, what: What) -> u32 {
        if self.events.len() >= N_EVENTS_MAX {
            let words =
                || format!("more than {N_EVENTS_MAX} events: those from here on are not used");
            self.troubles.note(Kind::Full, line, words);
            return u32::MAX;
        }
        self.events.push(Event { time_ns, line, caller, what });
        index(self.events.len() - 1)
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.events.len() >= N_EVENTS_MAX
    }

    /// The task; a new one if it has not been met. Tasks beyond the bound share the last number.
    pub(crate) fn caller(&mut self, task: &[u8], pid: u32, cpu: u32, line: u32) -> u32 {
        let key = u64::from(pid) | if pid == 0 { u64::from(cpu) << 32 } else { 0 };
        if let Some(at) = self.by_pid.get(&key) {
            return *at;
        }
        if self.callers.len() >= N_CALLERS_MAX {
            self.troubles.note(Kind::Full, line, || format!("more than {N_CALLERS_MAX} tasks"));
            return index(self.callers.len() - 1);
        }
        self.callers.push(Caller { name: String::from_utf8_lossy(task).into_owned(), pid });
        self.pending.push(None);
        let at = index(self.callers.len() - 1);
        self.by_pid.insert(key, at);
        at
    }

    /// Adds a group, unless there are too many: then the root stands for it.
    pub(crate) fn add(&mut self, draft: Draft, line: u32) -> u32 {
        if self.groups.len() >= N_GROUPS_MAX {
            let words = || format!("more than {N_GROUPS_MAX} groups: this one is not used");
            self.troubles.note(Kind::Full, line, words);
            return u32::MAX;
        }
        self.groups.push(draft);
        index(self.groups.len() - 1)
    }

    /// The living group at a path, made up (and those above it) if its creation was not recorded.
    pub(crate) fn at_path(&mut self, hierarchy: u32, path: &str, line: u32) -> u32 {
        if path.is_empty() {
            return 0;
        }
        if let Some(found) = self.find_path(hierarchy, path) {
            return found;
        }
        let mut parent = 0;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let part = &path[..end];
            parent = match self.find_path(hierarchy, part) {
                Some(found) => found,
                None => {
                    let draft = Draft::new(hierarchy, part.to_string(), parent, true, line);
                    let added = self.add(draft, line);
                    if added == u32::MAX {
                        return added;
                    }
                    self.by_path.insert(hash(hierarchy, part.as_bytes()), added);
                    added
                }
            };
        }
        parent
    }

    fn find_path(&self, hierarchy: u32, path: &str) -> Option<u32> {
        let at = *self.by_path.get(&hash(hierarchy, path.as_bytes()))?;
        let group = self.groups.get(at as usize)?;
        (group.hierarchy == hierarchy && group.path == path && !group.removed).then_some(at)
    }

    /// The living group with a cgroup id, or else at a path.
    pub(crate) fn find(&self, hierarchy: u32, id: Option<u64>, path: &str) -> Option<u32> {
        let by_id = id.and_then(|id| self.by_id.get(&hash(hierarchy, &id.to_le_bytes())).copied());
        by_id.or_else(|| self.find_path(hierarchy, path))
    }

    /// Gives a group its path and id.
    pub(crate) fn name(
        &mut self,
        group: u32,
        hierarchy: u32,
        id: Option<u64>,
        path: &str,
        line: u32,
    ) {
        let parent = match path.rsplit_once('/') {
            Some((above, _)) => self.at_path(hierarchy, above, line),
            None => 0,
        };
        let parent = if parent == u32::MAX || parent == group { 0 } else { parent };
        let Some(draft) = self.groups.get_mut(group as usize) else { return };
        (draft.hierarchy, draft.parent, draft.guessed) = (hierarchy, parent, false);
        draft.path = path.to_string();
        self.by_path.insert(hash(hierarchy, path.as_bytes()), group);
        self.identify(group, hierarchy, id);
    }

    pub(crate) fn identify(&mut self, group: u32, hierarchy: u32, id: Option<u64>) {
        if let Some(id) = id {
            self.by_id.insert(hash(hierarchy, &id.to_le_bytes()), group);
        }
    }

    /// The group's cgroup is gone: its id may come again.
    pub(crate) fn forget_id(&mut self, hierarchy: u32, id: Option<u64>) {
        if let Some(id) = id {
            self.by_id.remove(&hash(hierarchy, &id.to_le_bytes()));
        }
    }

    /// The caller has run this group's `online` hook; gives one that it ran before and that got no name.
    pub(crate) fn expect_name(&mut self, caller: u32, group: u32) -> Option<u32> {
        let n_lost = self.n_lost;
        let before = self.pending.get_mut(caller as usize)?.replace((group, n_lost));
        before.filter(|(_, n)| *n == n_lost).map(|(group, _)| group)
    }

    /// The group whose `online` hook the caller has run.
    pub(crate) fn unnamed(&mut self, caller: u32) -> Option<u32> {
        let pending = self.pending.get_mut(caller as usize)?.take();
        pending.filter(|(_, n)| *n == self.n_lost).map(|(group, _)| group)
    }

    /// A mark says which group the caller walks next.
    pub(crate) fn announce(&mut self, caller: u32, path: String) {
        self.announced.insert(caller, path);
    }

    /// The caller begins a walk at the group at this address: if a mark has announced its path, that is its name now.
    pub(crate) fn introduce(&mut self, caller: u32, address: u64, line: u32) {
        let Some(path) = self.announced.remove(&caller) else { return };
        let known = self.by_address.get(&address).copied();
        let is_named = known.is_some_and(|g| g == 0 || !self.groups[g as usize].guessed);
        if path.is_empty() || is_named {
            return;
        }
        // Marks are made where `memory.reclaim` is: in cgroup v2, whose number is 0.
        let by_path = self.find_path(0, &path);
        let group = match (by_path, known) {
            (Some(group), _) if self.groups[group as usize].address != 0 => {
                let words =
                    || format!("a mark says that 0x{address:x} is \"{path}\", which is elsewhere");
                self.troubles.note(Kind::Contradiction, line, words);
                return;
            }
            (Some(group), known) => {
                self.aliases.extend(known.map(|known| (known, group)));
                group
            }
            (None, Some(known)) => {
                self.name(known, 0, None, &path, line);
                known
            }
            (None, None) => self.at_path(0, &path, line),
        };
        if group != u32::MAX && group != 0 {
            self.groups[group as usize].address = address;
            self.by_address.insert(address, group);
        }
    }

    /// A call begins.
    pub(crate) fn enter(&mut self, mut call: Call, line: u32) {
        if let Some(at) = self.open_of(call.caller) {
            self.give_up(at, line);
        }
        if self.open.len() >= N_OPEN_MAX {
            self.give_up(0, line);
        }
        call.overlaps = !self.open.is_empty();
        for at in &self.open {
            self.calls[*at as usize].overlaps = true;
        }
        self.open.push(index(self.calls.len()));
        self.calls.push(call);
    }

    pub(crate) fn open_of(&self, caller: u32) -> Option<usize> {
        self.open.iter().position(|at| self.calls[*at as usize].caller == caller)
    }

    fn give_up(&mut self, at: usize, line: u32) {
        let call = self.calls[self.open.remove(at) as usize];
        let began = self.events.get(call.entered as usize).map_or(0, |e| e.line);
        self.troubles.note(Kind::Unpaired, line, || {
            format!(
                "the call that began at line {began} has no return recorded: it is not compared"
            )
        });
    }

    /// Events are missing: nothing that was under way is known to go on.
    pub(crate) fn lost(&mut self, time_ns: u64, line: u32) {
        self.open.clear();
        self.n_lost += 1;
        if self.events.last().is_some_and(|e| e.what != What::Lost) {
            self.event(time_ns, line, 0, What::Lost);
        }
    }

    pub(crate) fn site(&mut self, name: &[u8]) -> u16 {
        let at = self.sites.iter().position(|s| s.as_bytes() == name);
        match at {
            Some(at) => u16::try_from(at).unwrap_or(0),
            // The iterator has a dozen callers; more is noise.
            None if self.sites.len() >= 64 || name.len() > 128 => 0,
            None => {
                self.sites.push(String::from_utf8_lossy(name).into_owned());
                u16::try_from(self.sites.len() - 1).unwrap_or(0)
            }
        }
    }
}

impl Draft {
    pub(crate) fn new(hierarchy: u32, path: String, parent: u32, before: bool, key: u32) -> Self {
        Self {
            hierarchy,
            path,
            parent,
            address: 0,
            before,
            guessed: false,
            removed: false,
            freed: false,
            key,
            key_is_sound: false,
        }
    }
}

/// A path as the trace has it, without slashes at its ends; `None` if it is no path.
pub(crate) fn path_of(text: &[u8]) -> Option<String> {
    let text = text.strip_prefix(b"/")?;
    let text = text.strip_suffix(b"/").unwrap_or(text);
    (text.len() <= PATH_BYTES_MAX).then(|| String::from_utf8_lossy(text).into_owned())
}

pub(crate) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Drafts count groups as ids do.
pub(crate) fn pointer(group: u32) -> Pointer {
    if group == u32::MAX { Pointer::Unknown } else { Pointer::Group(GroupId(group)) }
}
