//! The figures of a day, and its close at this terminal (ADR 0044).
//!
//! A day is one in Seoul, and what happened counts on the day on which it happened. The figures of what Mypage has lines
//! for are the sums of those lines.

mod close;
mod figures;
mod report;

pub(crate) use figures::{Figures, departures_of};
pub(crate) use report::{endings, other_terminals, refusals};

use chrono::NaiveDate;
use nosmoke_domain::days::seoul_date;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

use crate::queries::Queries;

/// Reads a date of the form `2026-11-23`.
pub(crate) fn date_of(text: &str) -> Result<NaiveDate, AppError> {
    text.parse().map_err(|_| invalid(format!("not a date of the form 2026-11-23: {text}")))
}

pub(crate) fn invalid(detail: String) -> AppError {
    AppError::with(ErrorCode::InvalidInput, json!({ "detail": detail }))
}

/// Reads a date that isn't later than today.
pub(crate) fn day_of(queries: &Queries, text: &str) -> Result<NaiveDate, AppError> {
    let day = date_of(text)?;
    // Facts are stamped by the PC's clock, which may be ahead.
    if day > seoul_date(queries.core.present.moment().max(queries.core.clock.now())) {
        return Err(invalid(format!("{day} is in the future")));
    }
    Ok(day)
}
