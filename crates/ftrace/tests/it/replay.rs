//! The kernel's calls made again: what each policy explains, and how the search helps.

use crate::{enter, make, read, recorded, returns};
use expect_test::expect;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_ftrace::Trace;
use memcg_ftrace::replay::{EarlyWhat, Mode, Outcome, Replay, Step, window};
use std::sync::Arc;

fn replay(trace: Trace, policy: &str, mode: Mode) -> Replay {
    let lane = LaneSpec { policy: policy.into(), core: None };
    let program = registry::compile_lane(&lane).expect("compiles");
    Replay::new(Arc::new(trace), Arc::new(program), mode)
}

fn played(trace: Trace, policy: &str, mode: Mode) -> Replay {
    let mut replay = replay(trace, policy, mode);
    replay.run();
    replay
}

#[test]
fn the_kernels_own_policy_explains_every_call() {
    for mode in [Mode::Judge, Mode::Free] {
        let replay = played(memcg_ftrace::read(&recorded()), "v6.12-unpinned", mode);
        let counts = replay.counts();
        assert_eq!((counts.of(Outcome::Same), counts.n_compared()), (7801, 7801), "{mode:?}");
        assert_eq!(counts.n_resolved, 0);
        assert_eq!(replay.first_difference(), None);
    }
}

/// A recording that begins in the middle of things: nothing says which group is where, yet walks do.
#[test]
fn a_trace_without_its_beginning_is_explained_too() {
    let text = recorded();
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    for n_cut in [99, 1_999, 8_599] {
        let replay =
            played(memcg_ftrace::read(&lines[n_cut..].concat()), "v6.12-unpinned", Mode::Judge);
        let counts = replay.counts();
        assert_eq!(counts.of(Outcome::Same), counts.n_compared(), "{n_cut}");
        assert_eq!(counts.of(Outcome::Settling), 1, "{n_cut}");
        assert!(counts.n_compared() > 3_500, "{n_cut}");
    }
}

