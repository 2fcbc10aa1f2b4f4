//! A plan's picture, and the pieces in which it travels. A piece's id is the hash of its bytes: pieces may come in any
//! order and repeatedly, and one with other bytes can't take the place of another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::PieceId;

/// Upper bound for a stored picture.
pub const PICTURE_MAX_BYTES: usize = 512 * 1024;
/// Upper bound for a piece: as Base64 it stays below the size of a message with what goes with it.
pub const PIECE_MAX_BYTES: usize = 45_000;
pub const PIECES_MAX: usize = PICTURE_MAX_BYTES.div_ceil(PIECE_MAX_BYTES);
/// Upper bound for the sides of a stored picture, in pixels: a small file can hold a huge picture.
pub const STORED_SIDE_MAX: u32 = 4_000;

/// The formats that are stored and shown. An SVG is drawn once when it is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    Png,
    Jpeg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    pub kind: PictureKind,
    pub width: u32,
    pub height: u32,
}

/// What a plan says of its picture: enough to tell whether all of it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureHead {
    pub bytes: u32,
    /// In their order.
    pub pieces: Vec<PieceId>,
}

impl PictureHead {
    /// Whether the number of pieces fits the size; another terminal may have written anything.
    pub fn is_sound(&self) -> bool {
        let bytes = self.bytes as usize;
        (1..=PICTURE_MAX_BYTES).contains(&bytes) && self.pieces.len() == bytes.div_ceil(PIECE_MAX_BYTES)
    }
}

/// Why there is no picture to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureProblem {
    /// Pieces haven't come yet.
    Missing { have: usize },
    /// The bytes are no PNG or JPEG, or a larger one than may be stored.
    Unusable,
}

pub fn piece_id(bytes: &[u8]) -> PieceId {
    let mut id = [0; 16];
    id.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    PieceId(Uuid::from_bytes(id))
}

/// Cuts a picture into pieces; `None` if it isn't one that may be stored.
pub fn cut(picture: &[u8]) -> Option<(PictureHead, Vec<&[u8]>)> {
    if picture.len() > PICTURE_MAX_BYTES || !measure(picture).is_some_and(is_storable) {
        return None;
    }
    let pieces: Vec<_> = picture.chunks(PIECE_MAX_BYTES).collect();
    let bytes = u32::try_from(picture.len()).ok()?;
    Some((PictureHead { bytes, pieces: pieces.iter().map(|piece| piece_id(piece)).collect() }, pieces))
}

/// Puts a picture together from its pieces, in their order; `None` for one that hasn't come.
///
/// # Errors
/// Why the picture can't be shown.
pub fn assemble(head: &PictureHead, pieces: &[Option<Vec<u8>>]) -> Result<(PictureSize, Vec<u8>), PictureProblem> {
    let have = pieces.iter().flatten().count();
    if have < head.pieces.len() {
        return Err(PictureProblem::Missing { have });
    }
    let bytes = pieces.iter().flatten().flatten().copied().collect::<Vec<u8>>();
    let size = measure(&bytes).filter(|size| is_storable(*size) && bytes.len() == head.bytes as usize);
    size.map(|size| (size, bytes)).ok_or(PictureProblem::Unusable)
}

const fn is_storable(size: PictureSize) -> bool {
    size.width <= STORED_SIDE_MAX && size.height <= STORED_SIDE_MAX
}

