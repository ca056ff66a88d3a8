//! Pictures that carry their scenario, dropped on the page or pasted as text.

use memcg_render::held_in;
use memcg_scenario::link;

/// A link that opens what a picture, a bitmap or a page of `memcg render` holds.
///
/// # Errors
/// Why it holds nothing that can be opened.
pub fn picture(bytes: &[u8]) -> Result<String, String> {
    let held = held_in(bytes).map_err(|missing| missing.to_string())?;
    // Edited listings are only in the link. One that says nothing leaves the text.
    let readable = |fragment: &String| link::decode(fragment).shared.is_some();
    if let Some(fragment) = held.link.filter(readable) {
        return Ok(fragment);
    }
    // Behind the text, so that mistakes in it have their lines.
    let text = format!("{}\ncursor:{}\n", held.text, held.cursor);
    link::encode_text(&text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_opens_where_it_was_drawn() {
        let svg = "<svg><memcg:scenario cursor='2'>hierarchy:\n a\nthreads:\n k: reclaim a\nschedule:\n k x3\n</memcg:scenario></svg>";
        let decoded = link::decode(&picture(svg.as_bytes()).expect("it holds one"));
        let shared = decoded.shared.expect("it is sound");
        assert_eq!((shared.cursor, shared.scenario.schedule.len()), (2, 3));
        assert_eq!((decoded.trouble, decoded.diagnostics), (vec![], vec![]));
    }

    #[test]
    fn a_link_goes_before_the_text_if_it_says_anything() {
        let with = |link: &str| {
            let svg =
                format!("<svg><memcg:scenario link='{link}'>scenario: text</memcg:scenario></svg>");
            let fragment = picture(svg.as_bytes()).expect("it holds one");
            link::decode(&fragment).shared.expect("it is sound").scenario.title
        };
        assert_eq!(with("1t:scenario:link"), "link");
        assert_eq!(with("javascript:alert(1)"), "text");
        assert_eq!(with("9:abc"), "text");
    }

    #[test]
    fn what_holds_none_says_why() {
        let why = |bytes: &[u8]| picture(bytes).expect_err("it holds none");
        assert!(why(b"<svg></svg>").starts_with("there is no scenario in it"));
        assert!(why(b"<svg><memcg:scen").starts_with("it ends too early"));
    }
}
