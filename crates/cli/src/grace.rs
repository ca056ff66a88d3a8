//! What a removal waits for before its offline hook runs, as in the vectors of real kernels.

use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_core::world::Preemption;

/// The core on which a kill waits for nobody.
const NO_WAIT: &str = "bias";
/// The core of the same age on which it waits.
const WAIT: &str = "percpu-ref";

/// What a removal waits for.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Grace {
    /// For RCU readers too: no preemption.
    Rcu,
    /// Only for RCU-sched readers: full preemption.
    SchedOnly,
    /// For nobody: the bias core.
    None,
}

impl Grace {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Rcu, Self::SchedOnly, Self::None];

    /// Its name on a command line, in vectors and in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rcu => "rcu",
            Self::SchedOnly => "sched-only",
            Self::None => "none",
        }
    }

    /// The one with this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grace| grace.name() == name)
    }

    /// The preemption model that comes with it.
    pub(crate) const fn preemption(self) -> Preemption {
        match self {
            Self::SchedOnly => Preemption::Full,
            Self::Rcu | Self::None => Preemption::None,
        }
    }

    /// The lane on the core on which a removal waits so; a core that was asked for stays, as does a lane that nobody
    /// knows.
    pub(crate) fn lane(self, lane: LaneSpec) -> LaneSpec {
        match registry::policy(&lane.policy) {
            Some(entry) => self.on_core(lane, entry.header().get("core")),
            None => lane,
        }
    }

    /// The same for a policy whose own core is this one.
    pub(crate) fn on_core(self, lane: LaneSpec, own: &str) -> LaneSpec {
        let core = lane.core.or_else(|| match (self, own) {
            (Self::None, own) if own != NO_WAIT => Some(NO_WAIT.into()),
            (Self::Rcu | Self::SchedOnly, NO_WAIT) => Some(WAIT.into()),
            _ => None,
        });
        LaneSpec { core, ..lane }
    }
}
