//! The edited scenario, with every edit undoable.
//!
//! Undo keeps whole documents: an edit cannot be undone halfway. Taking a move is no edit: moves
//! are kept by the player's branches, which nothing destroys.

use super::playback::Branches;
use memcg_scenario::Scenario;
use memcg_scenario::link::ListingEdit;
use std::rc::Rc;

/// Most edits that can be undone.
const N_PAST_MAX: usize = 200;

/// Most groups and moves kept in all past documents together: large ones have shorter memories.
const N_ITEMS_KEPT_MAX: usize = 600_000;

/// A document at one time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The scenario, its schedule as it was then.
    pub scenario: Rc<Scenario>,
    /// Edited listings that its lanes run.
    pub edits: Rc<Vec<ListingEdit>>,
    /// All its schedules.
    pub branches: Branches,
    /// How far it was played.
    pub cursor: usize,
    /// The edit that came after it (or, among what can be redone, led to it) in words.
    pub words: String,
}

/// The edited scenario and its past.
#[derive(Clone, Debug, Default)]
pub struct Document {
    scenario: Rc<Scenario>,
    edits: Rc<Vec<ListingEdit>>,
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    /// Edits of one kind that follow each other, such as letters typed, are one.
    joined: Option<&'static str>,
    revision: u64,
}

impl Document {
    /// A document without a past, with the edited listings that its lanes run.
    pub fn new(scenario: Scenario, edits: Vec<ListingEdit>) -> Self {
        Self { scenario: Rc::new(scenario), edits: Rc::new(edits), ..Self::default() }
    }

    /// Edited listings. A name among them means the edited text, also where a listing of that name is shipped.
    pub const fn edits(&self) -> &Rc<Vec<ListingEdit>> {
        &self.edits
    }

    /// The scenario that was just taken over brought these.
    pub fn bring(&mut self, edits: Vec<ListingEdit>) {
        self.edits = Rc::new(edits);
    }

    /// The scenario as last edited. Its schedule may be behind the player's.
    pub fn scenario(&self) -> &Rc<Scenario> {
        &self.scenario
    }

    /// Grows with every change, undone and redone ones included.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// What undo would take back, in words.
    pub fn undoable(&self) -> Option<&str> {
        self.past.last().map(|s| s.words.as_str())
    }

    /// What redo would do again, in words.
    pub fn redoable(&self) -> Option<&str> {
        self.future.last().map(|s| s.words.as_str())
    }

    /// Takes over an edited scenario; `before` is the document as played so far. Edits that give
    /// the same `join` one after the other are undone as one.
    pub fn edit(&mut self, before: Snapshot, after: Scenario, join: Option<&'static str>) {
        self.future.clear();
        let joins = join.is_some() && join == self.joined && !self.past.is_empty();
        if !joins {
            self.past.push(before);
            self.forget();
        }
        self.joined = join;
        self.set(Rc::new(after));
    }

    /// Takes an edit back: gives the document to return to, `now` becomes what redo gives.
    pub fn undo(&mut self, mut now: Snapshot) -> Option<Snapshot> {
        let to = self.past.pop()?;
        now.words.clone_from(&to.words);
        self.future.push(now);
        self.joined = None;
        self.edits = to.edits.clone();
        self.set(to.scenario.clone());
        Some(to)
    }

    /// Does an edit again that was undone.
    pub fn redo(&mut self, mut now: Snapshot) -> Option<Snapshot> {
        let to = self.future.pop()?;
        now.words.clone_from(&to.words);
        self.past.push(now);
        self.joined = None;
        self.edits = to.edits.clone();
        self.set(to.scenario.clone());
        Some(to)
    }

    /// Whatever is edited next is an edit of its own.
    pub const fn part(&mut self) {
        self.joined = None;
    }

    fn set(&mut self, scenario: Rc<Scenario>) {
        self.scenario = scenario;
        self.revision += 1;
    }

    fn forget(&mut self) {
        let mut n_items = 0;
        let n_kept = self
            .past
            .iter()
            .rev()
            .take(N_PAST_MAX)
            .take_while(|s| {
                let n_moves: usize = s.branches.all.iter().map(|b| b.moves.len()).sum();
                n_items += s.scenario.hierarchy.n_groups() + n_moves;
                n_items <= N_ITEMS_KEPT_MAX
            })
            .count()
            .max(1);
        self.past.drain(..self.past.len() - n_kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> Scenario {
        Scenario { title: title.into(), ..Scenario::default() }
    }

    fn now(document: &Document, words: &str) -> Snapshot {
        Snapshot {
            scenario: document.scenario().clone(),
            edits: document.edits().clone(),
            branches: Branches::default(),
            cursor: 0,
            words: words.into(),
        }
    }

    fn edit(document: &mut Document, title: &str, join: Option<&'static str>) {
        let before = now(document, &format!("title {title}"));
        document.edit(before, titled(title), join);
    }

    #[test]
    fn there_and_back() {
        let mut document = Document::new(titled("a"), Vec::new());
        edit(&mut document, "b", None);
        edit(&mut document, "c", None);
        assert_eq!(document.undoable(), Some("title c"));
        let here = now(&document, "");
        assert_eq!(document.undo(here).expect("one back").scenario.title, "b");
        assert_eq!(document.redoable(), Some("title c"));
        let here = now(&document, "");
        assert_eq!(document.redo(here).expect("and on").scenario.title, "c");
        assert_eq!(document.redoable(), None);
        assert_eq!(document.undoable(), Some("title c"));
    }

    #[test]
    fn letters_typed_in_a_row_are_one_edit() {
        let mut document = Document::new(titled("a"), Vec::new());
        edit(&mut document, "ab", Some("title"));
        edit(&mut document, "abc", Some("title"));
        document.part();
        edit(&mut document, "abcd", Some("title"));
        let here = now(&document, "");
        assert_eq!(document.undo(here).expect("back").scenario.title, "abc");
        let here = now(&document, "");
        assert_eq!(document.undo(here).expect("back").scenario.title, "a");
        let here = now(&document, "");
        assert!(document.undo(here).is_none());
    }

    #[test]
    fn a_new_edit_ends_what_could_be_redone() {
        let mut document = Document::new(titled("a"), Vec::new());
        edit(&mut document, "b", None);
        let here = now(&document, "");
        document.undo(here);
        edit(&mut document, "c", None);
        assert_eq!(document.redoable(), None);
    }
}
