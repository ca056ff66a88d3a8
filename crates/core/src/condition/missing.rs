//! What a condition looks at and a policy does not have: it would be false, or none, for ever, and nobody would see why.

use super::{Condition, Subject, Term, Value, Watch};
use crate::listing::nearest;
use crate::program::Program;
use alloc::{format, string::String};

/// What is looked at, and a policy does not have.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Missing<'a> {
    /// An access with this label.
    Label {
        /// As it is written.
        label: &'a str,
        /// The label that is perhaps meant.
        near: Option<&'a str>,
    },
    /// A pointer to a group in its slots: a position is always none.
    Position,
}

impl<'a> Missing<'a> {
    fn label(label: &'a str, program: &'a Program) -> Option<Self> {
        let known = || program.labels.iter().map(String::as_str).filter(|known| !known.is_empty());
        if known().any(|known| known == label) {
            return None;
        }
        let access = |label: &str| label.find('.').unwrap_or(label.len());
        let same_access = |known: &&str| {
            let (dot, known_dot) = (access(label), access(known));
            known_dot < known.len() && known[known_dot..] == label[dot..]
        };
        let near = if label.len() <= 80 { nearest(label, known()) } else { None };
        Some(Self::Label { label, near: near.or_else(|| known().find(same_access)) })
    }

    /// What is wrong, of the lane with this name.
    pub fn words(self, lane: &str) -> String {
        match self {
            Self::Label { label, .. } => format!("{lane} has no access \"{label}\""),
            Self::Position => {
                format!("slots of {lane} hold no pointer to a group: a position is always none")
            }
        }
    }

    /// What is wrong and what to write instead, in a line.
    pub fn told(self, lane: &str) -> String {
        match self.suggestion() {
            Some(suggestion) => format!("{}; {suggestion}", self.words(lane)),
            None => self.words(lane),
        }
    }

    /// What to write instead.
    pub fn suggestion(self) -> Option<String> {
        match self {
            Self::Label { near: Some(near), .. } => Some(format!("did you mean \"{near}\"?")),
            Self::Label { near: None, .. } | Self::Position => None,
        }
    }
}

impl<G, T> Subject<G, T> {
    /// What it looks at and the policy does not have.
    pub fn missing_in(&self, program: &Program) -> Option<Missing<'static>> {
        let is_position = matches!(self, Self::Position(_));
        (is_position && program.position.is_none()).then_some(Missing::Position)
    }
}

impl<G, T> Term<G, T> {
    /// What it looks at, or compares with, and the policy does not have.
    pub fn missing_in<'a>(&'a self, program: &'a Program) -> Option<Missing<'a>> {
        match &self.value {
            Value::Label(label) => Missing::label(label, program),
            _ => self.subject.missing_in(program),
        }
    }
}

impl<G, T> Condition<G, T> {
    /// What its comparisons look at and the policy does not have, one after the other.
    pub fn missing_in<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = Missing<'a>> {
        self.terms().filter_map(|term| term.missing_in(program))
    }
}

impl<G, T> Watch<G, T> {
    /// The first thing that it looks at and the policy does not have.
    pub fn missing_in<'a>(&'a self, program: &'a Program) -> Option<Missing<'a>> {
        match self {
            Self::Value(subject) => subject.missing_in(program),
            Self::Holds(condition) => condition.missing_in(program).next(),
        }
    }
}
