//! Race diagrams read back: what `race` draws, or what somebody wrote into a commit message, becomes a schedule.
//!
//! A machine follows the text line by line, so that a line is matched to an access that its thread can make there, and
//! what cannot be matched is said with its reason. Never panics and never gives up as a whole: the schedule goes as far
//! as the text could be followed.

mod access;
mod columns;
mod follow;
mod kernel;
mod moves;
mod notes;
mod reader;
mod said;
mod sheet;
mod term;

use crate::ascii::race;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use follow::Follow;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::Move;
use memcg_scenario::{Diagnostic, N_MOVES_MAX, TEXT_BYTES_MAX};
use notes::Notes;
use reader::Reader;
use said::{Said, said, squeezed};
use sheet::{Line, N_CELLS_MAX, Sheet, lines, sheets};

/// What a pasted diagram came to.
#[derive(Clone, Debug)]
pub struct Pasted {
    /// The lane that the diagram is about.
    pub lane: usize,
    /// The moves by which that lane makes the steps of the diagram, as far as it could be followed.
    pub schedule: Vec<Move>,
    /// Lines of the diagram that tell of a step.
    pub n_lines: usize,
    /// Those that the schedule makes.
    pub n_used: usize,
    /// The diagram is one of ours, and the schedule draws it again, line by line.
    pub is_same: bool,
    /// What could not be read or made, and why; at most [`memcg_scenario::N_DIAGNOSTICS_MAX`].
    pub problems: Vec<Diagnostic>,
    /// Further problems, not kept.
    pub n_more: usize,
}

/// Whether a text looks like a race diagram, so that it can be told from a scenario or a tree.
pub fn is_race(text: &str) -> bool {
    let text = text.get(..TEXT_BYTES_MAX.min(text.len())).unwrap_or_default();
    let is_step = |line: &Line| {
        let line: String = line.chars.iter().collect();
        matches!(said(&line), Said::Access(_) | Said::Begin(_) | Said::Switch)
    };
    let lines = lines(text);
    sheets(&lines).iter().any(|sheet| sheet.is_ruled && !sheet.cells.is_empty())
        && lines.iter().any(is_step)
}

/// The lines above the headings of a text's diagrams: the names of their lanes, if the diagrams are ours.
pub fn titles(text: &str) -> Vec<String> {
    if text.len() > TEXT_BYTES_MAX {
        return Vec::new();
    }
    sheets(&lines(text)).into_iter().filter_map(|sheet| sheet.title).collect()
}

/// Reads a diagram and follows it in a run at its start.
///
/// Of several diagrams that of the first lane which the run has is taken, and otherwise the first. A diagram that names
/// no lane is followed in the run's first.
pub fn paste(text: &str, run: &Run) -> Pasted {
    let mut out = Pasted {
        lane: 0,
        schedule: Vec::new(),
        n_lines: 0,
        n_used: 0,
        is_same: false,
        problems: Vec::new(),
        n_more: 0,
    };
    let mut notes = Notes::default();
    if text.len() > TEXT_BYTES_MAX || run.n_lanes() == 0 {
        notes.error(None, || match run.n_lanes() {
            0 => "the scenario has no policy to follow the diagram under".to_string(),
            _ => format!("the text has {} bytes; at most {TEXT_BYTES_MAX} are read", text.len()),
        });
        (out.problems, out.n_more) = notes.done();
        return out;
    }
    let lines = lines(text);
    let sheets = sheets(&lines);
    let lane_of = |sheet: &Sheet| {
        let title = sheet.title.as_deref()?;
        run.lanes().iter().position(|lane| lane.spec().to_string() == title)
    };
    let named = sheets.iter().find_map(|sheet| Some((sheet, lane_of(sheet)?)));
    let Some((sheet, lane)) = named.or_else(|| Some((sheets.first()?, 0))) else { return out };
    out.lane = lane;
    let start = || Follow::new(run.lane(lane).machine().clone());
    let mut reader = Reader::new(start(), sheet, &lines);
    let (mut schedule, mut is_same) = followed(&mut reader, run, lane);
    if !is_same && sheet.title.is_some() && reader.n_used > 0 {
        let mut other = Reader::of_statements(start(), sheet, &lines);
        let (its_schedule, its_same) = followed(&mut other, run, lane);
        if its_same {
            (reader, schedule, is_same) = (other, its_schedule, true);
        }
    }
    (out.n_lines, out.n_used) = (reader.n_lines, reader.n_used);
    (out.schedule, out.is_same) = (schedule, is_same);
    (out.problems, out.n_more) = reader.notes.done();
    out
}

