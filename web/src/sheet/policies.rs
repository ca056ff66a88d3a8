//! The family of policies: a picture from the first year to today, each line with a page of its own below it.

use super::Deed;
use super::write::Writer;
use memcg_core::listing::Header;
use memcg_core::registry::{self, Entry};
use memcg_scenario::{gallery, parse};
use std::fmt::Write as _;

/// Years in the picture.
const FIRST_YEAR: u32 = 2008;
const LAST_YEAR: u32 = 2027;

/// Height of a line.
const ROW_PX: u32 = 26;

/// What the page asks for.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Asked {
    /// The policy that was chosen last.
    pub open: String,
    /// Its page is closed again.
    pub closed: bool,
    /// The lane that a policy is picked for, by place; without one, for a new lane.
    pub lane: Option<usize>,
    /// Policies of the lanes.
    pub lanes: Vec<String>,
    /// Whether another lane can be added.
    pub may_add: bool,
}

impl Asked {
    /// As the worker is asked.
    pub fn written(&self) -> String {
        let lane = self.lane.map_or(String::new(), |lane| lane.to_string());
        let (closed, may_add) = (u8::from(self.closed), u8::from(self.may_add));
        let mut out = format!("{}\n{closed}\n{lane}\n{may_add}\n", self.open);
        for name in &self.lanes {
            out.push_str(name);
            out.push('\n');
        }
        out
    }

    /// Reads it back.
    pub fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let mut next = || lines.next().unwrap_or("").to_owned();
        let (open, closed, lane, may_add) = (next(), next(), next(), next());
        Self {
            open,
            closed: closed == "1",
            lane: lane.parse().ok(),
            may_add: may_add == "1",
            lanes: lines.map(ToOwned::to_owned).collect(),
        }
    }
}

/// A policy in the picture.
struct Member {
    entry: &'static Entry,
    header: Header,
    from: u32,
    /// Year after the last.
    to: u32,
    released: bool,
    parent: Option<String>,
}

/// All policies, parents before children, by year.
fn family() -> Vec<Member> {
    let member = |entry: &'static Entry| {
        let header = entry.header();
        let (from, until, released, parent) = match header.history() {
            Some(h) => (h.from, h.until, h.released, h.replaces.map(ToOwned::to_owned)),
            None => (LAST_YEAR, None, false, None),
        };
        let to = until.map_or(LAST_YEAR, |year| year + 1);
        Member { entry, header, from, to, released, parent }
    };
    let mut waiting: Vec<Member> = registry::policies().iter().map(member).collect();
    waiting.sort_by_key(|m| m.from);
    let mut out: Vec<Member> = Vec::new();
    while !waiting.is_empty() {
        let ready = |m: &Member| match &m.parent {
            Some(parent) => out.iter().any(|o| o.entry.name == parent),
            None => true,
        };
        let at = waiting.iter().position(ready).unwrap_or(0);
        out.push(waiting.remove(at));
    }
    out
}

/// Names of all policies in the order of the picture.
pub(super) fn names() -> Vec<&'static str> {
    family().iter().map(|member| member.entry.name).collect()
}

/// The sheet.
pub fn policies(asked: &Asked) -> String {
    let family = family();
    let mut out = Writer::default();
    out.raw("<p class=\"panel__text\">")
        .text("Every iterator that the kernel ever had, and three that were proposed (hollow). A line leads from the one that was replaced; beside each stands why.")
        .raw("</p><div class=\"family\"><div class=\"family__axis\" aria-hidden=\"true\"><svg class=\"family__bar\" width=\"100%\" height=\"16\">");
    for year in (2010..LAST_YEAR).step_by(5) {
        let _ = write!(out.0, "<text x=\"{}\" y=\"12\">{year}</text>", percent(year));
    }
    out.raw("</svg></div><ol class=\"family__list\">");
    for (at, member) in family.iter().enumerate() {
        let chosen = member.entry.name == asked.open;
        let open = chosen && !asked.closed;
        line(&mut out, &family, at, chosen, open);
        if open {
            page(&mut out, &family, member, asked);
        }
        out.raw("</li>");
    }
    out.raw("</ol></div>");
    out.0
}

