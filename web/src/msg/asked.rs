//! What the page asks of the browser, and the words for it.

use crate::work::Question;

/// What can be copied.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum CopyOf {
    /// The link.
    Link,
    /// The embed snippet.
    Snippet,
    /// The scenario text.
    Text,
    /// What a check has found.
    Found,
}

impl CopyOf {
    /// The id of the field that shows it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Link => "share-link",
            Self::Snippet => "share-snippet",
            Self::Text => "scenario-text",
            Self::Found => "check-copy",
        }
    }
}

/// Something to be reminded of.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Alarm {
    /// The next step of playing; with the number of the beat, so that only the last one set counts.
    Beat(u32),
    /// The text has not been typed in for a while; with the number of the last letter.
    Settled(u32),
    /// The same of a listing.
    ListingSettled(u32),
    /// The page has said that something large is coming: now it may come.
    Come,
    /// Keep the draft, write the address.
    Keep,
    /// Workers that were told to stop have had their moment; with the number of the first check of theirs.
    Unstopped(u32),
    /// Forget what the copy button said.
    CopyWords(u32),
}

/// Light or dark.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Value of `data-theme`, and name in the storage.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The theme with this name.
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// A text that is kept on this machine.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Slot {
    /// The work as a link: what the page opens with when its address says nothing.
    Draft,
    /// The draft that was there before a link was opened and changed.
    DraftBefore,
    /// The other branches of the draft's schedule, which a link does not carry.
    Branches,
    /// A scenario text with mistakes in it, which no link can hold.
    Text,
    /// Listings with mistakes in them, which no link can hold either.
    Listings,
    /// The chosen theme.
    Theme,
    /// Options of checks and what came of them.
    Check,
}

/// Something asked of the browser.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Say when the next frame is drawn.
    Frame,
    /// Say when this much time has passed.
    Alarm(Alarm, u32),
    /// Keep a text, or forget it.
    Store(Slot, Option<String>),
    /// Write the address's fragment, no new entry in the history.
    Address(String),
    /// Put a text on the clipboard.
    Copy(CopyOf, String),
    /// Put the text of the field that shows it on the clipboard.
    CopyField(CopyOf),
    /// Move the keyboard to the element with this id.
    Focus(&'static str),
    /// The same, and select its text.
    Select(&'static str),
    /// Show the dialog over the page.
    Dialog,
    /// Bring the element with this id into view.
    Reveal(String),
    /// Scroll the element that this selector finds.
    Scroll(&'static str, u32),
    /// Ask the worker.
    Ask(Question),
    /// Ask the worker about the file that was brought last.
    AskAboutFile(Question),
    /// Ask the worker about the large text that was brought last: it takes the place of the question's empty one.
    AskAboutBrought(Question),
    /// Ask a worker that does nothing but check, by its number.
    AskChecker(usize, Question),
    /// End all of those, and give their memory back.
    EndCheckers,
    /// Move the keyboard to where it was before the dialog.
    FocusBack,
    /// End the worker and what it is at.
    EndWork,
    /// Set the theme.
    Theme(Theme),
    /// Set the tab's title.
    Title(String),
}
