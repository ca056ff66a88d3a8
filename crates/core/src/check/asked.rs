//! What is asked beside the properties that every world has.

use super::{Manner, Options, Properties, Property};
use crate::condition::Condition;
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
