//! "Remove this group now": an administrator's rmdir at the cursor, with what the kernel makes of it.
//!
//! The operation is added to a thread and the moves are put in at the cursor, on a branch of their
//! own; what was recorded after the cursor comes after them.

use super::{edit, threads};
use crate::model::Model;
use crate::model::playback::{Errand, Playback};
use crate::msg::Effect;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{Life, Next};
use memcg_core::world::{Role, World};
use memcg_scenario::{OpText, RoleText, Scenario, ThreadText, Verb};

/// Most groups removed by one action.
const N_GROUPS_MAX: usize = 64;

/// Removes a group and, since rmdir refuses a group that has children, those below it first.
pub(super) fn now(model: &mut Model, group: GroupId) -> Vec<Effect> {
    match plan(model, group) {
        Ok((after, errand)) => {
            let words = format!("rmdir {}", errand.paths.last().map_or("", String::as_str));
            let mut effects = edit::change(model, &words, None, after, None);
            edit::send(model, errand);
            effects.push(Effect::Frame);
            effects
        }
        Err(why) => {
            model.tree.error = Some(why);
            model.tree.at = group;
            Vec::new()
        }
    }
}

fn plan(model: &Model, group: GroupId) -> Result<(Scenario, Errand), String> {
    let Some(playback) = model.playback() else { return Err("nothing runs yet".to_owned()) };
    if group == GroupId::ROOT {
        return Err("the root cgroup stays as it is".to_owned());
    }
    let groups = living_below(playback, group);
    if groups.is_empty() {
        return Err(format!("{} is not there at this moment", playback.world.path(group)));
    }
    if groups.len() > N_GROUPS_MAX {
        let n = groups.len();
        return Err(format!(
            "{n} groups would have to be removed first: rmdir refuses a group that has children"
        ));
    }
    let paths: Vec<String> = groups.iter().map(|g| playback.world.path(*g).to_owned()).collect();
    let mut after = (*model.scenario()).clone();
    let ops = paths.iter().map(|path| OpText { verb: Verb::Rmdir, group: path.clone() });
    let thread = match idle_admin(playback) {
        Some(name) => {
            if let Some(ThreadText { role: RoleText::Admin(all), .. }) =
                after.threads.iter_mut().find(|t| t.name == name)
            {
                all.extend(ops);
            }
            name
        }
        None if after.threads.len() >= World::N_THREADS_MAX => {
            return Err(format!(
                "there are {} threads already, none of them free for it",
                World::N_THREADS_MAX
            ));
        }
        None => {
            let name = threads::free_name("admin", &after.threads);
            after
                .threads
                .push(ThreadText { name: name.clone(), role: RoleText::Admin(ops.collect()) });
            name
        }
    };
    Ok((after, Errand { thread, paths }))
}

/// The group and those below it that are still in use, children before parents.
fn living_below(playback: &Playback, group: GroupId) -> Vec<GroupId> {
    let Some(picture) = playback.shown.pictures.first() else { return Vec::new() };
    let lives = |g: &GroupId| {
        let place = playback.outline.place_of(*g);
        picture.groups.get(place).is_some_and(|p| matches!(p.life, Life::Alive | Life::Coming))
    };
    let parent = |g: GroupId| playback.world.groups.get(g.index()).and_then(|spec| spec.parent);
    let is_below =
        |g: &GroupId| std::iter::successors(Some(*g), |g| parent(*g)).any(|g| g == group);
    playback.world.pre_order().into_iter().rev().filter(|g| lives(g) && is_below(g)).collect()
}

/// An administrator that has done all it had to do, in every lane.
fn idle_admin(playback: &Playback) -> Option<String> {
    let is_done = |at: usize| {
        let pictures = &playback.shown.pictures;
        pictures.iter().all(|p| p.threads.get(at).is_some_and(|t| t.next == Next::Done))
    };
    let admins =
        playback.world.threads.iter().enumerate().filter(|(_, t)| matches!(t.role, Role::Admin(_)));
    admins.filter(|(at, _)| is_done(*at)).map(|(_, t)| t.name.clone()).next()
}
