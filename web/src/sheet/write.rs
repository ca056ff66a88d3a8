//! HTML as text.

/// Text under construction.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) String);

impl Writer {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, also for use within a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(c),
            }
        }
        self
    }

    /// An element that holds only text.
    pub(super) fn element(&mut self, tag: &str, attributes: &str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).raw(attributes).raw(">").text(text).raw("</").raw(tag).raw(">")
    }

    /// A button that does something.
    pub(super) fn button(&mut self, class: &str, deed: &str, text: &str) -> &mut Self {
        self.raw("<button type=\"button\" class=\"").raw(class).raw("\" data-do=\"").text(deed);
        self.raw("\">").text(text).raw("</button>")
    }
}
