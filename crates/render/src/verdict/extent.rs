//! How far a search got, by which reductions, and why it did without one.

use super::Case;
use alloc::{
    format,
    string::{String, ToString},
};
use memcg_core::check::{Commuting, EqualThreads, Extent, Why};
use memcg_core::condition::Subject;
use memcg_core::words::thousands;

impl Case<'_> {
    /// How far a search got, by which reductions, and why it did without one.
    pub fn extent_words(&self, extent: &Extent) -> String {
        let commuting = match extent.commuting {
            Commuting::Merged => "commuting accesses merged".to_string(),
            Commuting::Apart(why) => format!("no access merged, {}", self.why(why, "")),
        };
        let equal = match extent.equal_threads {
            EqualThreads::Absent => String::new(),
            EqualThreads::Merged => "; equal threads taken for each other".to_string(),
            EqualThreads::Apart(why) => {
                format!("; equal threads told apart, {}", self.why(why, "names one"))
            }
        };
        let (states, steps) = (thousands(extent.n_states as u64), thousands(extent.n_steps));
        format!("{states} states, {steps} steps; {commuting}{equal}")
    }

    /// Why a search did without a reduction; what a condition does if it is not that it looks at every access.
    fn why(&self, why: Why, does: &str) -> String {
        let words = match why {
            Why::Asked => "as was asked",
            Why::Condition(at) => {
                let does = if does.is_empty() { self.looks_at(at) } else { does };
                return format!("as condition {} {does}", self.number_of(at));
            }
            Why::Rounds => "as each has rounds of its own, which are asked about",
            Why::Fairness => "as some run goes round and fairness asks which is which",
            Why::Void => "as the policy breaks what that rests on: the search was made again",
            Why::Drawn => "as walks drawn by lot keep no states",
        };
        words.to_string()
    }

    /// What a condition looks at that accesses change which others cannot see.
    fn looks_at(&self, at: usize) -> &'static str {
        let mut terms = self.conditions.get(at).into_iter().flat_map(|(_, one)| one.terms());
        if terms.any(|term| matches!(term.subject, Subject::Refs(_))) {
            "looks at references, which merged accesses change"
        } else {
            "looks at a thread's place, which merged accesses pass over"
        }
    }

    /// The number in the scenario of a condition that was asked.
    pub fn number_of(&self, at: usize) -> usize {
        self.conditions.get(at).map_or(at, |(place, _)| *place) + 1
    }
}
