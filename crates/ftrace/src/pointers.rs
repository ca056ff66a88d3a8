//! What addresses mean: groups that `online` introduced, and groups that were there before, placed by what walks return.

use crate::draft::{Draft, Drafts};
use crate::trouble::Kind;
use alloc::{format, vec::Vec};

/// Unknown addresses that are remembered until their `online` comes, and for how many lines.
const N_EARLY_MAX: usize = 32;
const N_EARLY_LINES_MAX: u32 = 100;

/// What is known of walks, to place groups that nothing introduced.
#[derive(Debug, Default)]
pub(crate) struct Walks {
    /// For every root (by draft), what its last walk with a cookie returned: nothing, or begun at the root.
    roots: alloc::collections::BTreeMap<u64, u32>,
    /// Groups that were placed a moment ago, and at which line.
    early: Vec<(u32, u32)>,
}

/// The last walk has been seen at its root.
const BEGUN: u32 = 1;
/// It has returned `NULL`: the next group is the root.
const AT_END: u32 = 2;

/// The address as read: a 32-bit kernel's, extended with its sign or not, is the same address.
pub(crate) const fn normal(address: u64) -> u64 {
    let low = address & 0xffff_ffff;
    if address >> 32 == 0xffff_ffff && low >> 31 == 1 { low } else { address }
}

impl Walks {
    /// A group has come online at this address: what a walk returned there a moment before is this group.
    pub(crate) fn introduced(
        &mut self,
        drafts: &mut Drafts,
        address: u64,
        line: u32,
    ) -> Option<u32> {
        let at = self.early.iter().position(|(g, _)| {
            drafts.groups.get(*g as usize).is_some_and(|d| d.address == address)
        })?;
        let (group, seen) = self.early.remove(at);
        let draft = drafts.groups.get_mut(group as usize)?;
        if line.saturating_sub(seen) > N_EARLY_LINES_MAX || draft.removed {
            return None;
        }
        (draft.before, draft.guessed) = (false, false);
        Some(group)
    }

    /// The group at an address, placed below the walk's root if nothing introduced it.
    pub(crate) fn resolve(
        &mut self,
        drafts: &mut Drafts,
        address: u64,
        root: u32,
        line: u32,
    ) -> u32 {
        if let Some(found) = drafts.by_address.get(&address) {
            return *found;
        }
        let parent = if root == u32::MAX { 0 } else { root };
        let mut draft = Draft::new(u32::MAX, format!("css-{address:x}"), parent, true, line);
        (draft.address, draft.guessed) = (address, true);
        let added = drafts.add(draft, line);
        if added == u32::MAX {
            return added;
        }
        drafts.by_address.insert(address, added);
        drafts.troubles.note(Kind::UnknownPointer, line, || {
            format!(
                "nothing introduced the group at 0x{address:x}: taken as one that was there before, placed by what walks return"
            )
        });
        if self.early.len() >= N_EARLY_MAX {
            self.early.remove(0);
        }
        self.early.push((added, line));
        added
    }

    /// A walk below `root` has returned a group, or nothing: that may place the group, or tell which the global root is.
    pub(crate) fn returned(
        &mut self,
        drafts: &mut Drafts,
        root: u32,
        returned: Option<u32>,
        is_private: bool,
        is_fresh: bool,
        line: u32,
    ) {
        let key = u64::from(root);
        let state = self.roots.get(&key).copied().unwrap_or(0);
        let Some(group) = returned else {
            if !is_private {
                self.roots.insert(key, AT_END);
            }
            return;
        };
        if root == 0 && (is_private && is_fresh || !is_private && state == AT_END) {
            let draft = drafts.groups.get(group as usize);
            if group != 0 && draft.is_some_and(|d| d.guessed) {
                let address = draft.map_or(0, |d| d.address);
                drafts.by_address.insert(address, 0);
                drafts.aliases.push((group, 0));
            }
        }
        if !is_private && (group == root || state == AT_END) {
            self.roots.insert(key, BEGUN);
        }
        name_root(drafts, root, group);
        let is_sound = state == BEGUN || is_private;
        place(drafts, group, root, is_sound, line);
    }
}

/// A walk below a root without a path returns a group with one: the root is above it. If only one group above it has no
/// address, it is that.
fn name_root(drafts: &mut Drafts, root: u32, group: u32) {
    let is_guess = |g: u32| drafts.groups.get(g as usize).is_some_and(|d| d.guessed);
    if root == group || !is_guess(root) || is_guess(group) {
        return;
    }
    let mut nameless = None;
    let mut at = drafts.groups.get(group as usize).map_or(0, |d| d.parent);
    for _ in 0..64 {
        let Some(draft) = drafts.groups.get(at as usize).filter(|_| at != 0) else { break };
        if draft.address == 0 && nameless.replace(at).is_some() {
            return;
        }
        at = draft.parent;
    }
    let Some(found) = nameless.filter(|found| *found != root && at == 0) else { return };
    let address = drafts.groups[root as usize].address;
    drafts.groups[found as usize].address = address;
    drafts.by_address.insert(address, found);
    drafts.aliases.push((root, found));
}

/// Puts a group whose place is a guess below the deepest root that a walk returned it for.
fn place(drafts: &mut Drafts, group: u32, root: u32, is_sound: bool, line: u32) {
    let is_before = |g: u32| drafts.groups.get(g as usize).is_some_and(|d| d.before);
    let Some(draft) = drafts.groups.get(group as usize) else { return };
    if group == root || group == 0 {
        return;
    }
    let takes_key = is_sound && !draft.key_is_sound && draft.before;
    let is_older = is_before(root) || !draft.before && root < group;
    // Up from the root: the group must not be above it, and its parent so far must be.
    let mut deeper = draft.guessed && root != draft.parent && is_older;
    let mut at = root;
    for _ in 0..64 {
        if at == group {
            deeper = false;
        }
        if at == draft.parent || at == 0 {
            break;
        }
        at = drafts.groups.get(at as usize).map_or(0, |d| d.parent);
    }
    deeper &= at == draft.parent;
    let draft = &mut drafts.groups[group as usize];
    if deeper {
        draft.parent = root;
    }
    if takes_key {
        (draft.key, draft.key_is_sound) = (line, true);
    }
}
