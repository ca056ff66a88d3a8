//! The scenario in somebody's page or text: the forms that it can have there, each ready to be copied.
//!
//! What each form needs around it is in `docs/embedding.md`.

use super::Deed;
use super::write::Writer;
use crate::programs::program;
use memcg_core::run::Run;
use memcg_render::{Film, Theme, figure};
use memcg_scenario::link::{self, Shared, View};
use std::fmt::Write as _;

/// Height of the dock and a lane's head and foot in a figure.
const FRAME_PX: usize = 430;
/// Height of a row.
const ROW_PX: usize = 26;
/// Height of a lane's row in the timeline, and of a thread's.
const LINE_PX: usize = 28;
/// No figure is higher.
const HEIGHT_PX_MAX: usize = 1_100;
/// Width of a lane in a figure.
const LANE_PX: usize = 340;
/// Longer texts are no part of a page; a picture of one is not made here.
const TEXT_BYTES_MAX: usize = 400_000;

/// Where it goes.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Form {
    Element,
    Frame,
    Markdown,
    Mdbook,
    Sphinx,
}

impl Form {
    const ALL: [(Self, &str, &str); 5] = [
        (Self::Element, "element", "HTML"),
        (Self::Frame, "frame", "iframe"),
        (Self::Markdown, "markdown", "Markdown"),
        (Self::Mdbook, "mdbook", "mdBook"),
        (Self::Sphinx, "sphinx", "Sphinx"),
    ];

    /// What it is, and what it needs.
    const fn words(self) -> &'static str {
        match self {
            Self::Element => {
                "An element that comes to life when it is clicked. Put a saved picture inside it, and the page shows that until then, in print and without JavaScript."
            }
            Self::Frame => {
                "For pages that take nothing but frames. It keeps to itself: no history, no storage, no dialogs."
            }
            Self::Markdown => {
                "A picture that leads to this moment here, for issues, wikis and READMEs. Save the picture and put it beside the text."
            }
            Self::Mdbook => "A fenced block for the preprocessor mdbook-memcg.",
            Self::Sphinx => "A directive of the extension sphinx_memcg.",
        }
    }
}

/// What readers may do: by its name, its flag in a link, in words.
const MODES: [(&str, &str, &str); 3] = [
    ("figure", "", "play"),
    ("steppable", "step", "take other steps"),
    ("editable", "edit", "edit the scenario"),
];

/// What is asked: the form and mode chosen, and which of the two was chosen last; the page's address; the link.
struct Asked<'a> {
    form: Form,
    mode: (&'static str, &'static str, &'static str),
    last: &'a str,
    address: &'a str,
    fragment: &'a str,
}

impl<'a> Asked<'a> {
    fn read(text: &'a str) -> Self {
        let mut lines = text.splitn(3, '\n');
        let mut line = || lines.next().unwrap_or_default();
        let mut choice = line().splitn(3, ' ');
        let mut word = || choice.next().unwrap_or_default();
        let (form, mode, last) = (word(), word(), word());
        let form = Form::ALL.into_iter().find(|(_, name, _)| *name == form);
        let mode = MODES.into_iter().find(|(name, ..)| *name == mode);
        let form = form.map_or(Form::Element, |(form, ..)| form);
        Self { form, mode: mode.unwrap_or(MODES[0]), last, address: line(), fragment: line() }
    }
}

