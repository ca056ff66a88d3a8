//! A kernel's trace beside a policy: what was recorded, how much of it the policy explains, and every call.

use super::Deed;
use super::write::Writer;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::Life;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_ftrace::replay::{Mode, Outcome, Replay, Step, time_words};
use memcg_ftrace::{Level, Pointer, Reader, Trace};
use std::fmt::Write as _;
use std::sync::Arc;

/// Calls shown before and after the place.
const N_AROUND: usize = 9;

/// Groups shown at most.
const N_GROUPS_MAX: usize = 120;

/// Events replayed between two words about how far it is.
const N_EVENTS_PER_SLICE: usize = 4_096;

/// Where the replay stands, and under what.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Place {
    /// The policy.
    pub policy: String,
    /// The policy goes its own way.
    pub free: bool,
    /// Calls that have returned.
    pub n_calls: usize,
}

impl Place {
    /// As the worker is asked.
    pub fn written(&self) -> String {
        format!("{}\n{}\n{}", self.policy, u8::from(self.free), self.n_calls)
    }

    fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let mut next = || lines.next().unwrap_or("");
        let (policy, free, n_calls) = (next().to_owned(), next() == "1", next());
        Self { policy, free, n_calls: n_calls.parse().unwrap_or(0) }
    }
}

/// The sheet, and what the page's own controls need.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Shown {
    /// The sheet.
    pub html: String,
    /// Calls in the trace that can be gone to.
    pub n_calls: usize,
    /// Calls up to the first that the policy does not explain, itself included; 0 if it explains all.
    pub first: usize,
}

/// The trace that the worker holds.
#[derive(Debug, Default)]
pub struct Desk {
    reader: Option<Reader>,
    trace: Option<Arc<Trace>>,
    replayed: Option<Replayed>,
}

/// The trace under a policy, on its own way or not.
#[derive(Debug)]
struct Replayed {
    lane: (String, bool),
    replay: Replay,
    /// What came of all calls.
    verdict: String,
}

impl Desk {
    /// The next bytes of a trace; the first of another begin anew.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.reader.get_or_insert_with(Reader::new).feed(bytes);
    }

    /// The trace is whole.
    pub fn finish(&mut self) {
        self.replayed = None;
        self.trace = self.reader.take().map(|reader| Arc::new(reader.finish()));
    }

    /// The trace as a scenario's text.
    pub fn scenario(&self) -> Option<memcg_scenario::Scenario> {
        let limits = memcg_ftrace::Limits::default();
        self.trace.as_ref().map(|trace| memcg_ftrace::scenario(trace, &limits).scenario)
    }

    /// The sheet for a place, telling now and then how far it is in percent.
    pub fn show(&mut self, text: &str, tell: &mut dyn FnMut(u32)) -> Shown {
        let place = Place::read(text);
        let Some(trace) = self.trace.clone() else { return Shown::default() };
        let mut out = Writer::default();
        summary(&mut out, &trace);
        if trace.calls.is_empty() {
            let words = "Calls of the iterator were not recorded, so there is nothing to replay. As a scenario its groups and what came and went can be used; docs/traces.md says which probes record the calls.";
            out.element("p", "", words);
            return Shown { html: out.0, ..Shown::default() };
        }
        let lane = (place.policy.clone(), place.free);
        let mut replayed = match self.replayed.take().filter(|known| known.lane == lane) {
            Some(known) => known,
            None => match Replayed::new(trace, lane, tell) {
                Ok(new) => new,
                Err(why) => {
                    out.element("p", "", &why);
                    return Shown { html: out.0, ..Shown::default() };
                }
            },
        };
        let replay = &mut replayed.replay;
        let n_calls = replay.steps().len();
        let here = place.n_calls.min(n_calls);
        let target = here.checked_sub(1).map_or(0, |last| replay.steps()[last].event as usize + 1);
        while !replay.seek(target, N_EVENTS_PER_SLICE) {}
        out.raw(&replayed.verdict).raw("<div class=\"trace\">");
        calls(&mut out, replay, here);
        groups(&mut out, replay, here);
        out.raw("</div>");
        let first = replay.first_difference().map_or(0, |at| at + 1);
        self.replayed = Some(replayed);
        Shown { html: out.0, n_calls, first }
    }
}

