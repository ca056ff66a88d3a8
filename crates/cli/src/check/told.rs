//! A verdict for people and programs at a terminal: what `memcg_render::verdict` says, laid out as text or as JSON.

use crate::source::Ready;
use memcg_core::check::{
    Bound, Commuting, EqualThreads, Extent, Property, Verdict, WalkBound, Why,
};
use memcg_render::verdict::{Case, Findings, bound_words, preemption, what_is_checked};
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

/// What is printed beside the verdict.
#[derive(Copy, Clone, Debug)]
pub(super) struct Extras {
    /// The race diagram of a counter-example.
    pub(super) diagram: bool,
    /// Its link.
    pub(super) link: bool,
    /// Where conditions hold that should sometimes, as scenarios.
    pub(super) witnesses: bool,
}

/// The verdict in words, and a counter-example as a scenario.
pub(super) fn text(case: &Case, findings: &Findings, extras: Extras) -> String {
    let told = case.told(findings);
    let mut out = format!("\n{}: {}\n", case.lane, told.headline);
    for line in told.lines {
        let _ = writeln!(out, "  {line}");
    }
    if let Verdict::Broken(broken) = findings.verdict
        && !broken.is_never
    {
        let _ = write!(out, "\n{}", memcg_scenario::print(&case.scenario(broken)));
        if extras.link
            && let Some(link) = case.link(broken)
        {
            let _ = writeln!(
                out,
                "\n# the same as a link: what follows # in the page's address\n{link}"
            );
        }
        if extras.diagram
            && let Some(diagram) = case.diagram(broken)
        {
            let _ = write!(out, "\n{diagram}");
        }
    }
    if extras.witnesses {
        for witness in findings.witnesses {
            let scenario = case.witness_scenario(witness);
            let _ = write!(out, "\n{}", memcg_scenario::print(&scenario));
        }
    }
    out
}

/// How far a search got: with the reductions that were used, and why others were not.
fn extent(case: &Case, extent: &Extent) -> Value {
    let commuting = match extent.commuting {
        Commuting::Merged => None,
        Commuting::Apart(why) => Some(why),
    };
    let symmetry = match extent.equal_threads {
        EqualThreads::Apart(why) => Some(why),
        EqualThreads::Absent | EqualThreads::Merged => None,
    };
    let mut used = Vec::new();
    used.extend(commuting.is_none().then_some("commuting"));
    used.extend((extent.equal_threads == EqualThreads::Merged).then_some("symmetry"));
    let mut unused = json!({});
    for (name, why) in [("commuting", commuting), ("symmetry", symmetry)] {
        let Some(why) = why else { continue };
        unused[name] = json!(match why {
            Why::Condition(at) => format!("{}:{}", why.word(), case.number_of(at)),
            _ => why.word().to_string(),
        });
    }
    json!({
        "states": extent.n_states,
        "steps": extent.n_steps,
        "reductions": used,
        "without": unused,
        "reduced": commuting.is_none(),
    })
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
pub(super) fn json(case: &Case, findings: &Findings) -> Value {
    let mut out = json!({
        "policy": case.lane.policy,
        "core": case.lane.core,
        "preemption": preemption(case.world),
        "walks_without_end": bound_words(case.bound),
        "properties": case.properties().into_iter().map(Property::name).collect::<Vec<_>>(),
    });
    match findings.verdict {
        Verdict::Holds(e) => {
            out["verdict"] = json!("holds");
            out["complete"] = json!(findings.is_complete);
            out["extent"] = extent(case, e);
        }
        Verdict::Bounded { by, extent: e, n_waiting } => {
            out["verdict"] = json!("bounded");
            out["by"] = json!(bound_name(*by));
            if let Some(front) = findings.front {
                out["steps_done"] = json!(front.n_steps_done);
                out["steps_longest_about"] = json!(front.n_steps_longest);
                out["states_about"] = json!(front.n_states_about);
            }
            out["waiting"] = json!(n_waiting);
            out["extent"] = extent(case, e);
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
            if !b.is_never {
                out["scenario"] = json!(memcg_scenario::print(&case.scenario(b)));
            }
            out["link"] = json!(case.link(b));
            out["diagram"] = json!(case.diagram(b));
            out["extent"] = extent(case, &b.extent);
        }
    }
    out["not_looked_at"] = json!(case.not_looked_at());
    out["conditions"] = conditions(case, findings);
    out
}

/// The conditions, with a scenario and a link for every witness.
fn conditions(case: &Case, findings: &Findings) -> Value {
    let all = case.conditions.iter().enumerate().map(|(at, (place, condition))| {
        let witness = findings.witnesses.iter().find(|w| w.condition == at);
        json!({
            "number": place + 1,
            "text": case.written(at),
            "mode": condition.mode.word(),
            "verdict": case.status(findings, at),
            "warnings": condition
                .missing_in(case.program)
                .map(|missing| missing.told(&case.lane.to_string()))
                .collect::<Vec<_>>(),
            "witness": witness.map(|witness| json!({
                "n_steps": witness.n_steps,
                "scenario": memcg_scenario::print(&case.witness_scenario(witness)),
                "link": case.link_of(case.witness_scenario(witness)),
            })),
        })
    });
    all.collect()
}