/// The sheet for a line with what is chosen, the page's address, and a link.
pub fn share(question: &str) -> String {
    let asked = Asked::read(question);
    let mut out = Writer::default();
    let Some(shared) = link::decode(asked.fragment).shared else {
        out.element("p", " class=\"field__error\" role=\"alert\"", "There is nothing to share.");
        return out.0;
    };
    let snippet = snippet(&asked, &shared);
    let form_name = name_of(asked.form);
    out.element("h3", " class=\"panel__title\"", "As a file");
    files(&mut out, &shared, asked.fragment);
    out.element("h3", " class=\"panel__title\"", "In a page or a text");
    let form = |name: &str| format!("{name} {} form", asked.mode.0);
    let forms = Form::ALL.map(|(one, name, words)| (one == asked.form, form(name), words));
    choice(&mut out, "Form", asked.last == "form", &forms);
    out.element("p", " class=\"panel__text\"", asked.form.words());
    if asked.form != Form::Markdown {
        let modes =
            MODES.map(|mode| (mode == asked.mode, format!("{form_name} {} mode", mode.0), mode.2));
        out.raw("<p class=\"toolbar\"><span>Readers may</span> ");
        choice(&mut out, "Readers may", asked.last == "mode", &modes);
        out.raw("</p>");
    }
    match snippet {
        Ok(text) => {
            let (width, height) = size_px(&shared);
            let size = match asked.form {
                Form::Element | Form::Frame => {
                    format!("{} characters, {width} × {height} pixels", text.chars().count())
                }
                Form::Markdown | Form::Mdbook | Form::Sphinx => {
                    format!("{} characters", text.chars().count())
                }
            };
            out.raw("<textarea id=\"share-snippet\" class=\"share__code\" readonly spellcheck=\"false\" aria-label=\"Text to copy\">\n");
            out.text(&text).raw("</textarea>").element("p", " class=\"share__size\"", &size);
        }
        Err(why) => {
            out.element("p", " class=\"field__error\" role=\"alert\"", &why);
        }
    }
    out.0
}

fn name_of(form: Form) -> &'static str {
    Form::ALL.iter().find(|(one, ..)| *one == form).map_or("element", |(_, name, _)| name)
}

/// Buttons of which one is chosen; the keyboard goes to it if it was chosen last.
fn choice(out: &mut Writer, name: &str, is_last: bool, choices: &[(bool, String, &str)]) {
    out.raw("<span class=\"segmented\" role=\"group\" aria-label=\"").text(name).raw("\">");
    for (chosen, deed, words) in choices {
        let id = if *chosen && is_last { "\" id=\"sheet-open" } else { "" };
        let class = format!("segmented__item{id}\" aria-pressed=\"{chosen}");
        out.button(&class, &Deed::Share(deed.clone()).written(), words);
    }
    out.raw("</span>");
}

/// The scenario and its picture as files, saved without asking anybody.
fn files(out: &mut Writer, shared: &Shared, fragment: &str) {
    let name = file_name(&shared.scenario.title);
    let text = link::block(&Shared { edits: Vec::new(), ..shared.clone() });
    out.raw("<p class=\"toolbar\">");
    if text.len() <= TEXT_BYTES_MAX {
        if shared.edits.is_empty() {
            save(out, &format!("{name}.scenario"), "text/plain", &text, "Save the scenario");
        }
        if let Some(svg) = picture(shared, fragment) {
            save(out, &format!("{name}.svg"), "image/svg+xml", &svg, "Save the picture");
        }
    }
    out.raw("</p>");
}

fn save(out: &mut Writer, name: &str, kind: &str, content: &str, words: &str) {
    out.raw("<a class=\"button\" download=\"").text(name).raw("\" href=\"data:").raw(kind);
    out.raw(";charset=utf-8,").raw(&percent(content)).raw("\">").text(words).raw("</a> ");
}

/// The figure at the moment shown, with the scenario inside.
fn picture(shared: &Shared, fragment: &str) -> Option<String> {
    let scenario = &shared.scenario;
    let lane = |lane: &memcg_core::schedule::LaneSpec| {
        Some((lane.clone(), program(lane, &shared.edits).ok()?))
    };
    let lanes = scenario.lanes.iter().map(lane).collect::<Option<Vec<_>>>()?;
    if lanes.is_empty() {
        return None;
    }
    let run = Run::of_programs(scenario.world().0, lanes);
    let mut film = Film::at(run, scenario, shared.cursor);
    film.link = (!shared.edits.is_empty()).then(|| fragment.to_owned());
    Some(figure(&film, film.frames.first()?, Theme::Auto))
}

/// As a part of an address may hold it.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/:;=,()!*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A file's name for a title.
fn file_name(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().take(60) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    match out.trim_end_matches('-') {
        "" => "scenario".to_owned(),
        name => name.to_owned(),
    }
}

