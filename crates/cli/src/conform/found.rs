//! What came of a line of races, and of all lines of a file, in words.

use super::hunt::Target;
use std::fmt;

/// What came of one line.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) n_outcomes: usize,
    pub(super) n_sought: usize,
    pub(super) n_reached: usize,
    /// Everything was searched that could lead to an outcome which was not reached.
    pub(super) is_complete: bool,
    pub(super) n_states: usize,
    pub(super) n_steps: u64,
    pub(super) missing: Vec<String>,
    pub(super) other_faults: Vec<String>,
}

/// What came of all lines of a file.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "a sum is numbers, and numbers begin with n")]
pub(super) struct Sum {
    pub(super) n_lines: usize,
    /// Outcomes that a complete search has not reached.
    pub(super) n_missed: usize,
    n_outcomes: usize,
    n_sought: usize,
    n_reached: usize,
    n_bounded: usize,
    n_states: usize,
    n_steps: u64,
}

impl Found {
    fn n_missed(&self) -> usize {
        if self.is_complete { self.n_sought - self.n_reached } else { 0 }
    }

    pub(super) fn tell(&self, all: bool, say: &mut dyn FnMut(&str)) {
        if all || self.n_missed() > 0 {
            say(&self.to_string());
            let n_shown = if all { 20 } else { 3 };
            self.missing.iter().take(n_shown).for_each(|m| say(&format!("    not reached: {m}")));
            if self.missing.len() > n_shown {
                say(&format!("    and {} more", self.missing.len() - n_shown));
            }
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, n_sought, n_reached, n_states, n_steps, .. } = self;
        let how = if self.is_complete { "complete" } else { "bounded" };
        write!(f, "  {id}: {n_reached} of {n_sought} outcomes reached, ")?;
        if self.n_sought < self.n_outcomes {
            write!(f, "sampled from {}, ", self.n_outcomes)?;
        }
        write!(f, "{how}, {n_states} states, {n_steps} steps")?;
        if !self.other_faults.is_empty() {
            write!(f, "; not recorded: {}", self.other_faults.join(", "))?;
        }
        Ok(())
    }
}

impl Sum {
    pub(super) fn add(&mut self, found: &Found) {
        self.n_lines += 1;
        self.n_missed += found.n_missed();
        self.n_outcomes += found.n_outcomes;
        self.n_sought += found.n_sought;
        self.n_reached += found.n_reached;
        self.n_bounded += usize::from(!found.is_complete);
        self.n_states += found.n_states;
        self.n_steps += found.n_steps;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_lines, n_outcomes, n_sought, n_reached, n_bounded, .. } = self;
        let per_mille = (n_sought * 1000).checked_div(*n_outcomes).unwrap_or(1000);
        write!(f, "{n_lines} lines, {n_outcomes} outcomes: {n_reached} reached, ")?;
        write!(f, "{} not reached; ", n_sought - n_reached)?;
        write!(f, "{} lines complete, {n_bounded} bounded; ", n_lines - n_bounded)?;
        write!(f, "{} states, {} steps; ", self.n_states, self.n_steps)?;
        write!(f, "{}.{} % of outcomes sampled", per_mille / 10, per_mille % 10)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (thread, returns) in self.returns.iter().enumerate().filter(|(_, r)| !r.is_empty()) {
            let words = returns.iter().map(|word| match word.checked_sub(1) {
                Some(group) => group.to_string(),
                None => "null".into(),
            });
            write!(f, "{thread}: [{}] ", words.collect::<Vec<_>>().join(", "))?;
        }
        if !self.never_freed.is_empty() {
            write!(f, "never freed: {:?}", self.never_freed)?;
        }
        Ok(())
    }
}
