//! Maps errors of sqlx to the [`ServerFault`] that tells the user the right remedy.

use std::io::ErrorKind;

use nosmoke_ports::{ServerFault, StoreError};
use sqlx::Error;

/// Converts an error of sqlx.
pub fn fault(error: &Error) -> StoreError {
    use ServerFault as F;
    let kind = match error {
        Error::Database(refused) => match refused.code().as_deref().unwrap_or_default() {
            "28000" | "28P01" => F::BadCredentials,
            "3D000" => F::NoDatabase,
            "42501" => F::NotAuthorised,
            // The server is starting or stopping, has no free connection, or cancelled the statement.
            "53300" | "57014" | "57P01" | "57P02" | "57P03" => F::Unreachable,
            code if code.starts_with("08") => F::Unreachable,
            _ => F::Failed,
        },
        // rustls reports an untrusted certificate as invalid data.
        Error::Tls(_) => F::Untrusted,
        Error::Io(io) if io.kind() == ErrorKind::InvalidData => F::Untrusted,
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed | Error::Protocol(_) => {
            F::Unreachable
        }
        Error::Configuration(_) => F::Settings,
        Error::Decode(_) | Error::ColumnDecode { .. } => return StoreError::Corrupt(error.to_string()),
        _ => F::Failed,
    };
    let detail = match error {
        Error::Database(refused) => refused.message().to_owned(),
        Error::Io(io) => io.to_string(),
        other => other.to_string(),
    };
    StoreError::Server(kind, detail)
}