impl Replayed {
    fn new(
        trace: Arc<Trace>,
        (policy, free): (String, bool),
        tell: &mut dyn FnMut(u32),
    ) -> Result<Self, String> {
        let lane = LaneSpec { policy: policy.clone(), core: None };
        let program = registry::compile_lane(&lane).map_err(|error| error.to_string())?;
        let n_events = trace.events.len().max(1);
        let mode = if free { Mode::Free } else { Mode::Judge };
        let mut replay = Replay::new(trace, Arc::new(program), mode);
        while !replay.seek(usize::MAX, N_EVENTS_PER_SLICE) {
            tell(u32::try_from(replay.at() * 100 / n_events).unwrap_or(0));
        }
        let mut out = Writer::default();
        verdict(&mut out, &policy, free, &replay);
        Ok(Self { lane: (policy, free), replay, verdict: out.0 })
    }
}

fn summary(out: &mut Writer, trace: &Trace) {
    let n_made = trace.groups.iter().skip(1).filter(|g| !g.before).count();
    let level = match trace.level {
        Level::Nothing => "no events of cgroups",
        Level::Groups => "the kernel's own events of cgroups, without the iterator's calls",
        Level::Calls => "with the iterator's calls",
    };
    let n_overlap = trace.facts.n_overlapping;
    let words = format!(
        "{} lines, {level}. Groups from before: {}, made: {n_made}. Calls: {}, overlapping: {n_overlap}.",
        trace.facts.n_lines,
        trace.groups.len().saturating_sub(n_made),
        trace.calls.len(),
    );
    out.element("p", " class=\"panel__text\"", &words);
    if trace.troubles.is_empty() {
        return;
    }
    let n = trace.troubles.kept().len();
    let n_more = trace.troubles.n_more();
    out.raw("<details><summary>");
    let _ = write!(
        out.0,
        "{} things in it could not be used or are missing</summary><ul class=\"trace__troubles\">",
        n as u64 + u64::from(n_more)
    );
    for trouble in trace.troubles.kept() {
        out.element("li", "", &format!("{}: {trouble}", trouble.kind.words()));
    }
    if n_more > 0 {
        out.element("li", "", &format!("and {n_more} more"));
    }
    out.raw("</ul></details>");
}

fn verdict(out: &mut Writer, policy: &str, free: bool, replay: &Replay) {
    let counts = replay.counts();
    let (n_same, n_compared) = (counts.of(Outcome::Same), counts.n_compared());
    let verb = if free { "on its own way agrees with" } else { "explains" };
    let class = if n_same == n_compared {
        " class=\"trace__verdict trace__verdict--ok\""
    } else {
        " class=\"trace__verdict\""
    };
    let words = format!("{policy} {verb} {n_same} of {n_compared} calls.");
    out.element("p", class, &words).raw("<ul class=\"trace__counts\">");
    for outcome in Outcome::ALL.into_iter().filter(|o| *o != Outcome::Same) {
        let n = counts.of(outcome);
        if n > 0 {
            out.element("li", "", &format!("{n} {}", outcome.words()));
        }
    }
    if counts.n_resolved > 0 {
        out.element(
            "li",
            "",
            &format!("{} of them only in a finer order than they returned in", counts.n_resolved),
        );
    }
    if free {
        let (kernel, model) = (counts.n_kernel_rounds, counts.n_model_rounds);
        out.element(
            "li",
            "",
            &format!("walks brought to their end: kernel {kernel}, policy {model}"),
        );
    }
    if let Some((fault, at)) = replay.fault() {
        let time = replay.trace().events.get(at).map_or(0, |e| e.time_ns);
        out.element(
            "li",
            " class=\"trace__fault\"",
            &format!("{fault} at {}: nothing after it was replayed", time_words(time)),
        );
    }
    out.raw("</ul>");
}

