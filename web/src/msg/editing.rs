//! Messages of the panels in which a scenario is edited.

use crate::model::Lines;
use memcg_core::hierarchy::GroupId;

/// What was done to the scenario outside the tree and the text.
#[derive(Clone, PartialEq, Debug)]
pub enum EditMsg {
    /// No such lane any more.
    RemovedLane(usize),
    /// Another core for a lane; `None` for the policy's own.
    ChangedCore(usize, Option<String>),
    /// A lane goes this many places to the right.
    MovedLane(usize, isize),
    /// A thread of this kind.
    AddedThread(Preset),
    /// Something more to watch.
    AddedWatch,
    /// No such line any more.
    RemovedLine(Lines, usize),
    /// Opened a line for writing.
    OpenedLine(Lines, usize),
    /// Typed in it.
    TypedLine(String),
    /// Done with it: take it over (or drop what was typed).
    LeftLine {
        /// Take over what was typed.
        take: bool,
    },
    /// Another title.
    TypedTitle(String),
    /// Preemptible or not.
    ChosePreemption(bool),
    /// `use_hierarchy` or not.
    ChoseHierarchy(bool),
    /// The schedule is to begin anew, without moves.
    ClearedSchedule,
}

/// A thread to begin with.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Preset {
    /// Walks everything for ever.
    Kswapd,
    /// Walks below a group and breaks off.
    Limit,
    /// A walk without a slot.
    Private,
    /// Makes and removes groups.
    Admin,
}

/// What was done in the tree editor.
#[derive(Clone, PartialEq, Debug)]
pub enum TreeMsg {
    /// Went to a group.
    Went(GroupId),
    /// Folded or unfolded a group.
    Folded(GroupId),
    /// A key or a button.
    Did(TreeAct),
    /// Typed a name.
    Typed(String),
    /// Done with the name: take it over (or drop it).
    LeftEntry {
        /// Take over what was typed.
        take: bool,
    },
    /// Began to drag a group.
    DragBegan(GroupId),
    /// Drags it over this group (`None`: over nothing).
    DraggedOver(Option<GroupId>),
    /// Let it go.
    Dropped,
    /// Gave up dragging.
    DragGivenUp,
    /// Scrolled: by how much, and the height that can be seen.
    Scrolled(u32, u32),
    /// Wants this group removed at this moment of the schedule.
    RemovedNow(GroupId),
}

/// What keys and buttons do in the tree editor.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum TreeAct {
    /// A name for a new sibling.
    NewSibling,
    /// A name for a new child.
    NewChild,
    /// The new group one level deeper, or up.
    EntryDeeper,
    /// The new group one level up.
    EntryHigher,
    /// Another name.
    Rename,
    /// Away with it and all below.
    Remove,
    /// To another row.
    Go(Way),
    /// Before its older sibling.
    Older,
    /// After its younger sibling.
    Younger,
    /// Beside its parent.
    Outdent,
    /// Below its older sibling.
    Indent,
    /// The keyboard leaves the editor.
    Leave,
}

/// A direction in the tree.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Way {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// Fold, or to the parent.
    Left,
    /// Unfold, or to the first child.
    Right,
    /// First row.
    First,
    /// Last row.
    Last,
}

/// What was done in the scenario's text.
#[derive(Clone, PartialEq, Debug)]
pub enum TextMsg {
    /// Typed: the whole text.
    Typed(String),
    /// What was typed and is wrong is to be dropped.
    Dropped,
    /// A text that is too long to show shall be shown nevertheless.
    ShownAnyway,
    /// Wants it on the clipboard.
    Copied,
}

/// What was done about an import.
#[derive(Clone, PartialEq, Debug)]
pub enum ImportMsg {
    /// Wants to import.
    Opened,
    /// Typed into the box.
    Typed(String),
    /// The pasted text shall be read.
    Accepted,
    /// What is in the box shall be read.
    Read,
    /// Not any more.
    Cancelled,
    /// What was read becomes the hierarchy.
    Used,
}
