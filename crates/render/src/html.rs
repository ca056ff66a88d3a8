//! A page of one file that steps through a schedule, also without a network, and shows its end without scripts.
//!
//! The figures of all moments are kept as differences: the parts of the picture that change, each text once.

use crate::canvas::Canvas;
use crate::film::{Film, Frame};
use crate::perfetto::string;
use crate::svg::{self, Scene};
use crate::text::{escape_into, line_into};
use crate::theme::Theme;
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use core::fmt::Write as _;

const SCRIPT: &str = include_str!("page.js");
/// The page allows this script and no other; a test holds the two together.
const SCRIPT_HASH: &str = "sha256-lH76F9vp1GvAJTkPzJBMtx0o8h8JESuY5WXXQ/MLs20=";
const STYLE: &str = include_str!("page.css");
/// What starts a playground that the page carries, and its checksum.
const ENGINE: &str = include_str!("engine.js");
const ENGINE_HASH: &str = "sha256-gEmjvRfDIScICXYhc8Iu+RNNatVH++vRCelNsV2U6qo=";

/// A built playground that a page carries along, each part gzipped and then in base64.
#[derive(Clone, Debug)]
pub struct Engine {
    /// `app.js`
    pub script: String,
    /// `app_bg.wasm`
    pub wasm: String,
    /// `worker.js`
    pub worker_script: String,
    /// `worker_bg.wasm`
    pub worker_wasm: String,
    /// `style.css` and `late.css`
    pub style: String,
    /// The fragment of a link to the scenario, without `#`.
    pub link: String,
}

/// Longer steps are no part of a page beside a figure.
const STEPS_BYTES_MAX: usize = 400_000;

/// The steps of a film with all its moments, as JSON, for players without a model (docs/embedding.md): the figure with
/// its parts named and empty, and for every moment the parts that change. Fit for an element `script` of this type.
///
/// `None` if there is nothing to step through, or too much to carry beside a figure.
pub fn steps(film: &Film) -> Option<String> {
    let (first, last) = (film.frames.first()?, film.frames.last()?);
    if first.at == last.at {
        return None;
    }
    let (svg, data) = moving(film, last, Theme::Auto, false);
    let mut out = String::from("{\"memcg\":1,\"title\":");
    string(&mut out, &film.scenario.title);
    out.push_str(",\"lanes\":[");
    for (at, lane) in film.lanes.iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        string(&mut out, lane);
    }
    out.push_str("],\"counters\":[");
    for (at, frame) in film.frames.iter().enumerate() {
        out.push_str(if at > 0 { ",[" } else { "[" });
        for (lane, picture) in frame.lanes.iter().enumerate() {
            let counters = picture.counters;
            let _ = write!(
                out,
                "{}[{},{},{},{}]",
                if lane > 0 { "," } else { "" },
                counters.n_rounds,
                counters.n_restarts,
                counters.n_visits,
                counters.n_wiped
            );
        }
        out.push(']');
    }
    out.push_str("],\"svg\":");
    string(&mut out, &bare(&svg));
    // The rest of the object is what the page of one file has.
    out.push(',');
    out.push_str(data.trim_start_matches('{'));
    // In strings alone: whatever reads the page around it as markup sees none.
    let out = out.replace('<', "\\u003c");
    Some(out).filter(|out| out.len() <= STEPS_BYTES_MAX)
}

/// The picture without what is in the figure beside it, and what a strict policy refuses: the scenario, the style element.
fn bare(svg: &str) -> String {
    let mut svg = String::from(svg);
    for (open, close) in [("<metadata>", "</metadata>"), ("<style>", "</style>")] {
        if let (Some(start), Some(end)) = (svg.find(open), svg.find(close)) {
            svg.replace_range(start..end + close.len(), "");
        }
    }
    svg
}