/// Reads the format and the size from a picture's first bytes, without decoding it.
pub fn measure(bytes: &[u8]) -> Option<PictureSize> {
    let (kind, (width, height)) = match png(bytes) {
        Some(size) => (PictureKind::Png, size),
        None => (PictureKind::Jpeg, jpeg(bytes)?),
    };
    (width > 0 && height > 0).then_some(PictureSize { kind, width, height })
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.strip_prefix(&[0, 0, 0, 13])?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// Looks for the frame header, which has the size; every segment before it names its own length.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (marker, after) = match rest {
            [0xff, 0xff, ..] => {
                rest = &rest[1..];
                continue;
            }
            [0xff, marker, after @ ..] => (*marker, after),
            _ => return None,
        };
        let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
        let segment = after.get(2..length)?;
        // The frame headers, without the three of this range that are tables.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |at: usize| Some(u32::from(u16::from_be_bytes(segment.get(at..at + 2)?.try_into().ok()?)));
            return Some((side(3)?, side(1)?));
        }
        if marker == 0xda {
            return None;
        }
        rest = after.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{jpeg_head, png_head};
    use super::*;

    fn padded(mut head: Vec<u8>, bytes: usize) -> Vec<u8> {
        head.extend((head.len()..bytes).map(|at| u8::try_from(at % 251).unwrap()));
        head
    }

    fn held(pieces: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
        pieces.iter().map(|piece| Some(piece.to_vec())).collect()
    }

    #[test]
    fn the_size_is_read_from_the_first_bytes() {
        let size = |kind, width, height| Some(PictureSize { kind, width, height });
        assert_eq!(measure(&png_head(640, 480)), size(PictureKind::Png, 640, 480));
        assert_eq!(measure(&jpeg_head(640, 480)), size(PictureKind::Jpeg, 640, 480));
        assert_eq!(measure(&png_head(u32::MAX, 1)), size(PictureKind::Png, u32::MAX, 1));
        for none in [png_head(0, 480), jpeg_head(640, 0), vec![], b"GIF89a".to_vec(), b"<svg/>".to_vec()] {
            assert_eq!(measure(&none), None);
        }
        // A header that ends too early, and a segment that claims a length of 0 or 1.
        for head in [png_head(640, 480), jpeg_head(640, 480)] {
            for end in 0..head.len() {
                assert_eq!(measure(&head[..end]), None, "{end}");
            }
        }
        assert_eq!(measure(&[0xff, 0xd8, 0xff, 0xe0, 0, 1, 0, 0]), None);
    }

    #[test]
    fn a_picture_comes_back_from_its_pieces() {
        for bytes in [100, PIECE_MAX_BYTES, PIECE_MAX_BYTES + 1, PICTURE_MAX_BYTES] {
            let picture = padded(png_head(800, 600), bytes);
            let (head, pieces) = cut(&picture).unwrap();
            assert!(head.is_sound() && pieces.len() <= PIECES_MAX);
            assert_eq!(assemble(&head, &held(&pieces)).unwrap().1, picture);
        }
        assert_eq!(PIECES_MAX, 12);
    }

    #[test]
    fn a_picture_is_shown_only_once_all_of_it_has_come() {
        let picture = padded(png_head(800, 600), 2 * PIECE_MAX_BYTES + 7);
        let (head, pieces) = cut(&picture).unwrap();
        for missing in 0..3 {
            let mut some = held(&pieces);
            some[missing] = None;
            assert_eq!(assemble(&head, &some), Err(PictureProblem::Missing { have: 2 }));
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_neither_stored_nor_shown() {
        let bomb = padded(png_head(STORED_SIDE_MAX + 1, 1), 100);
        assert_eq!(cut(&bomb), None);
        assert_eq!(cut(&padded(png_head(1, 1), PICTURE_MAX_BYTES + 1)), None);
        assert_eq!(cut(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        // Another terminal names them nevertheless.
        for bytes in [bomb, b"<svg onload='alert(1)'/>".to_vec()] {
            let head = PictureHead { bytes: u32::try_from(bytes.len()).unwrap(), pieces: vec![piece_id(&bytes)] };
            assert_eq!(assemble(&head, &[Some(bytes)]), Err(PictureProblem::Unusable));
        }
        let (head, pieces) = (padded(png_head(8, 8), 100), held(&[&padded(png_head(8, 8), 100)]));
        let wrong = PictureHead { bytes: 99, pieces: vec![piece_id(&head)] };
        assert_eq!(assemble(&wrong, &pieces), Err(PictureProblem::Unusable));
    }

    #[test]
    fn the_number_of_pieces_must_fit_the_size() {
        let head = |bytes, pieces| PictureHead { bytes, pieces: vec![PieceId(Uuid::nil()); pieces] };
        assert!(head(1, 1).is_sound() && head(45_001, 2).is_sound() && head(524_288, 12).is_sound());
        for unsound in [head(0, 0), head(1, 2), head(45_001, 1), head(524_289, 12), head(u32::MAX, 12)] {
            assert!(!unsound.is_sound(), "{unsound:?}");
        }
    }
}
