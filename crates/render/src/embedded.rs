//! The scenario inside a picture: written into its metadata, and read back when the picture is dropped on the page.

use crate::text::escape_into;
use alloc::string::String;
use core::fmt::Write as _;

/// What a picture holds.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Embedded {
    /// The scenario's text.
    pub text: String,
    /// Moves made in the picture.
    pub cursor: usize,
    /// The fragment of a link that says the same, if there is more to say than the text can:
    /// edited listings.
    pub link: Option<String>,
}

const OPEN: &str = "<memcg:scenario xmlns:memcg=\"urn:memcg-playground\" cursor=\"";
const CLOSE: &str = "</memcg:scenario>";

/// The element that holds a scenario.
pub(crate) fn element(text: &str, cursor: usize, link: Option<&str>) -> String {
    let mut out = String::from("<metadata>");
    // Writing to a string cannot fail.
    let _ = write!(out, "{OPEN}{cursor}\"");
    if let Some(link) = link {
        out.push_str(" link=\"");
        escape_into(&mut out, link);
        out.push('"');
    }
    out.push('>');
    escape_into(&mut out, text);
    out.push_str(CLOSE);
    out.push_str("</metadata>\n");
    out
}

/// The scenario inside a picture (or a page with one), if it has one of ours.
///
/// Other programs may rewrite a picture: quotes and further attributes may differ, the element may not.
pub fn embedded(svg: &str) -> Option<Embedded> {
    let (_, rest) = svg.split_once("<memcg:scenario")?;
    let (attributes, rest) = rest.split_once('>')?;
    let (body, _) = rest.split_once(CLOSE)?;
    let attribute = |name| {
        let (_, value) = attributes.split_once(name)?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, _) = value[1..].split_once(quote)?;
        Some(value)
    };
    let cursor = attribute(" cursor=").and_then(|value| value.parse().ok());
    let link = attribute(" link=").map(unescape);
    let body = match body.trim().strip_prefix("<![CDATA[") {
        Some(data) => data.strip_suffix("]]>").unwrap_or(data).into(),
        None => unescape(body),
    };
    Some(Embedded { text: body, cursor: cursor.unwrap_or(0), link })
}

/// Characters of a text of XML; an entity that XML does not know stays as it is.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(12).position(|b| *b == b';');
        match end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = "scenario: a < b & \"c\" > '&lt;' ]]>\nnote:\tx\r\n";
        for link in [None, Some("1:a'b\"c>d")] {
            let read = embedded(&element(text, 7, link));
            let link = link.map(Into::into);
            assert_eq!(read, Some(Embedded { text: text.into(), cursor: 7, link }));
        }
    }

    #[test]
    fn as_other_programs_write_it() {
        let read = |svg| embedded(svg).map(|e| (e.text, e.cursor));
        let other =
            "<svg><memcg:scenario cursor='3' xmlns:memcg='x'>a&#x3c;&apos;&nope;&</memcg:scenario>";
        assert_eq!(read(other), Some(("a<'&nope;&".into(), 3)));
        let data = "<memcg:scenario><![CDATA[a <b>]]></memcg:scenario>";
        assert_eq!(read(data), Some(("a <b>".into(), 0)));
        for damaged in
            ["<svg/>", "<memcg:scenario", "<memcg:scenario>half", "<memcg:scenario cursor=>x"]
        {
            assert_eq!(read(damaged), None, "{damaged}");
        }
    }
}
