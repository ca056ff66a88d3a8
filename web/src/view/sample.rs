//! Pictures for tests: a small node with containers, in the moments worth looking at.

use crate::geometry::story::{Block, Grace, Kind, Mark, Section, Story, Visit};
use crate::view::threads::{Can, Choice};
use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::picture::{
    Counters, Fault, FieldPicture, GroupPicture, LanePicture, Life, Next, PinPicture, Returned,
    ThreadPicture, WorkPicture,
};
use memcg_core::world::{Cookie, GroupSpec, Op, Role, ThreadSpec, Until, World};

/// Twelve groups and one that is made later; a reclaimer, a second one and an administrator.
pub(crate) fn world() -> World {
    let mut tree = Hierarchy::new();
    let mut add =
        |parent: u32, name: &str| tree.add(GroupId(parent), name).expect("sample names are good").0;
    let system = add(0, "system");
    add(system, "sshd");
    add(system, "cron");
    let machine = add(0, "machine");
    add(machine, "ct-101");
    add(machine, "ct-102");
    let ct_103 = add(machine, "ct-103");
    add(ct_103, "app");
    add(ct_103, "database");
    add(machine, "ct-104");
    add(machine, "ct-105");
    let mut world = World::new(&tree);
    world.groups.push(GroupSpec { path: "machine/ct-106".into(), parent: Some(GroupId(machine)) });
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };
    let reclaimer = |name: &str, root: u32, until: Until| ThreadSpec {
        name: name.into(),
        role: Role::Reclaimer { root: GroupId(root), cookie: Some(cookie), until },
    };
    world.threads = vec![
        reclaimer("kswapd0", 0, Until::Rounds(None)),
        reclaimer("direct", 0, Until::Visits { n_visits: 3, n_walks: None }),
        ThreadSpec {
            name: "vzctl".into(),
            role: Role::Admin(vec![Op::Rmdir(GroupId(10)), Op::Mkdir(GroupId(12))]),
        },
    ];
    world
}

/// A root with this many groups below it, and one reclaimer.
pub(crate) fn wide_world(n_groups: u32) -> World {
    let mut tree = Hierarchy::new();
    for n in 0..n_groups {
        tree.add(GroupId::ROOT, &format!("ct-{n}")).expect("sample names are good");
    }
    let mut wide = World::new(&tree);
    wide.threads = world().threads.into_iter().take(1).collect();
    wide
}

fn thread(next: Next) -> ThreadPicture {
    ThreadPicture {
        holds: None,
        call: None,
        next_call: Some("next".into()),
        line: None,
        locals: Vec::new(),
        n_rcu: 0,
        n_sched: 0,
        next,
        returned: None,
        n_calls: 0,
    }
}

fn access(words: &str) -> Next {
    Next::Access { words: words.into(), label: words.split('(').next().unwrap_or(words).into() }
}

fn field(name: &str, value: &str) -> FieldPicture {
    FieldPicture { name: name.into(), value: value.into() }
}

/// The first reclaimer has come as far as place `n` of the walk and holds that group.
pub(crate) fn walking(world: &World, n: usize) -> LanePicture {
    let order = world.pre_order();
    let group_at = |place: usize| order[place.min(order.len() - 1)];
    let groups = order.iter().enumerate().map(|(place, group)| GroupPicture {
        group: *group,
        life: if group.index() < world.n_initial { Life::Alive } else { Life::Unborn },
        n_refs: if place == n { 2 } else { i32::from(group.index() < world.n_initial) },
        visit: (place <= n).then(|| u32::try_from(place + 1).expect("small")),
        n_visits: u32::from(place <= n),
    });
    let mut threads = vec![ThreadPicture {
        holds: Some(group_at(n)),
        returned: Some(Returned::Group(group_at(n))),
        n_calls: u32::try_from(n + 1).expect("small"),
        ..thread(access("load slot.position"))
    }];
    threads.extend(world.threads.iter().skip(1).map(|t| match &t.role {
        Role::Reclaimer { .. } => thread(access("load slot.position")),
        Role::Admin(_) => thread(access("kill(ct-104)")),
    }));
    LanePicture {
        groups: groups.collect(),
        pins: vec![PinPicture {
            root: GroupId::ROOT,
            key: "node0/zone0/prio12".into(),
            group: Some(group_at(n)),
            dangling: false,
            generation: Some(0),
            fields: vec![
                field("position", world.path(group_at(n))),
                field("last_dead_count", "0"),
                field("generation", "0"),
            ],
        }],
        threads,
        work: Vec::new(),
        counters: Counters {
            n_visits: u32::try_from(n + 1).expect("small"),
            ..Counters::default()
        },
        fault: None,
    }
}

/// Removals have sent the walk back to the root: the first five groups were visited again and
/// again, the others never.
pub(crate) fn restarted(world: &World, n: usize, n_visits: u32) -> LanePicture {
    let mut picture = walking(world, 4);
    for group in &mut picture.groups {
        group.n_visits = if group.visit.is_some() { n_visits } else { 0 };
        if group.visit.is_some_and(|v| v > 2) {
            group.visit = None;
        }
    }
    let held = world.pre_order()[1];
    picture.threads[0].holds = Some(held);
    picture.pins[0].group = Some(held);
    picture.counters.n_restarts = u32::try_from(n).expect("small");
    picture.counters.n_visits = 5 * n_visits;
    picture
}

