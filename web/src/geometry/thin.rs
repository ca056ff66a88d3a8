//! Thins out what is drawn of a long schedule: of things too close together to be told apart, one is drawn.

use super::story::{Kind, Mark, Visit};

/// Of things in the order of their moves, the first in each row and column. A column is `n_moves` wide; `place` tells
/// a thing's row and move. With columns of one move everything stays.
pub fn thinned<'a, T: 'a>(
    things: impl Iterator<Item = &'a T> + 'a,
    n_moves: usize,
    place: impl Fn(&T) -> (usize, usize) + 'a,
) -> impl Iterator<Item = &'a T> + 'a {
    let mut last: Vec<usize> = Vec::new();
    things.filter(move |thing| {
        if n_moves <= 1 {
            return true;
        }
        let (row, at) = place(thing);
        let column = at / n_moves + 1;
        if last.len() <= row {
            last.resize(row + 1, 0);
        }
        std::mem::replace(&mut last[row], column) != column
    })
}

/// A lane's walk in one column: from the first group visited to the last, in pre-order.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Stroke {
    /// The first visit in it, with the highest place.
    pub visit: Visit,
    /// The lowest place.
    pub to: usize,
}

/// Visits as strokes over `n_moves` each.
pub fn strokes<'a>(visits: impl Iterator<Item = &'a Visit>, n_moves: usize) -> Vec<Stroke> {
    let mut out: Vec<Stroke> = Vec::new();
    // Where each lane's last stroke is.
    let mut last: Vec<usize> = Vec::new();
    for visit in visits {
        if last.len() <= visit.lane {
            last.resize(visit.lane + 1, usize::MAX);
        }
        let column = visit.at / n_moves;
        match out.get_mut(last[visit.lane]).filter(|s| s.visit.at / n_moves == column) {
            Some(stroke) => {
                stroke.to = stroke.to.max(visit.place);
                stroke.visit.place = stroke.visit.place.min(visit.place);
            }
            None => {
                last[visit.lane] = out.len();
                out.push(Stroke { visit: *visit, to: visit.place });
            }
        }
    }
    out
}

/// Of marks in each lane and column, the one that says most, and how many more there are.
pub fn gravest<'a>(
    marks: impl Iterator<Item = &'a Mark>,
    n_moves: usize,
) -> Vec<(&'a Mark, usize)> {
    let mut out: Vec<(&Mark, usize)> = Vec::new();
    let mut last: Vec<usize> = Vec::new();
    for mark in marks {
        if last.len() <= mark.lane {
            last.resize(mark.lane + 1, usize::MAX);
        }
        let here = out.get_mut(last[mark.lane]).filter(|(other, _)| {
            // In one move all are drawn, as they are where there is room.
            n_moves > 1 && other.at / n_moves == mark.at / n_moves
        });
        match here {
            Some((kept, n_more)) => {
                *n_more += 1;
                if weight(mark.kind) > weight(kept.kind) {
                    *kept = mark;
                }
            }
            None => {
                last[mark.lane] = out.len();
                out.push((mark, 0));
            }
        }
    }
    out
}

const fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::Freed => 0,
        Kind::RoundEnd => 1,
        Kind::Wiped => 2,
        Kind::Restart => 3,
        Kind::Fault => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_core::hierarchy::GroupId;

    #[test]
    fn one_of_each_row_and_column_stays() {
        let things = [(0, 0), (1, 0), (0, 1), (0, 2), (1, 3), (0, 3), (0, 9)];
        let kept = |n| thinned(things.iter(), n, |thing| *thing).copied().collect::<Vec<_>>();
        assert_eq!(kept(1), things);
        assert_eq!(kept(3), [(0, 0), (1, 0), (1, 3), (0, 3), (0, 9)]);
    }

    #[test]
    fn a_stroke_spans_the_groups_of_its_column() {
        let visit = |lane, at, place| Visit { lane, at, thread: 0, group: GroupId(0), place };
        let visits =
            [visit(0, 0, 4), visit(1, 0, 1), visit(0, 1, 2), visit(0, 2, 7), visit(1, 2, 3)];
        let spans = |n| {
            let told = |s: &Stroke| (s.visit.lane, s.visit.at, s.visit.place, s.to);
            strokes(visits.iter(), n).iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(spans(1).len(), visits.len());
        assert_eq!(spans(2), [(0, 0, 2, 4), (1, 0, 1, 1), (0, 2, 7, 7), (1, 2, 3, 3)]);
    }

    #[test]
    fn a_fault_is_never_hidden_by_less() {
        let mark = |at, kind| Mark { lane: 0, at, kind, words: String::new() };
        let marks = [
            mark(0, Kind::Freed),
            mark(1, Kind::Fault),
            mark(2, Kind::Restart),
            mark(5, Kind::Wiped),
        ];
        let kept = |n| {
            let told = |(mark, n): &(&Mark, usize)| (mark.at, mark.kind, *n);
            gravest(marks.iter(), n).iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(kept(1).len(), 4);
        assert_eq!(kept(3), [(1, Kind::Fault, 2), (5, Kind::Wiped, 0)]);
    }
}
