//! A replay in words: the smallest window that shows a difference.

use super::{Replay, Step};
use crate::trace::{Event, Trace, What};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Longest line of a window, in characters: a path can have 4,096 bytes.
const CHARS_MAX: usize = 300;
/// Most lines of a window; the middle of a longer one is left out.
const LINES_MAX: usize = 24;

/// Seconds and microseconds of the trace's clock.
pub fn time_words(time_ns: u64) -> String {
    format!("{}.{:06}", time_ns / 1_000_000_000, time_ns / 1_000 % 1_000_000)
}

/// The window around a call (by its place among [`Replay::steps`]): from the return of the call before it in the same
/// walk, or the beginning of the first call that overlaps it, to its own return. One line for an event.
pub fn window(replay: &Replay, place: usize) -> Vec<String> {
    let trace = replay.trace();
    let Some(step) = replay.steps().get(place) else { return Vec::new() };
    let call = trace.calls[step.call as usize];
    let before = replay.steps()[..place].iter().rev().find(|s| {
        let other = trace.calls[s.call as usize];
        other.root == call.root && (other.cookie == 0) == (call.cookie == 0)
    });
    let mut start = before.map_or(call.entered, |s| s.event).min(call.entered);
    let from = (step.call as usize).saturating_sub(64);
    let overlapping = trace.calls[from..].iter().take(128).filter(|other| {
        let ended = other.ended.unwrap_or(u32::MAX);
        call.overlaps && other.entered < step.event && ended > call.entered
    });
    start = overlapping.fold(start, |start, other| start.min(other.entered));
    let mut out = Vec::new();
    let events = start as usize..=step.event as usize;
    for at in events {
        let Some(event) = trace.events.get(at) else { break };
        if let Some(words) = event_words(trace, event, call.root) {
            out.push(words);
        }
    }
    if out.len() > LINES_MAX {
        let n_cut = out.len() - LINES_MAX;
        let half = LINES_MAX / 2;
        out.splice(half..half + n_cut, [format!("… {n_cut} more …")]);
    }
    out.push(verdict(trace, step));
    for line in &mut out {
        if let Some((end, _)) = line.char_indices().nth(CHARS_MAX) {
            line.truncate(end);
            line.push('…');
        }
    }
    out
}

fn verdict(trace: &Trace, step: &Step) -> String {
    let call = &trace.calls[step.call as usize];
    format!(
        "kernel: {}; policy: {}: {}",
        trace.pointer_words(call.returned),
        trace.pointer_words(step.model),
        step.outcome.words()
    )
}

/// An event in a line; `None` for a call below another root.
fn event_words(trace: &Trace, event: &Event, root: crate::trace::Pointer) -> Option<String> {
    let group = |g| trace.group_words(g);
    let call = |at: u32| trace.calls.get(at as usize).filter(|c| c.root == root);
    let words = match event.what {
        What::Create(g) => format!("{} is made", group(g)),
        What::Rmdir(g) => format!("{} is removed", group(g)),
        What::Offline(g) => format!("{} goes offline", group(g)),
        What::Released(g) => format!("{} is released", group(g)),
        What::Freed(g) => format!("{} is freed", group(g)),
        What::Enter(at) => {
            let call = call(at)?;
            let kind = if call.cookie == 0 { "private" } else { "cookie" };
            let (root, prev) = (trace.pointer_words(call.root), trace.pointer_words(call.prev));
            format!("next(root {root}, prev {prev}, {kind})")
        }
        What::Return(at) => format!("  returns {}", trace.pointer_words(call(at)?.returned)),
        What::Break { root, .. } => format!("break(root {})", trace.pointer_words(root)),
        What::Lost => "events are missing here".to_string(),
    };
    let who = match event.what {
        What::Lost => String::new(),
        _ => trace.caller_words(event.caller),
    };
    Some(format!("{:>14}  {who:16} {words}   (line {})", time_words(event.time_ns), event.line))
}
