//! Which thread a column is: by its heading, or by what is done in it.

use super::reader::Reader;
use super::term::{Term, term};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::listing::nearest;
use memcg_core::world::{Op, Role, World};

impl Reader<'_> {
    /// Which thread every column is.
    pub(super) fn columns(&mut self) {
        let world = self.follow.machine.world().clone();
        let names: Vec<&str> =
            world.threads.iter().map(|t| t.name.as_str()).chain([World::WORKER]).collect();
        let known: Vec<Option<usize>> =
            self.sheet.heads.iter().map(|head| thread_of(&names, &head.text)).collect();
        let texts = self.sheet.heads.iter().enumerate().map(|(column, head)| {
            let own = self.sheet.cells.iter().filter(|cell| cell.column == column);
            (head.text.clone(), own.map(|cell| cell.text.clone()).collect())
        });
        let texts: Vec<(String, Vec<String>)> = texts.collect();
        // A diagram of ours names its threads.
        let guessed =
            if self.sheet.title.is_some() { known.clone() } else { guess(&world, &texts, &known) };
        for (column, head) in self.sheet.heads.iter().enumerate() {
            let place = self.lines.get(head.line).map(|_| self.place_of(head.line, head.at));
            let is_empty = texts[column].1.is_empty();
            let head = if head.text.is_empty() { "without a heading" } else { &head.text };
            match guessed[column] {
                None if !is_empty => {
                    self.notes.error(place, || {
                        let names = names.join(", ");
                        format!("there is no thread for the column {head}, so it is left out; there are {names}")
                    });
                    let meant = nearest(head, names.iter().copied());
                    self.notes.suggest(meant.map(|name| format!("did you mean {name}?")));
                }
                Some(thread) if known[column].is_none() && !is_empty => {
                    let name = names[thread];
                    self.notes.warning(place, || format!("the column {head} is taken for {name}"));
                }
                _ => {}
            }
        }
        self.threads = guessed;
    }
}

/// The thread that a heading means: by its name, or by the part of it that there was room for.
fn thread_of(names: &[&str], head: &str) -> Option<usize> {
    let exact = names.iter().position(|name| *name == head);
    let begins = || {
        let mut found = names.iter().enumerate().filter(|(_, name)| name.starts_with(head));
        let (first, other) = (found.next(), found.next());
        first.filter(|_| other.is_none() && head.chars().count() >= 20).map(|(at, _)| at)
    };
    exact.or_else(begins)
}

/// Which thread each column without a thread's name is: by the groups it removes, or by what is done in it.
fn guess(
    world: &World,
    columns: &[(String, Vec<String>)],
    known: &[Option<usize>],
) -> Vec<Option<usize>> {
    let mut out: Vec<Option<usize>> = known.to_vec();
    let is_admin = |thread: usize| matches!(world.threads[thread].role, Role::Admin(_));
    for (column, (head, lines)) in columns.iter().enumerate() {
        if out[column].is_some() {
            continue;
        }
        let is_any = |names: &[&str]| {
            let mut terms = lines.iter().chain([head]).map(|text| term(text));
            terms.any(|term| matches!(term, Term::Named(name, _) if names.contains(&name.as_str())))
        };
        let walks = is_any(&["next", "break"]);
        let removes = is_any(&["rmdir", "kill", "offline", "create"]);
        let group_of = |thread: usize| match &world.threads[thread].role {
            Role::Admin(ops) => ops.iter().find_map(|op| match op {
                Op::Rmdir(group) => Some(world.name(*group).to_string()),
                _ => None,
            }),
            Role::Reclaimer { .. } => None,
        };
        let free = |thread: &usize| !out.contains(&Some(*thread));
        let wanted =
            (0..world.threads.len()).filter(free).filter(|t| is_admin(*t) == (removes && !walks));
        let by_group = wanted.clone().find(|thread| {
            group_of(*thread).is_some_and(|group| {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
                let mut texts = lines.iter().chain([head]);
                texts.any(|text| text.split(|c: char| !is_part(c)).any(|word| word == group))
            })
        });
        out[column] = by_group.or_else(|| wanted.clone().next());
    }
    out
}
