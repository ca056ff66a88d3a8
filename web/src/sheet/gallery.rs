//! The gallery: scenarios to begin with, a card each.

use super::Deed;
use super::write::Writer;
use memcg_scenario::{gallery as items, parse};
use std::fmt::Write as _;

/// The sheet; the card of the scenario with this title is marked.
pub fn gallery(shown: &str) -> String {
    let mut out = Writer::default();
    let words = "Each one opens where its story begins. What you have now comes back by undo.";
    out.element("p", " class=\"panel__text\"", words);
    out.raw("<p class=\"panel__text\"><a href=\"gallery.html\">All of them with pictures</a></p><div class=\"gallery\">");
    for (at, item) in items().iter().enumerate() {
        let scenario = parse(item.text).scenario;
        out.raw("<button type=\"button\" class=\"card\" data-do=\"");
        out.text(&Deed::Gallery(at).written()).raw("\"");
        if scenario.title == shown {
            out.raw(" aria-current=\"true\"");
        }
        out.raw(">").element("span", " class=\"card__title\"", &scenario.title);
        if let Some(note) = scenario.notes.first() {
            out.element("span", " class=\"card__text\"", note);
        }
        let lanes: Vec<String> = scenario.lanes.iter().map(ToString::to_string).collect();
        let mut meta = String::new();
        let _ = write!(meta, "{} groups · {}", scenario.hierarchy.n_groups(), lanes.join(", "));
        out.element("span", " class=\"card__meta\"", &meta).raw("</button>");
    }
    out.raw("</div>");
    out.0
}

/// The text of a scenario, by place.
pub fn gallery_text(at: &str) -> &'static str {
    at.parse().ok().and_then(|at: usize| items().get(at)).map_or("", |item| item.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_card_for_every_scenario_and_the_one_shown_is_marked() {
        let title = parse(gallery_text("1")).scenario.title;
        let html = gallery(&title);
        assert_eq!(html.matches("class=\"card\"").count(), items().len());
        assert_eq!(html.matches("aria-current").count(), 1);
        assert_eq!(gallery_text("nonsense"), "");
    }
}