/// Follows a diagram: the schedule, and whether it draws the diagram again.
fn followed(reader: &mut Reader, run: &Run, lane: usize) -> (Vec<Move>, bool) {
    reader.read();
    let spec = run.lane(lane).spec().to_string();
    let name = (run.n_lanes() > 1).then_some(spec.as_str());
    let (mut schedule, cannot) = moves::moves(&reader.follow, name);
    if let Some(cannot) = cannot {
        reader.notes.error(None, || cannot);
    }
    if schedule.len() > N_MOVES_MAX {
        reader.notes.error(None, || format!("a schedule has {N_MOVES_MAX} moves at most"));
        schedule.truncate(N_MOVES_MAX);
    }
    let n_left_out = reader.sheet.n_left_out;
    if n_left_out > 0 {
        reader.notes.error(None, || {
            format!("a diagram has {N_CELLS_MAX} lines at most: {n_left_out} more were left out")
        });
    }
    if reader.n_lines == 0 && reader.notes.is_empty() {
        reader.notes.error(None, || "no line of this text is one of a race diagram".to_string());
    }
    let is_ours = reader.sheet.title.is_some() && reader.n_used > 0;
    let is_same = is_ours && same(run, lane, &schedule, reader);
    (schedule, is_same)
}

/// Whether the schedule draws the diagram again; the first line where it does not is noted, if nothing else was.
fn same(run: &Run, lane: usize, schedule: &[Move], reader: &mut Reader) -> bool {
    let own = run.lane(lane);
    let one = Run::of_programs(
        run.world().clone(),
        alloc::vec![(own.spec().clone(), own.program().clone())],
    );
    let text = race(one, schedule, schedule.len(), reader.grain());
    let drawn_lines = lines(&text);
    let drawn_sheets = sheets(&drawn_lines);
    let Some(drawn) = drawn_sheets.first() else { return false };
    // Lines that say why nothing was done are no steps.
    let told = |sheet: &Sheet| -> Vec<(String, String, usize)> {
        let cells = sheet.cells.iter().zip(0..);
        let cells = cells.filter(|(cell, _)| !matches!(said(&cell.text), Said::Idle(_)));
        cells
            .map(|(cell, at)| (sheet.heads[cell.column].text.clone(), squeezed(&cell.text), at))
            .collect()
    };
    let (drawn, pasted) = (told(drawn), told(reader.sheet));
    // A line that was cut off is as good as the whole, but it is not the same.
    let is_alike = |(a, b): &(&(String, String, usize), &(String, String, usize))| {
        a.0 == b.0 && a.1.starts_with(&b.1)
    };
    let n_alike = drawn.iter().zip(&pasted).take_while(is_alike).count();
    if n_alike == drawn.len() && n_alike == pasted.len() {
        return drawn.iter().zip(&pasted).all(|(a, b)| a.1 == b.1);
    }
    let is_elided = reader.sheet.cells.iter().any(|cell| said(&cell.text) == Said::Elided);
    if reader.notes.is_empty() && !is_elided && reader.grain() != Grain::Call {
        let cell = pasted.get(n_alike).map(|(_, _, at)| reader.sheet.cells[*at].clone());
        let place = cell.map(|cell| reader.place(&cell));
        reader.notes.warning(place, || match drawn.get(n_alike) {
            Some((head, text, _)) => {
                format!("drawn again, the diagram has another line here, of {head}: {text}")
            }
            None => "drawn again, the diagram ends before this line".to_string(),
        });
    }
    false
}
