//! SVG elements, appended to a string. Coordinates are whole pixels.

use crate::text::line_into;
use crate::theme::{Paint, Theme};
use alloc::string::String;
use core::fmt::Write as _;

/// Where a text's `x` is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Anchor {
    Start,
    Middle,
}

/// How a text is set.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) struct Face {
    pub(crate) size_px: u32,
    pub(crate) bold: bool,
    pub(crate) paint: Paint,
    pub(crate) anchor: Anchor,
}

impl Face {
    pub(crate) const fn new(size_px: u32, paint: Paint) -> Self {
        Self { size_px, bold: false, paint, anchor: Anchor::Start }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// The string that elements go to. Writing to it cannot fail.
#[derive(Debug)]
pub(crate) struct Canvas {
    pub(crate) out: String,
    pub(crate) theme: Theme,
}

impl Canvas {
    pub(crate) const fn new(theme: Theme) -> Self {
        Self { out: String::new(), theme }
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(crate) fn text(&mut self, x: u32, y: u32, face: Face, text: &str) {
        self.titled(x, y, face, text, None);
    }

    /// A text, with another that is shown on request.
    pub(crate) fn titled(&mut self, x: u32, y: u32, face: Face, text: &str, title: Option<&str>) {
        let paint = self.theme.paint(face.paint);
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"{paint}", face.size_px);
        match face.anchor {
            Anchor::Start => {}
            Anchor::Middle => self.raw(" text-anchor=\"middle\""),
        }
        if face.bold {
            self.raw(" font-weight=\"600\"");
        }
        self.raw(">");
        if let Some(title) = title {
            self.raw("<title>");
            line_into(&mut self.out, title);
            self.raw("</title>");
        }
        line_into(&mut self.out, text);
        self.raw("</text>\n");
    }

    pub(crate) fn rect(&mut self, at: (u32, u32), size: (u32, u32), radius: u32, paint: Paint) {
        let paint = self.theme.paint(paint);
        let ((x, y), (width, height)) = (at, size);
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        if radius > 0 {
            let _ = write!(self.out, " rx=\"{radius}\"");
        }
        let _ = writeln!(self.out, "{paint}/>");
    }

    /// A path; `more` are further attributes.
    pub(crate) fn path(&mut self, d: &str, paint: Paint, more: &str) {
        let paint = self.theme.paint(paint);
        let _ = writeln!(self.out, "<path d=\"{d}\"{paint}{more}/>");
    }

    pub(crate) fn circle(&mut self, x: u32, y: u32, r: u32, paint: Paint, more: &str) {
        let paint = self.theme.paint(paint);
        let _ = writeln!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{paint}{more}/>");
    }
}
