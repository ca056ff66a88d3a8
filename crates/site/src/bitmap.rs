//! Pictures that have to be bitmaps: icons of the installed page, and what link previews show.

use crate::gallery::drawn;
use crate::preview;
use memcg_render::Theme;
use memcg_scenario::opening;
use resvg::{tiny_skia, usvg};
use std::fmt::Write as _;
use std::path::Path;

const ICON: &str = include_str!("../../../web/static/favicon.svg");
/// Icons by name and side: as they are, on a ground that a system may cut to its own shape, and for the home screen.
const ICONS: [(&str, u32, bool); 4] = [
    ("icon-192.png", 192, false),
    ("icon-512.png", 512, false),
    ("icon-maskable-512.png", 512, true),
    ("icon-180.png", 180, true),
];
/// The families of sans serif that figures name.
const FAMILIES: [&str; 5] = ["Inter", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"];

/// Writes the icons.
pub(crate) fn icons(folder: &Path) -> Result<(), String> {
    let inside = ICON.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>"));
    let inside = inside.map_or("", |(inside, _)| inside);
    for (name, side, on_ground) in ICONS {
        let shape = if on_ground {
            // Systems cut up to a fifth off each side.
            format!(
                "<rect width=\"32\" height=\"32\" fill=\"#fdfdfb\"/><g transform=\"translate(7 6.6) scale(.56)\">{inside}</g>"
            )
        } else {
            inside.to_owned()
        };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\" width=\"{side}\" height=\"{side}\">{shape}</svg>"
        );
        super::write(&folder.join(name), &png(&svg, &usvg::Options::default())?)?;
    }
    Ok(())
}

/// The picture of previews: what it is, and how the opening scenario ends.
///
/// # Errors
/// If the system has no font to write with.
pub(crate) fn preview() -> Result<Vec<u8>, String> {
    let (width, height) = preview::SIZE;
    let picture = drawn(opening(), Theme::Light).ok_or("the opening scenario draws nothing")?;
    // Drawn at another size, beside the words.
    let shape = picture.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let inside = picture.split_once('>').map_or("", |(_, inside)| inside);
    let picture = format!(
        "<svg x=\"500\" y=\"90\" width=\"680\" height=\"450\" viewBox=\"{}\">{inside}",
        shape.map_or("0 0 320 200", |(shape, _)| shape)
    );
    let lines = [
        "How the kernel walks",
        "memory cgroups:",
        "step through it,",
        "race two walks,",
        "see what breaks.",
    ];
    let mut told = String::new();
    for (line, y) in lines.iter().zip((278..).step_by(52)) {
        let _ = write!(
            told,
            "<text x=\"72\" y=\"{y}\" font-size=\"36\" fill=\"#484d53\">{line}</text>"
        );
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\"><rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\
         <rect width=\"16\" height=\"{height}\" fill=\"#005f99\"/>{picture}\
         <text x=\"72\" y=\"150\" font-size=\"60\" font-weight=\"700\" fill=\"#1a1c1f\">memcg</text>\
         <text x=\"72\" y=\"208\" font-size=\"60\" font-weight=\"700\" fill=\"#1a1c1f\">playground</text>{told}</svg>"
    );
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let is_known = |family: &&&str| {
        let families = [usvg::fontdb::Family::Name(family)];
        fonts
            .query(&usvg::fontdb::Query { families: &families, ..usvg::fontdb::Query::default() })
            .is_some()
    };
    let Some(family) = FAMILIES.iter().find(is_known) else {
        return Err(format!("no font to write with: install one of {}", FAMILIES.join(", ")));
    };
    fonts.set_sans_serif_family(*family);
    png(&svg, &options)
}

fn png(svg: &str, options: &usvg::Options) -> Result<Vec<u8>, String> {
    let tree = usvg::Tree::from_str(svg, options).map_err(|why| why.to_string())?;
    let size = tree.size().to_int_size();
    let mut pixels =
        tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("a picture without size")?;
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|why| why.to_string())
}
