//! From drafts to a trace: one hierarchy is chosen, groups are numbered so that parents come first.

use crate::draft::{Draft, Drafts, index};
use crate::trace::{Group, Level, Pointer, Trace, What};
use crate::trouble::Kind;
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use memcg_core::hierarchy::GroupId;

/// Deepest group; the kernel's own default is `INT_MAX`, a path has at most 4,096 bytes.
const DEPTH_MAX: u32 = 2048;

impl Drafts {
    /// Puts everything in order.
    pub(crate) fn finish(mut self) -> Trace {
        let hierarchy = self.choose();
        self.facts.hierarchy = hierarchy;
        let is_kept = |d: &Draft| {
            let is_other = d.hierarchy != u32::MAX && d.hierarchy != hierarchy;
            // With a probe on `online`, a group made without one has no memcg. Where calls name groups by address, one
            // that has only a path is among those that have only an address.
            let needs_one = !self.calls.is_empty() || self.facts.n_online > 0 && !d.before;
            let has_none = needs_one && d.address == 0;
            !is_other && !has_none
        };
        let mut kept: Vec<bool> = self.groups.iter().map(is_kept).collect();
        kept[0] = true;
        let n_by_path = self.groups.iter().filter(|d| d.before && d.address == 0).count() - 1;
        if n_by_path > 0 && !self.calls.is_empty() {
            self.troubles.note(Kind::UnknownGroup, 0, || {
                format!("{n_by_path} groups that were there before are known by path only: they are among those known by address only")
            });
        }
        let mut same: Vec<u32> = (0..index(self.groups.len())).collect();
        for (one, other) in &self.aliases {
            kept[*one as usize] = false;
            same[*one as usize] = *other;
        }
        self.settle_parents(&kept, &same);
        let depths = self.depths();
        let mut order: Vec<(u64, usize)> = (0..self.groups.len())
            .filter(|at| kept[*at])
            .map(|at| (self.order_of(at, depths[at]), at))
            .collect();
        order.sort_unstable();
        let mut map = vec![Pointer::Unknown; self.groups.len()];
        let mut nths: BTreeMap<String, u32> = BTreeMap::new();
        let mut groups = Vec::with_capacity(order.len());
        for (new, (_, old)) in order.iter().enumerate() {
            map[*old] = Pointer::Group(GroupId(index(new)));
            let draft = &mut self.groups[*old];
            let path = match *old {
                0 => String::from("/"),
                _ => core::mem::take(&mut draft.path),
            };
            let nth = nths.entry(path.clone()).or_insert(0);
            *nth += 1;
            groups.push(Group {
                nth: *nth,
                path,
                parent: if *old == 0 { None } else { map[draft.parent as usize].group() },
                address: draft.address,
                before: draft.before,
                guessed: draft.guessed,
            });
        }
        for (one, other) in &self.aliases {
            map[*one as usize] = map[*other as usize];
        }
        self.into_trace(groups, &map)
    }

    fn into_trace(mut self, groups: Vec<Group>, map: &[Pointer]) -> Trace {
        let new = |p: Pointer| match p {
            Pointer::Group(g) => map.get(g.index()).copied().unwrap_or(Pointer::Unknown),
            Pointer::Null | Pointer::Unknown => p,
        };
        for call in &mut self.calls {
            (call.root, call.prev) = (new(call.root), new(call.prev));
            call.returned = new(call.returned);
            self.facts.n_overlapping += u32::from(call.overlaps);
        }
        // An event of a group that is not kept goes; the calls' places among the events move along.
        let mut places = vec![0; self.events.len()];
        let mut events = Vec::with_capacity(self.events.len());
        for (at, mut event) in self.events.drain(..).enumerate() {
            places[at] = index(events.len());
            let mut is_kept = true;
            match &mut event.what {
                What::Create(g)
                | What::Rmdir(g)
                | What::Offline(g)
                | What::Released(g)
                | What::Freed(g) => match map.get(g.index()).copied().and_then(Pointer::group) {
                    Some(group) if group != GroupId::ROOT => *g = group,
                    _ => is_kept = false,
                },
                What::Break { root, .. } => *root = new(*root),
                What::Enter(_) | What::Return(_) | What::Lost => {}
            }
            if is_kept {
                events.push(event);
            }
        }
        for call in &mut self.calls {
            let place = |at: u32| places.get(at as usize).copied();
            call.entered = place(call.entered).unwrap_or(u32::MAX);
            call.ended = call.ended.and_then(place);
        }
        let level = match () {
            () if !self.calls.is_empty() => Level::Calls,
            () if !events.is_empty() => Level::Groups,
            () => Level::Nothing,
        };
        if level == Level::Calls && self.facts.n_online == 0 {
            self.troubles.note(Kind::UnknownPointer, 0, || {
                "calls of the iterator, but no `online` probe: no address has a path".into()
            });
        }
        Trace {
            groups,
            callers: self.callers,
            sites: self.sites,
            calls: self.calls,
            events,
            level,
            facts: self.facts,
            troubles: self.troubles,
        }
    }

