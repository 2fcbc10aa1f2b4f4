//! The shapes of a plan. Positions are whole units of the drawing, from its upper left corner.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::ids::AreaId;

/// The width and the height that a drawing may have.
pub const DRAWING_SIDES: RangeInclusive<u32> = 100..=4_000;
/// The shortest side of a shape: what can still be seen and grasped.
pub const SHAPE_SIDE_MIN: u32 = 10;
/// Upper bound for the shapes of a plan, so that its document stays below the size of a message.
pub const SHAPES_MAX: usize = 100;
/// Upper bound for a label, in characters.
pub const LABEL_MAX: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// A smoking area, which must be named.
    Area,
    Entrance,
    /// A spot where smoking is forbidden. It may name an area: penalties there are then shown on it too.
    NoSmoking,
}

/// A place on the earth, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(deny_unknown_fields)]
pub struct Coordinates {
    pub latitude: i32,
    pub longitude: i32,
}

impl Coordinates {
    const fn exist(self) -> bool {
        self.latitude.unsigned_abs() <= 90_000_000 && self.longitude.unsigned_abs() <= 180_000_000
    }
}

/// A rectangle on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
pub struct Shape {
    pub kind: ShapeKind,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
    pub area: Option<AreaId>,
    /// What is shown on it; null for the area's name or the word for its kind.
    pub label: Option<String>,
    /// Where the area is on the earth, if a manager entered it.
    pub at: Option<Coordinates>,
}

/// The size of a plan with its shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    pub width: u32,
    pub height: u32,
    pub shapes: Vec<Shape>,
}

/// Why a drawing can't be kept. A shape is named by its position in the list, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawingProblem {
    Size,
    TooManyShapes,
    /// The shape isn't whole inside the drawing, or is too small to be seen.
    Outside(usize),
    AreaMissing(usize),
    LabelTooLong(usize),
    LabelText(usize),
    NoSuchPlace(usize),
}

impl Drawing {
    /// # Errors
    /// The first problem of the drawing.
    pub fn check(&self) -> Result<(), DrawingProblem> {
        if !DRAWING_SIDES.contains(&self.width) || !DRAWING_SIDES.contains(&self.height) {
            return Err(DrawingProblem::Size);
        }
        if self.shapes.len() > SHAPES_MAX {
            return Err(DrawingProblem::TooManyShapes);
        }
        self.shapes.iter().enumerate().try_for_each(|(index, shape)| self.check_shape(index + 1, shape))
    }

    fn check_shape(&self, number: usize, shape: &Shape) -> Result<(), DrawingProblem> {
        let fits = |from: u32, side: u32, whole: u32| {
            side >= SHAPE_SIDE_MIN && from.checked_add(side).is_some_and(|end| end <= whole)
        };
        if !fits(shape.x, shape.width, self.width) || !fits(shape.y, shape.height, self.height) {
            return Err(DrawingProblem::Outside(number));
        }
        if shape.kind == ShapeKind::Area && shape.area.is_none() {
            return Err(DrawingProblem::AreaMissing(number));
        }
        let label = shape.label.as_deref().unwrap_or_default();
        if label.chars().nth(LABEL_MAX).is_some() {
            return Err(DrawingProblem::LabelTooLong(number));
        }
        if label.chars().any(char::is_control) {
            return Err(DrawingProblem::LabelText(number));
        }
        if shape.at.is_some_and(|at| !at.exist()) {
            return Err(DrawingProblem::NoSuchPlace(number));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn shape() -> Shape {
        let area = Some(AreaId(Uuid::from_u128(1)));
        Shape { kind: ShapeKind::Area, x: 10, y: 20, width: 30, height: 40, area, label: None, at: None }
    }

    fn checked(shape: Shape) -> Result<(), DrawingProblem> {
        Drawing { width: 100, height: 100, shapes: vec![shape] }.check()
    }

    #[test]
    fn a_shape_lies_whole_inside_the_drawing_and_can_be_seen() {
        assert_eq!(checked(shape()), Ok(()));
        assert_eq!(checked(Shape { x: 70, ..shape() }), Ok(()));
        for outside in [
            Shape { x: 71, ..shape() },
            Shape { y: 61, ..shape() },
            Shape { x: u32::MAX, ..shape() },
            Shape { width: 9, ..shape() },
            Shape { height: 0, ..shape() },
        ] {
            assert_eq!(checked(outside), Err(DrawingProblem::Outside(1)));
        }
    }

    #[test]
    fn an_area_is_named_and_other_shapes_need_not_name_one() {
        assert_eq!(checked(Shape { area: None, ..shape() }), Err(DrawingProblem::AreaMissing(1)));
        for kind in [ShapeKind::Entrance, ShapeKind::NoSmoking] {
            assert_eq!(checked(Shape { kind, area: None, ..shape() }), Ok(()));
        }
    }

    #[test]
    fn labels_and_coordinates_have_bounds() {
        let labelled = |label: &str| checked(Shape { label: Some(label.to_owned()), ..shape() });
        assert_eq!(labelled(&"가".repeat(LABEL_MAX)), Ok(()));
        assert_eq!(labelled(&"가".repeat(LABEL_MAX + 1)), Err(DrawingProblem::LabelTooLong(1)));
        assert_eq!(labelled("a\u{0}"), Err(DrawingProblem::LabelText(1)));
        let at = |latitude, longitude| checked(Shape { at: Some(Coordinates { latitude, longitude }), ..shape() });
        assert_eq!((at(90_000_000, -180_000_000), at(37_566_500, 126_978_000)), (Ok(()), Ok(())));
        for (latitude, longitude) in [(90_000_001, 0), (0, 180_000_001), (i32::MIN, 0)] {
            assert_eq!(at(latitude, longitude), Err(DrawingProblem::NoSuchPlace(1)));
        }
    }

    #[test]
    fn a_drawing_has_bounds() {
        let drawing = |width, height, shapes: usize| Drawing { width, height, shapes: vec![shape(); shapes] }.check();
        assert_eq!(drawing(4_000, 100, SHAPES_MAX), Ok(()));
        assert_eq!(drawing(4_001, 100, 0), Err(DrawingProblem::Size));
        assert_eq!(drawing(100, 99, 0), Err(DrawingProblem::Size));
        assert_eq!(drawing(100, 100, SHAPES_MAX + 1), Err(DrawingProblem::TooManyShapes));
    }
}
