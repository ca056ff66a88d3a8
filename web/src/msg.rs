//! What happens to the page, and what it then asks of the browser: plain values both.
//!
//! A message says what happened; `update` decides what it means. Effects are returned and carried
//! out by `effect`.

mod asked;
mod editing;
mod listing;

pub use asked::{Alarm, CopyOf, Effect, Slot, Theme};
pub use editing::{EditMsg, ImportMsg, Preset, TextMsg, TreeAct, TreeMsg, Way};
pub use listing::ListingMsg;

use crate::geometry::zoom::Zoom;
use crate::keys::Command;
use crate::model::{DialogKind, Grain, Speed, Tab};
use crate::view::lane::LaneEvent;
use crate::work::Answer;

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// A key asked for something, or a button did.
    Command(Command),
    /// Something happened around the page.
    Heard(Heard),
    /// An alarm that was set rang, at this time in milliseconds.
    Rang(Alarm, f64),
    /// A frame is about to be drawn, at this time.
    Frame(f64),
    /// Something was done to a lane.
    Lane(usize, LaneEvent),
    /// Something was done to time: the dock below the lanes.
    Time(TimeMsg),
    /// The scenario was changed by the panels.
    Edit(EditMsg),
    /// Something was done in the tree editor.
    Tree(TreeMsg),
    /// Something was done in the scenario's text.
    Text(TextMsg),
    /// Something was done to a lane's listing.
    Listing(ListingMsg),
    /// Something was done about an import.
    Import(ImportMsg),
    /// Something was looked at.
    Look(LookMsg),
    /// Something was done with a trace.
    Trace(TraceMsg),
    /// Something was done about links, drafts and notices.
    Keep(KeepMsg),
    /// A script asked for something.
    Script(ScriptMsg),
    /// Nothing that matters.
    Nothing,
}

/// What the page hears from around it.
#[derive(Clone, PartialEq, Debug)]
pub enum Heard {
    /// The page has been opened.
    Opened(Box<Opened>),
    /// Another link was opened in the same page.
    LinkFollowed(String),
    /// The page is being left.
    Leaving,
    /// The window has this size.
    Resized {
        /// Width.
        width_px: u32,
        /// Height.
        height_px: u32,
    },
    /// A text was pasted, and not into a field.
    Pasted(Brought),
    /// A file is being read.
    FileComing(String),
    /// A file was read.
    FileRead {
        /// Its name.
        name: String,
        /// Its text.
        text: Brought,
    },
    /// A file could not be read, and why.
    FileFailed(String),
    /// A file of this name begins as a trace does; the worker can be handed it.
    FileIsTrace(String),
    /// A file of this name and so many bytes begins as a picture does; the worker can be handed it.
    FileIsPicture(String, usize),
    /// The worker answered.
    Worker(Answer),
    /// The worker could not be started or ended.
    WorkerFailed(String),
    /// A worker that checks could not be started or ended, and why.
    CheckerFailed(String),
    /// A text could not be kept, and why.
    NotKept(String),
    /// A text was put on the clipboard, or not.
    Copied(CopyOf, bool),
}

/// A text that a person brought. A large one stays outside the program, which would have to make room for it
/// at once: only its beginning is here, and [`Effect::AskAboutBrought`] hands it to the worker.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Brought {
    /// The text, or its beginning.
    pub start: String,
    /// Length of the whole text in bytes, or nearly so.
    pub n_bytes: usize,
}

impl Brought {
    /// A text that is all here.
    pub fn whole(text: String) -> Self {
        Self { n_bytes: text.len(), start: text }
    }

    /// Whether it is all here.
    pub fn is_whole(&self) -> bool {
        self.start.len() >= self.n_bytes
    }
}

/// What the page knows when it opens.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Opened {
    /// Time in milliseconds.
    pub now_ms: f64,
    /// Its address without the fragment.
    pub address: String,
    /// The fragment.
    pub fragment: String,
    /// The draft kept.
    pub draft: Option<String>,
    /// The draft before that.
    pub draft_before: Option<String>,
    /// The other branches of the draft's schedule.
    pub branches: Option<String>,
    /// The scenario text with mistakes that was kept.
    pub text: Option<String>,
    /// Listings with mistakes that were kept.
    pub listings: Option<String>,
    /// Options of checks and what came of them.
    pub check: Option<String>,
    /// The chosen theme.
    pub theme: Option<String>,
    /// The reader wants no motion.
    pub reduced_motion: bool,
    /// Width of the window.
    pub width_px: u32,
    /// Height of the window.
    pub height_px: u32,
    /// It is pointed at with fingers.
    pub coarse: bool,
}

/// What was done to time.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum TimeMsg {
    /// Wants to be at this move.
    Sought(usize),
    /// Chose how large a step is.
    ChoseGrain(Grain),
    /// Chose how fast it plays.
    ChoseSpeed(Speed),
    /// Chose a thread to watch.
    ChoseThread(usize),
    /// Chose who goes next, by place among the choices.
    Chose(usize),
    /// Turned to one of the choices without taking it.
    WatchedChoice(usize),
    /// Chose a branch.
    ChoseBranch(usize),
    /// Chose how large moves are drawn.
    ChoseZoom(Zoom),
}

/// What was looked at.
#[derive(Clone, PartialEq, Debug)]
pub enum LookMsg {
    /// A tab of the panel.
    Tab(Tab),
    /// The same by the keyboard, which goes along.
    TabByKey(Tab),
    /// Wants to be at the lanes.
    Skipped,
    /// Panel open or shut.
    Side(bool),
    /// A dialog.
    Dialog(DialogKind),
    /// No dialog.
    DialogClosed,
    /// The policies, to pick one for a lane, by its place among the scenario's.
    Policies(usize),
    /// Something on a sheet, as its `data-do` says.
    Did(String),
    /// Another theme.
    Theme(Theme),
    /// Typed into the search field.
    Search(String),
    /// To the next group found.
    SearchNext,
    /// No search.
    SearchClosed,
    /// The lanes were scrolled: by how much, and their height.
    Scrolled(u32, u32),
    /// A file of the listing panel, by its place in the program.
    File(usize),
}

/// What was done with a trace.
#[derive(Clone, PartialEq, Debug)]
pub enum TraceMsg {
    /// To where so many calls have returned.
    Went(usize),
    /// Another policy beside it.
    Policy(String),
    /// The policy goes its own way, or is asked anew at every call.
    Free(bool),
    /// It shall be a scenario.
    AsScenario,
    /// Reading or replaying is called off.
    Cancelled,
}

/// What was done about links, drafts and notices.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum KeepMsg {
    /// Wants this on the clipboard.
    Copy(CopyOf),
    /// The earlier draft shall come back.
    BroughtBack,
    /// A notice was read.
    Dismissed(u32),
    /// The story that the page opens with shall be told.
    Story,
}

/// What a script asks for; answered by the model as it is afterwards.
#[derive(Clone, PartialEq, Debug)]
pub enum ScriptMsg {
    /// A scenario text or a link.
    Load(String),
    /// So many moves on (or back).
    Step(i32),
    /// One step of this thread.
    StepThread {
        /// The thread.
        thread: String,
        /// How large.
        grain: Grain,
        /// In which lane.
        lane: usize,
    },
}
