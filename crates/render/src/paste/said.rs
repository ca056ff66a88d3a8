//! What a cell says, by its form alone.

use alloc::string::{String, ToString};

/// A cell's meaning.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) enum Said {
    /// `switch (why)`: another thread runs on.
    Switch,
    /// `* words`: an event that comes of the steps.
    Mark,
    /// `*** words ***`.
    Fault,
    /// `(why)`: nothing was done.
    Idle(String),
    /// `kill(a) {`
    Begin(String),
    /// `}` or `} -> a`
    End(Option<String>),
    /// `next() -> a`: a whole call.
    Whole(String, String),
    /// `tryget_live:45 tryget(a) -> true`
    Access(AccessSaid),
    /// `…`: steps that are left out.
    Elided,
    /// Anything else.
    Words,
}

/// An access as diagrams tell it.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) struct AccessSaid {
    /// Empty where it is the call itself.
    pub(super) function: String,
    pub(super) line: u32,
    /// With what was seen, and without spaces: they are where lines were broken.
    pub(super) rest: String,
}

/// Without any white space.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A word of C.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Reads a cell.
pub(super) fn said(text: &str) -> Said {
    let text = text.trim();
    if matches!(text, "…" | "..." | "[...]" | "[…]" | "<...>" | "....") {
        return Said::Elided;
    }
    if text.starts_with("switch (") {
        return Said::Switch;
    }
    if text.starts_with("*** ") {
        return Said::Fault;
    }
    if text.starts_with("* ") {
        return Said::Mark;
    }
    if let Some(why) = text.strip_prefix('(') {
        return Said::Idle(why.strip_suffix(')').unwrap_or(why).to_string());
    }
    if let Some(rest) = text.strip_prefix('}') {
        let rest = rest.trim();
        if rest.is_empty() {
            return Said::End(None);
        }
        if let Some(result) = rest.strip_prefix("->") {
            return Said::End(Some(result.trim().to_string()));
        }
    }
    if let Some(call) = text.strip_suffix('{') {
        return Said::Begin(call.trim().to_string());
    }
    if let Some(access) = access(text) {
        return Said::Access(access);
    }
    if let Some((call, result)) = text.split_once(") -> ") {
        let call = alloc::format!("{call})");
        if call.split_once('(').is_some_and(|(name, _)| is_name(name)) {
            return Said::Whole(call, result.trim().to_string());
        }
    }
    Said::Words
}

fn access(text: &str) -> Option<AccessSaid> {
    let (function, rest) = text.split_once(':')?;
    if !function.is_empty() && !is_name(function) {
        return None;
    }
    let n_digits = rest.chars().take_while(char::is_ascii_digit).count();
    let (digits, rest) = rest.split_at(n_digits);
    if !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    Some(AccessSaid {
        function: function.to_string(),
        line: digits.parse().ok()?,
        rest: squeezed(rest),
    })
}
