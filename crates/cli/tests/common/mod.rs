//! Runs `memcg` as people do.

#![allow(dead_code, reason = "every test file uses some of it")]

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What it said.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs it with these arguments.
pub(crate) fn memcg(args: &[&str]) -> Told {
    memcg_with_input(args, "")
}

/// Runs it with these arguments and this on standard input.
pub(crate) fn memcg_with_input(args: &[&str], input: &str) -> Told {
    let mut child = Command::new(env!("CARGO_BIN_EXE_memcg"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A program that does not read its input closes the pipe: no harm.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    let done = child.wait_with_output().expect("ends");
    Told {
        status: done.status.code().expect("not killed"),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}
