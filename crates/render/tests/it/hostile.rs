//! Names that would be markup, if they were not escaped.

use crate::of_text;
use memcg_core::run::Grain;
use memcg_render::{Film, Theme, embedded, figure, page, race, trace};
use memcg_scenario::print;
use roxmltree::Document;

const HOSTILE: &str = "scenario: </title></svg><script>alert(1)</script>&amp;\" onload=\"x ]]>
note: <img src=x onerror=alert(1)> </pre></script><!--
hierarchy:
  \"</svg><script>\"
    \"a\\\" onload=\\\"x\"
    \"</text></memcg:scenario></metadata>\"
    \"$(rm) `x` ${y} \\\\\\\\ ' &lt;\"
threads:
  \"<script>\": reclaim /
  \"</script>\": rmdir \"</svg><script>/</text></memcg:scenario></metadata>\"
compare:
  vz7-nullify
  rhel7-dead-count
schedule:
  \"<script>\" x4
  \"</script>\" x2
  \"<script>\" x4
";

#[test]
fn figures() {
    let (run, scenario) = of_text(HOSTILE);
    assert_eq!(scenario.hierarchy.n_groups(), 9, "a slash parts names");
    let film = Film::shoot(run, &scenario, |_| true);
    for frame in &film.frames {
        let svg = figure(&film, frame, Theme::Auto);
        assert!(!svg.to_lowercase().contains("<script") && !svg.contains("<img"), "{svg}");
        Document::parse(&svg).expect("well-formed");
        assert_eq!(embedded(&svg).expect("a scenario").text, print(&scenario));
    }
}

/// In the page one script stands, ours, and one block of data that is JSON.
#[test]
fn pages() {
    let (run, scenario) = of_text(HOSTILE);
    let text = race(run.clone(), &scenario.schedule, usize::MAX, Grain::Access);
    let film = Film::shoot(run, &scenario, |_| true);
    let html = page(&film, &text, Theme::Auto, None);
    let lower = html.to_lowercase();
    assert_eq!(lower.matches("<script").count(), 2);
    assert_eq!(lower.matches("</script").count(), 2);
    assert_eq!((lower.matches("<img").count(), lower.matches("<!--").count()), (0, 0));
    let (_, data) = html.split_once("type=\"application/json\">").expect("data");
    let (data, _) = data.split_once("</script>").expect("ends");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    for text in data["texts"].as_array().expect("texts") {
        let text = text.as_str().expect("a text");
        let part = format!("<svg>{text}</svg>");
        Document::parse(&part).expect("each part is well-formed");
        assert!(!text.contains("<script"), "{text}");
    }
}

#[test]
fn traces() {
    let (run, scenario) = of_text(HOSTILE);
    let json: serde_json::Value =
        serde_json::from_str(&trace(run, &scenario.title, &scenario.schedule)).expect("JSON");
    assert_eq!(json["otherData"]["title"], scenario.title.as_str());
}