/// Another policy differs in kind: late walkers spoil its position, and it does not return groups that are dying.
#[test]
fn another_policy_differs_and_the_first_difference_is_shown() {
    let replay = played(memcg_ftrace::read(&recorded()), "rhel7-dead-count", Mode::Judge);
    let counts = replay.counts();
    assert_eq!(counts.n_compared(), 7801);
    let told = [Outcome::Same, Outcome::Root, Outcome::SkipsDying].map(|o| counts.of(o));
    assert_eq!(told, [6904, 17, 880]);
    let first = replay.first_difference().expect("it differs");
    let words = window(&replay, first).join("\n");
    expect![[r#"
             22.688204  init-220           returns NULL   (line 275)
             22.688402  init-220         next(root machine, prev NULL, cookie)   (line 276)
             22.688414  init-220           returns machine/ct102   (line 277)
        kernel: machine/ct102; policy: machine: the policy goes back to the root"#]]
    .assert_eq(&words);
}

/// What the page does: back and forth through time, always with the same result.
#[test]
fn seeking_gives_what_playing_gave() {
    let text = recorded();
    let trace = memcg_ftrace::read(&text[..600_000]);
    let n = trace.events.len();
    let whole = played(trace.clone(), "rhel7-dead-count", Mode::Judge);
    let mut sought = replay(trace, "rhel7-dead-count", Mode::Judge);
    for target in [n / 2, 10, n, n / 3, n / 3 + 1, 0, n] {
        while !sought.seek(target, 500) {}
        assert_eq!(sought.at(), target);
        let n_here = sought.n_steps_here();
        assert_eq!(sought.steps()[..n_here], whole.steps()[..n_here], "{target}");
    }
    assert_eq!(sought.steps(), whole.steps());
    assert_eq!(sought.counts(), whole.counts());
}

/// Groups `a` (a root) with children at 0x21, 0x22, 0x23.
fn tree() -> Vec<String> {
    let mut lines: Vec<String> = make("a", 0x20).into();
    for (name, address) in [("a/b", 0x21), ("a/c", 0x22), ("a/d", 0x23)] {
        lines.extend(make(name, address));
    }
    lines
}

fn same(replay: &Replay) -> Vec<bool> {
    replay.steps().iter().map(|s: &Step| s.outcome == Outcome::Same).collect()
}

/// The call that returns last took effect first.
#[test]
fn overlapping_calls_come_out_in_another_order() {
    let mut lines = tree();
    lines.extend([enter("a-1", 0x20, 0), enter("b-2", 0x20, 0)]);
    lines.extend([returns("a-1", 0x21), returns("b-2", 0x20)]);
    lines.extend([enter("a-1", 0x20, 0x21), returns("a-1", 0x22)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    assert_eq!(same(&replay), [true, true, true]);
    assert_eq!(replay.counts().n_resolved, 1);
    let [early] = replay.earlies() else { panic!("{:?}", replay.earlies()) };
    assert_eq!(early.what, EarlyWhat::Run { call: 1, n_accesses: u32::MAX });
}

/// No order of whole calls explains this: `a` reads the generation in one round and takes its group in the next, so
/// that its next call is a late one and ends.
#[test]
fn only_parts_of_calls_explain_some() {
    let mut lines = tree();
    let mut prev = 0;
    for group in [0x20, 0x21, 0x22, 0x23] {
        lines.extend([enter("b-2", 0x20, prev), returns("b-2", group)]);
        prev = group;
    }
    lines.extend([enter("a-1", 0x20, 0), enter("b-2", 0x20, 0x23)]);
    lines.extend([returns("b-2", 0), returns("a-1", 0x20)]);
    // Late: nothing, although the round has only begun.
    lines.extend([enter("a-1", 0x20, 0x20), returns("a-1", 0)]);
    lines.extend([enter("b-2", 0x20, 0), returns("b-2", 0x21)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    assert_eq!(same(&replay), [true; 8]);
    let is_part = |what| matches!(what, EarlyWhat::Run { n_accesses, .. } if n_accesses < 9);
    assert!(replay.earlies().iter().any(|e| is_part(e.what)), "{:?}", replay.earlies());
}

/// An order that no interleaving gives is not explained away.
#[test]
fn a_wrong_return_stays_a_difference() {
    let mut lines = tree();
    lines.extend([enter("a-1", 0x20, 0), enter("b-2", 0x20, 0)]);
    lines.extend([returns("a-1", 0x20), returns("b-2", 0x23)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    assert_eq!(same(&replay), [true, false]);
    assert_eq!(replay.steps()[1].outcome, Outcome::Other);
    // The model was put where the kernel stood: the next call is judged by itself.
    lines.extend([enter("b-2", 0x20, 0x23), returns("b-2", 0)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    assert_eq!(same(&replay), [true, false, true]);
}

/// The last reference is gone, and the group on its list, a moment before the hooks say so.
#[test]
fn hooks_come_a_moment_after_what_they_tell() {
    let css = |name: &str, function: &str| format!("k-7 {name}: ({function}+0x4/0x80) css=0x21");
    let mut lines = tree();
    lines.push("r-8 cgroup_rmdir: root=0 id=33 level=2 path=/a/b".into());
    lines.push(css("offline", "mem_cgroup_css_offline"));
    lines.extend([enter("a-1", 0x20, 0), returns("a-1", 0x20)]);
    // Dying but referenced for all that is known; yet the kernel goes past it.
    lines.extend([enter("a-1", 0x20, 0x20), returns("a-1", 0x22)]);
    lines.push(css("released", "mem_cgroup_css_released"));
    // A new group, returned before its online hook.
    lines.extend([enter("a-1", 0x20, 0x22), returns("a-1", 0x23)]);
    lines.extend([enter("a-1", 0x20, 0x23), returns("a-1", 0x24)]);
    lines.extend(make("a/e", 0x24));
    lines.extend([enter("a-1", 0x20, 0x24), returns("a-1", 0)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    assert_eq!(same(&replay), [true; 5]);
    let whats: Vec<_> = replay.earlies().iter().map(|e| e.what).collect();
    assert!(matches!(whats[..], [EarlyWhat::LastPut(_), EarlyWhat::Create(_)]), "{whats:?}");
}

/// After lost events nobody knows where a walk stands: its next call settles that and is not counted.
#[test]
fn lost_events_settle_anew() {
    let mut lines = tree();
    lines.extend([enter("a-1", 0x20, 0), returns("a-1", 0x20)]);
    lines.push("CPU:0 [LOST 2 EVENTS]".into());
    lines.extend([enter("a-1", 0x20, 0x21), returns("a-1", 0x22)]);
    lines.extend([enter("a-1", 0x20, 0x22), returns("a-1", 0x23)]);
    let replay = played(read(&lines), "v6.12-unpinned", Mode::Judge);
    let outcomes: Vec<_> = replay.steps().iter().map(|s| s.outcome).collect();
    assert_eq!(outcomes, [Outcome::Same, Outcome::Settling, Outcome::Same]);
}

/// Every policy replays the trace to its end, in both modes, and the same twice.
#[test]
fn every_policy_replays() {
    let text = recorded();
    let trace = memcg_ftrace::read(&text[..400_000]);
    for entry in registry::policies() {
        for mode in [Mode::Judge, Mode::Free] {
            let one = played(trace.clone(), entry.name, mode);
            let other = played(trace.clone(), entry.name, mode);
            assert_eq!(one.steps(), other.steps(), "{}", entry.name);
            assert_eq!(one.counts().n_compared() as usize, one.steps().len(), "{}", entry.name);
            assert_eq!(one.fault(), None, "{}", entry.name);
        }
    }
}
