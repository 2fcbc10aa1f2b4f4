//! Reads the amounts of opening balances. Only plain digits are read: a comma or a letter may mean another number than it
//! seems to.

use nosmoke_domain::point::MAX_OPENING_POINTS;
use nosmoke_domain::rules::MAX_PENALTY_POINTS;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

use super::columns::shown;
use super::digits::is_digits;

/// The names of the fields in errors.
const POINTS: &str = "openingPoints";
const PENALTY_POINTS: &str = "penaltyPoints";

/// What a customer brings along. `None` where the list has nothing or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    pub points: Option<u32>,
    pub penalty_points: Option<u32>,
}

impl Opening {
    /// Reads the cells of points and penalty points; a spreadsheet program may have altered either. An empty cell and 0
    /// are no opening balance.
    ///
    /// # Errors
    /// `not_an_amount`, `out_of_range`.
    pub(super) fn read(points: (&str, bool), penalty_points: (&str, bool)) -> Result<Self, AppError> {
        let (points, penalty_points) = (amount(POINTS, points)?, amount(PENALTY_POINTS, penalty_points)?);
        let opening = Self { points: points.filter(|it| *it > 0), penalty_points: penalty_points.filter(|it| *it > 0) };
        opening.check().map(|()| opening)
    }

    pub const fn is_empty(self) -> bool {
        self.points.is_none() && self.penalty_points.is_none()
    }

    /// Checks that the amounts can be recorded.
    ///
    /// # Errors
    /// `out_of_range`.
    pub fn check(self) -> Result<(), AppError> {
        let max_penalty = u32::try_from(MAX_PENALTY_POINTS).unwrap_or(u32::MAX);
        for (field, amount, max) in
            [(POINTS, self.points, MAX_OPENING_POINTS), (PENALTY_POINTS, self.penalty_points, max_penalty)]
        {
            if amount.is_some_and(|amount| !(1..=max).contains(&amount)) {
                return Err(AppError::with(ErrorCode::OutOfRange, json!({ "field": field, "min": 0, "max": max })));
            }
        }
        Ok(())
    }
}

/// Reads one cell. A number that is negative or too long becomes the largest one, which is out of every range.
fn amount(field: &str, (cell, altered): (&str, bool)) -> Result<Option<u32>, AppError> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if altered || !is_digits(text.strip_prefix('-').unwrap_or(text)) {
        let params = json!({ "field": field, "value": shown(text) });
        return Err(AppError::with(ErrorCode::NotAnAmount, params));
    }
    Ok(Some(text.parse().unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(points: &str, penalty_points: &str) -> Result<(Option<u32>, Option<u32>), String> {
        let read = Opening::read((points, false), (penalty_points, false)).map(|it| (it.points, it.penalty_points));
        read.map_err(|error| format!("{} {}", error.code.word(), error.params["field"].as_str().unwrap()))
    }

    #[test]
    fn only_plain_digits_in_range_are_amounts() {
        assert_eq!(read("1200", "10"), Ok((Some(1200), Some(10))));
        assert_eq!(read(" 0070 ", "1000"), Ok((Some(70), Some(1000))));
        assert_eq!(read("100000000", ""), Ok((Some(100_000_000), None)));
        for nothing in ["", "  ", "0", "000"] {
            assert_eq!(read(nothing, nothing), Ok((None, None)), "{nothing:?}");
        }
        for text in
            ["1,200", "1e9", "1E+09", "１２０", "=1+1", "12.5", "+5", "백", "10P", "1 200", "#VALUE!", "--1", "-"]
        {
            assert_eq!(read(text, ""), Err("not_an_amount openingPoints".into()), "{text}");
            assert_eq!(read("", text), Err("not_an_amount penaltyPoints".into()), "{text}");
        }
        for text in ["-5", "100000001", "1000000000", "99999999999999999999999"] {
            assert_eq!(read(text, ""), Err("out_of_range openingPoints".into()), "{text}");
        }
        let altered = Opening::read(("2026-01-02", true), ("", false)).unwrap_err();
        assert_eq!(altered.code, ErrorCode::NotAnAmount);
        assert_eq!(read("5", "1001"), Err("out_of_range penaltyPoints".into()));
    }
}
