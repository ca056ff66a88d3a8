//! SVG figures: well-formed, complete, and as they were.

use crate::{gallery, of_text};
use expect_test::expect_file;
use memcg_render::{Embedded, Film, Theme, embedded, figure};
use memcg_scenario::{Scenario, parse, print};
use roxmltree::Document;
use std::fmt::Write as _;

fn draw(name: &str, step: usize, theme: Theme) -> (String, Scenario) {
    let (run, scenario) = gallery(name);
    let film = Film::at(run, &scenario, step);
    (figure(&film, &film.frames[0], theme), scenario)
}

/// What people see has changed: look at it before it is taken over.
#[test]
fn as_they_were() {
    let (svg, _) = draw("one-rmdir", 6, Theme::Light);
    expect_file!["../snapshots/one-rmdir.svg"].assert_eq(&svg);
    let (svg, _) = draw("bias-core-nullify", 10, Theme::Auto);
    expect_file!["../snapshots/bias-core-nullify.svg"].assert_eq(&svg);
}

#[test]
fn every_moment_is_well_formed_and_holds_its_scenario() {
    for item in memcg_scenario::gallery() {
        let (run, scenario) = gallery(item.name);
        let film = Film::shoot(run, &scenario, |_| true);
        assert_eq!(film.frames.len(), scenario.schedule.len() + 1);
        for frame in &film.frames {
            let svg = figure(&film, frame, Theme::Auto);
            let document = Document::parse(&svg).expect(item.name);
            let root = document.root_element();
            let child = |name| {
                root.children().find(|n| n.has_tag_name(("http://www.w3.org/2000/svg", name)))
            };
            assert_eq!(child("title").and_then(|n| n.text()), Some(scenario.title.as_str()));
            let desc = child("desc").and_then(|n| n.text()).expect("described");
            assert!(scenario.lanes.iter().all(|lane| desc.contains(&lane.to_string())), "{desc}");
            let held = embedded(&svg).expect("a scenario inside");
            assert_eq!(held, Embedded { text: print(&scenario), cursor: frame.at, link: None });
            assert_eq!(parse(&held.text).scenario, scenario);
        }
    }
}

/// Nothing is loaded from anywhere, nothing runs, and no colour is left to chance.
#[test]
fn nothing_is_loaded_or_run() {
    for theme in Theme::ALL {
        let (svg, _) = draw("seed-story", 40, theme);
        let document = Document::parse(&svg).expect("well-formed");
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            let name = node.tag_name().name();
            let known = [
                "svg", "title", "desc", "metadata", "scenario", "style", "rect", "text", "path",
                "circle",
            ];
            assert!(known.contains(&name), "{name}");
            assert!(name != "style" || theme == Theme::Auto, "a style sheet that is not needed");
            for attribute in node.attributes() {
                let name = attribute.name();
                assert!(!name.starts_with("on") && name != "href", "{name}");
                assert!(!attribute.value().contains("url("), "{}", attribute.value());
            }
            if ["rect", "text", "path", "circle"].contains(&name) {
                assert!(node.has_attribute("fill"), "{name} without a colour");
            }
        }
    }
}

/// Every stage of a group's life has its word in the figure: colour alone tells nothing.
#[test]
fn stages_are_told_in_words() {
    let (run, scenario) = gallery("one-rmdir");
    let film = Film::shoot(run, &scenario, |_| true);
    let words = |step: usize| {
        let svg = figure(&film, &film.frames[step], Theme::Print);
        let document = Document::parse(&svg).expect("well-formed");
        let texts = document
            .descendants()
            .filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text")));
        texts.filter_map(|n| n.text().map(str::to_owned)).collect::<Vec<_>>()
    };
    for (step, word) in [(4, "dying, 1 ref"), (5, "unlinked, 0 refs"), (7, "freed")] {
        assert!(words(step).iter().any(|text| text == word), "{word}: {:?}", words(step));
    }
}

/// Nothing stands outside the picture, whatever the names and numbers.
#[test]
fn everything_is_inside() {
    let mut big = String::from("scenario: Long ");
    big.push_str(&"and longer ".repeat(40));
    big.push_str("\nhierarchy:\n");
    let mut indent = String::from("  ");
    for depth in 0..30 {
        let _ = writeln!(big, "{indent}level-{depth}-{}", "x".repeat(depth * 5));
        indent.push(' ');
    }
    for n in 0..300 {
        let _ = writeln!(big, "  many-{n}");
    }
    big.push_str("threads:\n");
    for n in 0..20 {
        let _ = writeln!(big, "  thread-with-a-name-{n}: reclaim / zones 8");
    }
    big.push_str("compare:\n  rhel7-dead-count\n  v6.12-unpinned on percpu-ref\n  vz7-nullify on bias\n  v3.19-pinned\nschedule:\n");
    for n in 0..20 {
        let _ = writeln!(big, "  thread-with-a-name-{n} x{}", 3 + 17 * n);
    }
    for text in
        [big.as_str(), "compare:\n  vz7-nullify\n", "hierarchy:\n  a\ncompare:\n  v3.3-css-id\n"]
    {
        let (run, scenario) = of_text(text);
        let film = Film::at(run, &scenario, usize::MAX);
        let svg = figure(&film, &film.frames[0], Theme::Light);
        let document = Document::parse(&svg).expect("well-formed");
        let root = document.root_element();
        let number = |node: roxmltree::Node<'_, '_>, name: &str| -> u32 {
            node.attribute(name).map_or(0, |v| v.parse().expect("a whole number"))
        };
        let (width, height) = (number(root, "width"), number(root, "height"));
        assert!(height < 3_000, "{height}: a figure of 330 groups is cut down");
        for node in root.descendants().filter(|n| n.is_element() && n.has_attribute("x")) {
            let (x, y) = (number(node, "x"), number(node, "y"));
            let end = x + number(node, "width");
            assert!(end <= width && y <= height, "{end}, {y} is outside {width}, {height}");
        }
    }
}

/// A hierarchy that nobody walks yet is a figure too.
#[test]
fn without_any_lane() {
    let (run, scenario) = of_text("hierarchy:\n  a\n    b\nthreads:\n  t: mkdir c\n");
    let film = Film::at(run, &scenario, 0);
    let svg = figure(&film, &film.frames[0], Theme::Light);
    Document::parse(&svg).expect("well-formed");
    assert!(svg.contains(">b</text>") && !svg.contains(">c</text>"), "{svg}");
}
