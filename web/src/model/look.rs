//! What is looked at, and how: nothing of it changes what runs.

use super::groups::GroupSet;
use crate::geometry::rows::{Density, Viewport};
use crate::geometry::zoom::Zoom;
use crate::msg::Theme;
use memcg_core::hierarchy::GroupId;
use memcg_core::run::Grain;
use std::rc::Rc;

/// What is looked at, and how.
#[derive(Clone, PartialEq, Debug)]
pub struct Look {
    /// How large a step is.
    pub grain: Grain,
    /// How fast it plays.
    pub speed: Speed,
    /// How large the timeline draws moves.
    pub zoom: Zoom,
    /// The lane turned to.
    pub lane: usize,
    /// The thread watched.
    pub thread: Option<usize>,
    /// The group chosen, in all lanes.
    pub group: Option<GroupId>,
    /// Folded groups.
    pub folded: Rc<GroupSet>,
    /// What the panel shows.
    pub tab: Tab,
    /// The panel is open.
    pub side: bool,
    /// Light or dark.
    pub theme: Theme,
    /// What can be seen of the lanes.
    pub viewport: Viewport,
    /// The search, if one is open.
    pub search: Option<Search>,
    /// The file chosen in the listing panel; `None` follows the thread.
    pub file: Option<usize>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            grain: Grain::Call,
            speed: Speed::CALM,
            zoom: Zoom::One,
            lane: 0,
            thread: None,
            group: None,
            folded: Rc::default(),
            tab: Tab::Listing,
            side: true,
            theme: Theme::System,
            viewport: Viewport { density: Density::Roomy, ..Viewport::default() },
            search: None,
            file: None,
        }
    }
}

/// A search for groups by a part of their path.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// Groups found, in the order of the tree.
    pub found: Vec<GroupId>,
    /// Which of them is shown.
    pub at: usize,
}

/// How fast it plays.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Speed(u8);

impl Speed {
    /// Moves a second, as it stands in links, and milliseconds from one to the next.
    const STEPS: [(&str, u32); 7] =
        [("0.5", 2000), ("1", 1000), ("2", 500), ("4", 250), ("8", 125), ("16", 62), ("60", 16)];

    /// The pace of the opening story.
    pub const CALM: Self = Self(1);

    /// All speeds, slow to fast.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::STEPS.len()).filter_map(|at| u8::try_from(at).ok()).map(Self)
    }

    /// Its place among all.
    pub const fn place(self) -> usize {
        self.0 as usize
    }

    /// Moves a second, in digits: its name in links.
    pub fn name(self) -> &'static str {
        Self::STEPS.get(self.place()).map_or("1", |(name, _)| name)
    }

    /// Time from one move to the next.
    pub fn step_ms(self) -> u32 {
        Self::STEPS.get(self.place()).map_or(1000, |(_, ms)| *ms)
    }

    /// The speed with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|speed| speed.name() == name)
    }
}

/// What the panel shows.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Tab {
    /// The policy's text.
    Listing,
    /// The tree and the threads, to be edited.
    Build,
    /// The scenario's text.
    Text,
}

impl Tab {
    /// All tabs, in their order.
    pub const ALL: [Self; 3] = [Self::Listing, Self::Build, Self::Text];

    /// Its name in links and ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Build => "build",
            Self::Text => "text",
        }
    }

    /// Its id.
    pub const fn button(self) -> &'static str {
        match self {
            Self::Listing => "tab-listing",
            Self::Build => "tab-build",
            Self::Text => "tab-text",
        }
    }

    /// What stands on it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Listing => "Listing",
            Self::Build => "Build",
            Self::Text => "Scenario",
        }
    }

    /// The tab with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }
}
