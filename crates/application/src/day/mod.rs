//! The figures of a day, and its close at this terminal (ADR 0044).
//!
//! A day is one in Seoul, and what happened counts on the day on which it happened. The figures of what Mypage has lines
//! for are the sums of those lines.

mod close;
mod figures;
mod report;

use chrono::NaiveDate;
use nosmoke_domain::days::seoul_date;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

use crate::queries::Queries;

/// Reads a date that isn't later than today.
fn day_of(queries: &Queries, text: &str) -> Result<NaiveDate, AppError> {
    let invalid = |detail: String| AppError::with(ErrorCode::InvalidInput, json!({ "detail": detail }));
    let day: NaiveDate = text.parse().map_err(|_| invalid(format!("not a date of the form 2026-11-23: {text}")))?;
    // Facts are stamped by the PC's clock, which may be ahead.
    if day > seoul_date(queries.core.present.moment().max(queries.core.clock.now())) {
        return Err(invalid(format!("{day} is in the future")));
    }
    Ok(day)
}
