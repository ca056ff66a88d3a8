//! The sheet of checks: what can be asked for, what came of every lane, and complete runs to look at.

use super::Deed;
use super::write::Writer;
use crate::check::{self, Asked, Kind, Record};
use crate::checker::Subject;
use crate::programs::program;
use memcg_core::check::{Passed, Property};
use memcg_core::picture::Returned;
use memcg_core::run::{Grain, Run};
use memcg_core::words::thousands;
use memcg_core::world::World;
use memcg_render::race;
use memcg_scenario::link;
use std::fmt::Write as _;

/// Longest diagram that is written out, in bytes.
const DIAGRAM_BYTES_MAX: usize = 200_000;

/// A choice among numbers or words: its name, what it is, the values with what they say, and the value without another
/// choice.
type Choice = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const CHOICES: [Choice; 6] = [
    (
        "rounds",
        "Walks without end are cut to",
        &[("1", "1 round"), ("2", "2 rounds"), ("3", "3 rounds"), ("4", "4 rounds")],
        "1",
    ),
    (
        "states",
        "States at most",
        &[("1000000", "1,000,000"), ("4000000", "4,000,000"), ("16000000", "16,000,000")],
        "4000000",
    ),
    (
        "mib",
        "Memory at most, of all workers together",
        &[("256", "256 MiB"), ("512", "512 MiB"), ("1024", "1,024 MiB, the most in a page")],
        "1024",
    ),
    (
        "runs",
        "Runs that are looked at",
        &[
            ("all", "all"),
            ("preemptions", "those with few preemptions"),
            ("drawn", "walks drawn by lot: proves nothing"),
        ],
        "all",
    ),
    (
        "preemptions",
        "Few preemptions are at most",
        &[("0", "0"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
        "2",
    ),
    (
        "drawn",
        "Walks drawn by lot make",
        &[("2000000", "2,000,000 steps"), ("20000000", "20,000,000 steps")],
        "2000000",
    ),
];

/// Boxes: name, words, whether it is on without another choice.
const BOXES: [(&str, &str, bool); 3] = [
    ("reduced", "Merge accesses that commute", true),
    ("symmetric", "Take equal threads for each other", true),
    ("parallel", "Check lanes side by side, each in a worker of its own", false),
];

/// What can be asked for, set as these options say.
pub fn form(options: &str) -> String {
    let mut out = Writer::default();
    out.raw("<details class=\"check__options\"><summary>Options</summary><fieldset class=\"check__set\"><legend>Properties</legend>");
    for property in Property::named() {
        tick(&mut out, property.name(), options, Property::ALL.contains(&property));
        out.element("b", "", property.name()).raw(" ").text(property.words()).raw("</label>");
    }
    out.raw("</fieldset><fieldset class=\"check__set\"><legend>Bounds</legend>");
    for (name, words, values, usual) in CHOICES {
        let set = check::option(options, name).unwrap_or(usual);
        out.raw("<label><span>").text(words).raw("</span><select class=\"select\" data-set=\"");
        out.raw(name).raw("\">");
        for (value, said) in values {
            let attributes = if *value == set { "\" selected>" } else { "\">" };
            out.raw("<option value=\"").raw(value).raw(attributes).text(said).raw("</option>");
        }
        out.raw("</select></label>");
    }
    out.raw("</fieldset><fieldset class=\"check__set\"><legend>How</legend>");
    for (name, words, usual) in BOXES {
        tick(&mut out, name, options, usual);
        out.text(words).raw("</label>");
    }
    out.raw("</fieldset></details>");
    out.0
}

/// A box of the form, up to its words.
fn tick(out: &mut Writer, name: &str, options: &str, usual: bool) {
    let on = check::option(options, name).map_or(usual, |set| set != "0");
    let _ = write!(out.0, "<label><input type=\"checkbox\" data-set=\"{name}\"");
    out.raw(if on { " checked> " } else { "> " });
}

/// A lane on the sheet, in its line of the question: its place among the scenario's lanes, whether its record is of
/// what it is now, and its name.
struct Row<'a> {
    place: usize,
    is_fresh: bool,
    lane: &'a str,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut fields = line.splitn(3, ' ');
        let (place, is_fresh) = (fields.next()?.parse().ok()?, fields.next()? == "1");
        Some(Self { place, is_fresh, lane: fields.next()? })
    }
}

