//! Checks a file that is to become a plan's picture, before anything decodes it.

use serde::{Deserialize, Serialize};

use super::picture::{PictureKind, PictureSize, measure};

/// Upper bound for an imported file. It is scaled down before it is stored.
pub const SOURCE_MAX_BYTES: usize = 12 * 1024 * 1024;
/// Upper bound for the pixels of an imported PNG or JPEG: decoded, each takes 4 bytes.
const SOURCE_MAX_PIXELS: u64 = 50_000_000;
const SVG_MAX_BYTES: usize = 2 * 1024 * 1024;

/// The format of a file that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Png,
    Jpeg,
    Svg,
}

/// A part of an SVG because of which it isn't drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SvgPart {
    /// Runs code, or has another document or picture in it, which nothing checks.
    Active,
    /// Can make a small file take any time to draw.
    Multiplying,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceProblem {
    NotAPicture,
    TooManyBytes { max: usize },
    TooManyPixels { max: u64 },
    Svg(SvgPart),
}

/// Returns the format of a file to import.
///
/// # Errors
/// Why the file can't be imported.
pub fn check_source(bytes: &[u8]) -> Result<SourceKind, SourceProblem> {
    if bytes.len() > SOURCE_MAX_BYTES {
        return Err(SourceProblem::TooManyBytes { max: SOURCE_MAX_BYTES });
    }
    if let Some(PictureSize { kind, width, height }) = measure(bytes) {
        if u64::from(width) * u64::from(height) > SOURCE_MAX_PIXELS {
            return Err(SourceProblem::TooManyPixels { max: SOURCE_MAX_PIXELS });
        }
        return Ok(match kind {
            PictureKind::Png => SourceKind::Png,
            PictureKind::Jpeg => SourceKind::Jpeg,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| SourceProblem::NotAPicture)?;
    check_svg(text).map(|()| SourceKind::Svg)
}

/// The SVG is shown as an image, where scripts don't run and nothing is loaded. So this refuses early what would be drawn
/// without its content, and what could keep the program busy.
fn check_svg(text: &str) -> Result<(), SourceProblem> {
    let text = text.to_ascii_lowercase();
    if !has_element(&text, "svg") {
        return Err(SourceProblem::NotAPicture);
    }
    if text.len() > SVG_MAX_BYTES {
        return Err(SourceProblem::TooManyBytes { max: SVG_MAX_BYTES });
    }
    if ["script", "foreignobject", "iframe", "image", "feimage"].iter().any(|name| has_element(&text, name))
        || text.contains("data:image/svg")
    {
        return Err(SourceProblem::Svg(SvgPart::Active));
    }
    let multiplies =
        ["use", "pattern", "filter", "marker", "mask", "clippath"].iter().any(|name| has_element(&text, name));
    if multiplies || text.contains("<!entity") {
        return Err(SourceProblem::Svg(SvgPart::Multiplying));
    }
    Ok(())
}

/// Whether the text has a tag with this name, also one with a namespace's prefix.
fn has_element(text: &str, name: &str) -> bool {
    text.split('<').skip(1).any(|tag| {
        let full = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
        full.rsplit(':').next() == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{jpeg_head, png_head};
    use super::*;

    fn svg(inside: &str) -> Result<SourceKind, SourceProblem> {
        check_source(
            format!("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").as_bytes(),
        )
    }

    #[test]
    fn pictures_are_known_by_their_content() {
        let kind = check_source;
        assert_eq!(kind(&png_head(4_000, 3_000)), Ok(SourceKind::Png));
        assert_eq!(kind(&jpeg_head(4_000, 3_000)), Ok(SourceKind::Jpeg));
        assert_eq!(svg("<rect width='9' height='9'/><text>정문</text>"), Ok(SourceKind::Svg));
        for none in [&b""[..], b"GIF89a", b"%PDF-1.7", b"<html><body/></html>", b"\xff\xfe<\0s\0v\0g\0", b"svg"] {
            assert_eq!(kind(none), Err(SourceProblem::NotAPicture));
        }
    }

    #[test]
    fn a_pixel_bomb_and_a_huge_file_are_refused_before_they_are_decoded() {
        let max = SOURCE_MAX_PIXELS;
        assert_eq!(check_source(&png_head(30_000, 30_000)), Err(SourceProblem::TooManyPixels { max }));
        assert_eq!(check_source(&png_head(u32::MAX, u32::MAX)), Err(SourceProblem::TooManyPixels { max }));
        let huge = vec![0; SOURCE_MAX_BYTES + 1];
        assert_eq!(check_source(&huge), Err(SourceProblem::TooManyBytes { max: SOURCE_MAX_BYTES }));
        let long = format!("<svg>{}</svg>", " ".repeat(SVG_MAX_BYTES));
        assert_eq!(check_source(long.as_bytes()), Err(SourceProblem::TooManyBytes { max: SVG_MAX_BYTES }));
    }

    #[test]
    fn a_hostile_svg_is_refused() {
        for active in [
            "<script>alert(1)</script>",
            "<SCRIPT href='//example.com/x'/>",
            "<svg:script>1</svg:script>",
            "<script\n>1</script>",
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
            "<iframe/>",
            "<image href='data:image/svg+xml;base64,AA'/>",
            "<rect style='mask-image: url(data:image/svg+xml;base64,AA)'/>",
        ] {
            assert_eq!(svg(active), Err(SourceProblem::Svg(SvgPart::Active)), "{active}");
        }
        for multiplying in
            ["<g id='a'/><use href='#a'/>", "<pattern/>", "<filter/>", "<s:use/>", "<mask/>", "<clipPath/>"]
        {
            assert_eq!(svg(multiplying), Err(SourceProblem::Svg(SvgPart::Multiplying)), "{multiplying}");
        }
        let entities = b"<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg>&b;</svg>";
        assert_eq!(check_source(entities), Err(SourceProblem::Svg(SvgPart::Multiplying)));
    }
}
