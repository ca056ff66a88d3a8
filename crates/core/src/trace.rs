//! The trace of a run: plain values, one record for every access.

use crate::listing::ast::Type;
use crate::machine::{Access, Machine};
use crate::program::{Instr, Place, Touch};
use alloc::string::{String, ToString};

/// One access, in words.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Record {
    /// Thread.
    pub thread: usize,
    /// Function of the listing.
    pub function: String,
    /// Name of the listing.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Label of the access.
    pub label: String,
    /// The access in words, such as `tryget(ct-103)`.
    pub access: String,
    /// What was seen, empty if nothing.
    pub seen: String,
    /// What changed: before and after.
    pub changed: Option<(String, String)>,
    /// The thread's call was over with it.
    pub ended: bool,
    /// How many of its report's marks it and those before it have made.
    pub n_marks: usize,
}

impl Record {
    /// Puts an access into words; `access_words` are those from before it was made ([`Machine::access_words`]).
    pub fn new(machine: &Machine, access: &Access, access_words: String) -> Self {
        let program = machine.program();
        let origin = program.origins[access.pc as usize];
        let frame = &program.frames[origin.frame as usize];
        let touch = match program.code[access.pc as usize] {
            Instr::Touch(touch) => Some(touch),
            _ => None,
        };
        let words = |value| {
            machine.value_words(touch.map_or(Type::Void, |t| value_type(machine, t)), value)
        };
        Self {
            thread: access.thread,
            function: frame.function.clone(),
            file: program.files[frame.file].name.clone(),
            line: origin.line,
            label: program.label(access.pc).to_string(),
            access: access_words,
            seen: if touch.is_some_and(is_seen) { words(access.seen) } else { String::new() },
            changed: access.changed.map(|(before, after)| match touch {
                Some(Touch::Tryget { .. }) => (before.to_string(), after.to_string()),
                _ => (words(before), words(after)),
            }),
            ended: false,
            n_marks: 0,
        }
    }
}

/// Whether an access looks at something, rather than only writing.
fn is_seen(touch: Touch) -> bool {
    use crate::program::Action;
    match touch {
        Touch::Word { action, .. } => !matches!(action, Action::Store { .. }),
        Touch::Tryget { .. } | Touch::NewId { .. } | Touch::NextById { .. } => true,
        _ => false,
    }
}

fn value_type(machine: &Machine, touch: Touch) -> Type {
    let program = machine.program();
    let of = |fields: &[crate::program::FieldInfo], at: u8| {
        fields.get(at as usize).map_or(Type::Int, |f| f.ty)
    };
    match touch {
        Touch::Word { place, .. } => match place {
            Place::Slot(at) => of(&program.slot_fields, at),
            Place::Memcg(at) => of(&program.memcg_fields, at),
            Place::Global(at) => of(&program.globals, at),
            Place::Parent | Place::FirstChild | Place::NextSibling => Type::Memcg,
        },
        Touch::Tryget { .. } | Touch::Kill { .. } | Touch::Free { .. } => Type::Bool,
        Touch::ListAdd { .. } | Touch::ListDel { .. } | Touch::NextById { .. } => Type::Memcg,
        _ => Type::Int,
    }
}
