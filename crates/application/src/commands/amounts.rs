//! Parses the unchecked numbers of commands as amounts.

use chrono::{DateTime, Datelike, Utc};
use nosmoke_domain::points::{Delta, MAX_AMOUNT, Points};
use nosmoke_ports::contract::{AppError, ErrorCode, Numeral, UtcMs};
use serde_json::{Value, json};

/// Parses points from 1 to `max`.
///
/// # Errors
/// `not_whole`, `out_of_range`.
pub(super) fn points(field: &'static str, numeral: &Numeral, max: u64) -> Result<Points, AppError> {
    let range = || out_of_range(field, 1, max);
    let amount = whole(field, numeral)?.ok_or_else(range)?;
    let amount = u64::try_from(amount).ok().filter(|amount| *amount <= max).ok_or_else(range)?;
    Points::new(amount).map_err(|_| range())
}

/// Parses the signed points of a correction.
///
/// # Errors
/// `not_whole`, `out_of_range`.
pub(super) fn delta(field: &'static str, numeral: &Numeral) -> Result<Delta, AppError> {
    let range = || {
        AppError::with(ErrorCode::OutOfRange, json!({ "field": field, "min": -(MAX_AMOUNT as i64), "max": MAX_AMOUNT }))
    };
    let amount = whole(field, numeral)?.and_then(|amount| i64::try_from(amount).ok()).ok_or_else(range)?;
    Delta::new(amount).map_err(|_| range())
}

/// Reads a moment in milliseconds (UTC).
///
/// # Errors
/// `invalid_input` if it is outside the years 0 to 9999.
pub(super) fn moment(field: &'static str, ms: UtcMs) -> Result<DateTime<Utc>, AppError> {
    let moment = DateTime::from_timestamp_millis(ms).filter(|moment| (0..=9999).contains(&moment.year()));
    moment.ok_or_else(|| AppError::with(ErrorCode::InvalidInput, json!({ "detail": field })))
}

/// Parses a number of people from 1 to `max`.
///
/// # Errors
/// `not_whole`, `out_of_range`.
pub(super) fn people(field: &'static str, numeral: &Numeral, max: u64) -> Result<u32, AppError> {
    let amount = points(field, numeral, max)?.get();
    u32::try_from(amount).map_err(|_| out_of_range(field, 1, max))
}

/// Parses a JSON number, or a JSON text that contains a number, as a whole number; `None` if it is too large for any
/// field.
fn whole(field: &'static str, numeral: &Numeral) -> Result<Option<i128>, AppError> {
    let not_whole = || AppError::with(ErrorCode::NotWhole, json!({ "field": field }));
    let text = match &numeral.0 {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(not_whole()),
    };
    if let Ok(whole) = text.parse::<i128>() {
        return Ok(Some(whole));
    }
    let digits = text.strip_prefix('-').unwrap_or(&text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    match text.parse::<f64>() {
        // serde_json returns integers beyond 64 bits as floating point numbers.
        Ok(float) if numeral.0.is_number() && float.fract() == 0.0 && float.abs() > 9.0e15 => Ok(None),
        _ => Err(not_whole()),
    }
}

fn out_of_range(field: &'static str, min: u64, max: u64) -> AppError {
    AppError::with(ErrorCode::OutOfRange, json!({ "field": field, "min": min, "max": max }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(json: &str) -> Result<u64, ErrorCode> {
        let numeral = Numeral(serde_json::from_str(json).unwrap());
        points("points", &numeral, 1000).map(Points::get).map_err(|error| error.code)
    }

    #[test]
    fn only_whole_numbers_in_range_are_amounts() {
        assert_eq!(code("100"), Ok(100));
        assert_eq!(code("\"100\""), Ok(100));
        for (json, expected) in [
            ("0", ErrorCode::OutOfRange),
            ("-1", ErrorCode::OutOfRange),
            ("1001", ErrorCode::OutOfRange),
            ("99999999999999999999999999", ErrorCode::OutOfRange),
            ("\"99999999999999999999999999999999999999999999\"", ErrorCode::OutOfRange),
            ("1e300", ErrorCode::OutOfRange),
            ("1.5", ErrorCode::NotWhole),
            ("\"1.5\"", ErrorCode::NotWhole),
            ("\"\"", ErrorCode::NotWhole),
            ("\"백\"", ErrorCode::NotWhole),
            ("null", ErrorCode::NotWhole),
            ("[]", ErrorCode::NotWhole),
            ("true", ErrorCode::NotWhole),
        ] {
            assert_eq!(code(json), Err(expected), "{json}");
        }
    }
}
