//! Every kind of bad input: what is wrong, where, and that the rest is used.

use crate::{enter, groups, make, read, returns, text, troubles};
use expect_test::{Expect, expect};
use memcg_ftrace::{Kind, N_KEPT_PER_KIND_MAX, read as read_bytes};

fn told(lines: &[&str], expected: &Expect) {
    let trace = read_bytes(text(lines).as_bytes());
    expected.assert_eq(&troubles(&trace));
}

#[test]
fn dropped_events() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    lines.push(enter("a-1", 0x20, 0));
    lines.push("CPU:1 [LOST 5 EVENTS]".into());
    // The call that was under way is not followed over the gap.
    lines.extend([returns("a-1", 0x20), enter("a-1", 0x20, 0x20), returns("a-1", 0)]);
    let trace = read(&lines);
    expect![[r#"
        Lost: line 6: CPU 1 lost 5 events: walks under way and positions are not known from here on
        Unpaired: line 7: a return whose call was not recorded: not used
    "#]]
    .assert_eq(&troubles(&trace));
    let comparable: Vec<bool> = trace.calls.iter().map(memcg_ftrace::Call::is_comparable).collect();
    assert_eq!(comparable, [false, true]);
}

#[test]
fn an_overwritten_buffer_and_missing_lines() {
    told(
        &[
            "# entries-in-buffer/entries-written: 3/10   #P:2",
            "a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a",
            "a-1 cgroup_mkdir: root=0 id=6 level=1 path=/b",
        ],
        &expect![[r#"
            Lost: line 3: the kernel wrote 10 entries and kept 3: the oldest 7 are gone; give the buffer more room (buffer_size_kb)
            Lost: the header promises 3 entries, 2 were read: lines are missing, or were added
        "#]],
    );
}

#[test]
fn two_traces_in_one_file() {
    told(
        &[
            "a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a",
            "# tracer: nop",
            "a-1 cgroup_mkdir: root=0 id=6 level=1 path=/b",
        ],
        &expect![[r#"
            Lost: line 4: another trace begins here: walks under way are not followed over the gap
        "#]],
    );
}

#[test]
fn several_hierarchies() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    lines = lines.into_iter().map(|l| l.replace("root=0", "root=4")).collect();
    lines.push("s-3 cgroup_mkdir: root=1 id=1 level=1 path=/systemd".into());
    lines.push("s-3 cgroup_mkdir: root=1 id=2 level=1 path=/a".into());
    let trace = read(&lines);
    assert_eq!(groups(&trace), "a below /\n");
    assert_eq!(trace.facts.hierarchy, 4);
    expect![[r#"
        OtherHierarchy: 2 groups of the cgroup hierarchy 1 are not used: the memory controller's is 4
    "#]]
    .assert_eq(&troubles(&trace));
}

#[test]
fn unknown_pointers() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    lines.extend([enter("a-1", 0x20, 0), returns("a-1", 0x99)]);
    let trace = read(&lines);
    expect![[r#"
        UnknownPointer: line 6: nothing introduced the group at 0x99: taken as one that was there before, placed by what walks return
    "#]]
    .assert_eq(&troubles(&trace));
    // It cannot be older than its parent, so it is put below the root.
    assert_eq!(groups(&trace), "css-99 below / before guessed\na below /\n");
}

#[test]
fn names_with_spaces_and_what_looks_like_fields() {
    // A path is everything to the end of the line.
    let mut lines: Vec<String> = make("my ct", 0x20).into();
    lines.extend(make("my ct/x  css=0x1 id=7", 0x21));
    lines.push("m-9 cgroup_rmdir: root=0 id=33 level=1 path=/my ct/x  css=0x1 id=7".into());
    let trace = read(&lines);
    assert_eq!(groups(&trace), "my ct below /\nmy ct/x  css=0x1 id=7 below my ct\n");
    assert_eq!(troubles(&trace), "");
    // A task's name with spaces and brackets.
    let text = "  Web [1] Con-12   [001] .....  1.5: cgroup_mkdir: root=0 id=1 level=1 path=/a\n";
    let trace = read_bytes(text.as_bytes());
    assert_eq!((trace.caller_words(0), trace.groups.len()), ("Web [1] Con-12".into(), 2));
}

#[test]
fn addresses_of_a_32_bit_kernel() {
    let mut lines: Vec<String> = make("a", 0xc123_4500).into();
    lines.push(enter("a-1", 0xc123_4500, 0));
    // The same address, extended with its sign by a probe of 64 bits.
    lines.push(returns("a-1", 0xc123_4500).replace("0xc1234500", "0xffffffffc1234500"));
    lines.push(enter("a-1", 0xc123_4500, 0xc123_4500).replace("prev=0x", "prev=0xffffffff"));
    lines.push(returns("a-1", 0));
    let trace = read(&lines);
    assert_eq!(troubles(&trace), "");
    assert_eq!(trace.pointer_words(trace.calls[0].returned), "a");
    assert_eq!(trace.pointer_words(trace.calls[1].prev), "a");
}

#[test]
fn windows_line_ends() {
    let lines = ["a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a b", "CPU:1 [LOST 5 EVENTS]"];
    let (unix, windows) = (text(&lines), text(&lines).replace('\n', "\r\n"));
    let (unix, windows) = (read_bytes(unix.as_bytes()), read_bytes(windows.as_bytes()));
    assert_eq!(unix.groups[1].path, "a b");
    assert_eq!(unix.groups, windows.groups);
    assert_eq!(troubles(&unix), troubles(&windows));
}

#[test]
fn a_truncated_line() {
    let mut text = text(&[
        "a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a",
        "a-1 cgroup_mkdir: root=0 id=6 level=1",
        "a-1 cgroup_mkdir: root=0 id=7 level=1 path=/machine/ct",
    ]);
    // The end of the file is cut in a path: `/machine/c` is nobody's name.
    text.truncate(text.len() - 2);
    let trace = read_bytes(text.as_bytes());
    assert_eq!(groups(&trace), "a below /\n");
    expect![[r#"
        Truncated: line 4: cgroup_mkdir lacks path=, or it cannot be read: "root=0 id=6 level=1"; not used
        Truncated: line 5: cgroup_mkdir lacks a whole line, or it cannot be read: "root=0 id=7 level=1 path=/machine/c"; not used
    "#]]
    .assert_eq(&troubles(&trace));
}

#[test]
fn garbage_is_bounded() {
    let mut bytes = Vec::new();
    for at in 0..1000_u32 {
        bytes.extend_from_slice(&[
            0xff,
            0,
            0x1b,
            u8::try_from(at % 200).expect("small") | 0x80,
            b'\n',
        ]);
    }
    bytes.extend(vec![b'x'; 3_000_000]);
    bytes.push(b'\n');
    bytes.extend_from_slice(text(&["a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a"]).as_bytes());
    let trace = read_bytes(&bytes);
    assert_eq!(groups(&trace), "a below /\n");
    assert_eq!(trace.troubles.count(Kind::Garbage), 1000);
    assert_eq!(trace.troubles.count(Kind::TooLong), 1);
    let kept = trace.troubles.kept().len();
    assert_eq!(kept, N_KEPT_PER_KIND_MAX as usize + 1);
    assert_eq!(trace.troubles.n_more(), 1000 - N_KEPT_PER_KIND_MAX);
}

#[test]
fn contradictions() {
    told(
        &[
            "m-9 online: (mem_cgroup_css_online+0x4/0x1b0) css=0x20",
            "m-9 cgroup_mkdir: root=0 id=5 level=1 path=/a",
            "m-9 online: (mem_cgroup_css_online+0x4/0x1b0) css=0x20",
            "m-9 cgroup_mkdir: root=0 id=6 level=1 path=/b",
            "m-9 cgroup_rmdir: root=0 id=6 level=1 path=/b",
            "m-9 cgroup_rmdir: root=0 id=6 level=1 path=/b",
            "m-9 cgroup_release: root=0 id=7 level=1 path=/c",
            "m-9 iter_in: (mem_cgroup_iter+0x4/0x210) root=____ptrval____ prev=0x0 reclaim=0x0",
        ],
        &expect![[r#"
            Contradiction: line 5: a group comes online at 0x20, where one is: the end of that was not recorded
            Contradiction: line 8: "b" is removed twice
            UnknownGroup: line 9: "c" is released, but nothing was known of it: not used
            Truncated: line 10: iter_in lacks root=, or it cannot be read: "(mem_cgroup_iter+0x4/0x210) root=____ptrval____ prev=0x0 rec…"; not used
        "#]],
    );
}

#[test]
fn times_that_go_backwards() {
    let mut text = text(&["a-1 cgroup_mkdir: root=0 id=5 level=1 path=/a"]);
    text.push_str("  a-1  [000]  0.5: cgroup_mkdir: root=0 id=6 level=1 path=/b\n");
    let trace = read_bytes(text.as_bytes());
    assert_eq!(
        troubles(&trace),
        "BackInTime: line 4: earlier than the line before; the order of the lines is kept\n"
    );
    assert_eq!(trace.groups.len(), 3);
}

/// A call whose return was not recorded is known as such when the task calls again.
#[test]
fn calls_without_a_return() {
    let mut lines: Vec<String> = make("a", 0x20).into();
    lines.extend([enter("a-1", 0x20, 0), enter("a-1", 0x20, 0x20), returns("a-1", 0)]);
    let trace = read(&lines);
    assert_eq!(
        troubles(&trace),
        "Unpaired: line 6: the call that began at line 5 has no return recorded: it is not compared\n"
    );
}
