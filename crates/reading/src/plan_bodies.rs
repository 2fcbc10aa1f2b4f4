//! The JSON bodies of a plan and of a piece of its picture, and what makes them usable: another terminal may have written
//! anything.

use data_encoding::BASE64;
use nosmoke_domain::ids::PieceId;
use nosmoke_domain::site::{Drawing, PIECE_MAX_BYTES, PictureHead, Shape, piece_id};
use nosmoke_ports::limits::{NAME_MAX, check_needed};
use serde::{Deserialize, Serialize};

/// The plan of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanBody {
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub shapes: Vec<Shape>,
    /// `None` for a plan that is drawn from scratch.
    pub picture: Option<PictureHead>,
    #[serde(default)]
    pub retired: bool,
}

impl PlanBody {
    pub fn drawing(&self) -> Drawing {
        Drawing { width: self.width, height: self.height, shapes: self.shapes.clone() }
    }

    pub(crate) fn is_sound(&self) -> bool {
        check_needed("name", &self.name, NAME_MAX).is_ok()
            && self.drawing().check().is_ok()
            && self.picture.as_ref().is_none_or(PictureHead::is_sound)
    }
}

/// A piece of a picture. Its bytes are taken out once no plan has needed it for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PieceBody {
    /// Base64.
    pub data: String,
}

impl PieceBody {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { data: BASE64.encode(bytes) }
    }

    /// Returns the bytes; `None` if they were taken out.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        BASE64.decode(self.data.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
    }

    /// Whether these are the bytes with this id, or none.
    pub(crate) fn belongs_to(&self, id: PieceId) -> bool {
        let bytes = BASE64.decode(self.data.as_bytes());
        bytes.is_ok_and(|bytes| bytes.is_empty() || (bytes.len() <= PIECE_MAX_BYTES && piece_id(&bytes) == id))
    }
}

#[cfg(test)]
mod tests {
    use nosmoke_domain::site::SHAPE_SIDE_MIN;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_piece_has_the_bytes_that_its_id_says_or_none() {
        let piece = PieceBody::of(b"a picture");
        assert!(piece.belongs_to(piece_id(b"a picture")) && !piece.belongs_to(piece_id(b"another")));
        let emptied = PieceBody { data: String::new() };
        assert!(emptied.belongs_to(piece_id(b"a picture")) && emptied.bytes().is_none());
        assert!(!PieceBody { data: "a?".into() }.belongs_to(piece_id(b"a picture")));
        let large = vec![7; PIECE_MAX_BYTES + 1];
        assert!(!PieceBody::of(&large).belongs_to(piece_id(&large)));
    }

    #[test]
    fn a_plan_of_another_terminal_must_be_one_that_could_be_saved_here() {
        let is_sound = |change: serde_json::Value| {
            let mut body = json!({
                "name": "본관", "width": 800, "height": 600, "picture": null,
                "shapes": [{
                    "kind": "entrance", "x": 0, "y": 0, "width": SHAPE_SIDE_MIN, "height": SHAPE_SIDE_MIN,
                    "area": null, "label": null, "at": null,
                }],
            });
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            serde_json::from_value::<PlanBody>(body).is_ok_and(|body| body.is_sound())
        };
        assert!(is_sound(json!({})) && is_sound(json!({ "retired": true, "of a newer version": 1 })));
        for unsound in [
            json!({ "name": " " }),
            json!({ "name": "가".repeat(NAME_MAX + 1) }),
            json!({ "width": 5 }),
            json!({ "width": -800 }),
            json!({ "shapes": null }),
            json!({ "picture": { "bytes": 600_000, "pieces": [] } }),
        ] {
            assert!(!is_sound(unsound.clone()), "{unsound}");
        }
    }
}