/// A year as a place in the picture.
fn percent(year: u32) -> String {
    let hundredths =
        (year.clamp(FIRST_YEAR, LAST_YEAR) - FIRST_YEAR) * 10_000 / (LAST_YEAR - FIRST_YEAR);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn line(out: &mut Writer, family: &[Member], at: usize, chosen: bool, open: bool) {
    let member = &family[at];
    let name = member.entry.name;
    out.raw("<li class=\"family__row").raw(if open { " is-open\"" } else { "\"" }).raw(">");
    out.raw("<button type=\"button\" class=\"family__line\" data-do=\"");
    out.text(&Deed::Policy(name.to_owned()).written()).raw("\"");
    if chosen {
        out.raw(" id=\"sheet-open\"");
    }
    out.raw(if open { " aria-expanded=\"true\">" } else { " aria-expanded=\"false\">" });
    out.element("span", " class=\"family__name\"", name);
    bar(out, family, at);
    let years = member.header.get("years");
    out.element("span", " class=\"visually-hidden\"", &format!(", {years}. "));
    let because = member.header.get("because");
    let why = if because.is_empty() { member.header.get("summary") } else { because };
    out.element("span", " class=\"family__because\"", why).raw("</button>");
}

/// A policy's bar, with the lines that begin, pass and end beside it.
fn bar(out: &mut Writer, family: &[Member], at: usize) {
    let member = &family[at];
    let place = |name: &str| family.iter().position(|m| m.entry.name == name);
    let _ = write!(
        out.0,
        "<svg class=\"family__bar\" width=\"100%\" height=\"{ROW_PX}\" aria-hidden=\"true\">"
    );
    let middle = ROW_PX / 2;
    for (child_at, child) in family.iter().enumerate() {
        let Some(parent_at) = child.parent.as_deref().and_then(place) else { continue };
        if !(parent_at..=child_at).contains(&at) {
            continue;
        }
        let x = percent(child.from);
        let top = if at == parent_at { middle } else { 0 };
        let end = if at == child_at { middle } else { ROW_PX };
        let _ = write!(
            out.0,
            "<line class=\"family__link\" x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{end}\"/>"
        );
    }
    let width = (member.to.saturating_sub(member.from)).max(1) * 10_000 / (LAST_YEAR - FIRST_YEAR);
    let class =
        if member.released { "family__span" } else { "family__span family__span--proposed" };
    let _ = write!(
        out.0,
        "<rect class=\"{class}\" x=\"{}\" y=\"8\" width=\"{}.{:02}%\" height=\"10\" rx=\"2\"/></svg>",
        percent(member.from),
        width / 100,
        width % 100
    );
}

/// A policy's own page.
fn page(out: &mut Writer, family: &[Member], member: &Member, asked: &Asked) {
    let header = &member.header;
    let name = member.entry.name;
    out.raw("<div class=\"family__page\">");
    out.element("h3", "", header.get("title")).element("p", "", header.get("summary"));
    out.raw("<p class=\"toolbar\">");
    let put = |lane: usize| Deed::Put(lane, name.to_owned()).written();
    match asked.lane.and_then(|lane| Some((lane, asked.lanes.get(lane)?))) {
        Some((_, now)) if now == name => {
            out.element("span", " class=\"panel__text\"", "It runs in this lane.");
        }
        Some((lane, now)) => {
            out.button(
                "button button--primary",
                &put(lane),
                &format!("In this lane, instead of {now}"),
            );
        }
        None if asked.may_add => {
            out.button(
                "button button--primary",
                &Deed::Add(name.to_owned()).written(),
                "In a lane of its own",
            );
        }
        None => {}
    }
    if asked.lane.is_some() && asked.may_add {
        out.button("button", &Deed::Add(name.to_owned()).written(), "In a lane of its own");
    }
    for (lane, now) in asked.lanes.iter().enumerate() {
        if asked.lane.is_none() && now != name {
            out.button("button", &put(lane), &format!("Instead of {now}"));
        }
    }
    out.raw("</p><dl class=\"facts\">");
    for key in ["years", "releases", "source", "core", "stores", "valid", "wiped", "trouble"] {
        fact(out, key, header.get(key));
    }
    related(out, "replaces", member.parent.as_deref().into_iter());
    fact(out, "because", header.get("because"));
    let children = family.iter().filter(|m| m.parent.as_deref() == Some(name));
    related(out, "replaced by", children.map(|m| m.entry.name));
    for choice in header.all("choice") {
        fact(out, "choice made here", choice);
    }
    try_this(out, header.get("try"));
    out.raw("</dl><details><summary>")
        .text("The listing: what runs")
        .raw("</summary><pre class=\"family__listing\" tabindex=\"0\">");
    out.text(member.entry.text).raw("</pre></details></div>");
}

fn fact(out: &mut Writer, key: &str, value: &str) {
    if !value.is_empty() {
        out.element("dt", "", key).element("dd", "", value);
    }
}

fn related<'a>(out: &mut Writer, key: &str, names: impl Iterator<Item = &'a str>) {
    let mut any = false;
    for name in names {
        if !any {
            out.element("dt", "", key).raw("<dd>");
            any = true;
        }
        out.button("button button--small", &Deed::Policy(name.to_owned()).written(), name).raw(" ");
    }
    if any {
        out.raw("</dd>");
    }
}

/// What to try; a scenario of the gallery that it names can be opened.
fn try_this(out: &mut Writer, words: &str) {
    if words.is_empty() {
        return;
    }
    out.element("dt", "", "try").raw("<dd>").text(words);
    for (at, item) in gallery().iter().enumerate() {
        let title = parse(item.text).scenario.title;
        if words.contains(&format!("\"{title}\"")) {
            out.raw(" ").button("button button--small", &Deed::Gallery(at).written(), "Open it");
        }
    }
    out.raw("</dd>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(open: &str) -> Asked {
        Asked {
            open: open.to_owned(),
            lane: None,
            closed: false,
            lanes: vec!["<x>".into()],
            may_add: true,
        }
    }

    #[test]
    fn a_question_is_read_as_it_was_written() {
        for lane in [None, Some(1)] {
            let one = Asked { lane, ..asked("a") };
            assert_eq!(Asked::read(&one.written()), one);
        }
    }

    #[test]
    fn every_policy_has_a_line_below_the_one_it_replaced() {
        let family = family();
        assert_eq!(family.len(), registry::policies().len());
        for (at, member) in family.iter().enumerate() {
            let parent = member.parent.as_deref();
            let above = family.iter().take(at).any(|m| Some(m.entry.name) == parent);
            assert!(parent.is_none() || above, "{}", member.entry.name);
        }
        let html = policies(&asked(""));
        assert_eq!(html.matches("family__line").count(), family.len());
        assert_eq!(html.matches("family__page").count(), 0);
    }

    #[test]
    fn a_page_shows_all_of_its_header_and_the_listing_as_text() {
        for entry in registry::policies() {
            let html = policies(&asked(entry.name));
            assert_eq!(html.matches("family__page").count(), 1, "{}", entry.name);
            assert!(html.contains("-&gt;"), "the listing is text: {}", entry.name);
            assert!(!html.contains("<x>"), "names are text");
            assert!(!html.contains("style=") && !html.contains("<script"));
        }
    }
}