/// Width and height of a living figure in pixels, known when the page is made.
fn size_px(shared: &Shared) -> (usize, usize) {
    let world = shared.scenario.world().0;
    let n_lanes = shared.scenario.lanes.len().max(1);
    let height =
        FRAME_PX + (world.groups.len() + 1) * ROW_PX + (n_lanes + world.threads.len()) * LINE_PX;
    (n_lanes * LANE_PX, height.min(HEIGHT_PX_MAX))
}

/// What is copied.
fn snippet(asked: &Asked<'_>, shared: &Shared) -> Result<String, String> {
    let title = match shared.scenario.title.as_str() {
        "" => "memcg playground",
        title => title,
    };
    let (width, height) = size_px(shared);
    let (mode, flag, _) = asked.mode;
    let here = folder(asked.address);
    let mut of_figure = shared.clone();
    // A figure is as dark as the page around it.
    of_figure.view.set(View::THEME, "");
    of_figure.view.set(View::EMBED, flag);
    let fragment = link::encode(&of_figure).map_err(|error| error.to_string())?;
    let step = (shared.cursor != shared.scenario.schedule.len()).then_some(shared.cursor);
    let n_bytes = asked.fragment.len().max(link::block(shared).len());
    if n_bytes > TEXT_BYTES_MAX {
        return Err(format!(
            "It has {n_bytes} bytes, too much for a page. The Scenario panel has the text: put it beside the page as a file."
        ));
    }
    Ok(match asked.form {
        Form::Element => {
            let title = escaped(title);
            let mode = if flag.is_empty() { String::new() } else { format!(" mode=\"{mode}\"") };
            format!(
                "<script defer src=\"{}memcg-playground.js\"></script>\n\
                 <memcg-playground src=\"#{fragment}\" height=\"{height}\"{mode} caption=\"{title}\">\n  \
                 <a href=\"{}#{}\">{title}</a>\n</memcg-playground>\n",
                escaped(&here),
                escaped(asked.address),
                asked.fragment,
            )
        }
        Form::Frame => format!(
            "<iframe src=\"{}embed.html#{fragment}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></iframe>",
            escaped(&here),
            escaped(title)
        ),
        Form::Markdown => {
            let mut alt = String::new();
            for c in title.chars() {
                if matches!(c, '[' | ']' | '\\' | '`' | '<') {
                    alt.push('\\');
                }
                alt.push(c);
            }
            format!("[![{alt}]({}.svg)]({}#{})\n", file_name(title), asked.address, asked.fragment)
        }
        Form::Mdbook => {
            let text = link::block(shared);
            // No line of the scenario ends it.
            let mut fence = "```".to_owned();
            while text.contains(&fence) {
                fence.push('`');
            }
            let step = step.map(|step| format!(" step={step}")).unwrap_or_default();
            let mode = if flag.is_empty() { String::new() } else { format!(" mode={mode}") };
            format!("{fence}memcg{step}{mode}\n{text}{fence}\n")
        }
        Form::Sphinx => {
            let mut out = ".. memcg::\n".to_owned();
            if let Some(step) = step {
                let _ = writeln!(out, "   :step: {step}");
            }
            if !flag.is_empty() {
                let _ = writeln!(out, "   :mode: {mode}");
            }
            for line in std::iter::once("").chain(link::block(shared).lines()) {
                let _ = writeln!(out, "{}{line}", if line.is_empty() { "" } else { "   " });
            }
            out
        }
    })
}

/// The folder that a page is in, with its last slash.
fn folder(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    let end = address.rfind('/').map_or(0, |at| at + 1);
    address[..end].to_owned()
}

