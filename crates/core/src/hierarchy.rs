//! The cgroup tree as people build it: names, parents and the order of creation.
//!
//! This is the *edited* tree, not the running one: list pointers, reference counts and
//! everything else that changes while a machine runs live in [`crate::machine`].

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt;

/// Names one cgroup: its place in the order of creation, 0 for the global root.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub struct GroupId(pub u32);

impl GroupId {
    /// The global root, which exists from boot and is never removed.
    pub const ROOT: Self = Self(0);

    /// The id as an index into tables ordered by creation.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Longest name of a cgroup in bytes (`NAME_MAX` of the kernel's file systems).
pub const NAME_BYTES_MAX: usize = 255;

/// Why a name, an addition or a move was refused.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum TreeError {
    /// The name is empty.
    EmptyName,
    /// The name is longer than [`NAME_BYTES_MAX`].
    LongName,
    /// The name is `.` or `..`, which directories reserve.
    DotName,
    /// The name holds this character (a slash, a control character or one that changes the direction of text).
    BadCharacter(char),
    /// A sibling has the name already.
    Duplicate(String),
    /// The new parent is the group itself or below it.
    Cycle,
    /// The global root cannot be renamed, moved or removed.
    IsRoot,
    /// No group has this id.
    NoSuchGroup,
    /// The tree holds as many groups as are allowed.
    Full(usize),
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyName => write!(f, "a cgroup needs a name"),
            Self::LongName => write!(f, "a name has at most {NAME_BYTES_MAX} bytes"),
            Self::DotName => write!(f, "\".\" and \"..\" are taken by the file system"),
            Self::BadCharacter('/') => {
                write!(f, "a name cannot hold \"/\", which separates levels")
            }
            Self::BadCharacter(c) => {
                write!(f, "a name cannot hold the control character U+{:04X}", u32::from(*c))
            }
            Self::Duplicate(name) => write!(f, "its parent already has a child \"{name}\""),
            Self::Cycle => write!(f, "a cgroup cannot move below itself"),
            Self::IsRoot => write!(f, "the root cgroup stays as it is"),
            Self::NoSuchGroup => write!(f, "there is no such cgroup"),
            Self::Full(n) => write!(f, "at most {n} cgroups are possible here"),
        }
    }
}