fn name(trace: &Trace, pointer: Pointer) -> String {
    match pointer {
        Pointer::Null => "none".to_owned(),
        Pointer::Unknown => "?".to_owned(),
        Pointer::Group(group) => {
            trace.groups.get(group.index()).map_or("?".to_owned(), memcg_ftrace::Group::words)
        }
    }
}

/// The calls around the place: the kernel's lane and the policy's.
fn calls(out: &mut Writer, replay: &Replay, here: usize) {
    let trace = replay.trace();
    let from = here.saturating_sub(N_AROUND);
    let to = (here + N_AROUND).min(replay.steps().len());
    out.raw("<div class=\"table__scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Calls\"><table class=\"table\"><thead><tr>");
    for heading in ["call", "time", "who", "kernel", "policy"] {
        out.element("th", " scope=\"col\"", heading);
    }
    out.raw("</tr></thead><tbody>");
    for (at, step) in replay.steps().iter().enumerate().take(to).skip(from) {
        call(out, trace, at, step, at + 1 == here);
    }
    out.raw("</tbody></table></div>");
}

fn call(out: &mut Writer, trace: &Trace, at: usize, step: &Step, is_here: bool) {
    let Some(call) = trace.calls.get(step.call as usize) else { return };
    let differs = step.outcome.differs();
    let class = match (is_here, differs) {
        (true, false) => " class=\"is-here\"",
        (false, true) => " class=\"is-other\"",
        (true, true) => " class=\"is-here is-other\"",
        (false, false) => "",
    };
    let time = trace.events.get(step.event as usize).map_or(0, |e| e.time_ns);
    let caller = trace.callers.get(call.caller as usize);
    let caller = caller.map_or(String::new(), |c| format!("{}-{}", c.name, c.pid));
    out.raw("<tr").raw(class).raw("><td>");
    out.button("table__move", &Deed::Seek(at + 1).written(), &format!("{}", at + 1)).raw("</td>");
    let tight = " class=\"table__tight\"";
    out.element("td", tight, &time_words(time)).element("td", tight, &caller);
    out.element("td", "", &name(trace, call.returned));
    let words = if differs {
        format!("{}: {}", name(trace, step.model), step.outcome.words())
    } else {
        name(trace, step.model)
    };
    out.element("td", "", &words).raw("</tr>");
}

