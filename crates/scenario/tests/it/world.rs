//! Scenario text in, world out.

use expect_test::{Expect, expect};
use memcg_core::world::{Op, Role, World};
use memcg_scenario::parse;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(text: &str, expected: &Expect) {
    let (world, diagnostics) = parse(text).scenario.world();
    let mut out = String::new();
    for (at, group) in world.groups.iter().enumerate() {
        let later = if at < world.n_initial { "" } else { " later" };
        out.push_str(&format!(
            "{at} {} below {:?}{later}\n",
            group.path,
            group.parent.map(|p| p.0)
        ));
    }
    for thread in &world.threads {
        let role = match &thread.role {
            Role::Reclaimer { root, .. } => format!("reclaims from {}", world.path(*root)),
            Role::Admin(ops) => {
                ops.iter().map(|op| op_words(&world, *op)).collect::<Vec<_>>().join("; ")
            }
        };
        out.push_str(&format!("{}: {role}\n", thread.name));
    }
    for diagnostic in diagnostics {
        out.push_str(&format!("{diagnostic}\n"));
    }
    expected.assert_eq(&out);
}

fn op_words(world: &World, op: Op) -> String {
    let verb = match op {
        Op::Mkdir(_) => "mkdir",
        Op::Rmdir(_) => "rmdir",
        Op::Pin(_) => "pin",
        Op::Unpin(_) => "unpin",
    };
    format!("{verb} {}", world.path(op.group()))
}

/// A container that is restarted twice: one path, three groups.
#[test]
fn one_path_made_again() {
    check(
        "hierarchy:\n  m\n    ct\nthreads:\n  a: rmdir m/ct; mkdir m/ct; mkdir m/ct#2/init\n  \
         b: rmdir m/ct#2; mkdir m/ct; rmdir m/ct#3\n",
        &expect![[r#"
            0 / below None
            1 m below Some(0)
            2 m/ct below Some(1)
            3 m/ct#2 below Some(1) later
            4 m/ct#3 below Some(1) later
            5 m/ct#2/init below Some(3) later
            a: rmdir m/ct; mkdir m/ct#2; mkdir m/ct#2/init
            b: rmdir m/ct#2; mkdir m/ct#3; rmdir m/ct#3
        "#]],
    );
}

/// A parent may be made by a later thread, and comes first all the same.
#[test]
fn parents_come_first() {
    check(
        "threads:\n  a: mkdir x/y/z; mkdir x/y\n  b: mkdir x; mkdir w\n",
        &expect![[r#"
        0 / below None
        1 x below Some(0) later
        2 w below Some(0) later
        3 x/y below Some(1) later
        4 x/y/z below Some(3) later
        a: mkdir x/y/z; mkdir x/y
        b: mkdir x; mkdir w
    "#]],
    );
}

/// A group whose own name looks like a numbered one keeps it.
#[test]
fn a_name_with_a_number_sign() {
    check(
        "hierarchy:\n  ct\n  ct#2\nthreads:\n  a: mkdir ct; rmdir ct#3; mkdir ct\n",
        &expect![[r#"
        0 / below None
        1 ct below Some(0)
        2 ct#2 below Some(0)
        3 ct#3 below Some(0) later
        4 ct#4 below Some(0) later
        a: mkdir ct#3; rmdir ct#3; mkdir ct#4
        warning: "ct" is there already and no one removes it: the kernel answers EEXIST
    "#]],
    );
}

/// What does not resolve is left out.
#[test]
fn unresolved() {
    check(
        "threads:\n  a: mkdir x; rmdir y; mkdir q/r; mkdir q/r/s\n  b: reclaim x\n  c: reclaim z\n",
        &expect![[r#"
        0 / below None
        1 x below Some(0) later
        a: mkdir x
        error: there is no cgroup "y"; did you mean "x"?
        error: there is no cgroup "q"; did you mean "x"?
        error: this group has no place: its parent is not made, or there are too many
        error: a walk's root exists from the start; this group is made later
        error: there is no cgroup "z"; did you mean "x"?
    "#]],
    );
}
