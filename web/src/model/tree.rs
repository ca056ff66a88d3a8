//! The tree editor's own state: where the keyboard is, what is being typed, what is dragged.
//!
//! The tree itself is the document's.

use crate::geometry::rows::{Density, Outline, Viewport};
use crate::model::groups::GroupSet;
use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::world::World;
use std::rc::Rc;

/// The tree editor.
#[derive(Clone, PartialEq, Debug)]
pub struct TreeEditor {
    /// The row the keyboard is on.
    pub at: GroupId,
    /// A name that is being typed.
    pub entry: Option<Entry>,
    /// What is wrong with what was tried last; shown at the row.
    pub error: Option<String>,
    /// What the last edit did, in words.
    pub said: Option<String>,
    /// The editor has the Tab key. Escape gives it back, so that nobody is caught in here.
    pub has_tab: bool,
    /// What is dragged.
    pub drag: Option<Drag>,
    /// Folded groups.
    pub folded: GroupSet,
    /// The rows.
    pub outline: Rc<Outline>,
    /// What can be seen of them.
    pub viewport: Viewport,
}

impl Default for TreeEditor {
    fn default() -> Self {
        Self {
            at: GroupId::ROOT,
            entry: None,
            error: None,
            said: None,
            has_tab: false,
            drag: None,
            folded: GroupSet::default(),
            outline: Rc::default(),
            viewport: Viewport { density: Density::Roomy, scroll_px: 0, height_px: 480 },
        }
    }
}

/// A name that is being typed.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Entry {
    /// For what.
    pub purpose: Purpose,
    /// The name so far.
    pub text: String,
}

/// What a name is typed for.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Purpose {
    /// A new group below this parent, as its youngest child.
    New {
        /// The parent.
        parent: GroupId,
    },
    /// Another name for the row's group.
    Rename,
}

/// A group that is dragged.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Drag {
    /// Which.
    pub group: GroupId,
    /// The group it is over: its new parent.
    pub over: Option<GroupId>,
}

impl TreeEditor {
    /// Follows the tree: `ids` says what became of every group.
    pub fn follow(&mut self, tree: &Hierarchy, ids: Option<&[Option<GroupId>]>) {
        if let Some(ids) = ids {
            let now = |group: GroupId| ids.get(group.index()).copied().flatten();
            self.at = now(self.at).unwrap_or(GroupId::ROOT);
            self.folded = self.folded.mapped(now);
        }
        if self.at.index() >= tree.n_groups() {
            self.at = GroupId::ROOT;
        }
        let is_there = |group: GroupId| (group.index() < tree.n_groups()).then_some(group);
        self.folded = self.folded.mapped(is_there);
        self.drag = None;
        self.outline = Rc::new(Outline::new(&World::new(tree), &self.folded));
    }

    /// The parent of the group that is being typed.
    pub fn new_below(&self) -> Option<GroupId> {
        match self.entry.as_ref()?.purpose {
            Purpose::New { parent } => Some(parent),
            Purpose::Rename => None,
        }
    }

    /// Whether the row's own name is being typed.
    pub fn is_renaming(&self, group: GroupId) -> bool {
        self.at == group
            && self.entry.as_ref().is_some_and(|entry| entry.purpose == Purpose::Rename)
    }
}