/// Checks a name by the rules of cgroupfs, and against text that would mislead a reader.
///
/// # Errors
/// The first rule that the name breaks.
pub fn check_name(name: &str) -> Result<(), TreeError> {
    if name.is_empty() {
        return Err(TreeError::EmptyName);
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(TreeError::LongName);
    }
    if name == "." || name == ".." {
        return Err(TreeError::DotName);
    }
    let misleads = |c: &char| {
        *c == '/'
            || c.is_control()
            || matches!(*c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    match name.chars().find(misleads) {
        Some(c) => Err(TreeError::BadCharacter(c)),
        None => Ok(()),
    }
}

#[derive(Clone, Eq, PartialEq, Debug)]
struct Group {
    name: String,
    parent: GroupId,
    children: Vec<GroupId>,
}

/// A tree of cgroups below the global root, numbered in the order of creation.
///
/// A parent's id is always smaller than its children's, and siblings are listed in the
/// order of creation, as `list_add_tail_rcu` leaves them.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Hierarchy {
    groups: Vec<Group>,
    by_name: BTreeMap<(GroupId, String), GroupId>,
    n_groups_max: usize,
}

impl Default for Hierarchy {
    fn default() -> Self {
        Self::new()
    }
}

impl Hierarchy {
    /// The largest tree the playground takes unless told otherwise.
    pub const N_GROUPS_MAX: usize = 20_000;

    /// A tree with only the global root.
    pub fn new() -> Self {
        let root = Group { name: String::new(), parent: GroupId::ROOT, children: Vec::new() };
        Self { groups: vec![root], by_name: BTreeMap::new(), n_groups_max: Self::N_GROUPS_MAX }
    }

    /// Number of groups, the global root included.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// Adds a group, last among its siblings.
    ///
    /// # Errors
    /// A bad or taken name, an unknown parent, or a full tree.
    pub fn add(&mut self, parent: GroupId, name: &str) -> Result<GroupId, TreeError> {
        check_name(name)?;
        if parent.index() >= self.groups.len() {
            return Err(TreeError::NoSuchGroup);
        }
        if self.groups.len() >= self.n_groups_max {
            return Err(TreeError::Full(self.n_groups_max));
        }
        let key = (parent, name.to_string());
        if self.by_name.contains_key(&key) {
            return Err(TreeError::Duplicate(key.1));
        }
        let id = GroupId(u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        self.groups.push(Group { name: key.1.clone(), parent, children: Vec::new() });
        self.groups[parent.index()].children.push(id);
        self.by_name.insert(key, id);
        Ok(id)
    }

    /// Gives a group another name.
    ///
    /// # Errors
    /// The root, a bad name, or one a sibling has.
    pub fn rename(&mut self, id: GroupId, name: &str) -> Result<(), TreeError> {
        self.check_movable(id)?;
        check_name(name)?;
        let parent = self.groups[id.index()].parent;
        match self.by_name.get(&(parent, name.to_string())) {
            Some(other) if *other == id => return Ok(()),
            Some(_) => return Err(TreeError::Duplicate(name.to_string())),
            None => {}
        }
        let old = core::mem::replace(&mut self.groups[id.index()].name, name.to_string());
        self.by_name.remove(&(parent, old));
        self.by_name.insert((parent, name.to_string()), id);
        Ok(())
    }

    /// Removes a group and all below it.
    ///
    /// Returns, for every old id, the new one, or `None` for those removed.
    ///
    /// # Errors
    /// The root, or no such group.
    pub fn remove(&mut self, id: GroupId) -> Result<Vec<Option<GroupId>>, TreeError> {
        self.check_movable(id)?;
        let keep: Vec<GroupId> = self.ids().filter(|g| !self.is_at_or_below(*g, id)).collect();
        Ok(self.renumber(&keep))
    }

    /// Moves a group and all below it to another parent, as its last child.
    ///
    /// A move counts as a new creation: the moved groups become the youngest.
    /// Returns the new id of every old one.
    ///
    /// # Errors
    /// The root, a parent at or below the group, or a name the new parent has already.
    pub fn move_to(
        &mut self,
        id: GroupId,
        parent: GroupId,
    ) -> Result<Vec<Option<GroupId>>, TreeError> {
        self.check_movable(id)?;
        if parent.index() >= self.groups.len() {
            return Err(TreeError::NoSuchGroup);
        }
        if self.is_at_or_below(parent, id) {
            return Err(TreeError::Cycle);
        }
        let name = self.groups[id.index()].name.clone();
        match self.by_name.get(&(parent, name.clone())) {
            Some(other) if *other != id => return Err(TreeError::Duplicate(name)),
            _ => {}
        }
        let (moved, mut order): (Vec<_>, Vec<_>) =
            self.ids().partition(|g| self.is_at_or_below(*g, id));
        order.extend(moved);
        self.groups[id.index()].parent = parent;
        Ok(self.renumber(&order))
    }

    fn check_movable(&self, id: GroupId) -> Result<(), TreeError> {
        if id == GroupId::ROOT {
            return Err(TreeError::IsRoot);
        }
        if id.index() >= self.groups.len() {
            return Err(TreeError::NoSuchGroup);
        }
        Ok(())
    }

    /// Rebuilds the tree from the kept ids in their new order (parents first).
    fn renumber(&mut self, order: &[GroupId]) -> Vec<Option<GroupId>> {
        let mut map = vec![None; self.groups.len()];
        let mut fresh = Self { n_groups_max: self.n_groups_max, ..Self::new() };
        map[0] = Some(GroupId::ROOT);
        for old in order.iter().filter(|g| **g != GroupId::ROOT) {
            let group = &self.groups[old.index()];
            let parent = map[group.parent.index()].expect("parents come before their children");
            map[old.index()] =
                Some(fresh.add(parent, &group.name).expect("names were unique before"));
        }
        *self = fresh;
        map
    }

    /// All ids in the order of creation.
    pub fn ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        (0..u32::try_from(self.groups.len()).unwrap_or(u32::MAX)).map(GroupId)
    }

    /// All ids in pre-order: a parent, then its children in the order of creation.
    pub fn pre_order(&self) -> Vec<GroupId> {
        let mut out = Vec::with_capacity(self.groups.len());
        let mut stack = vec![GroupId::ROOT];
        while let Some(id) = stack.pop() {
            out.push(id);
            stack.extend(self.children(id).iter().rev());
        }
        out
    }

    /// The group's own name, empty for the root.
    pub fn name(&self, id: GroupId) -> &str {
        &self.groups[id.index()].name
    }

    /// The parent, `None` for the root.
    pub fn parent(&self, id: GroupId) -> Option<GroupId> {
        (id != GroupId::ROOT).then(|| self.groups[id.index()].parent)
    }

    /// The children in the order of creation.
    pub fn children(&self, id: GroupId) -> &[GroupId] {
        &self.groups[id.index()].children
    }

    /// Levels below the root, 0 for the root itself.
    pub fn depth(&self, id: GroupId) -> usize {
        core::iter::successors(self.parent(id), |g| self.parent(*g)).count()
    }

    /// Whether `id` is `top` or lies below it.
    pub fn is_at_or_below(&self, id: GroupId, top: GroupId) -> bool {
        let mut at = Some(id);
        while let Some(group) = at {
            if group == top {
                return true;
            }
            at = self.parent(group);
        }
        false
    }

    /// The path from the root without a leading slash; `/` for the root itself.
    pub fn path(&self, id: GroupId) -> String {
        if id == GroupId::ROOT {
            return "/".to_string();
        }
        let mut names = vec![self.name(id)];
        let mut at = id;
        while let Some(parent) = self.parent(at).filter(|p| *p != GroupId::ROOT) {
            names.push(self.name(parent));
            at = parent;
        }
        names.reverse();
        names.join("/")
    }

    /// The group at a path; leading and trailing slashes do not matter.
    pub fn find(&self, path: &str) -> Option<GroupId> {
        path.split('/')
            .filter(|part| !part.is_empty())
            .try_fold(GroupId::ROOT, |at, part| self.by_name.get(&(at, part.to_string())).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn sample() -> Hierarchy {
        let mut tree = Hierarchy::new();
        let a = tree.add(GroupId::ROOT, "a").expect("a");
        tree.add(a, "x").expect("x");
        tree.add(GroupId::ROOT, "b").expect("b");
        tree
    }

    fn paths(tree: &Hierarchy) -> Vec<String> {
        tree.pre_order().into_iter().map(|g| tree.path(g)).collect()
    }

    #[test]
    fn pre_order_follows_creation_among_siblings() {
        assert_eq!(paths(&sample()), ["/", "a", "a/x", "b"]);
    }

    #[test]
    fn a_move_makes_the_moved_groups_the_youngest() {
        let mut tree = sample();
        let map = tree.move_to(GroupId(1), GroupId(3)).expect("moves");
        assert_eq!(paths(&tree), ["/", "b", "b/a", "b/a/x"]);
        assert_eq!(map[1], Some(GroupId(2)));
        assert_eq!(tree.move_to(GroupId(1), GroupId(3)), Err(TreeError::Cycle));
    }

    #[test]
    fn names_follow_cgroupfs() {
        let mut tree = sample();
        assert_eq!(tree.add(GroupId::ROOT, "a"), Err(TreeError::Duplicate("a".into())));
        assert_eq!(tree.add(GroupId::ROOT, "a/b"), Err(TreeError::BadCharacter('/')));
        assert_eq!(tree.add(GroupId::ROOT, "a\nb"), Err(TreeError::BadCharacter('\n')));
        assert_eq!(tree.add(GroupId::ROOT, ".."), Err(TreeError::DotName));
        assert_eq!(tree.rename(GroupId(3), "a"), Err(TreeError::Duplicate("a".into())));
    }

    #[test]
    fn removing_takes_the_subtree_along() {
        let mut tree = sample();
        let map = tree.remove(GroupId(1)).expect("removes");
        assert_eq!(paths(&tree), ["/", "b"]);
        assert_eq!(map, [Some(GroupId(0)), None, None, Some(GroupId(1))]);
    }
}
