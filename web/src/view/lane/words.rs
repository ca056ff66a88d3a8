//! A group of a lane in words: what a row says to a screen reader, and what holds a group.

use crate::view::mark::{ThreadMark, names};
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{GroupPicture, LanePicture, Life};
use memcg_core::world::{Role, ThreadSpec, World};

/// The mark beside a name; nothing for a group in use.
pub const fn life_mark(life: Life) -> &'static str {
    match life {
        Life::Unborn => "not made yet",
        Life::Coming => "coming",
        Life::Alive => "",
        Life::Dying => "dying",
        Life::Offline => "offline",
        Life::Unlinked => "unlinked",
        Life::Freed => "freed",
    }
}

/// `1st`, `2nd`, `3rd`, `4th` …
pub fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// `1 visit`, `2 visits`.
pub fn count(n: i64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// A number that fits a narrow column: `999`, `1.2k`, `34k`.
pub fn short(n: u32) -> String {
    match n {
        0..1_000 => n.to_string(),
        1_000..10_000 => format!("{}.{}k", n / 1_000, n % 1_000 / 100),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{}M", n / 1_000_000),
    }
}

/// The name shown for a group: its own, and the root's path.
pub fn name(world: &World, group: GroupId) -> &str {
    world.name(group)
}

/// Everything a row shows, as one sentence; `around` is what [`around`] says.
pub fn row(world: &World, shown: &GroupPicture, around: &str) -> String {
    let GroupPicture { group, life, n_refs, visit, n_visits } = *shown;
    let mut parts = vec![match world.path(group) {
        "/" => "root".to_owned(),
        path => path.to_owned(),
    }];
    match life {
        Life::Alive => {}
        Life::Unborn => {
            parts.push(life_mark(life).into());
            return parts.join(", ");
        }
        _ => parts.push(life_mark(life).into()),
    }
    parts.push(count(n_refs.into(), "reference"));
    if let Some(visit) = visit {
        parts.push(format!("visited {} in this round", ordinal(visit)));
    }
    parts.push(match n_visits {
        0 => "never visited".into(),
        n => format!("{} in all", count(n.into(), "visit")),
    });
    if !around.is_empty() {
        parts.push(around.into());
    }
    parts.join(", ")
}

/// What points at a group and holds it; empty for most.
pub fn around(marks: &[ThreadMark], picture: &LanePicture, group: GroupId) -> String {
    let mut parts = Vec::new();
    for pin in picture.pins.iter().filter(|p| p.group == Some(group)) {
        parts.push(if pin.dangling {
            format!("slot {} points at this freed memory", pin.key)
        } else {
            format!("slot {} points here", pin.key)
        });
    }
    let holders = holding(picture, group);
    if !holders.is_empty() {
        let verb = if holders.len() == 1 { "holds" } else { "hold" };
        parts.push(format!("{} {verb} it", names(marks, &holders)));
    }
    parts.join(", ")
}

fn holding(picture: &LanePicture, group: GroupId) -> Vec<usize> {
    picture
        .threads
        .iter()
        .enumerate()
        .filter(|(_, t)| t.holds == Some(group))
        .map(|(at, _)| at)
        .collect()
}

/// Who holds a group, as far as a picture tells: `3: base, 1 child, kswapd0`.
pub fn holders(
    world: &World,
    marks: &[ThreadMark],
    picture: &LanePicture,
    group: GroupId,
) -> String {
    let Some(shown) = picture.groups.iter().find(|g| g.group == group) else {
        return String::new();
    };
    if shown.life == Life::Unborn {
        return "not made yet".into();
    }
    if shown.life == Life::Freed {
        return "none: its memory is freed".into();
    }
    let threads = holding(picture, group);
    let n_children = picture
        .groups
        .iter()
        .filter(|g| world.groups[g.group.index()].parent == Some(group))
        .filter(|g| !matches!(g.life, Life::Unborn | Life::Freed))
        .count();
    let based = shown.life < Life::Unlinked;
    let below = |t: &&ThreadSpec| matches!(t.role, Role::Reclaimer { root, .. } if root == group);
    let walk_below: Vec<&str> =
        world.threads.iter().filter(below).map(|t| t.name.as_str()).collect();
    let mut parts = Vec::new();
    if based {
        parts.push("base".to_owned());
    }
    if n_children > 0 {
        let noun = if n_children == 1 { "child" } else { "children" };
        parts.push(format!("{n_children} {noun}"));
    }
    parts.extend(threads.iter().filter_map(|t| marks.get(*t)).map(|m| m.name.to_string()));
    parts.extend(walk_below.iter().map(|name| format!("{name} walks below it")));
    let n_known = usize::from(based) + n_children + threads.len() + walk_below.len();
    let n_known = i32::try_from(n_known).unwrap_or(i32::MAX);
    if shown.n_refs > n_known {
        parts.push(format!("{} other", shown.n_refs - n_known));
    }
    match parts.as_slice() {
        [] => count(shown.n_refs.into(), "reference"),
        _ => format!("{}: {}", count(shown.n_refs.into(), "reference"), parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{mark, sample};
    use expect_test::expect;

    #[test]
    fn a_row_says_all_it_shows() {
        let world = sample::world();
        let marks = mark::of(&world);
        let said = |picture: &LanePicture| -> String {
            (0..picture.groups.len())
                .map(|at| {
                    let shown = &picture.groups[at];
                    row(&world, shown, &around(&marks, picture, shown.group))
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        expect![[r"
            root, 1 reference, visited 1st in this round, 3 visits in all
            system, 1 reference, visited 2nd in this round, 3 visits in all
            system/sshd, 1 reference, visited 3rd in this round, 3 visits in all
            system/cron, 1 reference, visited 4th in this round, 3 visits in all
            machine, 1 reference, visited 5th in this round, 3 visits in all
            machine/ct-101, dying, 1 reference, visited 6th in this round, 3 visits in all
            machine/ct-102, offline, 1 reference, visited 7th in this round, 3 visits in all
            machine/ct-103, 2 references, visited 8th in this round, 3 visits in all, slot node0/zone0/prio12 points here, kswapd0 holds it
            machine/ct-103/app, coming, 1 reference, 2 visits in all
            machine/ct-103/database, unlinked, 1 reference, 2 visits in all
            machine/ct-104, freed, 0 references, 2 visits in all
            machine/ct-105, 1 reference, 2 visits in all
            machine/ct-106, not made yet"]]
        .assert_eq(&said(&sample::dying(&world)));
        assert!(said(&sample::faulty(&world)).contains("points at this freed memory"));
    }

    #[test]
    fn what_holds_a_group_is_told_as_far_as_it_is_known() {
        let world = sample::world();
        let marks = mark::of(&world);
        let mut picture = sample::dying(&world);
        let of = |picture: &LanePicture, at: usize| {
            holders(&world, &marks, picture, picture.groups[at].group)
        };
        picture.groups[0].n_refs = 5;
        picture.groups[4].n_refs = 6;
        picture.groups[7].n_refs = 5;
        assert_eq!(of(&picture, 4), "6 references: base, 4 children, 1 other");
        assert_eq!(of(&picture, 7), "5 references: base, 2 children, kswapd0, 1 other");
        assert_eq!(of(&picture, 5), "1 reference: base");
        assert_eq!(
            of(&picture, 0),
            "5 references: base, 2 children, kswapd0 walks below it, direct walks below it"
        );
        assert_eq!(of(&picture, 10), "none: its memory is freed");
    }

    #[test]
    fn numbers_fit_their_column() {
        let said: Vec<String> = [7, 999, 1_001, 9_999, 34_567, 2_000_000].map(short).into();
        assert_eq!(said.join(" "), "7 999 1.0k 9.9k 34k 2M");
    }

    #[test]
    fn ordinals() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal).into();
        assert_eq!(said.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 112th");
    }
}
