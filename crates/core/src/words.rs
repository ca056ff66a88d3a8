//! What a move did, in one plain sentence; and how names and numbers are put into words.

use crate::hierarchy::GroupId;
use crate::picture::{Life, Returned};
use crate::run::{LaneReport, MoveReport, Outcome, Run};
use crate::tally::Mark;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

/// What the move did, all lanes: said once where they agree, lane by lane where they do not.
pub fn sentence(run: &Run, report: &MoveReport) -> String {
    let thread = report.mv.thread();
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for (at, lane) in report.lanes.iter().enumerate() {
        let words = lane_words(run, at, thread, lane);
        let name = run.lane(at).spec().to_string();
        match told.iter_mut().find(|(w, _)| *w == words) {
            Some((_, names)) => names.push(name),
            None => told.push((words, alloc::vec![name])),
        }
    }
    match told.as_slice() {
        [] => String::new(),
        [(words, _)] => format!("{words}."),
        many => {
            let parts: Vec<String> =
                many.iter().map(|(words, names)| format!("{}: {words}", join(names))).collect();
            format!("{}.", parts.join("; "))
        }
    }
}

/// A number with its thousands apart: `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a`, `a and b`, `a, b and c`.
pub fn join(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn lane_words(run: &Run, at: usize, thread: &str, lane: &LaneReport) -> String {
    let machine = run.lane(at).machine();
    let mut out = match &lane.outcome {
        Outcome::Moved => moved_words(run, at, thread, lane),
        Outcome::AlreadyThere => format!("{thread} was there already"),
        Outcome::Waits(why) => format!("waits, since {why}"),
        Outcome::Nothing(why) => format!("{thread} cannot go: {why}"),
        Outcome::Halted => match machine.fault().map(|f| machine.fault_picture(f)) {
            Some(fault) => format!("fault, {}", fault.words),
            None => "halted".to_string(),
        },
    };
    if !lane.brought_along.is_empty() {
        let names: Vec<String> =
            lane.brought_along.iter().map(|t| machine.thread_name(*t).to_string()).collect();
        // Writing to a string cannot fail.
        let _ = write!(out, " (brought along: {} first ran to the end of its call)", join(&names));
    }
    out
}

fn moved_words(run: &Run, at: usize, thread: &str, lane: &LaneReport) -> String {
    let path = |g: GroupId| run.world().path(g).to_string();
    if let Some(returned) = lane.returned {
        let restart = lane.marks.contains(&Mark::Restart);
        return match returned {
            Returned::Group(g) if restart => format!("{thread} is back at {}: restart", path(g)),
            Returned::Group(g) => format!("{thread} visits {}", path(g)),
            Returned::Nothing if lane.marks.contains(&Mark::RoundEnd) => {
                format!("{thread} finishes its round")
            }
            Returned::Nothing => format!("{thread} is too late for its round and gets none"),
        };
    }
    let wiped: Vec<String> = lane
        .marks
        .iter()
        .filter_map(|m| match m {
            Mark::Wiped { slot, .. } => Some(slot.clone()),
            _ => None,
        })
        .collect();
    let slots = join(&wiped);
    let wiped = if slots.is_empty() { String::new() } else { format!(" and wipes {slots}") };
    match (&lane.ended, lane.about) {
        (Some(stage), Some(group)) => {
            // On the release core a group that goes offline stays on its list.
            let unlinked = run.lane(at).machine().life(group) >= Life::Unlinked;
            let group = path(group);
            match stage.as_str() {
                "kill" => format!("{thread} kills {group}: tryget fails on it from now on"),
                "create" => format!("{thread} makes {group}"),
                "offline" if unlinked => format!("{group} goes offline{wiped}, and is unlinked"),
                "offline" => format!("{group} goes offline{wiped}"),
                "free" => format!("{thread} frees {group}"),
                "release" if slots.is_empty() => {
                    format!("nobody holds {group} any more: its memory waits for readers")
                }
                "release" => format!(
                    "nobody holds {group} any more: it wipes {slots}, and its memory waits for readers"
                ),
                "charge" => format!("{thread} pins {group}"),
                "uncharge" => format!("{thread} unpins {group}"),
                other => format!("{thread} runs {other} for {group}{wiped}"),
            }
        }
        (Some(call), None) if call == "break" => format!("{thread} has enough and leaves its walk"),
        (Some(call), None) => format!("{thread} ends {call}"),
        (None, _) => match lane.records.last() {
            Some(record) if record.seen.is_empty() => format!("{thread}: {}", record.access),
            Some(record) => format!("{thread}: {} gives {}", record.access, record.seen),
            None => format!("{thread} goes on"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        let words = [0, 12, 999, 1_000, 1_234_567].map(thousands).join(" ");
        assert_eq!(words, "0 12 999 1,000 1,234,567");
    }
}
