//! Follows a diagram as commit messages have them, as far as its lines mean accesses, functions or stages of the model.

use super::follow::Follow;
use super::reader::Reader;
use super::sheet::Cell;
use super::term::{Hint, KERNEL, Term, Wanted, hint, split_remark, term};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::listing::nearest;
use memcg_core::trace::Record;

/// Calls of a thread that are looked through for the stage that a line names.
const N_CALLS_AHEAD_MAX: usize = 8;

impl Reader<'_> {
    /// A line that is not of our form.
    pub(super) fn foreign(&mut self, cell: &Cell, column_thread: usize) {
        let thread = self.acting[cell.column].unwrap_or(column_thread);
        let is_leaf = Self::is_leaf(cell);
        // Every such line is its own guess.
        self.told[thread] = false;
        match term(&cell.text) {
            Term::Local => {}
            Term::Access(wanted) => self.foreign_access(cell, thread, &wanted),
            Term::Named(name, args) => {
                let stages = &self.follow.machine.program().stages;
                let is_stage = stages.iter().any(|stage| stage.name == name);
                match name.as_str() {
                    "next" | "break" => {
                        self.foreign_call(cell, column_thread, &format!("{name}()"), is_leaf);
                    }
                    "rmdir" => self.remove(cell, column_thread, &args),
                    _ if is_stage => self.stage(cell, column_thread, &name, &args, is_leaf),
                    _ => self.function(cell, thread, &name, is_leaf),
                }
            }
        }
    }

    /// Nothing that is told below this line belongs to it.
    fn is_leaf(cell: &Cell) -> bool {
        cell.below.is_none_or(|below| below <= cell.indent) && !cell.text.trim().ends_with('{')
    }

    fn foreign_call(&mut self, cell: &Cell, thread: usize, call: &str, is_leaf: bool) {
        self.acting[cell.column] = Some(thread);
        if self.begin(cell, thread, call) && is_leaf {
            self.finish(cell, thread);
            if let (Some(Hint::Gets(said)), Some(here)) =
                (hint(&cell.text), self.follow.returned(thread))
                && self.group(&said).is_some_and(|group| group != here)
            {
                self.warn(
                    cell,
                    format!("the diagram says that {said} is returned, but here it is {here}"),
                );
            }
        }
    }

    /// `rmdir`: the removal's stages, as far as none has to wait and the column does not tell them itself.
    fn remove(&mut self, cell: &Cell, thread: usize, args: &[String]) {
        let later = |names: &[&str]| {
            let below =
                self.sheet.cells.iter().filter(|c| c.column == cell.column && c.line > cell.line);
            let is_named = |cell: &Cell| matches!(term(&cell.text), Term::Named(name, _) if names.contains(&name.as_str()));
            below.into_iter().any(is_named)
        };
        if later(&["kill"]) {
            return;
        }
        let tells_more = later(&["offline", "release", "free"]);
        let kill = self.stage_ahead(thread, "kill", args);
        let Some(call) = kill else {
            self.n_lines += 1;
            self.cannot(cell, thread, |this| {
                format!("{} removes no such group here", this.follow.name(thread))
            });
            return;
        };
        self.acting[cell.column] = Some(thread);
        if !self.begin(cell, thread, &call) {
            return;
        }
        self.finish(cell, thread);
        let group = call.split_once('(').map_or("", |(_, group)| group).to_string();
        while !tells_more
            && self.follow.why_not(thread).is_none()
            && self
                .follow
                .call_words(thread)
                .is_some_and(|next| next.ends_with(&format!("({group}")))
        {
            self.follow.finish(thread);
        }
    }

    /// A stage of a removal, of the column's thread or, where it is that one's to do, of the worker.
    fn stage(&mut self, cell: &Cell, thread: usize, name: &str, args: &[String], is_leaf: bool) {
        let worker = self.follow.machine.worker();
        let own = self.stage_ahead(thread, name, args);
        let items = self.follow.items();
        let item = items.iter().find(|item| self.is_stage(item, name, args)).cloned();
        let (thread, call) = match (own, item) {
            (Some(call), _) => (thread, call),
            (None, Some(item)) => (worker, item),
            (None, None) => {
                self.n_lines += 1;
                self.cannot(cell, thread, |this| {
                    let own = this.follow.why_not(thread);
                    let next =
                        || this.follow.call_words(thread).map(|call| format!("next is {call}"));
                    let own = own.or_else(next).unwrap_or_default();
                    let worker = this.follow.why_not(worker).unwrap_or_else(|| items.join(", "));
                    format!(
                        "not possible here; {}: {own}; kworker: {worker}",
                        this.follow.name(thread)
                    )
                });
                return;
            }
        };
        self.acting[cell.column] = Some(thread);
        if self.begin(cell, thread, &call) && is_leaf {
            self.finish(cell, thread);
        }
    }

    /// Whether a call is this stage, of the group that is named if one is.
    fn is_stage(&self, call: &str, name: &str, args: &[String]) -> bool {
        let Some((stage, group)) = call.trim_end_matches(')').split_once('(') else { return false };
        let named = args.iter().find_map(|arg| self.group(arg));
        stage == name && named.is_none_or(|named| named == group)
    }

    /// The thread's next call that is this stage.
    fn stage_ahead(&self, thread: usize, name: &str, args: &[String]) -> Option<String> {
        let mut copy = Follow::new(self.follow.machine.clone());
        for _ in 0..N_CALLS_AHEAD_MAX {
            let words = copy.call_words(thread)?;
            // The call that it is in has begun already.
            let is_next = !self.follow.machine.is_inside(thread) || !copy.steps.is_empty();
            if is_next && self.is_stage(&words, name, args) {
                return Some(words);
            }
            if copy.why_not(thread).is_some() {
                return None;
            }
            copy.finish(thread);
        }
        None
    }

    /// The path of the group that a word names: by its path, or by its last part where only one has it.
    fn group(&self, word: &str) -> Option<String> {
        let world = self.follow.machine.world();
        let word = word.trim_matches(|c: char| matches!(c, '&' | '*' | '"' | '\''));
        let found = |path: &&str| {
            *path == word
                || path.rsplit('/').next().is_some_and(|name| !name.is_empty() && name == word)
        };
        let mut paths = world.groups.iter().map(|group| group.path.as_str()).filter(found);
        let first = paths.next()?.to_string();
        paths.next().is_none().then_some(first)
    }

    /// A function of the listings: where nothing is told inside, all of it.
    fn function(&mut self, cell: &Cell, thread: usize, name: &str, is_leaf: bool) {
        let frames = &self.follow.machine.program().frames;
        let is_known = frames.iter().any(|frame| frame.function == name);
        if !is_known {
            // Callers of the iterator stand around what they call.
            if is_leaf {
                self.n_lines += 1;
                self.unknown(cell, thread, name);
            }
            return;
        }
        self.n_lines += 1;
        if !is_leaf {
            self.n_used += 1;
            return;
        }
        if let Some(why) = self.follow.why_not(thread) {
            self.cannot(cell, thread, |_| why);
            return;
        }
        self.n_used += 1;
        // A function that touches nothing in this call takes no step.
        let is_in = |record: &Record| u8::from(record.function == name);
        let Some(found) = self.follow.ahead(thread, 0, is_in) else { return };
        for _ in 0..=found.n_before {
            self.step(thread);
        }
        while self.follow.machine.is_inside(thread) && self.is_in_function(thread, name) {
            self.step(thread);
        }
    }

    /// Whether the thread's next access is made by this function, or by one that it calls.
    fn is_in_function(&self, thread: usize, name: &str) -> bool {
        let machine = &self.follow.machine;
        let program = machine.program();
        let pc = usize::try_from(machine.pc(thread)).unwrap_or(usize::MAX);
        let mut frame = program.origins.get(pc).map(|origin| origin.frame);
        while let Some(info) = frame.and_then(|at| program.frames.get(usize::try_from(at).ok()?)) {
            if info.function == name {
                return true;
            }
            frame = info.caller;
        }
        false
    }

    fn unknown(&mut self, cell: &Cell, thread: usize, name: &str) {
        let program = self.follow.machine.program().clone();
        let known: Vec<&str> = program
            .frames
            .iter()
            .map(|frame| frame.function.as_str())
            .chain(program.stages.iter().map(|stage| stage.name.as_str()))
            .chain(KERNEL.iter().map(|(kernel, _)| *kernel))
            .collect();
        let policy = program.files.first().map_or("the policy", |file| file.name.as_str());
        let is_noted = self.cannot(cell, thread, |_| {
            format!("this is no access, no function and no stage of {policy} and its core")
        });
        if is_noted {
            self.notes.suggest(nearest(name, known).map(|meant| format!("did you mean {meant}?")));
        }
    }

    fn foreign_access(&mut self, cell: &Cell, thread: usize, wanted: &Wanted) {
        self.n_lines += 1;
        if self.skips[thread] {
            return;
        }
        if let Some(why) = self.follow.why_not(thread) {
            self.cannot(cell, thread, |_| why);
            return;
        }
        let hint = hint(&cell.text);
        let rank = |record: &Record| self.rank(record, wanted, hint.as_ref());
        // In this call, and else in the next: its first line may be missing.
        let here = self.follow.ahead(thread, 0, rank).filter(|found| found.rank > 1);
        let found = here.or_else(|| self.follow.ahead(thread, 1, rank));
        let Some(found) = found else {
            self.cannot(cell, thread, |this| this.next_instead(thread));
            return;
        };
        for _ in 0..found.n_before {
            self.step(thread);
        }
        let Some(made) = self.follow.make(thread) else { return };
        self.open[thread] = !made.ended;
        self.n_used += 1;
        if found.rank == 1
            && let Some(record) = made.record
        {
            let (_, remark) = split_remark(&cell.text);
            let seen = if record.seen.is_empty() { "nothing" } else { &record.seen };
            self.warn(
                cell,
                format!(
                    "the diagram says \"{}\", but here {} gives {seen}",
                    remark.trim_start_matches('/').trim(),
                    record.access
                ),
            );
        }
    }

    /// How well an access is what a line wants: 0 not, 1 but for what came of it, 2 nothing is said of that, 3 all of it.
    fn rank(&self, record: &Record, wanted: &Wanted, hint: Option<&Hint>) -> u8 {
        let access = record.access.as_str();
        let is_call = wanted.call.is_empty()
            || access.split_once('(').is_some_and(|(name, _)| name == wanted.call);
        // Fields are names of the listing; what they belong to has other words there.
        let is_field = wanted.field.is_empty()
            || access.split("->").skip(1).any(|rest| {
                rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
                    == Some(&wanted.field)
            });
        let is_store = access.contains("->") && access.contains(" = ");
        if !is_call || !is_field || (wanted.call.is_empty() && is_store != wanted.is_store) {
            return 0;
        }
        // Groups that are named have to be those.
        let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_string();
        let words: Vec<String> = access
            .split(['(', ')', ',', ' ', '=', '>'])
            .map(|word| last(word.trim_end_matches('-')))
            .collect();
        for group in wanted.args.iter().filter_map(|arg| self.group(arg)) {
            if !words.contains(&last(&group)) {
                return 0;
            }
        }
        let is_none = matches!(record.seen.as_str(), "none" | "false" | "0");
        match hint {
            None => 2,
            Some(Hint::Fails) => 1 + 2 * u8::from(is_none),
            Some(Hint::Succeeds) => 1 + 2 * u8::from(!is_none),
            Some(Hint::Gets(word)) => match self.group(word) {
                Some(group) => 1 + 2 * u8::from(record.seen == group),
                None => 2,
            },
        }
    }
}