/// As it can stand in an attribute.
fn escaped(text: &str) -> String {
    let mut out = Writer::default();
    out.text(text);
    out.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_scenario::parse;

    const TEXT: &str = "scenario: A \"b\" <c> [d] `e`\nhierarchy:\n  a\nthreads:\n  k: reclaim a\ncompare:\n  vz7-nullify\nschedule:\n  k x3\n";
    const ADDRESS: &str = "https://a.example/memcg/index.html?src=x/y";

    fn shared(text: &str) -> Shared {
        let mut shared = Shared { scenario: parse(text).scenario, cursor: 2, ..Shared::default() };
        shared.view.set(View::THEME, "dark");
        shared
    }

    fn question(choice: &str, shared: &Shared) -> String {
        format!("{choice}\n{ADDRESS}\n{}", link::encode(shared).expect("it is small"))
    }

    fn of(choice: &str) -> String {
        let question = question(choice, &shared(TEXT));
        let asked = Asked::read(&question);
        snippet(&asked, &shared(TEXT)).expect("it is small")
    }

    /// The link in a snippet, between these.
    fn link_in(snippet: &str, before: &str, after: &str) -> Shared {
        let (_, rest) = snippet.split_once(before).expect(before);
        let (link, _) = rest.split_once(after).expect(after);
        let decoded = link::decode(link);
        assert!(decoded.trouble.is_empty(), "{link}");
        decoded.shared.expect("a sound link")
    }

    #[test]
    fn every_form_carries_the_moment_and_what_readers_may_do() {
        let element = of("element steppable mode");
        assert!(
            element.contains("src=\"https://a.example/memcg/memcg-playground.js\""),
            "{element}"
        );
        assert!(
            element.contains(" mode=\"steppable\" caption=\"A &quot;b&quot; &lt;c&gt; [d] `e`\""),
            "{element}"
        );
        let carried = link_in(&element, "src=\"#", "\"");
        assert_eq!(
            (carried.cursor, carried.view.get(View::EMBED), carried.view.get(View::THEME)),
            (2, Some("step"), None)
        );

        let frame = of("frame editable mode");
        assert_eq!(link_in(&frame, "embed.html#", "\"").view.get(View::EMBED), Some("edit"));
        assert!(frame.contains(" width=\"340\" height=\""), "{frame}");

        let markdown = of("markdown figure form");
        assert!(markdown.starts_with("[![A \"b\" \\<c> \\[d\\] \\`e\\`](a-b-c-d-e.svg)](https://a.example/memcg/index.html?src=x/y#1:"), "{markdown}");

        let block = of("mdbook steppable form");
        assert!(block.starts_with("```memcg step=2 mode=steppable\nscenario: A"), "{block}");
        let directive = of("sphinx figure form");
        assert!(directive.starts_with(".. memcg::\n   :step: 2\n\n   scenario: A"), "{directive}");
        assert!(
            directive.lines().skip(3).all(|line| line.is_empty() || line.starts_with("   ")),
            "{directive}"
        );
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_scenario() {
        let shared = shared(&TEXT.replace("scenario:", "scenario: ````"));
        let question = question("mdbook figure form", &shared);
        let text = snippet(&Asked::read(&question), &shared).expect("it is small");
        assert!(text.starts_with("`````memcg") && text.ends_with("\n`````\n"), "{text}");
    }

    #[test]
    fn the_picture_that_is_saved_holds_the_scenario() {
        let shared = shared(TEXT);
        let svg = picture(&shared, "1:x").expect("it runs");
        let held = memcg_render::embedded(&svg).expect("it holds one");
        assert_eq!((parse(&held.text).scenario, held.cursor), (shared.scenario, 2));
    }

    #[test]
    fn the_sheet_is_sound_whatever_it_is_asked() {
        for choice in ["", "element figure ", "nonsense <b> form", "sphinx editable mode"] {
            let html = share(&question(choice, &shared(TEXT)));
            assert_eq!(html.matches(" aria-pressed=\"true\"").count(), 2, "{choice}");
            assert!(!html.contains("<c>"), "what people name stays text");
            assert!(
                html.contains("download=\"a-b-c-d-e.svg\" href=\"data:image/svg+xml"),
                "{choice}"
            );
        }
        assert!(share("element figure form\nx\nnonsense").contains("nothing to share"));
        assert_eq!(
            share(&question("frame figure form", &shared(TEXT)))
                .matches("id=\"sheet-open\"")
                .count(),
            1
        );
    }

    #[test]
    fn a_figure_lies_beside_the_page() {
        assert_eq!(folder("https://a.example/memcg/"), "https://a.example/memcg/");
        assert_eq!(folder("https://a.example/memcg/index.html?x/y"), "https://a.example/memcg/");
    }
}