/// Every stage of life at once, with the kernel's worker waiting for a reader.
pub(crate) fn dying(world: &World) -> LanePicture {
    let mut picture = walking(world, 7);
    let lives = [
        (5, Life::Dying),
        (6, Life::Offline),
        (8, Life::Coming),
        (9, Life::Unlinked),
        (10, Life::Freed),
    ];
    for (place, life) in lives {
        picture.groups[place].life = life;
        picture.groups[place].n_refs = i32::from(life != Life::Freed);
    }
    picture.counters = Counters { n_rounds: 2, n_restarts: 0, n_visits: 31, n_wiped: 3 };
    for (place, group) in picture.groups.iter_mut().enumerate() {
        if group.life != Life::Unborn {
            group.n_visits = 3 - u32::from(place > 7);
        }
    }
    picture.threads[0].n_rcu = 1;
    picture.threads[0].call = Some("next".into());
    picture.threads[0].line = Some(("vz7-nullify".into(), 14));
    picture.threads[0].locals = vec![field("position", "machine/ct-103"), field("id", "none")];
    picture.threads[0].next = access("tryget(ct-103)");
    picture.threads[2].next =
        Next::Waits { threads: vec![0], stage: "offline".into(), group: world.pre_order()[5] };
    picture.work = vec![
        WorkPicture {
            stage: "confirm".into(),
            group: world.pre_order()[5],
            waits_for: vec![0],
            running: false,
        },
        WorkPicture {
            stage: "free".into(),
            group: world.pre_order()[9],
            waits_for: Vec::new(),
            running: false,
        },
    ];
    picture
}

/// The slot remembers a group whose memory is freed, and a walker has touched it.
pub(crate) fn faulty(world: &World) -> LanePicture {
    let mut picture = dying(world);
    let gone = world.pre_order()[10];
    picture.pins[0].group = Some(gone);
    picture.pins[0].dangling = true;
    picture.pins[0].fields[0].value = "machine/ct-104 (freed memory)".into();
    picture.fault = Some(Fault {
        name: "UAF css_tryget".into(),
        words: "kswapd0 took a reference on ct-104 after its memory was freed.".into(),
        thread: 0,
        group: Some(gone),
        line: Some(("v4.4-weak".into(), 31)),
    });
    picture
}

/// What each thread could do next, with every reason not to.
pub(crate) fn choices() -> Vec<Choice> {
    let choice = |thread: usize, call: &'static str, words: &'static str, can: Can| Choice {
        thread,
        call: call.into(),
        words: words.into(),
        can,
    };
    vec![
        choice(0, "next", "tryget(ct-103)", Can::Go),
        choice(1, "next", "load position", Can::GoInSome("waits in vz7-nullify".into())),
        choice(2, "kill", "", Can::Done),
        choice(
            3,
            "offline",
            "offline ct-101",
            Can::Wait { why: "waits for readers".into(), freed_by: vec![0] },
        ),
    ]
}

/// Forty moves: three lanes walk; every ninth move removes a group, which sends two of them back.
pub(crate) fn story(world: &World) -> Story {
    let n_groups = world.groups.len();
    let order = world.pre_order();
    let mut story =
        Story { n_moves: 40, n_told: 40, n_groups, parted_at: Some(9), ..Story::default() };
    let mut places = [0_usize; 3];
    for at in 0..story.n_moves {
        let removal = at % 9 == 8;
        let thread = if removal { 2 } else { usize::from(at % 5 == 3) };
        let name = if removal { "kill" } else { "next" };
        story.blocks.push(Block {
            thread,
            from: at,
            to: at + 1,
            name: name.into(),
            words: format!("move {}: {} {name}", at + 1, world.threads[thread].name),
            open: false,
        });
        if removal {
            story.marks.push(Mark {
                lane: 2,
                at,
                kind: Kind::Wiped,
                words: "slot node0 was wiped".into(),
            });
            for (lane, place) in places.iter_mut().enumerate().take(2) {
                *place = 0;
                let words = "the walk is back at the root".into();
                story.marks.push(Mark { lane, at: at + 1, kind: Kind::Restart, words });
            }
            continue;
        }
        for (lane, place) in places.iter_mut().enumerate() {
            let group = order[*place];
            story.visits.push(Visit { lane, at, thread, group, place: *place });
            *place += 1;
            if *place == n_groups - 1 {
                *place = 0;
                story.marks.push(Mark {
                    lane,
                    at,
                    kind: Kind::RoundEnd,
                    words: "a round ended".into(),
                });
            }
        }
    }
    story.blocks.push(Block {
        thread: 3,
        from: 20,
        to: 24,
        name: "offline".into(),
        words: "kworker offline ct-101".into(),
        open: false,
    });
    story.graces.push(Grace {
        lane: 2,
        from: 8,
        to: Some(12),
        waits_for: vec![0],
        words: "offline of ct-101".into(),
    });
    story.graces.push(Grace {
        lane: 0,
        from: 26,
        to: None,
        waits_for: vec![0, 1],
        words: "free of ct-104".into(),
    });
    story.sections.push(Section { thread: 0, from: 10, to: Some(14) });
    story.marks.push(Mark { lane: 1, at: 33, kind: Kind::Fault, words: "UAF css_tryget".into() });
    story.marks.push(Mark { lane: 0, at: 30, kind: Kind::Freed, words: "ct-104 was freed".into() });
    story
}
