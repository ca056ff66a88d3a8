//! One cell of the matrix: a policy under a grace, held to every world of the family, smallest first.

use super::family::Small;
use crate::grace::Grace;
use memcg_core::check::{Broken, Check, Manner, Options, Properties, Property, Verdict, WalkBound};
use memcg_core::program::Program;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Progress};
use memcg_render::verdict::Case;
use memcg_scenario::Scenario;
use std::sync::Arc;

/// Memory that one check may use, in bytes.
const N_BYTES_MAX: usize = 1 << 30;
/// States looked at in one go.
const SLICE: usize = 50_000;

/// What came of one policy under one grace.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) lane: LaneSpec,
    pub(super) grace: Grace,
    /// The properties that do not hold, in the order in which they were found.
    pub(super) failing: Vec<Failing>,
    pub(super) sizes: Vec<Looked>,
}

/// How many worlds of one size were decided.
#[derive(Copy, Clone, Debug)]
pub(super) struct Looked {
    pub(super) n_worlds: usize,
    /// For these every property was decided that was not known to fail.
    pub(super) n_decided: usize,
}

/// A property that fails, and the smallest world in which it does.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) world: Small,
    pub(super) broken: Broken,
    /// Worlds before this one that a bound left undecided: it is the smallest if there are none.
    pub(super) n_open_before: usize,
    pub(super) link: Option<String>,
}

/// What every cell is asked.
#[derive(Copy, Clone, Debug)]
pub(super) struct Asked {
    pub(super) properties: Properties,
    /// For the worlds of one size together; each alone is bounded by it too.
    pub(super) n_states_max: usize,
}

impl Cell {
    pub(super) fn failing(&self, property: Property) -> Option<&Failing> {
        self.failing.iter().find(|failing| failing.broken.property == property)
    }

    pub(super) fn n_worlds(&self) -> usize {
        self.sizes.iter().map(|looked| looked.n_worlds).sum()
    }

    pub(super) fn n_decided(&self) -> usize {
        self.sizes.iter().map(|looked| looked.n_decided).sum()
    }
}

/// A cell that is being filled.
struct Judge<'a> {
    asked: Asked,
    program: &'a Arc<Program>,
    /// Properties that are not known to fail.
    left: Vec<Property>,
    n_open: usize,
    cell: Cell,
}

/// Holds the policy to every world; `tell` hears where it is, with the states of the size so far.
pub(super) fn judge(
    lane: LaneSpec,
    grace: Grace,
    program: &Arc<Program>,
    worlds: &[Small],
    asked: Asked,
    tell: &mut dyn FnMut(&Small, usize),
) -> Cell {
    let left = Property::ALL.into_iter().filter(|p| asked.properties.has(*p)).collect();
    let cell = Cell { lane, grace, failing: Vec::new(), sizes: Vec::new() };
    let mut judge = Judge { asked, program, left, n_open: 0, cell };
    for same in worlds.chunk_by(|one, next| one.size() == next.size()) {
        judge.size(same, tell);
    }
    judge.cell
}

impl Judge<'_> {
    fn size(&mut self, worlds: &[Small], tell: &mut dyn FnMut(&Small, usize)) {
        let (mut n_states, mut n_decided) = (0, 0);
        for world in worlds {
            // What is left is decided by what is known.
            let is_decided = self.left.is_empty()
                || (n_states < self.asked.n_states_max && {
                    tell(world, n_states);
                    self.world(world, &mut n_states)
                });
            n_decided += usize::from(is_decided);
            self.n_open += usize::from(!is_decided);
        }
        let looked = Looked { n_worlds: worlds.len(), n_decided };
        self.cell.sizes.push(looked);
    }

    /// Whether all properties that are left hold in this world, once those that do not are noted.
    fn world(&mut self, small: &Small, n_states: &mut usize) -> bool {
        let scenario = small.scenario(self.cell.grace.preemption());
        let world = Arc::new(scenario.world().0);
        loop {
            let Some(properties) =
                self.left.iter().copied().map(Properties::only).reduce(Properties::and)
            else {
                return true;
            };
            let options = Options {
                properties,
                limits: Limits { n_states_max: self.asked.n_states_max, n_bytes_max: N_BYTES_MAX },
                reduced: true,
                symmetric: true,
                manner: Manner::Every,
            };
            let mut check = Check::new(Arc::clone(self.program), Arc::clone(&world), options);
            while check.run(SLICE) == Progress::More {}
            *n_states += check.extent().n_states;
            match check.verdict() {
                Some(Verdict::Broken(broken)) => self.note(small, &scenario, broken, &options),
                Some(Verdict::Holds(_)) => return true,
                Some(Verdict::Bounded { .. }) | None => return false,
            }
        }
    }

    fn note(&mut self, small: &Small, scenario: &Scenario, broken: &Broken, options: &Options) {
        let world = scenario.world().0;
        let case = Case {
            scenario,
            world: &world,
            bound: WalkBound::Rounds(1),
            lane: &self.cell.lane,
            program: self.program,
            options,
            edits: &[],
            conditions: &[],
            n_restarts_max: 0,
        };
        self.left.retain(|property| *property != broken.property);
        self.cell.failing.push(Failing {
            world: small.clone(),
            link: case.link(broken),
            broken: broken.clone(),
            n_open_before: self.n_open,
        });
    }
}
