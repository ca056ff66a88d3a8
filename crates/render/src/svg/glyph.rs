//! Shapes: one for every stage of a group's life and every mark of the timeline, each with its word.

use crate::canvas::Canvas;
use crate::theme::Paint;
use alloc::format;
use memcg_core::picture::Life;
use memcg_core::tally::Mark;

/// A group's stage, drawn around this centre.
pub(crate) fn life(canvas: &mut Canvas, x: u32, y: u32, life: Life) {
    match life {
        Life::Unborn => canvas.circle(x, y, 1, Paint::Muted, ""),
        Life::Coming => {
            canvas.circle(x, y, 5, Paint::Outline, " stroke-dasharray=\"2 2\"");
        }
        Life::Alive => canvas.circle(x, y, 5, Paint::Ink, ""),
        Life::Dying => {
            canvas.circle(x, y, 5, Paint::Outline, " stroke-width=\"1.4\"");
            canvas.path(&format!("M{x} {}a5 5 0 0 0 0 10z", y - 5), Paint::Ink, "");
        }
        Life::Offline => canvas.circle(x, y, 5, Paint::Outline, " stroke-width=\"1.4\""),
        Life::Unlinked => {
            canvas.circle(x, y, 5, Paint::Outline, " stroke-width=\"1.4\"");
            let d = format!("M{} {}l12 -12", x - 6, y + 6);
            canvas.path(&d, Paint::Outline, " stroke-width=\"1.4\"");
        }
        Life::Freed => {
            let (left, top) = (x - 4, y - 4);
            let d = format!("M{left} {top}l8 8m0 -8l-8 8");
            canvas.path(&d, Paint::Outline, " stroke-width=\"1.6\"");
        }
    }
}

/// The word of a stage; none where a group is simply in use.
pub(crate) const fn word(life: Life) -> Option<&'static str> {
    match life {
        Life::Alive => None,
        Life::Unborn => Some("not made yet"),
        Life::Coming => Some("being made"),
        Life::Dying => Some("dying"),
        Life::Offline => Some("offline"),
        Life::Unlinked => Some("unlinked"),
        Life::Freed => Some("freed"),
    }
}

/// Kinds of marks, in the order in which one hides another at the same place.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) enum Event {
    Created,
    Killed,
    Freed,
    RoundEnd,
    Wiped,
    Restart,
    Fault,
}

impl Event {
    pub(crate) const ALL: [Self; 7] = [
        Self::Restart,
        Self::RoundEnd,
        Self::Wiped,
        Self::Fault,
        Self::Created,
        Self::Killed,
        Self::Freed,
    ];

    pub(crate) const fn of(mark: &Mark) -> Option<Self> {
        match mark {
            Mark::Restart => Some(Self::Restart),
            Mark::RoundEnd => Some(Self::RoundEnd),
            Mark::Wiped { .. } => Some(Self::Wiped),
            Mark::Killed(_) => Some(Self::Killed),
            Mark::Created(_) => Some(Self::Created),
            Mark::Freed(_) => Some(Self::Freed),
            Mark::Fault => Some(Self::Fault),
            Mark::GraceBegins { .. } => None,
        }
    }

    /// Whether it is an event of a walk, not of a group's life.
    pub(crate) const fn is_of_walk(self) -> bool {
        !matches!(self, Self::Created | Self::Killed | Self::Freed)
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Killed => "killed",
            Self::Freed => "freed",
            Self::RoundEnd => "end of a round",
            Self::Wiped => "position wiped",
            Self::Restart => "restart at the root",
            Self::Fault => "fault",
        }
    }

    /// Draws it around this centre, in 10 by 10 pixels.
    pub(crate) fn draw(self, canvas: &mut Canvas, x: u32, y: u32) {
        match self {
            Self::Created => {
                canvas.path(
                    &format!("M{x} {}v8m-4 -4h8", y - 4),
                    Paint::Outline,
                    " stroke-width=\"1.4\"",
                );
            }
            Self::Killed => {
                let d = format!("M{} {}h8v8h-8z", x - 4, y - 4);
                canvas.path(&d, Paint::Outline, " stroke-width=\"1.2\"");
                canvas.path(&format!("M{} {}h4v8h-4z", x - 4, y - 4), Paint::Ink, "");
            }
            Self::Freed => {
                let d = format!("M{} {}l7 7m0 -7l-7 7", x - 3, y - 3);
                canvas.path(&d, Paint::Outline, " stroke-width=\"1.4\"");
            }
            Self::RoundEnd => {
                let d = format!("M{} {}h3v12h-3z", x - 1, y - 6);
                canvas.path(&d, Paint::Pin, "");
            }
            Self::Wiped => {
                canvas.path(&format!("M{x} {}l5 5l-5 5l-5 -5z", y - 5), Paint::Warn, "");
            }
            Self::Restart => {
                canvas.path(&format!("M{} {y}l9 -5v10z", x - 5), Paint::Warn, "");
            }
            Self::Fault => {
                canvas.path(&format!("M{x} {}l6 11h-12z", y - 6), Paint::Bad, "");
            }
        }
    }
}
