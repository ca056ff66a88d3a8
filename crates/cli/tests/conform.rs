//! The vectors of real kernel code in `conformance/` judge the model.

use std::fs;
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
