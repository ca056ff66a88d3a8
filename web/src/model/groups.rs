//! A set of groups. A tree of its own for every type that is kept in one would be several times as large a program.

use memcg_core::hierarchy::GroupId;

/// Groups in ascending order, each once.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct GroupSet(Vec<GroupId>);

impl GroupSet {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this one is among them.
    pub fn contains(&self, group: &GroupId) -> bool {
        self.0.binary_search(group).is_ok()
    }

    /// Puts one in.
    pub fn insert(&mut self, group: GroupId) {
        if let Err(at) = self.0.binary_search(&group) {
            self.0.insert(at, group);
        }
    }

    /// Takes one out; whether it was there.
    pub fn remove(&mut self, group: &GroupId) -> bool {
        let found = self.0.binary_search(group);
        if let Ok(at) = found {
            self.0.remove(at);
        }
        found.is_ok()
    }

    /// What these have become; those that are `None` are no more.
    #[must_use]
    pub fn mapped(&self, now: impl Fn(GroupId) -> Option<GroupId>) -> Self {
        let mut out = Self::default();
        for group in self.0.iter().copied().filter_map(now) {
            out.insert(group);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_it_once() {
        let mut set = GroupSet::default();
        for n in [3, 1, 2, 1] {
            set.insert(GroupId(n));
        }
        assert_eq!(set.0, [1, 2, 3].map(GroupId));
        assert!(set.remove(&GroupId(2)) && !set.remove(&GroupId(2)));
        assert!(set.contains(&GroupId(3)) && !set.contains(&GroupId(2)));
        let mapped = set.mapped(|group| (group.0 > 1).then_some(GroupId(0)));
        assert_eq!(mapped.0, [GroupId(0)]);
    }
}
