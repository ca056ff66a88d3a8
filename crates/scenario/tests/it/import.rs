//! Listings in, trees and problems out.

use expect_test::{Expect, expect};
use memcg_core::hierarchy::GroupId;
use memcg_scenario::import::{Format, detect, read};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(text: &str, expected: &Expect) {
    let imported = read(text);
    let tree = &imported.hierarchy;
    let mut out = format!(
        "{}: {} of {} lines\n",
        imported.format.map_or("nothing", Format::words),
        imported.n_used,
        imported.n_lines
    );
    for group in tree.pre_order().into_iter().filter(|g| *g != GroupId::ROOT) {
        out.push_str(&"  ".repeat(tree.depth(group)));
        out.push_str(&format!("{}\n", tree.name(group)));
    }
    for problem in &imported.problems {
        out.push_str(&format!("{problem}\n"));
    }
    expected.assert_eq(&out);
    assert_eq!(detect(text), imported.format);
}

#[test]
fn find_on_cgroup_v2() {
    check(
        include_str!("../fixtures/find-v2.txt"),
        &expect![[r#"
        a list of paths, as find -type d prints it: 30 of 30 lines
          sys-fs-fuse-connections.mount
          sys-kernel-config.mount
          sys-kernel-debug.mount
          dev-mqueue.mount
          user.slice
            user-1000.slice
              user@1000.service
                app.slice
                  dbus.socket
                init.scope
              session-3.scope
          sys-kernel-tracing.mount
          init.scope
          system.slice
            systemd-networkd.service
            systemd-udevd.service
              udev
            system-serial\x2dgetty.slice
              serial-getty@ttyS0.service
            containerd.service
            docker-4f1c0be1b0b7c1d8a1e9f2c1be4a3f6a3a53dbb1e2c4f57ac2d1f8f6a1b2c3d4.scope
            ssh.service
            system-getty.slice
              getty@tty1.service
          machine.slice
            machine-qemu\x2d1\x2dweb.scope
              libvirt
                emulator
                vcpu0
    "#]],
    );
}

/// All hierarchies of v1 at once: that of the memory controller is taken.
#[test]
fn find_on_cgroup_v1() {
    check(
        include_str!("../fixtures/find-v1.txt"),
        &expect![[r#"
            a list of paths, as find -type d prints it: 11 of 18 lines
              machine.slice
                102
                  system.slice
                    sshd.service
                101
                  system.slice
              user.slice
              system.slice
                crond.service
            12:1: warning: lines of other controllers than memory, which are not needed: 7
        "#]],
    );
}

/// One hierarchy of v1, children before parents, Windows line ends, files among them.
#[test]
fn find_in_any_order() {
    check(
        "$ find /sys/fs/cgroup/memory\r\n/sys/fs/cgroup/memory/b/y/\r\n/sys/fs/cgroup/memory/a\r\n\
         /sys/fs/cgroup/memory/b/memory.stat\r\n/sys/fs/cgroup/memory/b/tasks\r\n\
         /sys/fs/cgroup/memory/b\r\n/sys/fs/cgroup/memory/b/x\r\n\
         find: '/sys/fs/cgroup/memory/z': Permission denied\r\n",
        &expect![[r#"
            a list of paths, as find -type d prints it: 4 of 8 lines
              b
                y
                x
              a
            1:1: error: not used: this is no path
            4:1: error: not used: a file of a cgroup, as others below it; add -type d
            8:1: error: not used: this is no path
        "#]],
    );
}

/// Other roots: relative, mounted elsewhere, paths as the kernel gives them, no slash in front.
#[test]
fn find_with_other_roots() {
    check(
        ".\n./a\n./a/b\n",
        &expect![[r#"
        a list of paths, as find -type d prints it: 3 of 3 lines
          a
            b
    "#]],
    );
    check(
        "/mnt/cg2\n/mnt/cg2/a\n/mnt/cg2/b\n",
        &expect![[r#"
        a list of paths, as find -type d prints it: 3 of 3 lines
          a
          b
    "#]],
    );
    check(
        "/machine/ct-1\n/machine/ct-2\n/\n",
        &expect![[r#"
        a list of paths, as find -type d prints it: 3 of 3 lines
          machine
            ct-1
            ct-2
    "#]],
    );
    check(
        "machine/ct-1\nmachine/ct-2\n",
        &expect![[r#"
        a list of paths, as find -type d prints it: 2 of 2 lines
          machine
            ct-1
            ct-2
    "#]],
    );
}

#[test]
fn cgls_in_unicode() {
    check(
        include_str!("../fixtures/cgls-unicode.txt"),
        &expect![[r#"
            a drawn tree, as systemd-cgls prints it: 19 of 36 lines
              user.slice
                user-1000.slice
                  user@1000.service
                    app.slice
                      dbus.service
                    init.scope
                  session-3.scope
              init.scope
              system.slice
                irqbalance.service
                systemd-udevd.service
                  udev
                system-serial\x2dgetty.slice
                  serial-getty@ttyS0.service
                dbus-broker.service
                system-getty.slice
                  getty@tty1.service
        "#]],
    );
}

#[test]
fn cgls_in_ascii() {
    check(
        include_str!("../fixtures/cgls-ascii.txt"),
        &expect![[r#"
            a drawn tree, as systemd-cgls prints it: 15 of 24 lines
              machine.slice
                101
                  init.scope
                  system.slice
                    sshd.service
                102
              user.slice
                user-0.slice
                  session-1.scope
              system.slice
                dbus.service
                wpa_supplicant-with-a-very-long-name...
                crond.service
            21:1: warning: this name was cut to fit a terminal; use systemd-cgls -l --no-pager
        "#]],
    );
}

/// Below another group, in colours, and a line that hangs on nothing.
#[test]
fn cgls_of_a_subtree() {
    check(
        "Control group /machine.slice/machine-a:\n\u{1b}[0;38;5;245m├─\u{1b}[0minit.scope\n└─pay/load\n  └─x\nwhat\n",
        &expect![[r#"
            a drawn tree, as systemd-cgls prints it: 2 of 5 lines
              machine.slice
                machine-a
                  init.scope
            3:1: error: not used: a name cannot hold "/", which separates levels
            4:1: error: not used: the line that it is below is not, either
            5:1: error: not used: no branch of a tree leads here
        "#]],
    );
    check(
        include_str!("../fixtures/systemctl-status.txt"),
        &expect![[r#"
        a drawn tree, as systemd-cgls prints it: 2 of 4 lines
          system.slice
            docker.service
              payload
    "#]],
    );
}

#[test]
fn tree_minus_d() {
    check(
        include_str!("../fixtures/tree.txt"),
        &expect![[r#"
        a drawn tree, as systemd-cgls prints it: 7 of 8 lines
          init.scope
          system.slice
            cron.service
            ssh.service
          user.slice
            user-0.slice
    "#]],
    );
}

#[test]
fn lscgroup() {
    check(
        include_str!("../fixtures/lscgroup-v1.txt"),
        &expect![[r#"
            controllers and paths, as lscgroup prints them: 5 of 11 lines
              machine
                ct-101
                ct-102
                  init
              user.slice
            1:1: warning: lines of other controllers than memory, which are not needed: 6
        "#]],
    );
    check(
        include_str!("../fixtures/lscgroup-v2.txt"),
        &expect![[r#"
        controllers and paths, as lscgroup prints them: 4 of 4 lines
          user.slice
            user-1000.slice
          init.scope
    "#]],
    );
    check(
        "cpu:/a\npids:/b\nwhat\n",
        &expect![[r#"
        controllers and paths, as lscgroup prints them: 2 of 3 lines
          a
          b
        3:1: error: not used: a line is written controllers:/path
    "#]],
    );
}

/// The syntax of a scenario, without its header.
#[test]
fn plain_lists() {
    check(
        "machine\n  ct-1\n  ct-2 # two\n\tx\nuser\n",
        &expect![[r#"
        an indented list of names: 5 of 5 lines
          machine
            ct-1
            ct-2
            x
          user
        4:1: error: this indent is that of no line above; indent siblings by the same width
    "#]],
    );
    check(
        "a\nb\nc d\n",
        &expect![[r#"
        an indented list of names: 2 of 3 lines
          a
          b
        3:3: error: one group a line; did you mean "c d"?
    "#]],
    );
    check(
        "",
        &expect![[r#"
        nothing: 0 of 0 lines
    "#]],
    );
}

/// A tree that is too large is used as far as it goes, with one message.
#[test]
fn a_large_tree() {
    let lines: String = (0..97_000).map(|n| format!("/sys/fs/cgroup/{}/{n}\n", n % 100)).collect();
    let imported = read(&lines);
    assert_eq!(imported.hierarchy.n_groups(), 20_000);
    let said: Vec<String> = imported.problems.iter().map(ToString::to_string).collect();
    expect![
        "19900:1: error: used the first 19,999 of 97,100 cgroups, as many as are possible here"
    ]
    .assert_eq(&said.join("\n"));
}

#[cfg(not(target_arch = "wasm32"))]
mod any {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    proptest! {
        #[test]
        fn nothing_panics(text in "(?s).{0,200}", parts in vec(select(vec![
            "├─", "│ ", "  ", "└─", "|-", "`-", "| ", "a", "1 x", "-.slice", "\n", "/sys/fs/cgroup/", "memory/",
            "memory:/", "Control group /", ":", " …", "\u{1b}[1m", "(#12)", "-", "find: ", "\r\n", "\"",
        ]), 0..40)) {
            for text in [text, parts.concat()] {
                let imported = read(&text);
                prop_assert!(imported.n_used <= imported.n_lines);
                prop_assert_eq!(detect(&text), imported.format);
            }
        }
    }
}
