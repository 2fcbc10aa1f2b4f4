//! The plan of a site: shapes that a manager draws over a picture, and the pieces in which the picture travels.

mod drawing;
mod import;
mod picture;
#[cfg(test)]
mod sample;

pub use drawing::{
    Coordinates, DRAWING_SIDES, Drawing, DrawingProblem, LABEL_MAX, SHAPE_SIDE_MIN, SHAPES_MAX, Shape, ShapeKind,
};
pub use import::{SOURCE_MAX_BYTES, SourceKind, SourceProblem, SvgPart, check_source};
pub use picture::{
    PICTURE_MAX_BYTES, PIECE_MAX_BYTES, PIECES_MAX, PictureHead, PictureKind, PictureProblem, PictureSize,
    STORED_SIDE_MAX, assemble, cut, measure, piece_id,
};
