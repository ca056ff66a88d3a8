//! Chrome trace JSON, which Perfetto opens: a process for every lane, a track for every thread.
//!
//! Time is counted in accesses, a microsecond each, since the model has no clock. Lanes begin every move at
//! the same time, so that they can be compared by eye.

use crate::story::{Event, Kind, Story, name, tell};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use memcg_core::run::Run;
use memcg_core::schedule::Move;
use memcg_core::world::World;

/// The trace of a schedule, played in a run at its start.
pub fn trace(run: Run, title: &str, schedule: &[Move]) -> String {
    let world = run.world().clone();
    let stories = tell(run, schedule, usize::MAX);
    let starts = starts(&stories, schedule.len());
    let mut events: Vec<String> = Vec::new();
    for (story, lane) in stories.iter().zip(1..) {
        write_lane(&mut events, &world, story, lane, &starts);
    }
    let mut out = String::from("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"title\":");
    string(&mut out, title);
    out.push_str(",\"unit\":\"one access to shared state is 1 us\"},\n\"traceEvents\":[\n");
    out.push_str(&events.join(",\n"));
    out.push_str("\n]}\n");
    out
}

/// When every move begins: after the longest of the moves before.
fn starts(stories: &[Story], n_moves: usize) -> Vec<u64> {
    let mut longest = alloc::vec![0_u64; n_moves + 1];
    for story in stories {
        let (mut at, mut n) = (0, 0);
        for event in &story.events {
            match event {
                Event::Move(number) => (at, n) = (*number, 0),
                Event::Access(_) => n += 1,
                _ => {}
            }
            longest[at] = longest[at].max(n);
        }
    }
    let mut out = Vec::with_capacity(n_moves + 1);
    let mut time = 0;
    for n in longest {
        out.push(time);
        // A microsecond between moves keeps neighbouring slices apart.
        time += n + 1;
    }
    out
}

fn write_lane(out: &mut Vec<String>, world: &World, story: &Story, lane: usize, starts: &[u64]) {
    out.push(meta("process_name", lane, None, &story.lane));
    for thread in 0..=world.threads.len() {
        out.push(meta("thread_name", lane, Some(thread), name(world, thread)));
    }
    let mut time = 0;
    let mut open = alloc::vec![false; world.threads.len() + 1];
    for event in &story.events {
        match event {
            // The longest move before is over by then.
            Event::Move(number) => time = starts[*number],
            Event::Begin { thread, call, is_stage } => {
                open[*thread] = true;
                let kind = if *is_stage { "stage" } else { "walk" };
                out.push(At { lane, thread: *thread, time }.event(BEGIN, call, kind, ""));
            }
            Event::Access(record) => {
                let mut args = String::from("\"label\":");
                string(&mut args, &record.label);
                args.push_str(",\"line\":");
                string(&mut args, &format!("{}:{}", record.file, record.line));
                if !record.seen.is_empty() {
                    args.push_str(",\"seen\":");
                    string(&mut args, &record.seen);
                }
                out.push(At { lane, thread: record.thread, time }.event(
                    MARK,
                    &record.access,
                    "access",
                    &args,
                ));
                time += 1;
            }
            Event::End { thread, result } => {
                open[*thread] = false;
                let mut args = String::new();
                if let Some(result) = result {
                    args.push_str("\"returned\":");
                    string(&mut args, result);
                }
                out.push(At { lane, thread: *thread, time }.event(END, "", "", &args));
            }
            Event::Mark { thread, words, kind } => {
                let kind = match kind {
                    Kind::Fault => "fault",
                    Kind::Wait => "grace period",
                    Kind::Walk => "mark",
                };
                out.push(At { lane, thread: *thread, time }.event(LANE_MARK, words, kind, ""));
            }
            Event::Idle { thread, why } => {
                out.push(At { lane, thread: *thread, time }.event(MARK, why, "idle", ""));
            }
        }
    }
    // A call that the schedule leaves in the middle ends with the trace.
    for thread in (0..open.len()).filter(|thread| open[*thread]) {
        out.push(At { lane, thread, time }.event(END, "", "", "\"returned\":\"not yet\""));
    }
}

fn meta(what: &str, lane: usize, thread: Option<usize>, name: &str) -> String {
    let mut out = format!("{{\"ph\":\"M\",\"name\":\"{what}\",\"pid\":{lane}");
    if let Some(thread) = thread {
        let _ = write!(out, ",\"tid\":{}", thread + 1);
    }
    out.push_str(",\"args\":{\"name\":");
    string(&mut out, name);
    out.push_str("}}");
    out
}

/// How an event begins: a slice's begin, its end, a mark on the thread's track, one across the lane's.
const BEGIN: &str = "\"ph\":\"B\"";
const END: &str = "\"ph\":\"E\"";
const MARK: &str = "\"ph\":\"i\",\"s\":\"t\"";
const LANE_MARK: &str = "\"ph\":\"i\",\"s\":\"p\"";

/// A track at a time.
struct At {
    lane: usize,
    thread: usize,
    time: u64,
}

impl At {
    fn event(&self, phase: &str, name: &str, kind: &str, args: &str) -> String {
        let Self { lane, thread, time } = self;
        let mut out = format!("{{{phase},\"pid\":{lane},\"tid\":{},\"ts\":{time}", thread + 1);
        if !name.is_empty() {
            out.push_str(",\"name\":");
            string(&mut out, name);
            let _ = write!(out, ",\"cat\":\"{kind}\"");
        }
        if !args.is_empty() {
            let _ = write!(out, ",\"args\":{{{args}}}");
        }
        out.push('}');
        out
    }
}

/// Appends a JSON string, which may also stand inside a script element: nothing in it ends that, or begins a comment.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // `</script`, `<script` and `<!--`.
            '<' if matches!(chars.peek(), Some('!' | 's' | 'S' | '/'))
                && !is_end_of_other(&chars) =>
            {
                out.push_str("\\u003c");
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether what follows a `<` is a slash and a letter other than that of a script's end.
fn is_end_of_other(rest: &core::iter::Peekable<core::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    rest.next() == Some('/') && rest.next().is_some_and(|c| !matches!(c, 's' | 'S'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_json() {
        let text = "</script></Script><!--<script></text></>\"\\\n\u{2028}é</";
        let mut out = String::new();
        string(&mut out, text);
        let lower = out.to_lowercase();
        assert!(!lower.contains("<s") && !lower.contains("</s") && !out.contains("<!"), "{out}");
        let read: String = serde_json::from_str(&out).expect("JSON");
        assert_eq!(read, text);
    }
}