/// What came of every lane. The text is a line for each lane that is to be told of, an empty line, and the records.
pub fn rows(text: &str) -> String {
    let (lanes, records) = text.split_once("\n\n").unwrap_or((text, ""));
    let records = Record::all_read(records);
    let mut out = Writer::default();
    for row in lanes.lines().filter_map(Row::read) {
        let record = records.iter().find(|record| record.lane == row.lane);
        out.raw("<section class=\"verdict");
        if let Some(record) = record {
            out.raw(class(record.kind));
        }
        out.raw("\"><h3 class=\"verdict__lane\">").text(row.lane).raw("</h3>");
        match record {
            Some(record) => tell(&mut out, &row, record),
            None => {
                out.element("p", " class=\"panel__text\"", "Not checked yet.");
                out.raw("<p class=\"toolbar\">");
                runs_button(&mut out, &row);
                out.raw("</p>");
            }
        }
        out.raw("</section>");
    }
    out.0
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Holds => " verdict--holds",
        Kind::Broken => " verdict--broken",
        Kind::Open | Kind::Cut | Kind::Failed => "",
    }
}

fn runs_button(out: &mut Writer, row: &Row) {
    out.button("button button--small", &Deed::Passing(row.place).written(), "Runs that pass");
}

fn tell(out: &mut Writer, row: &Row, record: &Record) {
    if !row.is_fresh {
        let words = "Out of date: the scenario or the listing has changed since.";
        out.element("p", " class=\"verdict__old\"", words);
    }
    out.element("p", " class=\"verdict__head\"", &record.headline).raw("<ul>");
    for line in &record.lines {
        let is_warning = line.starts_with("warning: ");
        out.element("li", if is_warning { " class=\"verdict__old\"" } else { "" }, line);
    }
    out.raw("</ul><p class=\"toolbar\">");
    let diagram = diagram(&record.link);
    if !record.link.is_empty() {
        let (load, copy) = (Deed::Load(record.link.clone()), format!("#{}", record.link));
        out.button("button button--primary", &load.written(), "Show it in the lanes").raw(" ");
        out.button("button button--small", &Deed::Copy(copy).written(), "Copy link").raw(" ");
    }
    if let Some(diagram) = &diagram {
        let copy = Deed::Copy(diagram.clone()).written();
        out.button("button button--small", &copy, "Copy race diagram").raw(" ");
    }
    runs_button(out, row);
    out.raw("</p>");
    if let Some(diagram) = diagram {
        out.raw(
            "<details><summary>Race diagram</summary><pre class=\"verdict__race\" tabindex=\"0\">",
        );
        out.text(&diagram).raw("</pre></details>");
    }
}

/// The schedule of a link as a race diagram.
fn diagram(fragment: &str) -> Option<String> {
    let link::Shared { scenario, edits, .. } = link::decode(fragment).shared?;
    let lane = scenario.lanes.first()?;
    let lanes = vec![(lane.clone(), program(lane, &edits).ok()?)];
    let run = Run::of_programs(scenario.world().0, lanes);
    let mut played = run.clone();
    played.keep_records(false);
    for mv in &scenario.schedule {
        played.apply(mv);
    }
    // Of a call that never returns only what comes before it can be told access by access.
    let hangs = played.picture(0).fault.is_some_and(|fault| fault.name == "HANG");
    let n_moves = scenario.schedule.len().saturating_sub(usize::from(hangs));
    let diagram = race(run, &scenario.schedule, n_moves, Grain::Access);
    (diagram.len() <= DIAGRAM_BYTES_MAX).then_some(diagram)
}

