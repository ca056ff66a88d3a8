//! How much of a schedule the timeline shows: all of it, or cells of one of four sizes.

use super::timeline::Window;

/// How large a move is drawn.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Zoom {
    /// As small as it takes to show the whole schedule, and no larger than [`Zoom::Four`].
    Fit,
    /// Half as wide as usual.
    Half,
    /// As usual.
    #[default]
    One,
    /// Twice as wide.
    Two,
    /// Four times as wide.
    Four,
}

impl Zoom {
    /// All, from the whole to the largest.
    pub const ALL: [Self; 5] = [Self::Fit, Self::Half, Self::One, Self::Two, Self::Four];

    /// Its name on buttons and in links.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Half => "1/2",
            Self::One => "1",
            Self::Two => "2",
            Self::Four => "4",
        }
    }

    /// The zoom with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zoom| zoom.name() == name)
    }

    /// How many cells there are where there would be so many as usual.
    pub(super) const fn n_cells(self, usual: usize) -> usize {
        match self {
            Self::Half => usual * 2,
            Self::Fit | Self::One => usual,
            Self::Two => usual / 2,
            Self::Four => usual / 4,
        }
    }

    /// The next larger or smaller one: never one that shows larger moves when smaller ones are wanted, whatever
    /// `Fit` comes to with so many moves. The same where there is none.
    #[must_use]
    pub fn next(self, larger: bool, n_moves: usize, width_px: u32) -> Self {
        let n_cells = |zoom| Window::new(n_moves, 0, width_px, zoom).n_cells;
        let here = n_cells(self);
        if larger {
            Self::ALL.into_iter().find(|zoom| n_cells(*zoom) < here).unwrap_or(self)
        } else {
            Self::ALL.into_iter().rev().find(|zoom| n_cells(*zoom) > here).unwrap_or(self)
        }
    }
}