/// The tree at the place: where kernel and policy are, and how often they have been there.
fn groups(out: &mut Writer, replay: &Replay, here: usize) {
    let trace = replay.trace();
    let machine = replay.machine();
    let mut visits = vec![(0_u32, 0_u32); trace.groups.len()];
    for step in replay.steps().iter().take(here) {
        let kernel = trace.calls.get(step.call as usize).and_then(|c| c.returned.group());
        if let Some(seen) = kernel.and_then(|g| visits.get_mut(g.index())) {
            seen.0 += 1;
        }
        if let Some(seen) = step.model.group().and_then(|g| visits.get_mut(g.index())) {
            seen.1 += 1;
        }
    }
    let last = here.checked_sub(1).and_then(|at| replay.steps().get(at));
    let kernel =
        last.and_then(|s| trace.calls.get(s.call as usize)).and_then(|c| c.returned.group());
    let (model, position) =
        (last.and_then(|s| s.model.group()), last.and_then(|s| s.position.group()));
    let order = pre_order(trace);
    let now: Vec<GroupId> = order
        .into_iter()
        .filter(|g| !matches!(machine.life(*g), Life::Unborn | Life::Freed))
        .collect();
    out.raw("<div class=\"table__scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Groups\"><table class=\"table trace__tree\"><thead><tr>");
    out.element("th", " scope=\"col\"", "group").element(
        "th",
        " scope=\"col\" class=\"table__figure\"",
        "kernel",
    );
    out.element("th", " scope=\"col\" class=\"table__figure\"", "policy")
        .raw("</tr></thead><tbody>");
    for group in now.iter().take(N_GROUPS_MAX) {
        let path = trace.groups[group.index()].words();
        let depth = if path == "/" { 0 } else { path.matches('/').count() + 1 };
        let short = path.rsplit('/').next().filter(|s| !s.is_empty()).unwrap_or(&path);
        let _ =
            write!(out.0, "<tr><th scope=\"row\"><span class=\"trace__name d{}\">", depth.min(12));
        out.text(short).raw("</span>");
        if machine.life(*group) != Life::Alive {
            out.raw(" ").element("i", "", "dying");
        }
        if position == Some(*group) {
            out.raw(" ").element("i", "", "slot");
        }
        out.raw("</th>");
        let (by_kernel, by_model) = visits[group.index()];
        for (n, at) in [(by_kernel, kernel), (by_model, model)] {
            let here = at == Some(*group);
            let class = if here {
                "table__figure is-at"
            } else if n == 0 {
                "table__figure table__figure--zero"
            } else {
                "table__figure"
            };
            let _ = write!(out.0, "<td class=\"{class}\">{}{n}</td>", if here { "▸ " } else { "" });
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table>");
    if now.len() > N_GROUPS_MAX {
        out.element(
            "p",
            " class=\"panel__text\"",
            &format!("and {} more groups", now.len() - N_GROUPS_MAX),
        );
    }
    out.raw("</div>");
}

fn pre_order(trace: &Trace) -> Vec<GroupId> {
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); trace.groups.len()];
    for (at, group) in (0_u32..).zip(&trace.groups) {
        if let Some(parent) = group.parent {
            children[parent.index()].push(at);
        }
    }
    let mut out = Vec::new();
    let mut waiting = vec![0];
    while let Some(at) = waiting.pop() {
        out.push(GroupId(at));
        waiting.extend(children[at as usize].iter().rev());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = include_str!("small.ftrace.txt");

    fn desk(text: &str) -> Desk {
        let mut desk = Desk::default();
        for piece in text.as_bytes().chunks(7) {
            desk.feed(piece);
        }
        desk.finish();
        desk
    }

    fn show(desk: &mut Desk, policy: &str, n_calls: usize) -> Shown {
        let place = Place { policy: policy.into(), free: false, n_calls };
        desk.show(&place.written(), &mut |_| {})
    }

    #[test]
    fn a_place_in_a_trace_shows_kernel_and_policy_beside_each_other() {
        let mut desk = desk(TRACE);
        let policy = registry::policies().last().expect("there are some").name;
        let shown = show(&mut desk, policy, 2);
        assert!(shown.n_calls > 2, "{}", shown.html);
        assert_eq!(shown.html.matches("is-here").count(), 1, "{}", shown.html);
        let back = show(&mut desk, policy, 1);
        assert_ne!(back.html, shown.html);
        assert_eq!(show(&mut desk, policy, 2), shown, "the same place is the same");
    }

    #[test]
    fn what_is_no_trace_says_so() {
        let mut desk = desk("nothing of a trace\nat all\n");
        let shown = show(&mut desk, "x", 0);
        assert!(shown.html.contains("nothing to replay"), "{}", shown.html);
        assert_eq!(Desk::default().show("", &mut |_| {}), Shown::default());
    }

    #[test]
    fn an_unknown_policy_says_so() {
        let shown = show(&mut desk(TRACE), "<nobody>", 0);
        assert!(
            shown.html.contains("nobody") && !shown.html.contains("<nobody>"),
            "{}",
            shown.html
        );
    }
}
