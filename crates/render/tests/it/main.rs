//! Figures, diagrams, pages and traces of the gallery, and of worlds with names that mean harm.

mod figures;
mod hostile;
mod pages;
mod pasted;
mod races;
#[cfg(not(target_arch = "wasm32"))]
mod robust;
mod thumbs;
mod traces;

use memcg_core::run::Run;
use memcg_scenario::{Scenario, gallery_item, parse};

/// A scenario of the gallery, and its run at the start.
pub(crate) fn gallery(name: &str) -> (Run, Scenario) {
    of_text(gallery_item(name).expect("in the gallery").text)
}

/// A scenario's text, and its run at the start.
pub(crate) fn of_text(text: &str) -> (Run, Scenario) {
    let scenario = parse(text).scenario;
    let run = Run::new(scenario.world().0, &scenario.lanes).expect("lanes compile");
    (run, scenario)
}
