//! Builds a [`Hierarchy`] from names and paths in time proportional to the text.
//!
//! What the scenario reader and the importers share. Knows no syntax.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt;
use memcg_core::hierarchy::{GroupId, Hierarchy, TreeError};

/// Longest path of a group in bytes (`PATH_MAX` of the kernel).
pub const PATH_BYTES_MAX: usize = 4096;

/// Why a group was not added.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(crate) enum Refusal {
    /// The tree's own reason.
    Tree(TreeError),
    /// It is there already.
    Exists(GroupId),
    /// Its path would be longer than [`PATH_BYTES_MAX`].
    LongPath,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tree(error) => error.fmt(f),
            Self::Exists(_) => f.write_str("this group is there already"),
            Self::LongPath => write!(f, "a path has at most {PATH_BYTES_MAX} bytes"),
        }
    }
}

/// A tree under construction.
#[derive(Debug)]
pub(crate) struct Builder {
    pub(crate) tree: Hierarchy,
    /// Length of every group's path in bytes.
    path_bytes: Vec<usize>,
    /// Groups by parent and hash of the name. Two names with one hash: the later is not in here.
    index: BTreeMap<(GroupId, u64), GroupId>,
    /// The parent looked up last: neighbours in a list mostly share it.
    last: (String, GroupId),
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            tree: Hierarchy::new(),
            path_bytes: vec![0],
            index: BTreeMap::new(),
            last: (String::new(), GroupId::ROOT),
        }
    }

    /// Adds one group below a parent.
    pub(crate) fn add(&mut self, parent: GroupId, name: &str) -> Result<GroupId, Refusal> {
        if let Some(id) = self.child(parent, name) {
            return Err(Refusal::Exists(id));
        }
        let above = self.path_bytes.get(parent.index()).copied().unwrap_or(0);
        let n_bytes = if parent == GroupId::ROOT { name.len() } else { above + 1 + name.len() };
        if n_bytes > PATH_BYTES_MAX {
            return Err(Refusal::LongPath);
        }
        let id = self.tree.add(parent, name).map_err(Refusal::Tree)?;
        self.path_bytes.push(n_bytes);
        self.index.entry((parent, hash(name))).or_insert(id);
        Ok(id)
    }

    fn child(&self, parent: GroupId, name: &str) -> Option<GroupId> {
        let id = *self.index.get(&(parent, hash(name)))?;
        if self.tree.name(id) == name {
            return Some(id);
        }
        self.tree.children(parent).iter().copied().find(|child| self.tree.name(*child) == name)
    }

    /// Adds the group at a path below `base`, and those above it that are missing.
    ///
    /// An empty path is `base` itself, which counts as being there already.
    pub(crate) fn add_path(&mut self, base: GroupId, path: &str) -> Result<GroupId, Refusal> {
        let path = path.trim_end_matches('/');
        let Some((above, name)) = path.rsplit_once('/') else {
            return if path.is_empty() { Err(Refusal::Exists(base)) } else { self.add(base, path) };
        };
        if base == GroupId::ROOT && self.last.0 == above {
            return self.add(self.last.1, name);
        }
        let mut parent = base;
        for part in above.split('/').filter(|part| !part.is_empty()) {
            parent = match self.add(parent, part) {
                Ok(id) | Err(Refusal::Exists(id)) => id,
                Err(refusal) => return Err(refusal),
            };
        }
        if base == GroupId::ROOT {
            self.last = (above.to_string(), parent);
        }
        self.add(parent, name)
    }
}

/// FNV-1a: short, and the same everywhere.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A path without slashes at its ends or twice in a row; `/` for the root.
pub(crate) fn normal_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push('/');
        }
        out.push_str(part);
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}
