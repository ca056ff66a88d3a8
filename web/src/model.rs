//! The page's whole state, as values. What cannot be, cannot be written down here.
//!
//! Changed only by `update`; read by the views. Knows no browser and no clock.

pub mod check;
pub mod chronicle;
pub mod document;
pub mod groups;
pub mod import;
pub mod listing;
pub mod look;
pub mod playback;
pub mod text;
pub mod trace;
pub mod tree;
pub mod trouble;

use crate::msg::CopyOf;
use document::{Document, Snapshot};
use import::Import;
use memcg_scenario::Scenario;
use playback::{Branches, Errand, Playback};
use std::rc::Rc;
use text::TextTab;
use tree::TreeEditor;
use trouble::Trouble;

pub use look::{Look, Search, Speed, Tab};
pub use memcg_core::run::Grain;

/// Everything.
#[derive(Debug)]
pub struct Model {
    /// Playground or figure.
    pub mode: Mode,
    /// What the page is in.
    pub around: Around,
    /// The edited scenario and its past.
    pub document: Document,
    /// The scenario running, or why it cannot.
    pub stage: Stage,
    /// Schedules that wait while nothing can run.
    pub kept: Branches,
    /// What is looked at, and how.
    pub look: Look,
    /// The tree editor.
    pub tree: TreeEditor,
    /// The line of a thread, or one that is watched, that is being written.
    pub line: Option<LineEntry>,
    /// The scenario's text.
    pub text: TextTab,
    /// Listings being edited.
    pub listing: listing::Drafts,
    /// An import under way.
    pub import: Import,
    /// Checks of the lanes.
    pub check: check::CheckView,
    /// A kernel's trace.
    pub trace: trace::TraceView,
    /// What the worker has written for the dialog.
    pub sheet: Sheet,
    /// What lies over the page.
    pub dialog: Option<DialogKind>,
    /// Copying and sharing.
    pub share: Share,
    /// What went wrong or should be known.
    pub troubles: Vec<Trouble>,
    /// What is kept between visits.
    pub draft: Draft,
    /// Beats set while playing.
    pub n_beats: u32,
    /// Questions asked of the worker.
    pub n_questions: u32,
}

/// Playground or figure.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Mode {
    /// The page with everything.
    Playground,
    /// A figure in somebody else's page: no history, storage, dialogs.
    Embed(Freedom),
}

/// What a figure's readers may do.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug, Default)]
pub enum Freedom {
    /// Play what is recorded.
    #[default]
    Watch,
    /// Take other moves than those recorded.
    Step,
    /// Change the scenario's text.
    Edit,
}

impl Freedom {
    /// By its name: a figure's mode, or a flag of a link.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "figure" => Some(Self::Watch),
            "steppable" | "step" => Some(Self::Step),
            "editable" | "edit" => Some(Self::Edit),
            _ => None,
        }
    }
}

/// What the page is in.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Around {
    /// The page's address without a fragment.
    pub address: String,
    /// The reader wants no motion.
    pub reduced_motion: bool,
    /// Width of the window; 0 before it is known.
    pub width_px: u32,
    /// Height of the window.
    pub height_px: u32,
    /// It is pointed at with fingers.
    pub coarse: bool,
}

impl Around {
    /// Height of a row of the tree editor, as in the style sheet.
    pub const fn tree_row_px(&self) -> u32 {
        if self.coarse { 40 } else { 28 }
    }

    /// Whether the lanes are swiped instead of standing side by side.
    pub const fn is_narrow(&self) -> bool {
        self.width_px > 0 && self.width_px < 640
    }
}

/// The scenario running, or why it cannot.
#[derive(Debug)]
pub enum Stage {
    /// It cannot: reasons.
    Bare(Vec<String>),
    /// It is large and is set up in a moment, so that the page can say so first.
    Coming {
        /// Where it is to go in its schedule.
        cursor: usize,
        /// What is to be done there.
        errand: Option<Errand>,
        /// The machines, once they are made; the lanes are drawn in a frame of their own.
        made: Option<Box<Playback>>,
    },
    /// It runs.
    Set(Box<Playback>),
}

/// What lies over the page.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum DialogKind {
    /// Link and embed snippet.
    Share,
    /// All keys.
    Keys,
    /// Scenarios to begin with.
    Gallery,
    /// A hierarchy from elsewhere.
    Import,
    /// The family of policies.
    Policies,
    /// Policies under this schedule.
    Compare,
    /// A kernel's trace beside a policy.
    Trace,
    /// Checks of the lanes.
    Check,
}

impl DialogKind {
    /// The id of the button that opens it.
    pub const fn button(self) -> &'static str {
        match self {
            Self::Share => "open-share",
            Self::Keys => "open-keys",
            Self::Gallery => "open-gallery",
            Self::Import | Self::Trace => "open-import",
            Self::Policies => "open-policies",
            Self::Compare => "open-compare",
            Self::Check => "open-check",
        }
    }
}

/// What the worker has written for the dialog.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Sheet {
    /// Number of the question; answers to earlier ones are dropped.
    pub id: u32,
    /// HTML; empty until it has come.
    pub html: String,
    /// The lane that a policy is picked for, by place among the scenario's lanes.
    pub lane: Option<usize>,
    /// The policy that was chosen last.
    pub open: String,
    /// Its page was closed again.
    pub closed: bool,
    /// Why nothing comes.
    pub failed: bool,
}

