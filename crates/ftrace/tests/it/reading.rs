//! What sound traces are read as.

use crate::{enter, groups, make, read, recorded, returns, text, troubles};
use expect_test::expect;
use memcg_ftrace::{Level, Pointer, Reader, What};

#[test]
fn the_recorded_trace_is_sound() {
    let trace = memcg_ftrace::read(&recorded());
    assert_eq!(troubles(&trace), "");
    assert_eq!(trace.level, Level::Calls);
    assert_eq!((trace.groups.len(), trace.calls.len()), (24, 7801));
    assert_eq!(trace.facts.n_overlapping, 28);
    let count = |is: fn(&What) -> bool| trace.events.iter().filter(|e| is(&e.what)).count();
    assert_eq!(count(|w| matches!(w, What::Create(_))), 23);
    assert_eq!(count(|w| matches!(w, What::Rmdir(_))), 10);
    assert_eq!(count(|w| matches!(w, What::Released(_))), 7);
    assert_eq!(count(|w| matches!(w, What::Freed(_))), 7);
    // An address that is used again is another group.
    let at = |address: u64| trace.groups.iter().filter(move |g| g.address == address);
    let twice: Vec<_> = at(0xff14_965f_4484_6800).map(|g| g.path.as_str()).collect();
    assert_eq!(twice, ["machine/ct201", "machine/ct206"]);
    assert!(trace.calls.iter().all(memcg_ftrace::Call::is_comparable));
}

/// However the pieces are cut, the trace is the same.
#[test]
fn pieces_of_any_size_give_the_same_trace() {
    let text = recorded();
    let text = &text[..100_000];
    let whole = memcg_ftrace::read(text);
    for n_bytes in [1, 7, 4096, 65_536] {
        let mut reader = Reader::new();
        text.chunks(n_bytes).for_each(|piece| reader.feed(piece));
        assert_eq!(reader.n_bytes(), 100_000);
        assert_eq!(reader.finish(), whole, "{n_bytes}");
    }
}

