//! Runs other programs, so that a person sees that they live and, when they fail, why.
//!
//! `quietly` keeps the output and prints a sign of life now and then; `aloud` shows it line by line.

use crate::say::{self, Failure, Outcome};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// After so long nobody looks every ten seconds.
const LONG: Duration = Duration::from_secs(90);
const LATER_SIGN: Duration = Duration::from_secs(30);
const FIRST_SIGN: Duration = Duration::from_secs(1);
const TOLD_LINES_MAX: usize = 30;

/// One program to be run: what it is for, how, and what to advise when it fails.
#[derive(Debug)]
pub(crate) struct Run {
    what: String,
    command: Command,
    shown: String,
    advice: Option<String>,
    expect: String,
}

/// What a program that has ended printed, standard output and error in the order of arrival.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) lines: Vec<String>,
    pub(crate) status: ExitStatus,
    failure: Failure,
}

impl Ended {
    /// The lines, if it ended well.
    pub(crate) fn checked(self) -> Outcome<Vec<String>> {
        if self.status.success() { Ok(self.lines) } else { Err(self.failure) }
    }
}

impl Run {
    /// `what` names the step as it is when done: "Trunk compiled".
    pub(crate) fn new(what: impl Into<String>, program: impl AsRef<OsStr>) -> Self {
        let shown = shown(program.as_ref());
        Self {
            what: what.into(),
            command: Command::new(program),
            shown,
            advice: None,
            expect: String::new(),
        }
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.shown = format!("{} {}", self.shown, shown(arg.as_ref()));
            self.command.arg(arg);
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{name}={} {}", shown(value.as_ref()), self.shown);
        self.command.env(name, value);
        self
    }

    /// Many variables at once; the failure message does not repeat them. `None` removes one.
    pub(crate) fn envs(mut self, pairs: &[(String, Option<OsString>)]) -> Self {
        for (name, value) in pairs {
            match value {
                Some(value) => self.command.env(name, value),
                None => self.command.env_remove(name),
            };
        }
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// How long it may take, said while it is at work.
    pub(crate) fn expect(mut self, how_long: &str) -> Self {
        self.expect = format!(" (takes {how_long})");
        self
    }

    /// What to do when it fails.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Runs it, keeping the output; fails if it fails.
    pub(crate) fn quietly(self) -> Outcome<Vec<String>> {
        let (what, started) = (self.what.clone(), Instant::now());
        let lines = self.follow(|_| false)?.checked()?;
        say::done(&what, started.elapsed());
        Ok(lines)
    }

    /// Runs it without a word, not even when done: for questions, not steps.
    pub(crate) fn silently(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }

    /// Runs it, printing the lines `show` picks; a program that fails is `Ok` here, the caller looks.
    pub(crate) fn aloud(self, show: impl Fn(&str) -> bool) -> Outcome<Ended> {
        self.follow(show)
    }

    fn follow(mut self, show: impl Fn(&str) -> bool) -> Outcome<Ended> {
        let started = Instant::now();
        let mut failure =
            Failure::new(format!("this step did not work: {}", self.what)).command(&self.shown);
        if let Some(advice) = &self.advice {
            failure = failure.advice(advice);
        }
        let spawned =
            self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => return Err(failure.last_lines(vec![error.to_string()])),
        };
        let (sender, receiver) = channel();
        forward(child.stdout.take(), sender.clone());
        forward(child.stderr.take(), sender);
        let lines = self.listen(&receiver, started, &mut child, show);
        let status = child.wait().map_err(|e| Failure::new(e.to_string()))?;
        Ok(Ended { failure: failure.last_lines(telling(&lines)), lines, status })
    }

    fn listen(
        &self,
        receiver: &Receiver<String>,
        started: Instant,
        child: &mut std::process::Child,
        show: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut next_sign = started + FIRST_SIGN;
        loop {
            match receiver.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    if show(&line) {
                        say::line(&format!("    {line}"));
                        next_sign = Instant::now() + SIGN_OF_LIFE;
                    }
                    lines.push(line);
                }
                Err(RecvTimeoutError::Disconnected) => return lines,
                // A grandchild that outlives the program may hold its pipes open for ever.
                Err(RecvTimeoutError::Timeout) if matches!(child.try_wait(), Ok(Some(_))) => {
                    lines.extend(receiver.try_iter());
                    return lines;
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if Instant::now() >= next_sign {
                let newest = lines.last().map_or("", String::as_str);
                say::working(&format!("{}{}", self.what, self.expect), started.elapsed(), newest);
                let long = started.elapsed() > LONG;
                next_sign = Instant::now() + if long { LATER_SIGN } else { SIGN_OF_LIFE };
            }
        }
    }
}

fn forward(pipe: Option<impl Read + Send + 'static>, sender: Sender<String>) {
    let Some(pipe) = pipe else { return };
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(n) if n > 0) {
            if sender.send(readable(&bytes)).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

/// A line as text: no colours, and only what a progress bar left on it last.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let last = text.trim_end().rsplit('\r').next().unwrap_or_default();
    let mut plain = String::with_capacity(last.len());
    let mut characters = last.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            // ESC [ … letter
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

/// The lines that tell why it failed: from the first error on, or the last ones.
fn telling(lines: &[String]) -> Vec<String> {
    let lines: Vec<&String> = lines.iter().filter(|line| !is_progress(line)).collect();
    let errors = ["error:", "error[", "npm error", "E: "];
    let first_error =
        lines.iter().position(|line| errors.iter().any(|error| line.starts_with(error)));
    let start = first_error.unwrap_or_else(|| lines.len().saturating_sub(TOLD_LINES_MAX));
    lines[start..].iter().take(TOLD_LINES_MAX).copied().cloned().collect()
}

/// A word as it could be typed into a shell.
fn shown(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Lines of cargo that say how far it is, and nothing else.
pub(crate) fn is_progress(line: &str) -> bool {
    const VERBS: [&str; 11] = [
        "Compiling",
        "Checking",
        "Downloading",
        "Downloaded",
        "Updating",
        "Locking",
        "Adding",
        "Blocking",
        "Fresh",
        "Building",
        "Finished",
    ];
    line.trim_start().split(' ').next().is_some_and(|verb| VERBS.contains(&verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_progress_bar_and_no_colours() {
        assert_eq!(readable(b" 10%\r 20%\r\x1b[32mdone\x1b[0m\n"), "done");
    }

    #[test]
    fn a_command_can_be_pasted() {
        let run = Run::new("x", "tool").args(["--flag", "two words"]).env("NAME", "a b");
        assert_eq!(run.shown, "NAME='a b' tool --flag 'two words'");
    }

    #[test]
    fn an_error_tells_more_than_the_last_line() {
        let lines =
            ["  Compiling x", "warning: w", "error: why", "where", "bye"].map(str::to_owned);
        assert_eq!(telling(&lines), ["error: why", "where", "bye"]);
        assert_eq!(telling(&lines[..2]), ["warning: w"]);
    }

    #[test]
    fn a_program_that_fails_says_its_last_words() {
        let run = Run::new("a step", "sh").args(["-c", "echo out; exit 3"]).advice("try again");
        let failure = run.quietly().expect_err("it exits with 3").to_string();
        assert!(
            failure.contains("did not work: a step") && failure.contains("    out\n"),
            "{failure}"
        );
    }
}
