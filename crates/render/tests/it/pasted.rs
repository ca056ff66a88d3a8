//! Race diagrams pasted back: what was drawn becomes a schedule that draws the same.

use crate::gallery;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::Move;
use memcg_render::{paste, race};

/// Each lane of a run on its own.
fn alone(run: &Run) -> impl Iterator<Item = Run> + '_ {
    run.lanes().iter().map(|lane| {
        let lanes = vec![(lane.spec().clone(), lane.program().clone())];
        Run::of_programs(run.world().clone(), lanes)
    })
}

fn draw(run: &Run, schedule: &[Move], grain: Grain) -> String {
    race(run.clone(), schedule, usize::MAX, grain)
}

/// Drawn, read and drawn again, every lane of the gallery is the same.
#[test]
fn the_gallery_there_and_back() {
    let mut n_alike = 0;
    for item in memcg_scenario::gallery() {
        let (run, scenario) = gallery(item.name);
        let all = draw(&run, &scenario.schedule, Grain::Access);
        let diagrams: Vec<String> =
            alone(&run).map(|run| draw(&run, &scenario.schedule, Grain::Access)).collect();
        for (own, text) in alone(&run).zip(diagrams) {
            let lane = own.lane(0).spec().to_string();
            // As it stood among the other lanes, which may have made it wait.
            let at = all.find(&format!("{lane}\n")).expect("drawn");
            for text in [text.as_str(), &all[at..]] {
                let read = paste(text, &own);
                let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
                assert_eq!(told, [""; 0], "{} {lane}\n{text}", item.name);
                assert_eq!(read.n_used, read.n_lines, "{} {lane}", item.name);
                assert!(read.is_same, "{} {lane}\n{text}", item.name);
            }
            // Character by character, but for moves that do nothing: they say why in brackets.
            let is_idle = |line: &str| line.trim_start().starts_with('(');
            if !text.lines().any(is_idle) {
                n_alike += 1;
                let again = draw(&own, &paste(&text, &own).schedule, Grain::Access);
                assert_eq!(again, text, "{} {lane}", item.name);
            }
        }
    }
    assert!(n_alike > 30, "{n_alike} diagrams without idle moves");
}
