//! `memcg replay` and `memcg import` of a trace, from the outside.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const TRACE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../conformance/traces/linux-6.12-machine-slice.ftrace.txt.gz"
);

fn memcg(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_memcg")).args(args).output().expect("runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (status.code(), text(&stdout), text(&stderr))
}

#[test]
fn the_kernels_policy_explains_its_trace() {
    let (code, out, _) = memcg(&["replay", TRACE, "--policy", "v6.12-unpinned"]);
    assert!(out.contains("v6.12-unpinned explains 7801 of 7801 calls"), "{out}");
    assert_eq!(code, Some(0));
}

#[test]
fn another_policy_does_not_and_says_where() {
    let (code, out, _) = memcg(&["replay", TRACE, "--policy", "rhel7-dead-count"]);
    assert!(out.contains("rhel7-dead-count explains 6904 of 7801 calls"), "{out}");
    assert!(out.contains("880  the policy skips a group that is being removed"), "{out}");
    assert!(out.contains("the first difference is call 115:"), "{out}");
    assert!(out.contains("(line 277)"), "{out}");
    assert_eq!(code, Some(1));
}

#[test]
fn on_its_own_way_a_policy_is_counted() {
    let (code, out, _) = memcg(&["replay", TRACE, "--free", "--policy", "rhel7-dead-count"]);
    assert!(out.contains("walks brought to their end: kernel 470, policy 494"), "{out}");
    assert!(out.contains("visits of machine/ct103/web: kernel 418, policy 62"), "{out}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_trace_is_imported() {
    let (code, out, err) = memcg(&["import", TRACE]);
    assert!(out.starts_with("scenario: Recorded on a running kernel\n"), "{out}");
    assert!(out.contains("rmdir machine/ct205"), "{out}");
    assert!(err.contains("23 made; 7801 calls by 5 tasks"), "{err}");
    assert_eq!(code, Some(0));
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let (code, _, err) = memcg(&["replay", TRACE]);
    assert!(err.contains("name a policy"), "{err}");
    assert_eq!(code, Some(2));
    let (code, _, err) = memcg(&["replay", "no such file", "--policy", "v6.12-unpinned"]);
    assert!(err.contains("no such file"), "{err}");
    assert_eq!(code, Some(2));
    let path: PathBuf =
        std::env::temp_dir().join(format!("memcg-replay-{}.txt", std::process::id()));
    let text =
        "  a-1  [000] 1.5: cgroup_mkdir: root=0 id=1 level=1 path=/a\nCPU:0 [LOST 2 EVENTS]\n";
    fs::write(&path, text).expect("a temporary file");
    let (code, out, _) =
        memcg(&["replay", path.to_str().expect("a path"), "--policy", "v6.12-unpinned"]);
    let _ = fs::remove_file(&path);
    assert!(out.contains("lost events: line 2: CPU 0 lost 2 events"), "{out}");
    assert!(out.contains("there is nothing to replay"), "{out}");
    assert_eq!(code, Some(1));
}
