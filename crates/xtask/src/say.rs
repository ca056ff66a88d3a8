//! What a person at the terminal reads: one line a step, and a failure that says what to do.
//!
//! Runs nothing; `run` does.

use std::fmt;
use std::io::Write;
use std::time::Duration;

/// Result of anything that can go wrong for a reason a person can mend.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// What went wrong, in the order it is read: what, which command, its last lines, what to do.
#[derive(Debug, Default)]
pub(crate) struct Failure {
    what: String,
    command: Option<String>,
    last_lines: Vec<String>,
    advice: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// The command that failed, as it could be typed.
    pub(crate) fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// The last lines it printed.
    pub(crate) fn last_lines(mut self, lines: Vec<String>) -> Self {
        self.last_lines = lines;
        self
    }

    /// For when those lines have been shown already.
    pub(crate) fn without_last_lines(self) -> Self {
        self.last_lines(Vec::new())
    }

    /// What to do about it.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "FAILED: {}", self.what)?;
        if let Some(command) = &self.command {
            writeln!(f, "  the command was:\n    {command}")?;
        }
        if !self.last_lines.is_empty() {
            writeln!(f, "  the last it printed:")?;
            for line in &self.last_lines {
                writeln!(f, "    {line}")?;
            }
        }
        if let Some(advice) = &self.advice {
            writeln!(f, "  what to do:")?;
            for line in advice.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

/// Failure of a file operation, with the path a bare `io::Error` lacks.
pub(crate) fn at<E: fmt::Display>(path: &std::path::Path) -> impl FnOnce(E) -> Failure {
    let path = path.display().to_string();
    move |error| Failure::new(format!("{path}: {error}"))
}

/// A heading before a group of steps.
pub(crate) fn heading(text: &str) {
    line(&format!("\n== {text} =="));
}

/// A step that found nothing to do.
pub(crate) fn already(what: &str) {
    line(&format!("  ok  {what}: already there"));
}

/// A step that was done.
pub(crate) fn done(what: &str, took: Duration) {
    line(&format!("  ok  {what} ({})", elapsed(took)));
}

/// A step that begins, or is still at work; `detail` is the newest thing known about it.
pub(crate) fn working(what: &str, took: Duration, detail: &str) {
    let detail: String = detail.trim().chars().take(90).collect();
    line(format!("  ..  {what}: {} {detail}", elapsed(took)).trim_end());
}

/// Anything worth knowing that is not a step.
pub(crate) fn note(text: &str) {
    line(&format!("      {text}"));
}

/// One whole line, on the terminal at once even through a pipe.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe (`| head`) is no reason to fail.
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn elapsed(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..10 => format!("{seconds}.{} s", took.subsec_millis() / 100),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_like_speech() {
        let said = [450, 12_900, 185_000].map(|ms| elapsed(Duration::from_millis(ms)));
        assert_eq!(said, ["0.4 s", "12 s", "3 min 05 s"]);
    }

    #[test]
    fn a_failure_names_command_output_and_remedy() {
        let failure = Failure::new("no tool")
            .command("tool --now")
            .last_lines(vec!["boom".to_owned()])
            .advice("install it");
        let text = failure.to_string();
        let expected = "FAILED: no tool\n  the command was:\n    tool --now\n  the last it printed:\n    \
                        boom\n  what to do:\n    install it\n";
        assert_eq!(text, expected);
    }
}
