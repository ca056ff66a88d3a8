//! A verdict for people and programs at a terminal: what `memcg_render::verdict` says, laid out as text or as JSON.

use crate::source::Ready;
use memcg_core::check::{Bound, EqualThreads, Extent, Front, Property, Verdict, WalkBound};
use memcg_render::verdict::{Case, bound_words, preemption, what_is_checked};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How verdicts are written.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Form {
    Text { diagram: bool, link: bool },
    Json,
}

impl Form {
    /// With these exports as well; JSON has all.
    pub(super) const fn with(self, more_diagram: bool, more_link: bool) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Text { diagram, link } => {
                Self::Text { diagram: diagram || more_diagram, link: link || more_link }
            }
        }
    }
}

/// What is checked, before the verdicts.
pub(super) fn head(ready: &Ready, bound: WalkBound, n_cut: usize, form: Form) {
    if form == Form::Json {
        return;
    }
    if !ready.scenario.title.is_empty() {
        println!("{}", ready.scenario.title);
    }
    for line in what_is_checked(&ready.world, bound, n_cut) {
        println!("{line}");
    }
}

/// The verdict in words; a counter-example also as a scenario, and as a link and a race diagram if those are wanted.
pub(super) fn text(
    case: &Case,
    verdict: &Verdict,
    front: Option<&Front>,
    diagram: bool,
    link: bool,
) -> String {
    let told = case.told(verdict, front);
    let mut out = format!("\n{}: {}\n", case.lane, told.headline);
    for line in told.lines {
        let _ = writeln!(out, "  {line}");
    }
    let Verdict::Broken(broken) = verdict else { return out };
    let _ = write!(out, "\n{}", memcg_scenario::print(&case.scenario(broken)));
    if link && let Some(link) = case.link(broken) {
        let _ =
            writeln!(out, "\n# the same as a link: what follows # in the page's address\n{link}");
    }
    if diagram && let Some(diagram) = case.diagram(broken) {
        let _ = write!(out, "\n{diagram}");
    }
    out
}

/// The reductions that were used, by the names of the options that switch them off.
fn reductions(extent: &Extent) -> Value {
    let mut names = Vec::new();
    names.extend(extent.reduced.then_some("commuting"));
    names.extend((extent.equal_threads == EqualThreads::Merged).then_some("symmetry"));
    json!(names)
}

const fn bound_name(by: Bound) -> &'static str {
    match by {
        Bound::States => "states",
        Bound::Memory => "memory",
        Bound::Preemptions => "preemptions",
        Bound::Drawn { .. } => "drawn",
    }
}

/// The verdict for programs.
pub(super) fn json(case: &Case, verdict: &Verdict, front: Option<&Front>) -> Value {
    let extent = |e: &Extent| json!({ "states": e.n_states, "steps": e.n_steps, "reductions": reductions(e), "reduced": e.reduced });
    let mut out = json!({
        "policy": case.lane.policy,
        "core": case.lane.core,
        "preemption": preemption(case.world),
        "walks_without_end": bound_words(case.bound),
        "properties": case.properties().into_iter().map(Property::name).collect::<Vec<_>>(),
    });
    match verdict {
        Verdict::Holds(e) => {
            out["verdict"] = json!("holds");
            out["complete"] = json!(true);
            out["extent"] = extent(e);
        }
        Verdict::Bounded { by, extent: e, n_waiting } => {
            out["verdict"] = json!("bounded");
            out["by"] = json!(bound_name(*by));
            if let Some(front) = front {
                out["steps_done"] = json!(front.n_steps_done);
                out["steps_longest_about"] = json!(front.n_steps_longest);
                out["states_about"] = json!(front.n_states_about);
            }
            out["waiting"] = json!(n_waiting);
            out["extent"] = extent(e);
        }
        Verdict::Broken(b) => {
            out["verdict"] = json!("broken");
            out["property"] = json!(b.property.name());
            out["name"] = json!(b.name);
            out["words"] = json!(b.words);
            out["n_steps"] = json!(b.n_steps);
            out["n_switches"] = json!(b.n_switches);
            out["is_fewest"] = json!(b.is_fewest);
            out["goes_round_from"] = json!(b.goes_round_from);
            out["replays"] = json!(case.run(b).is_some());
            out["scenario"] = json!(memcg_scenario::print(&case.scenario(b)));
            out["link"] = json!(case.link(b));
            out["diagram"] = json!(case.diagram(b));
            out["extent"] = extent(&b.extent);
        }
    }
    out
}
