//! Carries a change of the tree through the paths of threads and moves.
//!
//! Knows what every path meant before the change, and nothing of why the tree changed.

use super::Edit;
use crate::{
    resolve::{
        names::{Names, Register, Target},
        shown,
    },
    scenario::{OpText, RoleText, Scenario, Verb},
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::order::order_by_key;
use memcg_core::{condition::Rename, hierarchy::GroupId, schedule::Move, world::World};

/// Groups that a `mkdir` makes at the path of a group that is changed: they change along.
pub(super) struct Heirs {
    pub(super) made: Vec<usize>,
    /// Their parent: the initial group with its id before the change.
    pub(super) parent: Target,
    /// Their name.
    pub(super) name: String,
}

/// What every path of a scenario meant before a change.
pub(super) struct References {
    names: Names,
    n_groups: usize,
}

impl References {
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self { names: Names::of(scenario), n_groups: scenario.hierarchy.n_groups() }
    }

    /// The groups made where this one is.
    pub(super) fn heirs(&self, scenario: &Scenario, id: GroupId) -> Option<Heirs> {
        if id.index() >= self.n_groups {
            return None;
        }
        let parent = Target::Initial(scenario.hierarchy.parent(id)?);
        let name = scenario.hierarchy.name(id).to_string();
        let made = self.names.made.iter().enumerate();
        let same = made.filter(|(_, m)| m.parent == Some(parent) && m.name == name);
        Some(Heirs { made: same.map(|(at, _)| at).collect(), parent, name })
    }

    /// Rewrites all paths; drops what means a group that is gone, and the thread `without`.
    pub(super) fn write_back(
        &self,
        scenario: &mut Scenario,
        ids: Vec<Option<GroupId>>,
        heirs: Option<&Heirs>,
        without: Option<usize>,
    ) -> Edit {
        let paths = self.paths(scenario, &ids, heirs, without);
        let mut edit = Edit { ids, ..Edit::default() };
        let mut gone: Vec<(String, usize)> = Vec::new();
        let threads = core::mem::take(&mut scenario.threads);
        for (at, mut text) in threads.into_iter().enumerate() {
            let stays = without != Some(at)
                && self.thread(at, &text.name, &mut text.role, &paths, &mut edit);
            if stays {
                scenario.threads.push(text);
            } else {
                gone.push((text.name, 0));
            }
        }
        scenario.schedule.retain_mut(|one| {
            if let Some((_, n)) = gone.iter_mut().find(|(name, _)| name == one.thread()) {
                *n += 1;
                return false;
            }
            let Move::Work { stage, group } = one else { return true };
            if self.follow(group, &paths, &mut edit) {
                return true;
            }
            edit.dropped.push(format!("{} {stage} {}", World::WORKER, shown(group)));
            false
        });
        scenario.expectations.retain_mut(|one| {
            if one.group.as_mut().is_none_or(|group| self.follow(group, &paths, &mut edit)) {
                return true;
            }
            edit.dropped.push(one.to_string());
            false
        });
        self.conditions(scenario, &gone, &paths, &mut edit);
        for (thread, n) in gone {
            let thread = shown(&thread);
            edit.dropped.push(match n {
                0 => format!("thread {thread}"),
                1 => format!("thread {thread} with 1 move"),
                n => format!("thread {thread} with {n} moves"),
            });
        }
        edit
    }

    /// Rewrites the conditions; drops those about a group or a thread that is gone.
    fn conditions(
        &self,
        scenario: &mut Scenario,
        gone: &[(String, usize)],
        paths: &Paths,
        edit: &mut Edit,
    ) {
        scenario.checks.retain_mut(|condition| {
            let mut names = Followed { of: self, gone, paths, edit: &mut *edit };
            if let Some(renamed) = condition.renamed(&mut names) {
                *condition = renamed;
                return true;
            }
            edit.dropped.push(crate::print::written(condition));
            false
        });
        scenario.watches.retain_mut(|watch| {
            let mut names = Followed { of: self, gone, paths, edit: &mut *edit };
            if let Some(renamed) = watch.renamed(&mut names) {
                *watch = renamed;
                return true;
            }
            edit.dropped.push(crate::print::written_watch(watch));
            false
        });
    }

    /// Rewrites a thread; `false` if nothing of it is left.
    fn thread(
        &self,
        at: usize,
        name: &str,
        role: &mut RoleText,
        paths: &Paths,
        edit: &mut Edit,
    ) -> bool {
        match role {
            RoleText::Reclaimer { root, .. } => self.follow(root, paths, edit),
            RoleText::Admin(ops) => {
                let n_before = ops.len();
                let mut made = self.names.made.partition_point(|m| m.thread < at);
                ops.retain_mut(|op| {
                    let stays = if op.verb == Verb::Mkdir {
                        made += 1;
                        Self::rebase(made - 1, op, paths, edit)
                    } else {
                        self.follow(&mut op.group, paths, edit)
                    };
                    if !stays {
                        edit.dropped.push(format!(
                            "{name}: {} {}",
                            op.verb.word(),
                            shown(&op.group)
                        ));
                    }
                    stays
                });
                !ops.is_empty() || n_before == 0
            }
        }
    }

    /// Writes the path where a `mkdir` makes its group now; `false` if it can make it no more.
    fn rebase(made: usize, op: &mut OpText, paths: &Paths, edit: &mut Edit) -> bool {
        match paths.made.get(made) {
            Some(Some((base, _))) => {
                rewrite(&mut op.group, base, edit);
                true
            }
            Some(None) => false,
            None => true,
        }
    }

    /// Writes the path that a group has now; `false` if the group is gone.
    fn follow(&self, path: &mut String, paths: &Paths, edit: &mut Edit) -> bool {
        let new = match self.names.find(path) {
            // It meant nothing before, either.
            None => return true,
            Some(Target::Initial(id)) => paths.initial.get(id.index()).and_then(Option::as_ref),
            Some(Target::Made(at)) => {
                paths.made.get(at).and_then(|made| made.as_ref().map(|(_, path)| path))
            }
        };
        match new {
            Some(new) => {
                rewrite(path, new, edit);
                true
            }
            None => false,
        }
    }

    /// The paths after the change.
    fn paths(
        &self,
        scenario: &Scenario,
        ids: &[Option<GroupId>],
        heirs: Option<&Heirs>,
        without: Option<usize>,
    ) -> Paths {
        let tree = &scenario.hierarchy;
        let initial: Vec<_> = ids.iter().map(|id| id.map(|id| tree.path(id))).collect();
        let list = &self.names.made;
        let heir = |at: usize| heirs.filter(|heirs| heirs.made.binary_search(&at).is_ok());
        let parent = |at: usize| heir(at).map_or(list[at].parent, |heirs| Some(heirs.parent));

        // Parents first; the depth after the change decides, since an heir may have moved.
        let order = order_by_key(list.len(), |at| list[at].path.matches('/').count());
        let mut depths = vec![0; list.len()];
        for at in order.iter().copied() {
            depths[at] = match parent(at) {
                None => 0,
                Some(Target::Made(above)) => depths[above] + 1,
                Some(Target::Initial(id)) => ids[id.index()].map_or(0, |id| tree.depth(id)) + 1,
            };
        }
        let order = order_by_key(list.len(), |at| depths[at]);

        let mut register = Register::new(tree);
        let mut made: Vec<Option<(String, String)>> = vec![None; list.len()];
        for at in order {
            if without == Some(list[at].thread) {
                continue;
            }
            let above = match parent(at) {
                // There was no such parent, so the text stays as it is.
                None => {
                    let base = mkdir_path(scenario, &list[at].path, list[at].thread, list[at].op);
                    let (path, _) = register.make(&base, Target::Made(at));
                    made[at] = Some((base, path));
                    continue;
                }
                Some(Target::Initial(id)) => initial[id.index()].clone(),
                Some(Target::Made(above)) => made[above].as_ref().map(|(_, path)| path.clone()),
            };
            let Some(above) = above else { continue };
            let name = heir(at).map_or(&list[at].name, |heirs| &heirs.name);
            let base = if above == "/" { name.clone() } else { format!("{above}/{name}") };
            let (path, _) = register.make(&base, Target::Made(at));
            made[at] = Some((base, path));
        }
        Paths { initial, made }
    }
}

/// What names become by a change.
struct Followed<'a> {
    of: &'a References,
    gone: &'a [(String, usize)],
    paths: &'a Paths,
    edit: &'a mut Edit,
}

impl Rename<String, String, String, String> for Followed<'_> {
    fn group(&mut self, path: &String) -> Option<String> {
        let mut path = path.clone();
        self.of.follow(&mut path, self.paths, self.edit).then_some(path)
    }

    fn thread(&mut self, name: &String) -> Option<String> {
        self.gone.iter().all(|(gone, _)| gone != name).then(|| name.clone())
    }
}

/// Paths after a change; `None` for groups that are gone.
struct Paths {
    initial: Vec<Option<String>>,
    /// Where the group is made, and its own path.
    made: Vec<Option<(String, String)>>,
}

fn mkdir_path(scenario: &Scenario, path: &str, thread: usize, op: usize) -> String {
    match scenario.threads.get(thread).map(|text| &text.role) {
        Some(RoleText::Admin(ops)) => ops.get(op).map_or(path, |op| &op.group).to_string(),
        _ => path.to_string(),
    }
}

fn rewrite(written: &mut String, new: &str, edit: &mut Edit) {
    if written != new {
        *written = new.to_string();
        edit.n_rewritten += 1;
    }
}
