//! What is wrong with the server, told apart by what helps.

use std::io::ErrorKind;

use nosmoke_ports::{ServerFault, StoreError};
use sqlx::Error;

pub(crate) fn fault(error: &Error) -> StoreError {
    use ServerFault as F;
    let kind = match error {
        Error::Database(refused) => match refused.code().as_deref().unwrap_or_default() {
            "28000" | "28P01" => F::BadCredentials,
            "3D000" => F::NoDatabase,
            "42501" => F::NotAuthorised,
            // It ends, starts, has no connection left, or took too long.
            "53300" | "57014" | "57P01" | "57P02" | "57P03" => F::Unreachable,
            code if code.starts_with("08") => F::Unreachable,
            _ => F::Failed,
        },
        // What rustls says comes as a fault of the bytes.
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
