//! Upper bounds for texts from outside, in characters. A text is kept exactly as given, or refused; only cards have
//! a form of their own.

use serde_json::json;

use crate::contract::{AppError, ErrorCode, ProfileInput};

pub const NAME_MAX: usize = 200;
pub const PHONE_MAX: usize = 40;
pub const CARD_MAX: usize = 64;
pub const NOTE_MAX: usize = 500;
/// Upper bound for the reason why a context is stopped.
pub const STOP_REASON_MAX: usize = 80;
pub const KEY_MAX: usize = 128;
/// Upper bound for the capacity of an area, in people.
pub const CAPACITY_MAX: u64 = 100_000;

/// Checks a required text.
///
/// # Errors
/// `empty`, `too_long`, `invalid_text`.
pub fn check_needed(field: &'static str, text: &str, max: usize) -> Result<(), AppError> {
    if text.chars().all(char::is_whitespace) {
        return Err(AppError::with(ErrorCode::Empty, json!({ "field": field })));
    }
    check_text(field, text, max)
}

/// Checks an optional text.
///
/// # Errors
/// `too_long`, `invalid_text`.
pub fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), AppError> {
    check_length(field, text, max)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(AppError::with(ErrorCode::InvalidText, json!({ "field": field })));
    }
    Ok(())
}

fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), AppError> {
    match text.chars().nth(max) {
        Some(_) => Err(AppError::with(ErrorCode::TooLong, json!({ "field": field, "max": max }))),
        None => Ok(()),
    }
}

/// Checks the texts of a customer's profile. A card may have characters that nobody sees, because they are taken off when
/// it is kept.
///
/// # Errors
/// The same as [`check_needed`] and [`check_text`].
pub fn check_profile(profile: &ProfileInput) -> Result<(), AppError> {
    check_needed("name", &profile.name, NAME_MAX)?;
    check_text("phone", profile.phone.as_deref().unwrap_or_default(), PHONE_MAX)?;
    check_length("card", profile.card.as_deref().unwrap_or_default(), CARD_MAX)
}
