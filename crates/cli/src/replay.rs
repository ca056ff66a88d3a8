//! `memcg replay`: a recorded kernel's own calls, made again under a policy.

use crate::bytes::Bytes;
use crate::refuse;
use crate::source::{self, Args};
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_ftrace::replay::{Mode, Outcome, Replay, time_words, window};
use memcg_ftrace::{Level, Reader, Trace, looks_like_a_trace};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a replay came to.
#[derive(Debug)]
pub(crate) struct Told {
    /// For standard output.
    pub(crate) text: String,
    /// Every call is explained.
    pub(crate) is_explained: bool,
}

/// `memcg replay TRACE --policy NAME[:CORE]… [--free]`.
///
/// # Errors
/// The status with which it was refused.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut lanes, mut mode) = (Vec::new(), Mode::Judge);
    while let Some(option) = args.option()? {
        match option {
            "--free" => mode = Mode::Free,
            "--policy" => lanes.push(source::lane(args.value(option, "the name of a policy")?)),
            other => return Err(source::unknown(other, &["--free", "--policy"])),
        }
    }
    let trace = args.source("a trace")?;
    if lanes.is_empty() {
        return Err(refuse("name a policy with --policy; memcg list names them"));
    }
    let told = run(trace, &lanes, mode).map_err(|why| refuse(&why))?;
    print!("{}", told.text);
    Ok(if told.is_explained { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Reads a trace in pieces, as a page does.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn read(path: &str) -> Result<Trace, String> {
    let mut reader = Reader::new();
    let mut bytes = Bytes::open(path)?;
    bytes.pieces(|piece| reader.feed(piece)).map_err(|e| format!("{path}: {e}"))?;
    Ok(reader.finish())
}

/// What a file to import holds.
#[derive(Debug)]
pub(crate) enum Input {
    /// A kernel's trace.
    Trace(Box<Trace>),
    /// Something else.
    Text(String),
}

impl Input {
    /// Reads a file; of a trace, however long, no more than a piece at a time is held as text.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn read(path: &str) -> Result<Self, String> {
        let mut bytes = Bytes::open(path)?;
        let mut reader = None;
        let mut text = Vec::new();
        let mut take = |piece: &[u8]| {
            if text.is_empty() && reader.is_none() && looks_like_a_trace(piece) {
                reader = Some(Reader::new());
            }
            match &mut reader {
                Some(reader) => reader.feed(piece),
                None => text.extend_from_slice(piece),
            }
        };
        bytes.pieces(&mut take).map_err(|e| format!("{path}: {e}"))?;
        Ok(match reader {
            Some(reader) => Self::Trace(Box::new(reader.finish())),
            None => Self::Text(String::from_utf8_lossy(&text).into_owned()),
        })
    }
}

/// What was read, and what is wrong with it, a line each.
pub(crate) fn summary(trace: &Trace) -> Vec<String> {
    let facts = &trace.facts;
    let n_before = trace.groups.iter().skip(1).filter(|g| g.before).count();
    let n_made = trace.groups.len() - 1 - n_before;
    let callers: BTreeSet<u32> = trace.calls.iter().map(|c| c.caller).collect();
    let level = match trace.level {
        Level::Nothing => "no cgroup events",
        Level::Groups => "the kernel's own events, without probes on the iterator",
        Level::Calls => "with the iterator's calls",
    };
    let mut out = vec![format!(
        "{} lines, {} events used: {level}; {n_before} cgroups from before, {n_made} made; {} calls by {} tasks, {} overlap",
        facts.n_lines,
        trace.events.len(),
        trace.calls.len(),
        callers.len(),
        facts.n_overlapping,
    )];
    out.extend(trace.troubles.kept().iter().map(|t| format!("{}: {t}", t.kind.words())));
    if trace.troubles.n_more() > 0 {
        out.push(format!("… and {} more", trace.troubles.n_more()));
    }
    out
}

/// Replays a trace under policies, one after the other.
///
/// # Errors
/// A file or a policy that is not there.
pub(crate) fn run(path: &str, lanes: &[LaneSpec], mode: Mode) -> Result<Told, String> {
    let started = Instant::now();
    let trace = Arc::new(read(path)?);
    let reading = started.elapsed();
    let mut told = Told { text: String::new(), is_explained: true };
    for line in summary(&trace) {
        let _ = writeln!(told.text, "{line}");
    }
    if trace.calls.is_empty() {
        told.is_explained = false;
        let _ = writeln!(
            told.text,
            "there is nothing to replay: docs/traces.md says how to record the iterator's calls"
        );
    }
    for lane in lanes {
        let started = Instant::now();
        let program = registry::compile_lane(lane).map_err(|e| e.to_string())?;
        let compiling = started.elapsed();
        let started = Instant::now();
        let mut replay = Replay::new(Arc::clone(&trace), Arc::new(program), mode);
        replay.run();
        let replaying = started.elapsed();
        let _ = writeln!(told.text);
        told.is_explained &= report(&mut told.text, lane, &replay, mode);
        let _ = writeln!(
            told.text,
            "  read in {}, compiled in {}, replayed in {}",
            millis(reading),
            millis(compiling),
            millis(replaying)
        );
    }
    Ok(told)
}

/// Groups that the policy visits more or less often than the kernel did.
fn visits(out: &mut String, replay: &Replay) {
    const N_SHOWN_MAX: usize = 8;
    let trace = replay.trace();
    let mut counts = vec![(0_u32, 0_u32); trace.groups.len()];
    for step in replay.steps() {
        if let Some(group) = trace.calls[step.call as usize].returned.group() {
            counts[group.index()].0 += 1;
        }
        if let Some(group) = step.model.group() {
            counts[group.index()].1 += 1;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(counts[*at].0.abs_diff(counts[*at].1)));
    for at in order.into_iter().take(N_SHOWN_MAX) {
        let (kernel, policy) = counts[at];
        if kernel != policy {
            let path = trace.groups[at].words();
            let _ = writeln!(out, "    visits of {path}: kernel {kernel}, policy {policy}");
        }
    }
}

fn millis(time: Duration) -> String {
    format!("{}.{} ms", time.as_millis(), time.as_micros() % 1000 / 100)
}

fn report(out: &mut String, lane: &LaneSpec, replay: &Replay, mode: Mode) -> bool {
    let counts = replay.counts();
    let (n_same, n_compared) = (counts.of(Outcome::Same), counts.n_compared());
    let verb = match mode {
        Mode::Judge => "explains",
        Mode::Free => "on its own way agrees with",
    };
    let _ = writeln!(out, "{lane} {verb} {n_same} of {n_compared} calls");
    if counts.n_resolved > 0 {
        let _ = writeln!(
            out,
            "  {} of them only in a finer order than they returned in",
            counts.n_resolved
        );
    }
    for outcome in Outcome::ALL.into_iter().filter(|o| *o != Outcome::Same) {
        let n = counts.of(outcome);
        if n > 0 {
            let _ = writeln!(out, "  {n:6}  {}", outcome.words());
        }
    }
    if mode == Mode::Free {
        let (kernel, model) = (counts.n_kernel_rounds, counts.n_model_rounds);
        let _ = writeln!(out, "  walks brought to their end: kernel {kernel}, policy {model}");
        visits(out, replay);
    }
    if replay.n_unsearched() > 0 {
        let n = replay.n_unsearched();
        let _ = writeln!(
            out,
            "  {n} differences without a search for finer orders: its bound was reached"
        );
    }
    if counts.n_left > 0 {
        let n = counts.n_left;
        let _ = writeln!(
            out,
            "  after {n} differences the policy was not put where the kernel stood: the bound for that was reached"
        );
    }
    let fault = replay.fault();
    if let Some((fault, at)) = &fault {
        let event = replay.trace().events.get(*at);
        let (time, line) = event.map_or((0, 0), |e| (e.time_ns, e.line));
        let _ = writeln!(
            out,
            "  FAULT {fault} at {} (line {line}): nothing after it was replayed",
            time_words(time)
        );
    }
    let first = replay.first_difference();
    if let Some(first) = first {
        let _ = writeln!(out, "  the first difference is call {}:", first + 1);
        for line in window(replay, first) {
            let _ = writeln!(out, "    {line}");
        }
    }
    first.is_none() && fault.is_none() && n_compared > 0
}
