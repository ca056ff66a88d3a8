//! An import on its way: from a pasted or dropped text to a tree that can be used.

use crate::msg::Brought;
use crate::work::Answer;
use memcg_core::hierarchy::Hierarchy;

/// Groups of what was read that are shown before it is used.
pub const N_ROWS_SHOWN_MAX: usize = 200;

/// An import.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Import {
    /// None.
    #[default]
    Idle,
    /// A pasted text looks like a listing of cgroups, and is held until the person decides.
    Offered(Brought),
    /// The box is open: what is typed into it, and why the last try came to nothing.
    Asking {
        /// The text.
        text: String,
        /// What was wrong.
        failed: Option<String>,
    },
    /// A file with this name is on its way.
    Loading(String),
    /// The worker reads.
    Reading {
        /// Which question.
        id: u32,
        /// Bytes in all.
        n_bytes: usize,
    },
    /// It has been read: what the worker says, and the tree.
    Read(Box<Answer>, Box<Hierarchy>),
}
