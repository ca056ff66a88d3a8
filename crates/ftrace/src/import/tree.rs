//! Groups as a scenario names them: by path, `path#2` for the second at a path, in names that a cgroup may have.

use crate::trace::{Trace, What};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::hierarchy::{GroupId, Hierarchy, NAME_BYTES_MAX, TreeError, check_name};
use memcg_scenario::PATH_BYTES_MAX;

/// The groups at the beginning of a window, and the paths of all that come.
#[derive(Debug)]
pub(super) struct Tree {
    hierarchy: Hierarchy,
    /// Path of every group of the trace, once it is in the scenario.
    paths: Vec<Option<String>>,
    /// Paths taken, with the number given last.
    taken: BTreeMap<String, u32>,
    n_groups: usize,
    n_groups_max: usize,
}

impl Tree {
    /// The groups that exist before an event and are not being removed.
    pub(super) fn at(
        trace: &Trace,
        start: usize,
        n_groups_max: usize,
        left_out: &mut Vec<String>,
    ) -> Self {
        let n = trace.groups.len();
        let mut is_there: Vec<bool> = trace.groups.iter().map(|g| g.before).collect();
        let mut is_dying = vec![false; n];
        let mut order: Vec<usize> = (1..n).filter(|g| is_there[*g]).collect();
        for event in &trace.events[..start] {
            match event.what {
                What::Create(g) if !is_there[g.index()] => {
                    is_there[g.index()] = true;
                    order.push(g.index());
                }
                What::Rmdir(g) => is_dying[g.index()] = true,
                What::Freed(g) => is_there[g.index()] = false,
                _ => {}
            }
        }
        let mut tree = Self {
            hierarchy: Hierarchy::new(),
            paths: vec![None; n],
            taken: BTreeMap::new(),
            n_groups: 1,
            n_groups_max: n_groups_max.min(Hierarchy::N_GROUPS_MAX),
        };
        tree.paths[0] = Some("/".to_string());
        let mut ids = vec![None; n];
        ids[0] = Some(GroupId::ROOT);
        let (mut n_full, mut n_dying) = (0_usize, 0_usize);
        for at in order {
            if is_dying[at] {
                n_dying += usize::from(is_there[at]);
                continue;
            }
            let parent = trace.groups[at].parent.map_or(0, GroupId::index);
            let Some(above) = ids[parent] else { continue };
            if tree.n_groups >= tree.n_groups_max {
                n_full += 1;
                continue;
            }
            let name = name_of(&trace.groups[at].path);
            let mut wanted = name.clone();
            let mut number = 1_u32;
            let added = loop {
                match tree.hierarchy.add(above, &wanted) {
                    Err(TreeError::Duplicate(_)) if number < 1_000 => {
                        number += 1;
                        wanted = format!("{name}~{number}");
                    }
                    other => break other,
                }
            };
            let Ok(id) = added else { continue };
            let above = tree.paths[parent].clone().unwrap_or_default();
            let path = joined(&above, &wanted);
            tree.taken.insert(path.clone(), 1);
            tree.paths[at] = Some(path);
            ids[at] = Some(id);
            tree.n_groups += 1;
        }
        if n_full > 0 {
            left_out.push(format!("{n_full} groups beyond the first {}", tree.n_groups_max));
        }
        if n_dying > 0 {
            left_out
                .push(format!("{n_dying} groups that were being removed when the window began"));
        }
        tree
    }

    /// A group is made in the window: where, for `mkdir`. `None` if its parent is not in the scenario or it is full.
    pub(super) fn make(&mut self, trace: &Trace, group: GroupId) -> Option<String> {
        let spec = &trace.groups[group.index()];
        let above = self.path(spec.parent.unwrap_or(GroupId::ROOT))?.to_string();
        let path = joined(&above, &name_of(&spec.path));
        if self.paths[group.index()].is_some()
            || self.n_groups >= self.n_groups_max
            || path.len() + 12 > PATH_BYTES_MAX
        {
            return None;
        }
        self.n_groups += 1;
        let own = match self.taken.get(&path).copied() {
            None => path.clone(),
            Some(mut number) => loop {
                number += 1;
                let own = format!("{path}#{number}");
                if !self.taken.contains_key(&own) {
                    self.taken.insert(path.clone(), number);
                    break own;
                }
            },
        };
        self.taken.entry(own.clone()).or_insert(1);
        self.paths[group.index()] = Some(own);
        Some(path)
    }

    /// The group's path in the scenario.
    pub(super) fn path(&self, group: GroupId) -> Option<&str> {
        self.paths.get(group.index())?.as_deref()
    }

    pub(super) fn into_hierarchy(self) -> Hierarchy {
        self.hierarchy
    }
}

fn joined(above: &str, name: &str) -> String {
    if above == "/" { name.to_string() } else { format!("{above}/{name}") }
}

/// The last part of a path, as a name that a cgroup may have.
fn name_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    if check_name(name).is_ok() {
        return name.to_string();
    }
    let mut out = String::new();
    for c in name.chars() {
        let c = if check_name(c.encode_utf8(&mut [0; 4])).is_ok() || c == '.' { c } else { '_' };
        if out.len() + c.len_utf8() <= NAME_BYTES_MAX {
            out.push(c);
        }
    }
    if check_name(&out).is_ok() { out } else { "unnamed".to_string() }
}