/// The page of a film with all its moments; `race` is the text shown below the figure.
///
/// With an engine, a button puts the playground itself in the figure's place, also from a file and without a network.
pub fn page(film: &Film, race: &str, theme: Theme, engine: Option<&Engine>) -> String {
    let mut out = String::new();
    let Some(last) = film.frames.last() else { return out };
    let title = &film.scenario.title;
    let title = if title.is_empty() { "Memory cgroups and their iterators" } else { title };
    out.push_str(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'; script-src '",
    );
    out.push_str(SCRIPT_HASH);
    if engine.is_some() {
        // What the page carries, and nothing from elsewhere.
        let _ = write!(
            out,
            "' '{ENGINE_HASH}' 'wasm-unsafe-eval' blob:; worker-src blob:; img-src data: \
             blob:; base-uri 'none'; form-action 'none"
        );
    }
    out.push_str("'\">\n<title>");
    line_into(&mut out, title);
    let _ = write!(
        out,
        "</title>\n<style>\n{STYLE}</style>\n<body class=\"{}\">\n<main>\n",
        theme.name()
    );
    // The figure shows it already, but a figure has no headings.
    out.push_str("<h1 class=\"heard\">");
    line_into(&mut out, title);
    out.push_str("</h1>\n");
    let (figure, data) = moving(film, last, theme, true);
    let n_last = film.frames.len() - 1;
    // A narrow screen scrolls the figure rather than make its words too small to read.
    out.push_str("<figure>\n<div tabindex=\"0\" role=\"group\" aria-label=\"Figure\">\n");
    out.push_str(&figure);
    out.push_str("</div>\n");
    let _ = write!(
        out,
        "<div id=\"steps\" hidden>\n<button id=\"first\" title=\"to the start (Home)\">Start</button>\n\
         <button id=\"back\" title=\"a move back (left arrow)\">Back</button>\n\
         <input id=\"at\" type=\"range\" min=\"0\" max=\"{n_last}\" value=\"{n_last}\" \
         aria-label=\"moves made\">\n<output id=\"place\" for=\"at\"></output>\n\
         <button id=\"next\" title=\"a move on (right arrow)\">Next</button>\n\
         <button id=\"last\" title=\"to the end (End)\">End</button>\n</div>\n\
         <p id=\"said\" aria-live=\"polite\"></p>\n</figure>\n"
    );
    if let Some(engine) = engine {
        out.push_str("<p><button id=\"live\" hidden data-link=\"");
        escape_into(&mut out, &engine.link);
        out.push_str(
            "\">Open the playground</button> <span id=\"live-said\" role=\"status\"></span></p>\n",
        );
    }
    for note in &film.scenario.notes {
        out.push_str("<p>");
        escape_into(&mut out, note);
        out.push_str("</p>\n");
    }
    out.push_str(
        "<noscript><p>Scripts are off: the figure shows the end of the schedule.</p></noscript>\n",
    );
    details(&mut out, "The schedule as text", race);
    details(&mut out, "The scenario", &memcg_scenario::print(&film.scenario));
    let _ = write!(
        out,
        "</main>\n<script id=\"film\" type=\"application/json\">{data}</script>\n<script>{SCRIPT}</script>\n"
    );
    if let Some(engine) = engine {
        for (id, part) in [
            ("app-js", &engine.script),
            ("app-wasm", &engine.wasm),
            ("worker-js", &engine.worker_script),
            ("worker-wasm", &engine.worker_wasm),
            ("app-css", &engine.style),
        ] {
            // Base64 has nothing to escape; should something else come here, it does no harm.
            let _ = write!(out, "<script id=\"{id}\" type=\"text/plain\">");
            escape_into(&mut out, part);
            out.push_str("</script>\n");
        }
        let _ = writeln!(out, "<script>{ENGINE}</script>");
    }
    out
}

fn details(out: &mut String, summary: &str, text: &str) {
    let _ = write!(out, "<details><summary>{summary}</summary><pre>");
    escape_into(out, text);
    out.push_str("</pre></details>\n");
}

/// The figure at its last moment (or, not drawn, with its parts empty), its parts named, and the differences as JSON.
fn moving(film: &Film, last: &Frame, theme: Theme, drawn: bool) -> (String, String) {
    let frames: Vec<&Frame> = film.frames.iter().collect();
    let scene = Scene::new(film, &frames);
    let mut canvas = Canvas::new(theme);
    svg::open(&mut canvas, &scene, last, &frames);
    scene.still(&mut canvas);
    let parts = svg::Parts::new(&scene);
    svg::timeline(&mut canvas, &scene);
    let mut texts: Vec<String> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut now: Vec<usize> = vec![usize::MAX; parts.n()];
    let mut steps = String::new();
    for frame in &frames {
        let mut changes: Vec<String> = Vec::new();
        for (part, shown) in now.iter_mut().enumerate() {
            let drawn = parts.draw(frame, part, theme);
            let text = *numbers.entry(drawn).or_insert_with_key(|drawn| {
                texts.push(drawn.clone());
                texts.len() - 1
            });
            if *shown != text {
                *shown = text;
                changes.push(format!("{part},{text}"));
            }
        }
        if !steps.is_empty() {
            steps.push_str(",\n");
        }
        let _ = write!(steps, "[{},[{}],", frame.at, changes.join(","));
        string(&mut steps, &frame.sentence);
        steps.push(']');
    }
    for (part, text) in now.iter().enumerate() {
        let text = if drawn { texts[*text].as_str() } else { "" };
        let _ = writeln!(canvas.out, "<g id=\"part{part}\">{text}</g>");
    }
    svg::legend(&mut canvas, &scene, &frames);
    canvas.raw("</svg>\n");
    let mut data = String::from("{\"texts\":[");
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            data.push_str(",\n");
        }
        string(&mut data, text);
    }
    let _ = write!(data, "],\n\"steps\":[{steps}]}}");
    (canvas.out, data)
}
