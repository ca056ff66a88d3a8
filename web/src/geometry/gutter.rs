//! The margin of a lane: where the slots' pins point and where the walkers stand.
//!
//! A pin or a walker without a group is parked on the line above the root.

use super::rows::Outline;
use memcg_core::picture::{LanePicture, Next, PinPicture};

/// Width of the margin.
pub const GUTTER_PX: u32 = 72;
/// Width of a pin, its tip included.
pub const PIN_PX: u32 = 38;
/// Left edge of the foremost pin; its tip touches the tree.
const PIN_X_PX: u32 = GUTTER_PX - PIN_PX - 1;
/// How far a pin that shares a row stands behind the one before it.
const PIN_BEHIND_PX: u32 = 4;
/// Pins that share a row are drawn apart up to this many.
const N_PINS_APART_MAX: u32 = 3;
/// Centre of the walker nearest to the tree.
const TOKEN_X_PX: u32 = 24;
/// Space between walkers that share a row, unless they are many.
const TOKEN_STEP_PX: u32 = 15;
/// Left-most centre of a walker.
const TOKEN_X_PX_MIN: u32 = 9;

/// A slot's pin.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct PinMark {
    /// Which slot of the picture.
    pub pin: usize,
    /// The row it points at; `None` when the position is none.
    pub row: Option<usize>,
    /// Left edge.
    pub x_px: u32,
    /// What is written on it.
    pub label: String,
    /// It points at freed memory.
    pub dangling: bool,
}

/// A walker.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct TokenMark {
    /// Which thread of the picture.
    pub thread: usize,
    /// The row of the group it holds; `None` when it holds none.
    pub row: Option<usize>,
    /// Its centre.
    pub x_px: u32,
}

/// Places the pins, in the picture's order.
pub fn pins(picture: &LanePicture, outline: &Outline) -> Vec<PinMark> {
    let alone = picture.pins.len() == 1;
    let mut out: Vec<PinMark> = Vec::with_capacity(picture.pins.len());
    for (at, pin) in picture.pins.iter().enumerate() {
        let row = pin.group.map(|group| outline.row_of(group));
        let n_before = out.iter().filter(|mark| mark.row == row).count();
        let n_before = u32::try_from(n_before).unwrap_or(0).min(N_PINS_APART_MAX);
        out.push(PinMark {
            pin: at,
            row,
            x_px: PIN_X_PX - n_before * PIN_BEHIND_PX,
            label: label(pin, at, alone),
            dangling: pin.dangling,
        });
    }
    out
}

/// `g3` for the only slot, `2·g3` for the second of several: its number in the lane's foot.
fn label(pin: &PinPicture, at: usize, alone: bool) -> String {
    let generation = pin.generation.map(|g| format!("g{g}"));
    match (alone, generation) {
        (true, Some(generation)) => generation,
        (true, None) => "slot".into(),
        (false, Some(generation)) => format!("{}·{generation}", at + 1),
        (false, None) => format!("{}", at + 1),
    }
}

/// Places the walkers: those that hold a group, and those of `walkers` that hold none now.
pub fn tokens(picture: &LanePicture, outline: &Outline, walkers: &[bool]) -> Vec<TokenMark> {
    let mut out: Vec<TokenMark> = picture
        .threads
        .iter()
        .enumerate()
        .filter(|(at, thread)| {
            let walks = walkers.get(*at).copied().unwrap_or(false);
            thread.holds.is_some() || (walks && thread.next != Next::Done)
        })
        .map(|(at, thread)| TokenMark {
            thread: at,
            row: thread.holds.map(|group| outline.row_of(group)),
            x_px: TOKEN_X_PX,
        })
        .collect();
    for at in 0..out.len() {
        let row = out[at].row;
        let n_all = out.iter().filter(|t| t.row == row).count();
        let n_before = out[..at].iter().filter(|t| t.row == row).count();
        let room_px = TOKEN_X_PX - TOKEN_X_PX_MIN;
        let n_gaps = u32::try_from(n_all.saturating_sub(1)).unwrap_or(1).max(1);
        let step_px = TOKEN_STEP_PX.min(room_px / n_gaps);
        out[at].x_px = TOKEN_X_PX - step_px * u32::try_from(n_before).unwrap_or(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::groups::GroupSet;
    use crate::view::sample;

    #[test]
    fn a_pin_without_a_position_is_parked_above_the_root() {
        let world = sample::world();
        let outline = Outline::new(&world, &GroupSet::default());
        let mut picture = sample::walking(&world, 5);
        assert_eq!(pins(&picture, &outline)[0].row, Some(5));
        picture.pins[0].group = None;
        assert_eq!(pins(&picture, &outline)[0].row, None);
    }

    #[test]
    fn pins_and_walkers_that_share_a_row_stand_apart() {
        let world = sample::world();
        let outline = Outline::new(&world, &GroupSet::default());
        let mut picture = sample::walking(&world, 5);
        picture.pins.push(picture.pins[0].clone());
        let marks = pins(&picture, &outline);
        assert_eq!((marks[0].x_px, marks[1].x_px), (33, 29));
        assert_eq!((marks[0].label.as_str(), marks[1].label.as_str()), ("1·g0", "2·g0"));

        picture.threads[1].holds = picture.threads[0].holds;
        let walkers = tokens(&picture, &outline, &[true, false]);
        assert_eq!(walkers.iter().map(|t| t.x_px).collect::<Vec<_>>(), [24, 9]);
    }

    #[test]
    fn only_walkers_are_parked() {
        let world = sample::world();
        let outline = Outline::new(&world, &GroupSet::default());
        let mut picture = sample::walking(&world, 5);
        picture.threads[0].holds = None;
        let walkers = tokens(&picture, &outline, &[true, false]);
        assert_eq!(walkers.iter().map(|t| (t.thread, t.row)).collect::<Vec<_>>(), [(0, None)]);
    }
}
