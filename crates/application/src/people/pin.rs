//! PINs and their hashes.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use nosmoke_domain::words::Role;
use nosmoke_ports::Ids;
use nosmoke_ports::contract::{AppError, ErrorCode, Pin};
use serde_json::json;
use tokio::task::spawn_blocking;

/// The cost of a hash with argon2id, above OWASP's minimum of 19 MiB, two iterations and one lane.
pub const MEMORY_KIB: u32 = 32 * 1024;
pub const ITERATIONS: u32 = 3;
pub const LANES: u32 = 1;

/// Bounds the cost of a hash that another terminal has made.
const MEMORY_MAX_KIB: u32 = 256 * 1024;
const ITERATIONS_MAX: u32 = 10;

const DIGITS_MIN: usize = 4;
const DIGITS_MIN_OF_MANAGERS: usize = 6;
const DIGITS_MAX: usize = 12;

/// Returns the fewest and the most digits of a PIN for this role.
pub const fn pin_range(role: Role) -> (usize, usize) {
    match role {
        Role::Staff | Role::Supervisor => (DIGITS_MIN, DIGITS_MAX),
        Role::Manager => (DIGITS_MIN_OF_MANAGERS, DIGITS_MAX),
    }
}

/// Checks that a PIN may be chosen for this role.
///
/// # Errors
/// `invalid_pin`.
pub(super) fn check_new(pin: &Pin, role: Role) -> Result<(), AppError> {
    check(pin, pin_range(role))
}

/// Checks that a typed PIN may be somebody's. One that can't be right isn't tried, so it doesn't count as a wrong one.
///
/// # Errors
/// `invalid_pin`.
pub(super) fn check_typed(pin: &Pin) -> Result<(), AppError> {
    check(pin, (DIGITS_MIN, DIGITS_MAX))
}

fn check(pin: &Pin, (min, max): (usize, usize)) -> Result<(), AppError> {
    let digits = pin.as_str();
    if (min..=max).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(AppError::with(ErrorCode::InvalidPin, json!({ "min": min, "max": max })))
    }
}

/// Returns the error for a PIN that must be given with a change.
pub(super) fn needed(role: Role) -> AppError {
    let (min, max) = pin_range(role);
    AppError::with(ErrorCode::PinNeeded, json!({ "min": min, "max": max }))
}

/// Hashes a PIN that was chosen for this role.
///
/// # Errors
/// `invalid_pin`.
pub async fn hash_pin(pin: &Pin, role: Role, ids: &dyn Ids) -> Result<String, AppError> {
    check_new(pin, role)?;
    hash(pin.as_str().to_owned(), ids).await
}

/// Hashes a secret with argon2id, on the pool for blocking work.
///
/// # Errors
/// `internal` if the task fails.
pub(super) async fn hash(secret: String, ids: &dyn Ids) -> Result<String, AppError> {
    let salt = SaltString::encode_b64(ids.random().as_bytes()).map_err(internal)?;
    let params = Params::new(MEMORY_KIB, ITERATIONS, LANES, None).map_err(internal)?;
    let hashing = move || {
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        hasher.hash_password(secret.as_bytes(), &salt).map(|hash| hash.to_string())
    };
    spawn_blocking(hashing).await.map_err(internal)?.map_err(internal)
}

/// Whether a secret has this hash. One that would cost too much, or can't be read, matches nothing.
///
/// # Errors
/// `internal` if the task fails.
pub(super) async fn matches(secret: String, hash: String) -> Result<bool, AppError> {
    let matching = move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        let Ok(params) = Params::try_from(&hash) else { return false };
        params.m_cost() <= MEMORY_MAX_KIB
            && params.t_cost() <= ITERATIONS_MAX
            && Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok()
    };
    spawn_blocking(matching).await.map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use nosmoke_ports::RandomIds;

    use super::*;

    #[test]
    fn a_pin_has_4_to_12_digits_and_a_managers_6_at_least() {
        for (pin, of_staff, of_managers) in [
            ("", false, false),
            ("123", false, false),
            ("1234", true, false),
            ("12345", true, false),
            ("123456", true, true),
            ("123456789012", true, true),
            ("1234567890123", false, false),
            ("12a4", false, false),
            ("١٢٣٤٥٦", false, false),
            ("12 456", false, false),
        ] {
            assert_eq!(check_new(&pin.into(), Role::Staff).is_ok(), of_staff, "{pin}");
            assert_eq!(check_new(&pin.into(), Role::Supervisor).is_ok(), of_staff, "{pin}");
            assert_eq!(check_new(&pin.into(), Role::Manager).is_ok(), of_managers, "{pin}");
        }
        let error = check_new(&"1234".into(), Role::Manager).unwrap_err();
        assert_eq!((error.code, &error.params), (ErrorCode::InvalidPin, &json!({ "min": 6, "max": 12 })));
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_above_the_minimum_with_a_salt_of_its_own() {
        let (one, other) = (hash("135790".into(), &RandomIds).await.unwrap(), hash("135790".into(), &RandomIds).await);
        assert!(one.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"), "{one}");
        const { assert!(MEMORY_KIB > 19 * 1024 && ITERATIONS >= 2) };
        assert_ne!(one, other.unwrap());
        assert!(matches("135790".into(), one.clone()).await.unwrap());
        assert!(!matches("135791".into(), one).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_costs_too_much_or_is_none_matches_nothing() {
        let costly = "$argon2id$v=19$m=4000000,t=3,p=1$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b3dWRWJTmaaNzy9/AnPEtP3n/E";
        for hash in [costly, "", "135790", "$argon2id$"] {
            assert!(!matches("135790".into(), hash.into()).await.unwrap(), "{hash}");
        }
    }
}