/// What a line of the panel is of.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Lines {
    /// Threads.
    Threads,
    /// What is watched in every lane.
    Watches,
}

/// A line that is being written.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct LineEntry {
    /// Of what.
    pub of: Lines,
    /// Its place among them.
    pub at: usize,
    /// Its line as typed.
    pub text: String,
    /// What is wrong with it.
    pub errors: Vec<String>,
}

/// Copying and sharing.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Share {
    /// What is chosen of the forms it can have in somebody's page; the sheet reads and writes it.
    pub form: String,
    /// What was copied last, and whether that worked.
    pub copied: Option<(CopyOf, bool)>,
    /// Counts copies, so that words about an earlier one do not take away those about a later.
    pub n_copies: u32,
}

/// Whether there is something to keep.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Pending {
    /// All is kept.
    #[default]
    Nothing,
    /// Not yet: an alarm is set.
    Waits {
        /// Something has changed again since it was set.
        again: bool,
        /// So many times it was put off.
        n_put_off: u32,
    },
}

/// What is kept between visits.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Draft {
    /// What is still to be kept.
    pub pending: Pending,
    /// The link kept last.
    pub kept: Option<String>,
    /// Other branches are kept beside it.
    pub has_branches: bool,
    /// The mistaken text kept last.
    pub kept_text: Option<String>,
    /// The draft in the storage that an opened link stands in the place of; still untouched there.
    pub other: Option<String>,
    /// The mistaken text that belongs to it.
    pub other_text: Option<String>,
    /// The draft before the present one, in a slot of its own.
    pub before: Option<String>,
    /// The browser refused to keep it; said once.
    pub refused: bool,
}

impl Model {
    /// A page that has not been opened yet.
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            around: Around::default(),
            document: Document::default(),
            stage: Stage::Bare(Vec::new()),
            kept: Branches::default(),
            look: Look::default(),
            tree: TreeEditor::default(),
            line: None,
            text: TextTab::default(),
            listing: listing::Drafts::default(),
            import: Import::default(),
            check: check::CheckView::default(),
            trace: trace::TraceView::default(),
            sheet: Sheet::default(),
            dialog: None,
            share: Share::default(),
            troubles: Vec::new(),
            draft: Draft::default(),
            n_beats: 0,
            n_questions: 0,
        }
    }

    /// Whether it is the figure in somebody else's page.
    pub const fn is_embedded(&self) -> bool {
        matches!(self.mode, Mode::Embed(_))
    }

    /// Width of the timeline's plot, roughly: what the names left of it and the list beside it leave.
    pub fn timeline_px(&self) -> u32 {
        const NAMES_PX: u32 = 140;
        /// Width of the list in windows from this width on, and in narrower ones.
        const LIST_PX: u32 = 380;
        const WIDE_PX: u32 = 1_088;
        const LIST_NARROW_PX: u32 = 290;
        let list_px = match self.around.width_px {
            _ if self.around.is_narrow() || !self.may_step() => 0,
            WIDE_PX.. => LIST_PX,
            _ => LIST_NARROW_PX,
        };
        self.around.width_px.saturating_sub(NAMES_PX + list_px).max(200)
    }

    /// Whether a person may take other moves than those recorded.
    pub const fn may_step(&self) -> bool {
        !matches!(self.mode, Mode::Embed(Freedom::Watch))
    }

    /// Whether a person may change the scenario.
    pub const fn may_edit(&self) -> bool {
        matches!(self.mode, Mode::Playground | Mode::Embed(Freedom::Edit))
    }

    /// The scenario running.
    pub fn playback(&self) -> Option<&Playback> {
        match &self.stage {
            Stage::Set(playback) => Some(playback),
            Stage::Bare(_) | Stage::Coming { .. } => None,
        }
    }

    /// The scenario running.
    pub fn playback_mut(&mut self) -> Option<&mut Playback> {
        match &mut self.stage {
            Stage::Set(playback) => Some(playback),
            Stage::Bare(_) | Stage::Coming { .. } => None,
        }
    }

    /// The scenario with the moves of the branch that is shown.
    pub fn scenario(&self) -> Rc<Scenario> {
        let edited = self.document.scenario();
        match self.playback() {
            Some(playback) if playback.moves() != edited.schedule => {
                Rc::new(Scenario { schedule: playback.moves().to_vec(), ..(**edited).clone() })
            }
            _ => edited.clone(),
        }
    }

    /// Moves taken.
    pub fn cursor(&self) -> usize {
        self.playback().map_or(0, Playback::cursor)
    }

    /// The document as it is, to come back to.
    pub fn snapshot(&self, words: impl Into<String>) -> Snapshot {
        let scenario = self.scenario();
        let edits = self.document.edits().clone();
        let branches = self.branches();
        Snapshot { scenario, edits, branches, cursor: self.cursor(), words: words.into() }
    }

    /// All schedules of the document.
    pub fn branches(&self) -> Branches {
        match self.playback() {
            Some(playback) => playback.branches(),
            None => self.kept.clone().with_moves(&self.document.scenario().schedule),
        }
    }
}
