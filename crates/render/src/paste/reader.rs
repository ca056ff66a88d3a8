//! Follows a diagram of ours cell by cell: every line is an access, the begin or the end of a call.

use super::follow::Follow;
use super::notes::Notes;
use super::said::{Said, said, squeezed};
use super::sheet::{Cell, Line, Sheet};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::machine::Call;
use memcg_core::run::Grain;
use memcg_scenario::Place;

/// Calls that may be missing before the first one of a thread that the text tells of.
const N_CALLS_MISSING_MAX: usize = 8;

/// Reads one diagram.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    pub(super) follow: Follow,
    pub(super) sheet: &'t Sheet,
    pub(super) lines: &'t [Line],
    pub(super) notes: Notes,
    /// Lines that tell of a step, and those of them that were followed.
    pub(super) n_lines: usize,
    pub(super) n_used: usize,
    /// Slots by their words in accesses.
    pub(super) slots: Vec<String>,
    /// Per column: its thread.
    pub(super) threads: Vec<Option<usize>>,
    /// Per column: the thread that its lines tell of, where that is another.
    pub(super) acting: Vec<Option<usize>>,
    /// Per column: the last lines that tell of a kill, and of what follows one.
    pub(super) stages_told: Vec<(Option<usize>, Option<usize>)>,
    /// Per thread: a call has begun that is not over.
    pub(super) open: Vec<bool>,
    /// Per thread: the rest of this call is passed over, since it could not begin.
    pub(super) skips: Vec<bool>,
    /// Per thread: a problem in this call has been told.
    pub(super) told: Vec<bool>,
    /// Per thread: steps are left out before the next line.
    pub(super) elided: Vec<bool>,
    /// Accesses were told, or only the last of each statement.
    has_accesses: bool,
    pub(super) has_statements: bool,
    /// Lines of the listing have other numbers than in the text; told once.
    pub(super) has_moved: bool,
    /// Which cells the next step of their column repeats, where that matters, see [`Self::of_statements`].
    repeated: Vec<bool>,
    /// The cell that is read.
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(follow: Follow, sheet: &'t Sheet, lines: &'t [Line]) -> Self {
        let n_threads = follow.machine.world().threads.len() + 1;
        let n_slots = follow.machine.layout().slots.len();
        Self {
            slots: (0..n_slots).map(|slot| follow.machine.slot_words(slot)).collect(),
            follow,
            sheet,
            lines,
            notes: Notes::default(),
            n_lines: 0,
            n_used: 0,
            threads: Vec::new(),
            stages_told: vec![(None, None); sheet.heads.len()],
            acting: vec![None; sheet.heads.len()],
            open: vec![false; n_threads],
            skips: vec![false; n_threads],
            told: vec![false; n_threads],
            elided: vec![false; n_threads],
            has_accesses: false,
            has_statements: false,
            has_moved: false,
            repeated: Vec::new(),
            at: 0,
        }
    }

    /// A reader to whom a line means the last of a statement's accesses that look alike (`a->n > b->n` with one group in
    /// both places), unless another line for it follows. Which is meant cannot be seen from one line.
    pub(super) fn of_statements(follow: Follow, sheet: &'t Sheet, lines: &'t [Line]) -> Self {
        let mut below: Vec<Option<&Cell>> = vec![None; sheet.heads.len()];
        let mut repeated = vec![false; sheet.cells.len()];
        for (cell, repeated) in sheet.cells.iter().zip(&mut repeated).rev() {
            if !matches!(said(&cell.text), Said::Switch | Said::Mark | Said::Idle(_)) {
                let next = below[cell.column].replace(cell);
                *repeated = next.is_some_and(|next| next.text == cell.text);
            }
        }
        Self { repeated, ..Self::new(follow, sheet, lines) }
    }

    /// Whether the line that is read stands for all of its statement's accesses that look alike.
    pub(super) fn is_of_all(&self) -> bool {
        self.repeated.get(self.at) == Some(&false)
    }

    /// How fine the diagram is.
    pub(super) fn grain(&self) -> Grain {
        match (self.has_accesses, self.has_statements) {
            (false, _) => Grain::Call,
            (true, true) => Grain::Statement,
            (true, false) => Grain::Access,
        }
    }

    /// Where a cell stands in the text.
    pub(super) fn place(&self, cell: &Cell) -> Place {
        self.place_of(cell.line, cell.at)
    }

    pub(super) fn place_of(&self, line: usize, at: usize) -> Place {
        let line = &self.lines[line];
        let column = u32::try_from(line.n_cut + at + 1).unwrap_or(u32::MAX);
        Place { start: line.start, end: line.start + line.n_bytes, line: line.number, column }
    }

    /// Follows all cells.
    pub(super) fn read(&mut self) {
        self.columns();
        for (at, cell) in self.sheet.cells.iter().enumerate() {
            self.at = at;
            if self.notes.is_full() {
                let place = self.place(cell);
                self.notes.error(Some(place), String::new);
                break;
            }
            if let Some(thread) = self.threads[cell.column] {
                self.cell(cell, thread);
            } else if !matches!(said(&cell.text), Said::Switch | Said::Mark | Said::Idle(_)) {
                self.n_lines += 1;
            }
        }
        let is_cut = |cell: &&Cell| cell.text.starts_with("switch (preempted in");
        if !self.has_accesses
            && let Some(cell) = self.sheet.cells.iter().find(is_cut)
        {
            let message = "a diagram of whole calls does not say where in a call: each is made as a whole, where it ends";
            self.warn(cell, message.to_string());
        }
    }

    fn cell(&mut self, cell: &Cell, thread: usize) {
        let is_foreign = self.sheet.title.is_none();
        match said(&cell.text) {
            // A line in brackets says that nothing was done, which takes no move.
            Said::Switch | Said::Mark | Said::Idle(_) => {}
            Said::Elided => self.elided[thread] = true,
            Said::Fault => self.fault(cell, thread),
            Said::Begin(_) | Said::Whole(..) if is_foreign => self.foreign(cell, thread),
            Said::End(_) if is_foreign => {}
            Said::Begin(call) => {
                self.begin(cell, thread, &call);
            }
            Said::End(result) => self.end(cell, thread, result.as_deref()),
            Said::Whole(call, result) => self.whole(cell, thread, &call, Some(&result)),
            Said::Access(access) => {
                self.has_accesses = true;
                self.access(cell, thread, &access);
            }
            Said::Words => self.words(cell, thread),
        }
    }

    /// Notes that a line cannot be followed, if it is the first such line of a call; whether it was noted.
    pub(super) fn cannot(
        &mut self,
        cell: &Cell,
        thread: usize,
        why: impl FnOnce(&Self) -> String,
    ) -> bool {
        if core::mem::replace(&mut self.told[thread], true) {
            return false;
        }
        let message = format!("{}: {}", cell.text, why(self));
        let place = self.place(cell);
        self.notes.error(Some(place), || message);
        true
    }

    pub(super) fn warn(&mut self, cell: &Cell, message: String) {
        let place = self.place(cell);
        self.notes.warning(Some(place), || message);
    }

    /// One access of a thread, which the caller knows to be possible.
    pub(super) fn step(&mut self, thread: usize) {
        if let Some(made) = self.follow.make(thread) {
            self.open[thread] = !made.ended;
        }
    }

    fn is_open(&self, thread: usize) -> bool {
        self.open[thread] || self.follow.machine.is_inside(thread)
    }

    /// Runs the call to its end, and says if accesses are missing in the text.
    pub(super) fn finish(&mut self, cell: &Cell, thread: usize) {
        let was_inside = self.follow.machine.is_inside(thread);
        let n = self.follow.finish(thread);
        self.open[thread] = false;
        let is_elided = core::mem::take(&mut self.elided[thread]);
        if n > 0 && was_inside && self.has_accesses && !is_elided {
            self.missing(cell, thread, n);
        }
    }

    pub(super) fn missing(&mut self, cell: &Cell, thread: usize, n: usize) {
        let accesses = counted(n, "access", "accesses");
        let name = self.follow.name(thread);
        self.warn(cell, format!("the diagram leaves out {accesses} of {name} before this line"));
    }

    /// Begins a call; whether it could be.
    pub(super) fn begin(&mut self, cell: &Cell, thread: usize, call: &str) -> bool {
        (self.skips[thread], self.told[thread]) = (false, false);
        self.n_lines += 1;
        if self.is_open(thread) {
            self.finish(cell, thread);
        }
        match self.go_to_call(thread, call) {
            Ok(n_missing) => {
                if n_missing > 0 {
                    let calls = counted(n_missing, "call", "calls");
                    let name = self.follow.name(thread);
                    self.warn(
                        cell,
                        format!("the diagram leaves out {calls} of {name} before this one"),
                    );
                }
                self.n_used += 1;
                self.open[thread] = true;
                true
            }
            Err(why) => {
                self.cannot(cell, thread, |_| why);
                self.skips[thread] = true;
                false
            }
        }
    }

    /// Makes this call the thread's next, if need be by the calls before it; how many those were, or why it cannot be.
    fn go_to_call(&mut self, thread: usize, call: &str) -> Result<usize, String> {
        let follow = &mut self.follow;
        if thread == follow.machine.worker() && follow.machine.call(thread) == Call::None {
            let items = follow.items();
            if let Some(item) = items.iter().find(|item| squeezed(item) == squeezed(call)) {
                follow.take(Some(item));
                return Ok(0);
            }
            let only = || format!("the worker can do only {} here", items.join(", "));
            return Err(follow.why_not(thread).unwrap_or_else(only));
        }
        let is_call = |words: Option<String>| words.is_some_and(|w| squeezed(&w) == squeezed(call));
        let mut copy = Follow::new(follow.machine.clone());
        for n_missing in 0..=N_CALLS_MISSING_MAX {
            let why = copy.why_not(thread);
            if is_call(copy.call_words(thread)) {
                for _ in 0..n_missing {
                    follow.finish(thread);
                }
                return why.map_or(Ok(n_missing), Err);
            }
            if why.is_some() {
                break;
            }
            copy.finish(thread);
        }
        let name = follow.name(thread);
        Err(match (follow.why_not(thread), follow.call_words(thread)) {
            (Some(why), _) => why,
            (None, Some(words)) => format!("the next call of {name} is {words}"),
            (None, None) => format!("{name} has nothing to do"),
        })
    }

    fn end(&mut self, cell: &Cell, thread: usize, result: Option<&str>) {
        if core::mem::take(&mut self.skips[thread]) {
            return;
        }
        if self.is_open(thread) {
            if let Some(why) = self.follow.why_not(thread) {
                self.cannot(cell, thread, |_| why);
                return;
            }
            self.finish(cell, thread);
        }
        self.result(cell, thread, result);
    }

    fn result(&mut self, cell: &Cell, thread: usize, result: Option<&str>) {
        if let (Some(said), Some(here)) = (result, self.follow.returned(thread))
            && squeezed(said) != squeezed(&here)
        {
            self.warn(
                cell,
                format!("the diagram says that {said} is returned, but here it is {here}"),
            );
        }
    }

    /// A whole call on one line, which stands at its end.
    fn whole(&mut self, cell: &Cell, thread: usize, call: &str, result: Option<&str>) {
        let is_own = self.follow.machine.is_inside(thread)
            && self.follow.call_words(thread).is_some_and(|own| squeezed(&own) == squeezed(call));
        if is_own {
            self.n_lines += 1;
            self.n_used += 1;
        } else if !self.begin(cell, thread, call) {
            return;
        }
        self.finish(cell, thread);
        self.result(cell, thread, result);
    }

    /// `*** UAF … ***`: the thread's next access that can be one is the fault.
    fn fault(&mut self, cell: &Cell, thread: usize) {
        if self.follow.machine.fault().is_some() {
            return;
        }
        self.n_lines += 1;
        let mut copy = Follow::new(self.follow.machine.clone());
        if copy.why_not(thread).is_none() {
            copy.finish(thread);
        }
        if copy.machine.fault().is_none() {
            self.cannot(cell, thread, |this| {
                format!("{} comes to no fault here", this.follow.name(thread))
            });
            return;
        }
        self.n_used += 1;
        self.follow.finish(thread);
    }

    /// A line of another form: a call without result, or something that is not ours.
    fn words(&mut self, cell: &Cell, thread: usize) {
        let text = cell.text.as_str();
        if self.sheet.title.is_none() {
            self.foreign(cell, thread);
        } else if text.ends_with(')') && text.contains('(') && !text.contains("->") {
            self.whole(cell, thread, text, None);
        } else {
            self.n_lines += 1;
            self.cannot(cell, thread, |_| "this is no line of a race diagram".to_string());
        }
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