    /// The hierarchy of the memory controller: the one whose groups have memcgs, else the one with the most groups.
    fn choose(&mut self) -> u32 {
        let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for draft in self.groups.iter().skip(1).filter(|d| d.hierarchy != u32::MAX) {
            let count = counts.entry(draft.hierarchy).or_default();
            count.0 += u32::from(draft.address != 0);
            count.1 += 1;
        }
        let best = counts.iter().max_by_key(|(number, count)| (**count, u32::MAX - **number));
        let best = best.map_or(0, |(number, _)| *number);
        for (number, (_, n)) in counts.iter().filter(|(number, _)| **number != best) {
            self.troubles.note(Kind::OtherHierarchy, 0, || {
                format!("{n} groups of the cgroup hierarchy {number} are not used: the memory controller's is {best}")
            });
        }
        best
    }

    /// Every kept group gets a parent that is kept and is not younger than itself.
    fn settle_parents(&mut self, kept: &[bool], same: &[u32]) {
        for at in 1..self.groups.len() {
            let parent = self.groups[at].parent;
            let mut parent = same.get(parent as usize).copied().unwrap_or(0);
            // The next one above that is kept.
            for _ in 0..64 {
                let is_kept = kept.get(parent as usize).copied().unwrap_or(false);
                if is_kept {
                    break;
                }
                let above = self.groups.get(parent as usize).map_or(0, |d| d.parent);
                parent = same.get(above as usize).copied().unwrap_or(0);
            }
            self.groups[at].parent = parent;
            let above = self.groups.get(parent as usize);
            let is_younger = above.is_some_and(|p| self.groups[at].before && !p.before);
            let is_gone = !kept.get(parent as usize).copied().unwrap_or(false);
            if is_younger || is_gone || parent as usize == at {
                self.groups[at].parent = 0;
            }
        }
    }

    /// Levels below the root; a ring, or what is deeper than any path, is cut.
    fn depths(&mut self) -> Vec<u32> {
        let mut depths = vec![u32::MAX; self.groups.len()];
        depths[0] = 0;
        let mut way = Vec::new();
        for start in 1..self.groups.len() {
            let mut at = start;
            while depths[at] == u32::MAX && way.len() < DEPTH_MAX as usize {
                way.push(at);
                at = self.groups[at].parent as usize;
            }
            let mut depth = depths[at];
            if depth >= DEPTH_MAX {
                // The end of the way is in a ring, or too deep.
                if let Some(last) = way.last() {
                    self.groups[*last].parent = 0;
                }
                depth = 0;
            }
            while let Some(at) = way.pop() {
                depth += 1;
                depths[at] = depth;
            }
        }
        depths
    }

    /// Orders groups: by level, then those that were there before, then as they came.
    fn order_of(&self, at: usize, depth: u32) -> u64 {
        let draft = &self.groups[at];
        let place = if draft.before { draft.key } else { index(at) | 1 << 31 };
        u64::from(depth) << 32 | u64::from(place)
    }
}
