//! The scenario inside a picture: written into its metadata, and read back when the picture is dropped on the page.

use crate::text::escape_into;
use alloc::{string::String, vec::Vec};
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

/// Why a file gives no scenario.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Missing {
    /// It is neither a bitmap nor a picture or page of markup.
    NoPicture,
    /// It ends too early to be whole, and before the scenario is over.
    Cut,
    /// It is whole, and holds none.
    Foreign,
}

impl core::fmt::Display for Missing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoPicture => "it is no SVG, PNG or HTML",
            Self::Cut => "it ends too early, before the scenario in it is over",
            Self::Foreign => {
                "there is no scenario in it: files made by memcg render have one, unless another \
                 program took it out"
            }
        })
    }
}

/// What a bitmap's chunk of text is called that holds the element.
const KEYWORD: &[u8] = b"memcg:scenario";
/// What every PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const NAME: &str = "<memcg:scenario";
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
    let (_, rest) = svg.split_once(NAME)?;
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

/// The scenario inside a file's bytes: a bitmap, a picture or a page. `None` if that is not one of ours, or damaged.
///
/// A text that is no markup (a scenario, a diagram that quotes one) is not looked into.
pub fn embedded_in(bytes: &[u8]) -> Option<Embedded> {
    held_in(bytes).ok()
}

/// As [`embedded_in`], with the reason where there is none.
///
/// # Errors
/// If there is no scenario, see [`Missing`].
pub fn held_in(bytes: &[u8]) -> Result<Embedded, Missing> {
    if let Some(chunks) = bytes.strip_prefix(PNG) {
        return embedded(&text_chunk(chunks)?).ok_or(Missing::Foreign);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    if bytes.first() != Some(&b'<') {
        return Err(Missing::NoPicture);
    }
    let cut = if bytes.last() == Some(&b'>') { Missing::Foreign } else { Missing::Cut };
    // Only the element is made a text: the file may be large, and the rest of it anything.
    let from = find(bytes, NAME).ok_or(cut)?;
    let element = &bytes[from..];
    let to = find(element, CLOSE).ok_or(Missing::Cut)? + CLOSE.len();
    embedded(&String::from_utf8_lossy(&element[..to])).ok_or(Missing::Foreign)
}

fn find(bytes: &[u8], what: &str) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what.as_bytes())
}

/// The data of a chunk `iTXt` for a bitmap that holds what this picture holds; `None` if it holds nothing.
///
/// The chunk's length, type and checksum are for the caller to add.
pub fn text_of_bitmap(svg: &str) -> Option<Vec<u8>> {
    let held = embedded(svg)?;
    let mut out = KEYWORD.to_vec();
    // Neither compressed nor in any language.
    out.extend([0; 5]);
    out.extend(element(&held.text, held.cursor, held.link.as_deref()).into_bytes());
    Some(out)
}

/// Our text among the chunks of a bitmap.
fn text_chunk(mut chunks: &[u8]) -> Result<String, Missing> {
    loop {
        let (length, rest) = chunks.split_first_chunk::<4>().ok_or(Missing::Cut)?;
        let (kind, rest) = rest.split_first_chunk::<4>().ok_or(Missing::Cut)?;
        if kind == b"IEND" {
            return Err(Missing::Foreign);
        }
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let data = rest.get(..length).ok_or(Missing::Cut)?;
        if kind == b"iTXt"
            && let Some(text) =
                data.strip_prefix(KEYWORD).and_then(|data| data.strip_prefix(&[0, 0]))
        {
            // Method, language and translated keyword stand before the text.
            let text = text.splitn(3, |b| *b == 0).nth(2).ok_or(Missing::Foreign)?;
            return Ok(String::from_utf8_lossy(text).into_owned());
        }
        // Behind the data is a checksum.
        chunks = rest.get(length..).and_then(|rest| rest.get(4..)).ok_or(Missing::Cut)?;
    }
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

    /// A bitmap with this data in a chunk of this kind.
    fn bitmap(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let length = |n: usize| u32::try_from(n).unwrap_or(0).to_be_bytes();
        let head = [PNG, &length(2), b"IHDR", &[7, 7], &[0; 4]].concat();
        [&head[..], &length(data.len()), kind, data, &[0; 4], &length(0), b"IEND", &[0; 4]].concat()
    }

    #[test]
    fn bitmaps() {
        let svg = element("note: \u{2026} <&>\n", 3, Some("1:x"));
        let data = text_of_bitmap(&svg).expect("it holds something");
        let png = bitmap(b"iTXt", &data);
        assert_eq!(embedded_in(&png), embedded(&svg));
        assert_eq!(embedded_in(&bitmap(b"tEXt", &data)), None);
        assert_eq!(embedded_in(&bitmap(b"iTXt", b"Comment\0\0\0\0\0x")), None);
        for n in 0..png.len() {
            // A file that was cut off after the chunk still holds it, one cut off before does not.
            let read = embedded_in(&png[..n]);
            assert!(read.is_none() || read == embedded(&svg), "{n}");
        }
        assert_eq!(embedded_in(svg.as_bytes()), embedded(&svg));
        assert_eq!(embedded_in(b"scenario: <memcg:scenario>x</memcg:scenario>"), None, "a text");
    }

    #[test]
    fn why_there_is_none() {
        let why = |bytes: &[u8]| held_in(bytes).err();
        let svg = ["<svg>", &element("note: x\n", 1, None), "</svg>\n"].concat();
        let end = svg.find(CLOSE).expect("it has one") + CLOSE.len();
        for n in 1..svg.len() {
            let wanted = match n {
                n if n >= end => None,
                // Cut between two elements it looks whole.
                n if svg.as_bytes()[n - 1] == b'>' && !svg[..n].contains(NAME) => {
                    Some(Missing::Foreign)
                }
                _ => Some(Missing::Cut),
            };
            assert_eq!(why(&svg.as_bytes()[..n]), wanted, "{n}");
        }
        let png = bitmap(b"tEXt", b"x");
        assert_eq!(why(&png), Some(Missing::Foreign));
        for n in PNG.len()..png.len() - 4 {
            assert_eq!(why(&png[..n]), Some(Missing::Cut), "{n}");
        }
        // A chunk that says it has 4 GiB.
        assert_eq!(why(&[PNG, &[0xff; 40]].concat()), Some(Missing::Cut));
        assert_eq!(
            why(b"<memcg:scenario></memcg:scenario>\xff\xff"),
            None,
            "what is around it may be anything"
        );
        assert_eq!(
            (why(b""), why(b"hierarchy:\n")),
            (Some(Missing::NoPicture), Some(Missing::NoPicture))
        );
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
