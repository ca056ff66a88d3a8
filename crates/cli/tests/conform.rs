//! The vectors of real kernel code in `conformance/` judge the model.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

#[test]
fn every_call_vector_agrees() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/calls");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("in the tree").map(|e| e.expect("readable").path()).collect();
    files.sort();
    assert!(files.len() >= 3, "the vectors are in the tree");
    let done = Command::new(env!("CARGO_BIN_EXE_memcg"))
        .arg("conform")
        .args(&files)
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{text}");
    let agree = text.lines().filter(|l| l.ends_with(": 300 of 300 agree")).count();
    assert_eq!(agree, files.len(), "{text}");
}

/// The comparison can fail: a vector whose result is changed by hand is not accepted.
#[test]
fn a_wrong_result_is_found() {
    let line = r#"{"id":"x","policy":"vz7-nullify","parents":[-1,0],"walkers":[{"root":0,"cookie":true,"priority":0}],"steps":[{"op":"next","walker":0,"returns":1,"slots":[],"refs":[]}]}"#;
    let path = std::env::temp_dir().join(format!("memcg-conform-{}.jsonl", std::process::id()));
    fs::write(&path, line).expect("a temporary file");
    let done =
        Command::new(env!("CARGO_BIN_EXE_memcg")).arg("conform").arg(&path).output().expect("runs");
    let _ = fs::remove_file(&path);
    let text = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(text.contains("kernel returns Some(1), model Some(0)"), "{text}");
}

/// Lines of every file of races that are small by the number of their outcomes: each is searched to the end.
#[test]
fn every_outcome_of_small_races_is_reachable() {
    const N_OUTCOMES_MAX: usize = 45;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/races");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("in the tree").map(|e| e.expect("readable").path()).collect();
    files.sort();
    assert!(files.len() >= 12, "the vectors are in the tree");
    let mut lines = Vec::new();
    for path in &files {
        let mut text = String::new();
        let file = fs::File::open(path).expect("opens");
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
        let is_small = |line: &&str| line.matches("\"count\":").count() <= N_OUTCOMES_MAX;
        let small: Vec<String> = text.lines().filter(is_small).map(str::to_string).collect();
        assert!(small.len() >= 12, "{}", path.display());
        lines.extend(small);
    }
    let (status, text) = conform("small", &lines.join("\n"), &["--drawn", "0"]);
    assert_eq!(status, Some(0), "{text}");
    let n = lines.len();
    assert!(text.contains(&format!(": {n} lines, ")), "{text}");
    assert!(text.contains(" reached, 0 not reached; "), "{text}");
    assert!(text.contains(&format!("; {n} lines complete, 0 bounded; ")), "{text}");
}

/// The judgement can fail: what the policy cannot return, and a fault that it does not have, are not reached.
#[test]
fn an_outcome_that_cannot_be_is_not_reached() {
    let line = race(r#"{"count":1,"returns":{"0":[1,0]}},{"count":1,"fault":"UAF css_put"}"#);
    let (status, text) = conform("unreached", &line, &[]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("x: 0 of 2 outcomes reached, complete"), "{text}");
    assert!(text.contains("not reached: 0: [1, 0]"), "{text}");
    assert!(text.contains("not reached: UAF css_put"), "{text}");
}

/// What a bound cuts is said to be bounded, and accuses nobody.
#[test]
fn a_bound_is_told() {
    let line = race(r#"{"count":1,"returns":{"0":[1,0]}}"#);
    let (status, text) = conform("bound", &line, &["--states", "5", "--drawn", "5"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("0 reached, 1 not reached; 0 lines complete, 1 bounded"), "{text}");
}

/// Lines that cannot be judged are named with the cause, and the others are judged.
#[test]
fn bad_lines_are_named_and_passed_over() {
    let good = race(r#"{"count":1,"returns":{"0":[0,1]}}"#);
    let bad = [
        good.replace("rmdir", "chmod"),
        good.replace("priority", "prority"),
        good.replace("\"cgroup\":1", "\"cgroup\":7"),
        good.replace("\"rcu\"", "\"srcu\""),
        "{\"id\":".into(),
        "{\"id\":\"y\"}".into(),
    ];
    let lines = format!("{}\n{good}", bad.join("\n"));
    let (status, text) = conform("bad", &lines, &[]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("1 lines, 1 outcomes: 1 reached, 0 not reached"), "{text}");
    for cause in [
        "line 1: cannot be read: unknown variant `chmod`",
        "line 2: cannot be read: unknown field `prority`",
        "line 3: x: there is no cgroup 7",
        "line 4: x: the grace \"srcu\" is not known",
        "line 5: cannot be read: EOF",
        "line 6: neither \"steps\" nor \"outcomes\"",
    ] {
        assert!(text.contains(cause), "{cause}: {text}");
    }
}

/// One walker of two calls below the root of one group, which is removed.
fn race(outcomes: &str) -> String {
    format!(
        r#"{{"id":"x","policy":"vz7-nullify","grace":"rcu","parents":[-1,0],"threads":[{{"kind":"reclaim","root":0,"priority":0,"calls":2}},{{"kind":"rmdir","cgroup":1}}],"runs":1,"outcomes":[{outcomes}]}}"#
    )
}

/// Runs `memcg conform` on these lines; its exit status and what it printed.
fn conform(name: &str, lines: &str, options: &[&str]) -> (Option<i32>, String) {
    let file = format!("memcg-conform-{name}-{}.jsonl", std::process::id());
    let path = std::env::temp_dir().join(file);
    fs::write(&path, lines).expect("a temporary file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_memcg"));
    let done = command.arg("conform").arg(&path).args(options).output().expect("runs");
    let _ = fs::remove_file(&path);
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}
