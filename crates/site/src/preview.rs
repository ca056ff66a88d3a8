//! What programs that show a preview of a link are told, by the names of `OpenGraph`.
//!
//! They want whole addresses, which only who publishes the page knows (`--url`). Without one the picture's address stays
//! relative, which some of them understand and most do not; nothing else minds. A link's fragment never reaches them:
//! whatever scenario it holds, the preview is the page's.

use std::fmt::Write as _;

/// The first of our elements in a page, and how an address stands in them.
const MARK: &str = "<meta property=\"og:type\"";
const URL: &str = "<meta property=\"og:url\" content=\"";
/// As `bitmap::preview` draws it.
pub(crate) const SIZE: (u32, u32) = (1200, 630);

/// A page that previews are shown of.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Page<'a> {
    /// Its file; empty for the folder's own page.
    pub(crate) file: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
}

/// An address that can stand before the name of a file.
///
/// # Errors
/// If it is no address of a folder.
pub(crate) fn sound(url: &str) -> Result<String, String> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let strange = ['"', '<', '>', '&', ' ', '#', '?'];
    let is_sound =
        |host: &&str| !host.is_empty() && !host.starts_with('/') && !host.contains(strange);
    match host.filter(is_sound) {
        Some(_) if url.ends_with('/') => Ok(url.into()),
        Some(_) => Ok(format!("{url}/")),
        None => Err(format!(
            "--url takes the address of the folder, such as https://example.org/memcg/, not \"{url}\""
        )),
    }
}

/// The address that a page was completed with.
pub(crate) fn url_of(page: &str) -> Option<String> {
    let (_, rest) = page.split_once(URL)?;
    rest.split('"').next().map(str::to_owned)
}

/// The page with our elements behind its title; what has them stays as it is.
pub(crate) fn filled(html: &str, page: Page, url: Option<&str>) -> String {
    if html.contains(MARK) {
        return html.to_owned();
    }
    let Page { file, title, description } = page;
    let base = url.unwrap_or_default();
    let (width, height) = SIZE;
    let mut head = format!("</title>{MARK} content=\"website\">");
    let mut tell = |name: &str, value: &str| {
        let _ = write!(head, "<meta property=\"og:{name}\" content=\"{value}\">");
    };
    tell("title", title);
    tell("description", description);
    if url.is_some() {
        tell("url", &format!("{base}{file}"));
    }
    tell("image", &format!("{base}preview.png"));
    tell("image:width", &width.to_string());
    tell("image:height", &height.to_string());
    tell(
        "image:alt",
        "Three policies under one schedule: two begin anew again and again, one finishes its rounds",
    );
    head.push_str("<meta name=\"twitter:card\" content=\"summary_large_image\">");
    html.replacen("</title>", &head, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page = Page { file: "", title: "A title", description: "What it is" };

    #[test]
    fn addresses_are_whole_or_relative() {
        let html = "<title>x</title><p>";
        let relative = filled(html, PAGE, None);
        assert!(
            relative.contains("\"og:image\" content=\"preview.png\"")
                && !relative.contains("og:url")
        );
        let whole = filled(html, Page { file: "g.html", ..PAGE }, Some("https://x.example/a/"));
        assert!(whole.contains("\"https://x.example/a/preview.png\""), "{whole}");
        assert_eq!(url_of(&whole).as_deref(), Some("https://x.example/a/g.html"));
        assert_eq!(filled(&whole, PAGE, None), whole, "once is enough");
        assert!(whole.ends_with("<p>"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(sound("https://x.example/a").as_deref(), Ok("https://x.example/a/"));
        for wrong in
            ["x.example", "ftp://x/", "https://", "https:///x", "https://x/\"><b>", "https://x/?q"]
        {
            assert!(sound(wrong).is_err(), "{wrong}");
        }
    }
}
