//! Changes that an editor makes to the tree and the threads, carried through the whole scenario.
//!
//! Threads and moves refer to groups by path. Before a change every path is resolved to the group
//! it means; afterwards it is written as that group's new path, so nothing comes to mean another
//! group. What refers to something removed is dropped, and the report says so.

mod rewrite;

use crate::{parse::check_thread_name, resolve::names::Target, scenario::Scenario};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::{
    condition::Rename,
    hierarchy::{GroupId, TreeError},
    schedule::Move,
};
use rewrite::{Heirs, References};

/// What a change did.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Edit {
    /// For every id before the change the id after it, `None` for groups removed.
    pub ids: Vec<Option<GroupId>>,
    /// What was dropped since it referred to something removed, a phrase each, such as
    /// `admin: rmdir machine/ct-105`.
    pub dropped: Vec<String>,
    /// How many paths in threads and moves were rewritten.
    pub n_rewritten: usize,
}

/// A thread has another name.
struct Renamed<'a> {
    old: &'a str,
    new: &'a str,
}

impl Rename<String, String, String, String> for Renamed<'_> {
    fn group(&mut self, path: &String) -> Option<String> {
        Some(path.clone())
    }

    fn thread(&mut self, name: &String) -> Option<String> {
        Some((if name == self.old { self.new } else { name }).to_string())
    }
}

impl Scenario {
    /// Adds a group, last among its siblings.
    ///
    /// # Errors
    /// As [`memcg_core::hierarchy::Hierarchy::add`].
    pub fn add_group(&mut self, parent: GroupId, name: &str) -> Result<(GroupId, Edit), TreeError> {
        let before = References::of(self);
        let ids = self.hierarchy.ids().map(Some).collect();
        let id = self.hierarchy.add(parent, name)?;
        Ok((id, before.write_back(self, ids, None, None)))
    }

    /// Renames a group; threads, moves and conditions follow, and so does a `mkdir` that makes the group anew.
    ///
    /// # Errors
    /// As [`memcg_core::hierarchy::Hierarchy::rename`].
    pub fn rename_group(&mut self, id: GroupId, name: &str) -> Result<Edit, TreeError> {
        let before = References::of(self);
        let heirs = before.heirs(self, id);
        let ids = self.hierarchy.ids().map(Some).collect();
        self.hierarchy.rename(id, name)?;
        let change = heirs.map(|heirs| Heirs { name: name.to_string(), ..heirs });
        Ok(before.write_back(self, ids, change.as_ref(), None))
    }

    /// Moves a group and all below it to another parent, as its last child and as the youngest;
    /// threads and moves follow, and so does a `mkdir` that makes the group anew.
    ///
    /// # Errors
    /// As [`memcg_core::hierarchy::Hierarchy::move_to`].
    pub fn move_group(&mut self, id: GroupId, parent: GroupId) -> Result<Edit, TreeError> {
        let before = References::of(self);
        let heirs = before.heirs(self, id);
        let ids = self.hierarchy.move_to(id, parent)?;
        let change = heirs.map(|heirs| Heirs { parent: Target::Initial(parent), ..heirs });
        Ok(before.write_back(self, ids, change.as_ref(), None))
    }

    /// Removes a group and all below it, with what refers to them.
    ///
    /// # Errors
    /// As [`memcg_core::hierarchy::Hierarchy::remove`].
    pub fn remove_group(&mut self, id: GroupId) -> Result<Edit, TreeError> {
        let before = References::of(self);
        let ids = self.hierarchy.remove(id)?;
        Ok(before.write_back(self, ids, None, None))
    }

    /// Renames a thread; its moves and conditions follow. `false` if there is no such thread.
    ///
    /// # Errors
    /// Why it cannot have the name, in words.
    pub fn rename_thread(&mut self, old: &str, new: &str) -> Result<bool, String> {
        if old == new {
            return Ok(self.threads.iter().any(|t| t.name == old));
        }
        check_thread_name(new, &self.threads)?;
        let Some(text) = self.threads.iter_mut().find(|t| t.name == old) else { return Ok(false) };
        text.name = new.to_string();
        for one in &mut self.schedule {
            match one {
                Move::Call { thread } | Move::Begin { thread } | Move::To { thread, .. } => {
                    if thread == old {
                        *thread = new.to_string();
                    }
                }
                Move::Work { .. } => {}
            }
        }
        let mut names = Renamed { old, new };
        for condition in &mut self.checks {
            if let Some(renamed) = condition.renamed(&mut names) {
                *condition = renamed;
            }
        }
        for watch in &mut self.watches {
            if let Some(renamed) = watch.renamed(&mut names) {
                *watch = renamed;
            }
        }
        Ok(true)
    }

    /// Removes a thread, its moves, conditions about it, and what refers to the groups that it makes.
    pub fn remove_thread(&mut self, name: &str) -> Edit {
        let before = References::of(self);
        let gone = self.threads.iter().position(|t| t.name == name);
        let ids = self.hierarchy.ids().map(Some).collect();
        before.write_back(self, ids, None, gone)
    }
}
