//! The branches of a draft's schedule as a text beside the draft: a link carries only the one shown.
//!
//! First line: the link they belong to. Then a line each: name, branch it left, where, and its moves
//! as a link of a scenario that has nothing else; the branch shown has its moves in the draft itself.

use crate::model::playback::Branches;
use memcg_core::player::Branch;
use memcg_core::schedule::Move;
use memcg_scenario::{Scenario, link};
use std::fmt::Write;

/// Most moves that are kept in all branches together.
const N_MOVES_MAX: usize = 30_000;

/// The text; `None` if there is only one branch, or too much in them.
pub(super) fn written(branches: &Branches, fragment: &str) -> Option<String> {
    let n_moves: usize = branches.all.iter().map(|b| b.moves.len()).sum();
    if branches.all.len() < 2 || n_moves > N_MOVES_MAX {
        return None;
    }
    let mut out = format!("{fragment}\n");
    for (at, branch) in branches.all.iter().enumerate() {
        let moves = if at == branches.shown { String::new() } else { packed(&branch.moves)? };
        let parent = branch.parent.map_or_else(String::new, |parent| parent.to_string());
        let _ = writeln!(out, "{}\t{parent}\t{}\t{moves}", branch.name, branch.fork_at);
    }
    Some(out)
}

fn packed(moves: &[Move]) -> Option<String> {
    let scenario = Scenario { schedule: moves.to_vec(), ..Scenario::default() };
    link::encode(&link::Shared { scenario, ..link::Shared::default() }).ok()
}

/// Reads the text, if it belongs to this draft, whose shown branch has these moves.
pub(super) fn read(text: &str, fragment: &str, shown: &[Move]) -> Option<Branches> {
    let mut lines = text.lines();
    if lines.next() != Some(fragment) {
        return None;
    }
    let mut out = Branches::default();
    for line in lines {
        let mut fields = line.split('\t');
        let (name, parent, fork_at, moves) =
            (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        if moves.is_empty() {
            out.shown = out.all.len();
        }
        let moves = if moves.is_empty() {
            shown.to_vec()
        } else {
            link::decode(moves).shared?.scenario.schedule
        };
        let parent = parent.parse().ok().filter(|parent| *parent < out.all.len());
        out.all.push(Branch {
            name: name.to_owned(),
            parent,
            fork_at: fork_at.parse().ok()?,
            moves,
        });
    }
    (out.all.len() > 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(threads: &str) -> Vec<Move> {
        threads.chars().map(|c| Move::Call { thread: c.to_string() }).collect()
    }

    #[test]
    fn there_and_back() {
        let branches = Branches::only(calls("aab")).forked(1, calls("ab")).forked(2, calls("aaa"));
        let text = written(&branches, "1:x").expect("three branches");
        let again = read(&text, "1:x", &calls("aaa")).expect("it belongs");
        assert_eq!(again.all, branches.all);
        assert_eq!(again.shown, 2);
        assert!(read(&text, "1:y", &calls("aaa")).is_none(), "another draft's");
        assert_eq!(written(&Branches::only(calls("a")), "1:x"), None);
    }
}
