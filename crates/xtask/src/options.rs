//! The command line after the command: `--name value`, `--name=value` and bare `--name`.
//!
//! One grammar for all commands; it knows which options take a value, and refuses unknown ones.

use crate::say::{Failure, Outcome};

const WITH_VALUE: [&str; 9] =
    ["port", "only", "page", "fragment", "actions", "width", "scheme", "name", "url"];
const ALONE: [&str; 5] = ["no-open", "dev", "no-build", "readme", "watch"];

/// What was asked for after the command's name.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    given: Vec<(String, String)>,
}

impl Options {
    /// Reads the words; fails on one that is not understood.
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Outcome<Self> {
        let mut words = words.into_iter();
        let mut given = Vec::new();
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                return Err(unknown(&word));
            };
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (name, None),
            };
            if ALONE.contains(&name) && value.is_none() {
                given.push((name.to_owned(), String::new()));
            } else if WITH_VALUE.contains(&name) {
                let value = value.or_else(|| words.next()).ok_or_else(|| {
                    Failure::new(format!("`--{name}` is followed by nothing, it needs a value"))
                })?;
                given.push((name.to_owned(), value));
            } else {
                return Err(unknown(&word));
            }
        }
        Ok(Self { given })
    }

    /// Whether a bare option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(n, _)| n == name)
    }

    /// Every value given for an option, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.given.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The last value given for an option.
    pub(crate) fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }
}

fn unknown(word: &str) -> Failure {
    Failure::new(format!("`{word}` is not an option"))
        .advice("`cargo xtask help` lists every command with its options.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn both_spellings_of_a_value_and_repeats() {
        let options = parse("--only lint --only=e2e --no-open").expect("all three are known");
        assert_eq!(options.all("only").collect::<Vec<_>>(), ["lint", "e2e"]);
        assert_eq!(options.last("only"), Some("e2e"));
        assert!(options.has("no-open") && !options.has("dev"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in ["fast", "--fast", "--port", "--dev=yes"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
