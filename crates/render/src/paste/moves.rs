//! Steps as the moves of a schedule: whole calls where a call is not interrupted, and labels where it is.

use super::follow::{Follow, Step};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::schedule::Move;

/// The moves by which a lane makes these steps; `lane` names it where there are others.
///
/// # Errors
/// Beside the moves as far as there are some: what no move can say.
pub(super) fn moves(follow: &Follow, lane: Option<&str>) -> (Vec<Move>, Option<String>) {
    let mut out = Vec::new();
    let steps = &follow.steps;
    let mut at = 0;
    while at < steps.len() {
        let thread = steps[at].thread;
        // Up to the end of the call, or to where another thread comes between.
        let mut end = at + 1;
        while !steps[end - 1].ended && steps.get(end).is_some_and(|step| step.thread == thread) {
            end += 1;
        }
        if let Some(cannot) = part(&mut out, &steps[at..end], follow.name(thread), lane) {
            return (out, Some(cannot));
        }
        at = end;
    }
    (out, None)
}

/// The moves for steps of one call without another thread between; what they cannot say.
fn part(out: &mut Vec<Move>, steps: &[Step], thread: &str, lane: Option<&str>) -> Option<String> {
    let last = steps.last()?;
    if last.ended || last.faulted {
        out.push(match &last.work {
            Some(work) => Move::Work { stage: work.stage.clone(), group: work.group.clone() },
            None => Move::Call { thread: thread.to_string() },
        });
        return None;
    }
    if let Some(work) = last.work.as_ref().filter(|work| !work.was_first) {
        return Some(format!(
            "no move of a schedule interrupts {thread} in {}({}), which was not the first that it could do",
            work.stage, work.group
        ));
    }
    // A label is passed as often as the steps pass it.
    for _ in steps.iter().filter(|step| step.label == last.label) {
        out.push(Move::To {
            thread: thread.to_string(),
            label: last.label.clone(),
            lane: lane.map(ToString::to_string),
        });
    }
    None
}
