//! What is asked beside the properties that every world has.

use super::{Commuting, Manner, Options, Properties, Property, Why};
use crate::condition::{Condition, Term};
use crate::search::Asked;
use alloc::sync::Arc;

/// What is asked beside the properties that every world has.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Questions {
    /// Conditions of the scenario, at most [`crate::condition::N_CONDITIONS_MAX`].
    pub conditions: Arc<[Condition]>,
    /// Restarts that [`Property::Restarts`] allows.
    pub n_restarts_max: u32,
}

impl Questions {
    /// What of a run's history is needed for an answer.
    pub(super) fn asked(&self, properties: Properties) -> Asked {
        Asked {
            conditions: Arc::clone(&self.conditions),
            rounds: properties.have_rounds(),
            n_restarts_max: properties.has(Property::Restarts).then_some(self.n_restarts_max),
        }
    }

    /// What is made of commuting accesses before anything is searched.
    pub(super) fn made_of_commuting(&self, options: Options) -> Commuting {
        if !options.reduced {
            return Commuting::Apart(Why::Asked);
        }
        let needs_all = |conditions: &[Condition]| {
            let conditions = Arc::from(conditions);
            Asked { conditions, ..Asked::default() }.needs_every_access()
        };
        let at = self.conditions.iter().position(|one| needs_all(core::slice::from_ref(one)));
        at.map_or(Commuting::Merged, |at| Commuting::Apart(Why::Condition(at)))
    }

    /// The first condition that tells threads apart by naming one.
    pub(super) fn naming_a_thread(&self) -> Option<usize> {
        let names_one = |term: &Term| term.subject.thread().is_some();
        self.conditions.iter().position(|one| one.terms().any(names_one))
    }
}

impl Options {
    /// Whether a check with these options looks at a property: it is asked for, and walks drawn by lot have no graph in
    /// which runs could go round.
    pub const fn looks_at(&self, property: Property) -> bool {
        let needs_graph = matches!(property, Property::CallReturns | Property::WalkEnds);
        let is_drawn = matches!(self.manner, Manner::Drawn(_));
        self.properties.has(property) && !(is_drawn && needs_graph)
    }
}
