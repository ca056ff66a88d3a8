//! The help: all keys, from the same table that the page listens by.

use super::write::Writer;
use crate::keys::{TREE_HELP, help};

/// The sheet.
pub fn keys() -> String {
    let mut out = Writer::default();
    list(&mut out, "Everywhere but in text fields", help());
    list(&mut out, "In the tree editor (panel, Build)", TREE_HELP.into_iter());
    out.0
}

fn list(out: &mut Writer, title: &str, keys: impl Iterator<Item = (&'static str, &'static str)>) {
    out.element("h3", " class=\"panel__title\"", title).raw("<dl class=\"keys\">");
    for (keys, words) in keys {
        out.raw("<div><dt>");
        for key in keys.split(' ') {
            if key == "…" {
                out.text(" … ");
            } else {
                out.element("kbd", "", key).raw(" ");
            }
        }
        out.raw("</dt>").element("dd", "", words).raw("</div>");
    }
    out.raw("</dl>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_is_told() {
        let html = keys();
        assert_eq!(html.matches("<dd>").count(), help().count() + TREE_HELP.len());
    }
}
