//! The colours of a figure, as attributes, and as a style sheet where the reader's preference decides.

use alloc::{format, string::String};
use core::fmt::Write as _;

/// Which colours.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on near black.
    Dark,
    /// Black, white and greys: for paper.
    Print,
    /// Light, or dark where the reader prefers that.
    #[default]
    Auto,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 4] = [Self::Light, Self::Dark, Self::Print, Self::Auto];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Print => "print",
            Self::Auto => "auto",
        }
    }

    /// The theme with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    const fn palette(self) -> &'static Palette {
        match self {
            Self::Light | Self::Auto => &LIGHT,
            Self::Dark => &DARK,
            Self::Print => &PRINT,
        }
    }

    /// Attributes that paint an element so; with a class where a style sheet may paint it otherwise.
    pub(crate) fn paint(self, paint: Paint) -> String {
        let class = match self {
            Self::Auto => format!(" class=\"{}\"", paint.class()),
            Self::Light | Self::Dark | Self::Print => String::new(),
        };
        let (fill, stroke) = paint.colours(self.palette());
        let mut out = class;
        let _ = write!(out, " fill=\"{}\"", fill.unwrap_or("none"));
        if let Some(colour) = stroke {
            let _ = write!(out, " stroke=\"{colour}\"");
        }
        out
    }

    /// The style element that follows the reader's preference; empty for a theme that does not.
    pub(crate) fn style(self) -> String {
        if self != Self::Auto {
            return String::new();
        }
        let mut out = String::from("<style>@media (prefers-color-scheme:dark){");
        for paint in Paint::ALL {
            let (fill, stroke) = paint.colours(&DARK);
            let fill = fill.map_or(String::new(), |c| format!("fill:{c};"));
            let stroke = stroke.map_or(String::new(), |c| format!("stroke:{c};"));
            let _ = write!(out, ".{}{{{fill}{stroke}}}", paint.class());
        }
        out.push_str("}</style>\n");
        out
    }
}

/// What an element is painted as.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Paint {
    /// The ground.
    Ground,
    /// Text and shapes.
    Ink,
    /// Text of less weight.
    Muted,
    /// Outlined shapes: the ground inside.
    Outline,
    /// Lines of the tree.
    Rule,
    /// Hairlines between rows.
    Hair,
    /// A slot's pin.
    Pin,
    /// Text on a pin, and on what is wrong.
    OnPin,
    /// What a walker holds.
    Token,
    /// Text on a token.
    OnToken,
    /// Faults, positions in freed memory.
    Bad,
    /// Restarts, wiped slots.
    Warn,
    /// The ground of a timeline's band.
    Band,
    /// Moves of a thread.
    Move,
    /// Lines of the place in time.
    Cursor,
}

impl Paint {
    const ALL: [Self; 15] = [
        Self::Ground,
        Self::Ink,
        Self::Muted,
        Self::Outline,
        Self::Rule,
        Self::Hair,
        Self::Pin,
        Self::OnPin,
        Self::Token,
        Self::OnToken,
        Self::Bad,
        Self::Warn,
        Self::Band,
        Self::Move,
        Self::Cursor,
    ];

    const fn class(self) -> &'static str {
        match self {
            Self::Ground => "mg",
            Self::Ink => "mi",
            Self::Muted => "mm",
            Self::Outline => "mo",
            Self::Rule => "mr",
            Self::Hair => "mh",
            Self::Pin => "mp",
            Self::OnPin => "mq",
            Self::Token => "mt",
            Self::OnToken => "mu",
            Self::Bad => "mb",
            Self::Warn => "mw",
            Self::Band => "md",
            Self::Move => "mv",
            Self::Cursor => "mc",
        }
    }

    /// Fill and stroke.
    const fn colours(self, of: &Palette) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Ground => (Some(of.ground), None),
            Self::Ink => (Some(of.ink), None),
            Self::Muted => (Some(of.muted), None),
            Self::Outline => (Some(of.ground), Some(of.ink)),
            Self::Rule => (None, Some(of.rule)),
            Self::Hair => (None, Some(of.hair)),
            Self::Pin => (Some(of.pin), None),
            Self::OnPin => (Some(of.on_pin), None),
            Self::Token => (Some(of.token), Some(of.pin)),
            Self::OnToken => (Some(of.on_token), None),
            Self::Bad => (Some(of.bad), None),
            Self::Warn => (Some(of.warn), None),
            Self::Band => (Some(of.band), None),
            Self::Move => (Some(of.moved), None),
            Self::Cursor => (None, Some(of.cursor)),
        }
    }
}

struct Palette {
    ground: &'static str,
    ink: &'static str,
    muted: &'static str,
    rule: &'static str,
    hair: &'static str,
    pin: &'static str,
    on_pin: &'static str,
    token: &'static str,
    on_token: &'static str,
    bad: &'static str,
    warn: &'static str,
    band: &'static str,
    moved: &'static str,
    cursor: &'static str,
}

const LIGHT: Palette = Palette {
    ground: "#ffffff",
    ink: "#1a1e24",
    muted: "#59626e",
    rule: "#9aa3ae",
    hair: "#e7eaee",
    pin: "#1c5aa6",
    on_pin: "#ffffff",
    token: "#e4eefb",
    on_token: "#123a6d",
    bad: "#b3261e",
    warn: "#a84300",
    band: "#f3f5f7",
    moved: "#8fa3ba",
    cursor: "#1a1e24",
};

const DARK: Palette = Palette {
    ground: "#14171b",
    ink: "#e8ebef",
    muted: "#a3adb8",
    rule: "#5c6672",
    hair: "#262c33",
    pin: "#7db4f5",
    on_pin: "#0e1217",
    token: "#1b2c42",
    on_token: "#cfe3fb",
    bad: "#ff8a80",
    warn: "#ffb068",
    band: "#1c2127",
    moved: "#5f7591",
    cursor: "#e8ebef",
};

const PRINT: Palette = Palette {
    ground: "#ffffff",
    ink: "#000000",
    muted: "#404040",
    rule: "#707070",
    hair: "#d8d8d8",
    pin: "#000000",
    on_pin: "#ffffff",
    token: "#ffffff",
    on_token: "#000000",
    bad: "#000000",
    warn: "#000000",
    band: "#f4f4f4",
    moved: "#8c8c8c",
    cursor: "#000000",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_element_for_other_pages_paints_as_dark_figures_do() {
        let style = Theme::Auto.style();
        let (_, rules) = style.split_once("(prefers-color-scheme:dark){").expect("a media query");
        let (rules, _) = rules.split_once("}</style>").expect("its end");
        let element = include_str!("../../../web/static/element/sheets.js");
        assert!(element.contains(rules), "its DARK has to be\n{rules}");
    }
}
