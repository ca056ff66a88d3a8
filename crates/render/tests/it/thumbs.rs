//! Thumbnails: well-formed, of one shape, without words, and telling lanes apart.

use crate::{gallery, of_text};
use memcg_render::{Film, Theme, thumbnail};
use roxmltree::Document;
use std::fmt::Write as _;

fn draw(text: &str, theme: Theme) -> String {
    let (run, scenario) = of_text(text);
    let film = Film::at(run, &scenario, usize::MAX);
    thumbnail(&film, &film.frames[0], theme)
}

fn number(document: &Document, name: &str) -> u32 {
    document.root_element().attribute(name).and_then(|n| n.parse().ok()).expect(name)
}

#[test]
fn every_scenario_has_one_of_the_same_shape_without_words() {
    for item in memcg_scenario::gallery() {
        let svg = draw(item.text, Theme::Auto);
        let document = Document::parse(&svg).expect(item.name);
        let (width, height) = (number(&document, "width"), number(&document, "height"));
        assert_eq!(width * 5 / 8, height, "{}", item.name);
        assert!(!document.descendants().any(|n| n.has_tag_name("text")), "{}", item.name);
        assert!(svg.len() < 16_000, "{}: {} bytes", item.name, svg.len());
        assert!(svg.contains("prefers-color-scheme"));
    }
}

#[test]
fn a_fault_and_a_position_in_freed_memory_are_red() {
    let (run, scenario) = gallery("bias-core-nullify");
    let n_red = |step: usize| {
        let film = Film::at(run.clone(), &scenario, step);
        thumbnail(&film, &film.frames[0], Theme::Light).matches("#b3261e").count()
    };
    // Events are those of the whole schedule; the pin is that of the moment.
    assert_eq!((n_red(0), n_red(8)), (1, 2));
}

#[test]
fn deep_trees_and_many_lanes_stay_in_the_picture() {
    let mut text = String::from("hierarchy:\n");
    for depth in 1..40 {
        let _ = writeln!(text, "{}g{depth}", " ".repeat(depth));
    }
    text.push_str("threads:\n kswapd0: reclaim /\ncompare:\n");
    let names = memcg_core::registry::policies();
    for policy in names {
        let _ = writeln!(text, " {}", policy.name);
    }
    text.push_str("schedule:\n kswapd0 x60\n");
    let svg = draw(&text, Theme::Light);
    let document = Document::parse(&svg).expect("well-formed");
    let (width, height) = (number(&document, "width"), number(&document, "height"));
    for circle in document.descendants().filter(|n| n.attribute("cx").is_some()) {
        let at = |name| circle.attribute(name).and_then(|n| n.parse::<u32>().ok()).expect(name);
        assert!(at("cx") < width && at("cy") < height);
    }
}