/// Complete runs of a lane that pass, each of which can be played.
pub fn passing(text: &str) -> String {
    let mut out = Writer::default();
    let subject = match Subject::read(&Asked::read(text)) {
        Ok(subject) => subject,
        Err(why) => {
            out.element("p", " class=\"panel__text\"", &format!("No runs: {why}."));
            return out.0;
        }
    };
    let runs = subject.passing();
    let lane = subject.lane().to_string();
    out.raw("<h3 class=\"verdict__lane\" id=\"sheet-open\" tabindex=\"-1\">")
        .text(&lane)
        .raw("</h3>");
    let words = match runs.len() {
        0 => "No run that comes to rest and breaks nothing was found by lot.".to_owned(),
        n => format!(
            "{n} complete runs drawn by lot that break neither safety, returned nor leak. They prove nothing: a check does."
        ),
    };
    out.element("p", " class=\"panel__text\"", &words);
    if runs.is_empty() {
        return out.0;
    }
    out.raw("<div class=\"table__scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Runs that pass\"><table class=\"table\"><thead><tr><th scope=\"col\">run</th><th scope=\"col\" class=\"table__figure\">steps</th><th scope=\"col\" class=\"table__figure\">switches</th><th scope=\"col\">what calls returned</th></tr></thead><tbody>");
    for (at, run) in (1..).zip(&runs) {
        run_row(&mut out, &subject, at, run);
    }
    out.raw("</tbody></table></div>");
    out.0
}

fn run_row(out: &mut Writer, subject: &Subject, at: usize, run: &Passed) {
    let title = format!("{}: run {at} that passes", subject.lane());
    let Some(link) = subject.link(&run.schedule, title) else { return };
    out.raw("<tr><th scope=\"row\">");
    out.button("table__name", &Deed::Load(link).written(), &format!("run {at}"));
    let _ = write!(
        out.0,
        "</th><td class=\"table__figure\">{}</td><td class=\"table__figure\">{}</td><td>",
        thousands(run.n_steps as u64),
        run.n_switches
    );
    out.text(&returns(subject.bounded(), run)).raw("</td></tr>");
}

/// What the calls of every thread returned, in order.
fn returns(world: &World, run: &Passed) -> String {
    let of = |thread: usize| {
        let own = run.returned.iter().filter(|(t, _)| *t == thread);
        let names: Vec<&str> = own
            .map(|(_, returned)| match returned {
                Returned::Group(group) => world.path(*group),
                Returned::Nothing => "none",
            })
            .collect();
        let name = &world.threads[thread].name;
        (!names.is_empty()).then(|| format!("{name}: {}", names.join(", ")))
    };
    (0..world.threads.len()).filter_map(of).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_scenario::{gallery_item, parse};

    #[test]
    fn every_property_and_option_is_on_the_form_as_it_is_set() {
        let html = form("leak=0 mib=256 parallel=1");
        for property in Property::named() {
            assert!(html.contains(&format!("data-set=\"{}\"", property.name())));
        }
        assert!(html.contains("data-set=\"safety\" checked>"));
        assert!(html.contains("data-set=\"leak\"> "));
        assert!(html.contains("value=\"256\" selected"));
        assert!(html.contains("data-set=\"parallel\" checked>"));
    }

    #[test]
    fn runs_that_pass_can_each_be_played() {
        let item = gallery_item("torn-pair").expect("in the gallery");
        let shared = link::Shared { scenario: parse(item.text).scenario, ..Default::default() };
        let fragment = link::encode(&shared).expect("it is small");
        let lane = shared.scenario.lanes.len() - 1;
        let asked = Asked { n_workers: 1, lane, fragment, ..Asked::default() };
        let html = passing(&asked.written());
        assert_eq!(html.matches("data-do=\"load ").count(), 64, "{html}");
        assert!(passing("nonsense").contains("No runs: there is no scenario"));
    }

    #[test]
    fn a_lane_that_was_not_checked_says_so_and_names_are_escaped() {
        let html =
            rows("0 1 a<b>\n1 0 c\n\nnot decided\n1\nc\n-\nnot decided: it was stopped\nline");
        assert!(html.contains("a&lt;b&gt;</h3><p class=\"panel__text\">Not checked yet."));
        assert!(html.contains("Out of date"));
        assert!(!html.contains("data-do=\"load"));
    }
}
