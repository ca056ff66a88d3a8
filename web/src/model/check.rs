//! Checks of lanes: what was asked for, what is under way, what came of them.

use crate::check::Record;
use memcg_core::schedule::LaneSpec;

/// What the page knows of checks.
#[derive(Clone, Debug, Default)]
pub struct CheckView {
    /// Options, as `name=value` words; those not named are as usual.
    pub options: String,
    /// What came of checks, one for a lane.
    pub records: Vec<Record>,
    /// What every running lane is, in digits, see [`Record::subject`].
    pub subjects: Vec<String>,
    /// Checks under way.
    pub running: Vec<Running>,
    /// Lanes that are checked after them, the next last.
    pub waiting: Vec<Due>,
    /// Lanes of the check under way.
    pub n_lanes: usize,
    /// Workers of the check under way.
    pub n_workers: usize,
    /// They have been told to stop.
    pub stopping: bool,
    /// What is checked, as a link's fragment.
    pub fragment: String,
    /// The sheet: what can be asked for, what came of the lanes, runs to look at.
    pub form: Part,
    /// What came of the lanes.
    pub rows: Part,
    /// Runs to look at.
    pub passing: Part,
    /// What was to be copied when the clipboard refused.
    pub refused: Option<String>,
}

/// A lane that is to be checked.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its place among the scenario's lanes.
    pub place: usize,
    /// The lane.
    pub lane: LaneSpec,
    /// What it is, in digits.
    pub subject: String,
}

/// A check under way.
#[derive(Clone, Debug)]
pub struct Running {
    /// Of the question.
    pub id: u32,
    /// The worker.
    pub worker: usize,
    /// What is checked.
    pub due: Due,
    /// How far it is, in words.
    pub words: String,
}

/// A part of the sheet.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Number of the question; answers to earlier ones are dropped.
    pub id: u32,
    /// HTML.
    pub html: String,
}

impl CheckView {
    /// What came of the check of a lane.
    pub fn record(&self, lane: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.lane == lane)
    }

    /// Keeps what came of a check in the place of what came of an earlier one.
    pub fn keep(&mut self, record: Record) {
        match self.records.iter_mut().find(|known| known.lane == record.lane) {
            Some(known) => *known = record,
            None => self.records.push(record),
        }
    }
}