#[test]
fn the_kernels_own_events_give_the_hierarchy() {
    let trace = memcg_ftrace::read(
        text(&[
            "a-1 cgroup_mkdir: root=0 id=5 level=1 path=/machine",
            "a-1 cgroup_mkdir: root=0 id=6 level=2 path=/machine/ct",
            "a-1 cgroup_rmdir: root=0 id=6 level=2 path=/machine/ct",
            "k-2 cgroup_release: root=0 id=6 level=2 path=/machine/ct",
            "a-1 cgroup_mkdir: root=0 id=6 level=2 path=/machine/ct",
            "a-1 cgroup_rmdir: root=0 id=90 level=2 path=/old/ct",
        ])
        .as_bytes(),
    );
    assert_eq!(trace.level, Level::Groups);
    expect![[r#"
        old below / before
        machine below /
        old/ct below old before
        machine/ct below machine
        machine/ct#2 below machine
    "#]]
    .assert_eq(&groups(&trace));
    assert_eq!(troubles(&trace), "");
}

/// Groups that were there before have no path; what walks return places them, in the order of a whole round.
#[test]
fn groups_from_before_are_placed_by_walks() {
    let mut lines = Vec::new();
    // The trace begins in the middle of a round below 0x10: 0x13, then the end, then a whole round.
    let round = [0x13, 0, 0x10, 0x11, 0x12, 0x13, 0];
    let mut prev = 0x12;
    for group in round {
        lines.extend([enter("a-1", 0x10, prev), returns("a-1", group)]);
        prev = group;
    }
    // A walk below 0x11 shows that 0x12 is its child.
    for (prev, group) in [(0, 0x11), (0x11, 0x12), (0x12, 0)] {
        lines.extend([enter("b-2", 0x11, prev), returns("b-2", group)]);
    }
    let trace = read(&lines);
    expect![[r#"
        css-10 below / before guessed
        css-11 below css-10 before guessed
        css-13 below css-10 before guessed
        css-12 below css-11 before guessed
    "#]]
    .assert_eq(&groups(&trace));
    assert!(troubles(&trace).contains("no `online` probe: no address has a path"));
}

/// Whoever records can name what is there: a mark, then a walk at the group by the same task.
#[test]
fn marks_name_groups_from_before() {
    let mut lines = vec!["s-5 tracing_mark_write: memcg /m".to_string()];
    for (prev, group) in [(0, 0x10), (0x10, 0x12), (0x12, 0x11), (0x11, 0)] {
        lines.extend([enter("s-5", 0x10, prev), returns("s-5", group)]);
    }
    for (path, address) in [("/m/a b", 0x11), ("/m/c", 0x12)] {
        lines.push(format!("s-5 tracing_mark_write: memcg {path}"));
        lines.extend([enter("s-5", address, 0), returns("s-5", address)]);
        lines.extend([enter("s-5", address, address), returns("s-5", 0)]);
    }
    lines.push("r-8 cgroup_rmdir: root=0 id=33 level=2 path=/m/a b".into());
    let trace = read(&lines);
    // Siblings are in the order of walks, not of marks.
    assert_eq!(groups(&trace), "m below / before\nm/c below m before\nm/a b below m before\n");
    assert_eq!(trace.groups[3].address, 0x11);
    let removed = trace.events.last().map(|e| e.what);
    assert_eq!(removed, Some(What::Rmdir(memcg_core::hierarchy::GroupId(3))));
}

/// A group that is made names those above it, as far as that is certain.
#[test]
fn a_new_group_names_the_root_of_the_walk_that_returns_it() {
    let mut lines = vec![enter("a-1", 0x10, 0x11), returns("a-1", 0x12)];
    lines.extend(make("machine/new", 0x20));
    for (prev, group) in [(0x12, 0x20), (0x20, 0)] {
        lines.extend([enter("a-1", 0x10, prev), returns("a-1", group)]);
    }
    let trace = read(&lines);
    expect![[r#"
        machine below / before
        css-11 below machine before guessed
        css-12 below machine before guessed
        machine/new below machine
    "#]]
    .assert_eq(&groups(&trace));
    assert!(trace.calls.iter().all(|c| trace.pointer_words(c.root) == "machine"));
}

/// `root=0` is the global root; its address shows when a round begins.
#[test]
fn the_address_of_the_global_root_is_found() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    let mut prev = 0x20;
    for group in [0, 0x77, 0x20, 0] {
        lines.extend([enter("a-1", 0, prev), returns("a-1", group)]);
        prev = group;
    }
    let trace = read(&lines);
    assert_eq!(groups(&trace), "a below /\n");
    let root = Pointer::Group(memcg_core::hierarchy::GroupId::ROOT);
    assert_eq!(trace.calls[1].returned, root);
    assert_eq!(trace.calls[2].prev, root);
}

/// A walk may return a group before its online hook has run.
#[test]
fn a_group_returned_before_its_online_hook_is_that_group() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    lines.extend([enter("a-1", 0x20, 0), returns("a-1", 0x21)]);
    lines.extend(make("a/b", 0x21));
    let trace = read(&lines);
    assert_eq!(groups(&trace), "a below /\na/b below a\n");
    assert_eq!(trace.pointer_words(trace.calls[0].returned), "a/b");
}

#[test]
fn probes_by_other_names_are_known_by_their_functions() {
    let mut lines = vec![
        "m-9 p_css_0: (mem_cgroup_css_online+0x4/0x1b0) css=0x20".to_string(),
        "m-9 cgroup_mkdir: root=0 id=1 level=1 path=/a".to_string(),
    ];
    lines.push(enter("a-1", 0x20, 0).replace("iter_in", "p_iter_0"));
    lines.push(returns("a-1", 0x20).replace("iter_out", "r_iter_0"));
    let trace = read(&lines);
    assert_eq!(trace.calls.len(), 1);
    assert!(trace.calls[0].is_comparable());
    assert_eq!(trace.sites[usize::from(trace.calls[0].site)], "shrink_node");
}
