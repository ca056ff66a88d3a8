//! A figure as a bitmap, drawn with the fonts of the system, with the figure's scenario inside.

use resvg::{tiny_skia, usvg};

/// Pixels of a bitmap at most, so that a figure of many lanes cannot take all memory.
const N_PIXELS_MAX: u64 = 100_000_000;

/// Draws a figure at this scale.
///
/// # Errors
/// If the figure is too large, or the system has no font that could draw its text.
pub(crate) fn png(svg: &str, scale: u8) -> Result<Vec<u8>, String> {
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let fallback = ["Inter", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"];
    let known = |family: &&&str| {
        let families = [usvg::fontdb::Family::Name(family)];
        fonts
            .query(&usvg::fontdb::Query { families: &families, ..usvg::fontdb::Query::default() })
            .is_some()
    };
    let Some(family) = fallback.iter().find(known) else {
        return Err(format!(
            "no font to draw text with: install one of {}, or take --svg",
            fallback.join(", ")
        ));
    };
    fonts.set_sans_serif_family(*family);
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| format!("the figure: {e}"))?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * u32::from(scale), size.height() * u32::from(scale));
    let n_pixels = u64::from(width) * u64::from(height);
    let mut pixels = Some(())
        .filter(|()| n_pixels <= N_PIXELS_MAX)
        .and_then(|()| tiny_skia::Pixmap::new(width, height))
        .ok_or_else(|| {
            format!(
                "a picture of {width} by {height} pixels is too large: take a smaller --scale, or \
                 --svg"
            )
        })?;
    let scale = f32::from(scale);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let png = pixels.encode_png().map_err(|e| e.to_string())?;
    Ok(with_text(png, memcg_render::text_of_bitmap(svg)))
}

/// The bitmap with a chunk of text before its last chunk, which is empty and has 12 bytes.
fn with_text(mut png: Vec<u8>, text: Option<Vec<u8>>) -> Vec<u8> {
    let Some((text, at)) = text.zip(png.len().checked_sub(12)) else { return png };
    let Ok(length) = u32::try_from(text.len()) else { return png };
    let mut checksum = flate2::Crc::new();
    checksum.update(b"iTXt");
    checksum.update(&text);
    let chunk =
        [&length.to_be_bytes(), &b"iTXt"[..], &text, &checksum.sum().to_be_bytes()].concat();
    png.splice(at..at, chunk);
    png
}
