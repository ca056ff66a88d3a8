//! A figure as a renderer can show it: a living one, a still one, or the race as text.
//!
//! Whatever is HTML is one line: a blank line would end the block for Markdown, and a line break would leave the list
//! or quote that it stands in.

use crate::block::Options;
use crate::figure::Figure;
use memcg_render::Theme;
use std::fmt::Write as _;

/// What a renderer can show.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Form {
    /// A page with scripts.
    Living,
    /// Markup without scripts.
    Still,
    /// Text only.
    Text,
}

impl Form {
    /// By mdBook's name of the renderer. Who is not known is given text, which everybody can show.
    pub(crate) fn of_renderer(name: &str) -> Self {
        match name {
            "html" => Self::Living,
            "epub" | "pdf" => Self::Still,
            _ => Self::Text,
        }
    }
}

/// The block in place of the fenced one.
pub(crate) fn block(
    figure: &Figure,
    options: &Options,
    form: Form,
    loader: Option<&str>,
) -> String {
    match form {
        Form::Living => living(figure, options, loader),
        Form::Still => format!("<div class=\"memcg\">{}</div>\n", still(figure, options, false)),
        Form::Text => text(figure, options),
    }
}

fn living(figure: &Figure, options: &Options, loader: Option<&str>) -> String {
    let mut out = String::from("<div class=\"memcg\">");
    let _ = write!(out, "<memcg-playground src=\"#{}\"", figure.fragment);
    let theme = Some(options.theme).filter(|theme| *theme != Theme::Auto).map(Theme::name);
    let mode = options.mode.words().map(|(name, _)| name);
    let step = options.step.map(|step| step.to_string());
    let name = options.alt.as_deref().unwrap_or(&figure.title);
    let height = options.height.clone().unwrap_or_else(|| figure.height_px.to_string());
    let attributes = [
        ("height", Some(height.as_str())),
        ("theme", theme),
        ("mode", mode),
        ("step", step.as_deref()),
        ("alt", Some(name)),
    ];
    for (key, value) in attributes {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(out, " {key}=\"{}\"", escaped(value));
        }
    }
    out.push('>');
    out.push_str(&still(figure, options, true));
    if let Some(steps) = &figure.steps {
        // Data, which no policy on scripts speaks of. Its strings hold no line break, and no end of a script.
        let steps = steps.replace('\n', "");
        let _ =
            write!(out, "<script type=\"application/json\" class=\"memcg-steps\">{steps}</script>");
    }
    out.push_str("</memcg-playground>");
    if let Some(loader) = loader {
        let _ = write!(out, "<script defer src=\"{}\"></script>", escaped(loader));
    }
    out.push_str("</div>\n");
    out
}

/// The figure with its caption, and for pages the race below it.
fn still(figure: &Figure, options: &Options, with_race: bool) -> String {
    let mut out = String::from("<figure><div class=\"memcg-figure\">");
    out.push_str(&in_one_line(&picture(figure, options.alt.as_deref())));
    out.push_str("</div>");
    if with_race {
        let _ = write!(
            out,
            "<details><summary>The race as text</summary><pre>{}</pre></details>",
            in_one_line(&escaped(figure.ascii.trim_end()))
        );
    }
    if let Some(caption) = &options.caption {
        let _ = write!(out, "<figcaption>{}</figcaption>", escaped(caption));
    }
    out.push_str("</figure>");
    out
}

fn text(figure: &Figure, options: &Options) -> String {
    // Longer than any row of backticks that a name may have.
    let longest = figure.ascii.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}text\n{}\n{fence}\n", figure.ascii.trim_end());
    if let Some(caption) = &options.caption {
        let _ = writeln!(out, "\n{}", plain(caption));
    }
    out
}

/// As Markdown that means these characters.
fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// The picture without its style element, which a strict policy refuses (the element's program has the same rules), and as
/// wide as there is room where no style sheet says so.
fn picture(figure: &Figure, alt: Option<&str>) -> String {
    let mut svg = figure.svg.clone();
    if let (Some(start), Some(end)) = (svg.find("<style>"), svg.find("</style>")) {
        svg.replace_range(start..end + "</style>".len(), "");
    }
    let Some(end) = svg.find('>') else { return svg };
    let mut root = svg[..end].to_owned();
    if let Some(start) = root.find(" width=\"") {
        let value = start + " width=\"".len();
        let close = root[value..].find('"').map_or(value, |at| value + at);
        root.replace_range(value..close, "100%");
        root.push_str(" preserveAspectRatio=\"xMinYMin meet\"");
    }
    if let Some(alt) = alt {
        let _ = write!(root, " aria-label=\"{}\"", escaped(alt));
    }
    root + &svg[end..]
}

/// Line breaks between elements go, others are written as characters.
fn in_one_line(markup: &str) -> String {
    markup.replace(">\n<", "><").trim_end().replace('\n', "&#10;")
}

/// As it can stand in an element or an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
