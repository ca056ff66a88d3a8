//! The gallery as a page: a card for every scenario, with a picture of how it ends; one click opens it where it begins.

use memcg_core::run::Run;
use memcg_render::{Film, Theme, thumbnail};
use memcg_scenario::link::{self, Shared};
use memcg_scenario::{GalleryItem, Scenario, gallery, parse};
use std::fmt::Write as _;

pub(crate) const TITLE: &str = "Gallery of the memcg playground";
pub(crate) const DESCRIPTION: &str = "Races and bugs of the kernel's memory cgroup iterators, each in its shortest schedule, to step through in the browser";

/// The same for all pages; a rule of the house compares them.
const POLICY: &str = include_str!("../../../index.html");

/// Characters that tell enough on a card.
const N_SAID_MIN: usize = 60;

/// Every picture: the name of its file, and what is in it.
pub(crate) fn thumbnails() -> Vec<(String, String)> {
    let drawn = |item: &GalleryItem| Some((file_of(item), drawn(item, Theme::Auto)?));
    gallery().iter().filter_map(drawn).collect()
}

/// The picture of a scenario at its end; nothing if it has no lane that runs.
pub(crate) fn drawn(item: &GalleryItem, theme: Theme) -> Option<String> {
    let scenario = parse(item.text).scenario;
    let run = Run::new(scenario.world().0, &scenario.lanes).ok()?;
    let film = Film::at(run, &scenario, usize::MAX);
    film.frames.first().map(|frame| thumbnail(&film, frame, theme))
}

fn file_of(item: &GalleryItem) -> String {
    format!("gallery/{}.svg", item.name)
}

/// A page's beginning, to the start of its body; `version` is that of the files it loads.
pub(crate) fn head(title: &str, description: &str, version: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"description\" content=\"{description}\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"favicon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"manifest\" href=\"manifest.webmanifest\">\n\
         <link rel=\"stylesheet\" href=\"style.css?v={version}\">\n\
         <link rel=\"stylesheet\" href=\"gallery.css?v={version}\">\n\
         <script type=\"module\" src=\"offline.js?v={version}\"></script>\n</head>\n<body class=\"shelf\">\n",
        policy()
    )
}

/// The page.
pub(crate) fn page(version: &str, has_book: bool) -> String {
    let mut out = head(TITLE, DESCRIPTION, version);
    out.push_str(
        "<header class=\"shelf__head\">\n<h1>Gallery</h1>\n<p>Races and bugs of the kernel’s memory cgroup iterators, each in \
         its shortest schedule. A card opens its scenario in the playground, at its beginning.</p>\n\
         <p class=\"shelf__ways\"><a class=\"button button--primary\" href=\"index.html\">Open the playground</a> \
         <a class=\"button\" href=\"matrix.html\">What fails where</a>",
    );
    if has_book {
        out.push_str(" <a class=\"button\" href=\"book/index.html\">Read the stories</a>");
    }
    out.push_str("</p>\n</header>\n<main class=\"shelf__cards\">\n");
    for item in gallery() {
        card(&mut out, item, version);
    }
    out.push_str(LEGEND);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

const LEGEND: &str = "<p class=\"shelf__key\">In the pictures a column is a policy and a dot a group; the bar beside it is as long \
    as it was visited often, the blue pin is where the shared walk stands. Below: an orange arrow back for each restart, a blue stroke for \
    each finished round, an orange diamond for a position that was wiped, a red triangle for a fault.</p>\n";

fn card(out: &mut String, item: &GalleryItem, version: &str) {
    let scenario = parse(item.text).scenario;
    let shared = Shared { scenario: scenario.clone(), ..Shared::default() };
    let Ok(fragment) = link::encode(&shared) else { return };
    let _ = writeln!(
        out,
        "<a class=\"shelf__card\" href=\"index.html#{fragment}\">\
         <img src=\"{}?v={version}\" width=\"320\" height=\"200\" alt=\"\" loading=\"lazy\" decoding=\"async\">\
         <h2>{}</h2><p>{}</p>{}</a>",
        file_of(item),
        escaped(&scenario.title),
        escaped(begin(&scenario)),
        lanes(&scenario)
    );
}

fn lanes(scenario: &Scenario) -> String {
    let name = |lane: String| format!("<li>{}</li>", escaped(&lane));
    let names: String = scenario.lanes.iter().map(|lane| name(lane.to_string())).collect();
    format!("<ul class=\"shelf__lanes\" aria-label=\"Policies\">{names}</ul>")
}

/// The note's first sentences, until something has been said.
fn begin(scenario: &Scenario) -> &str {
    let note = scenario.notes.first().map_or("", String::as_str);
    let mut ends = note.match_indices(". ").map(|(at, _)| at + 1);
    ends.find(|end| *end >= N_SAID_MIN).map_or(note, |end| &note[..end])
}

fn policy() -> &'static str {
    let rest = POLICY.split_once("http-equiv=\"Content-Security-Policy\" content=\"");
    rest.and_then(|(_, rest)| rest.split('"').next()).unwrap_or("default-src 'none'")
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_has_a_card_a_picture_and_a_link_that_opens_it() {
        let page = page("7", false);
        let pictures = thumbnails();
        assert_eq!(pictures.len(), gallery().len());
        for (file, svg) in &pictures {
            assert!(
                page.contains(&format!("src=\"{file}?v=7\"")) && svg.ends_with("</svg>\n"),
                "{file}"
            );
        }
        let links: Vec<&str> =
            page.split("index.html#").skip(1).filter_map(|p| p.split('"').next()).collect();
        let opened: Vec<_> =
            links.iter().map(|l| link::decode(l).shared.expect("sound").scenario).collect();
        let wanted: Vec<_> = gallery().iter().map(|item| parse(item.text).scenario).collect();
        assert_eq!(opened, wanted);
        assert!(policy().contains("manifest-src 'self'") && !page.contains("book/"));
        assert!(super::page("7", true).contains("book/index.html"));
    }
}
