//! Who reads no further ends the command without a word.

use std::process::Command;

#[test]
fn an_output_that_nobody_reads_is_no_panic() {
    for args in [&["run", "one-rmdir"][..], &["check", "bias-core-nullify"], &["list"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let ended = Command::new(env!("CARGO_BIN_EXE_memcg"))
            .args(args)
            .stdout(writer)
            .output()
            .expect("memcg runs");
        assert_eq!(ended.status.code(), Some(141), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{args:?}");
    }
}
