//! What a store can fail with. Nothing of a failed unit is recorded.

use serde_json::json;

use crate::contract::{AppError, ErrorCode};

/// Told apart by what the user can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space left: nothing of the unit was recorded.
    #[error("the disk is full")]
    DiskFull,
    /// The store holds what it can't hold, such as a broken chain or an unreadable page.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The data was written by a newer version of the program.
    #[error("written by a newer version: {0}")]
    Newer(String),
    /// Another process has the folder open.
    #[error("the data folder is in use")]
    InUse,
    /// SQLite is older than 3.51.3, which can lose commits in WAL mode.
    #[error("SQLite {0} is too old")]
    EngineTooOld(String),
    /// The store has been closed.
    #[error("closed")]
    Closed,
    /// The unit panicked: a fault of the program.
    #[error("panicked: {0}")]
    Panicked(String),
    /// The store is on a server that can't be used now; the detail is the server's or the system's own words.
    #[error("the database server: {0:?}: {1}")]
    Server(ServerFault, String),
    /// Anything else; nothing was recorded.
    #[error("{0}")]
    Failed(String),
}

/// Why a database server can't be used, told apart by what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerFault {
    /// It doesn't answer, or not in time.
    Unreachable,
    /// No encrypted connection comes about, or its certificate isn't trusted.
    Untrusted,
    /// The user or the password is wrong.
    BadCredentials,
    /// There is no such database.
    NoDatabase,
    /// The user may not make or change what is needed.
    NotAuthorised,
    /// Another program follows the same journal there.
    InUse,
    /// The settings can't be used.
    Settings,
    Failed,
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        use StoreError as E;
        let detail = json!({ "detail": error.to_string() });
        match error {
            E::DiskFull => Self::new(ErrorCode::DiskFull),
            E::Corrupt(_) => Self::with(ErrorCode::StorageCorrupt, detail),
            E::Newer(_) => Self::with(ErrorCode::NewerVersion, detail),
            E::InUse => Self::new(ErrorCode::FolderInUse),
            E::Panicked(_) => Self::with(ErrorCode::Internal, detail),
            E::Server(fault, detail) => Self::with(server_code(fault), json!({ "detail": detail })),
            E::EngineTooOld(_) | E::Closed | E::Failed(_) => Self::with(ErrorCode::StorageFailed, detail),
        }
    }
}

/// Only the customer center's store can be on a server.
const fn server_code(fault: ServerFault) -> ErrorCode {
    use ServerFault as F;
    match fault {
        F::Unreachable => ErrorCode::MypageUnreachable,
        F::Untrusted => ErrorCode::MypageUntrusted,
        F::BadCredentials => ErrorCode::MypageBadCredentials,
        F::NoDatabase => ErrorCode::MypageNoDatabase,
        F::NotAuthorised => ErrorCode::MypageNotAuthorised,
        F::InUse => ErrorCode::MypageInUse,
        F::Settings => ErrorCode::MypageSettings,
        F::Failed => ErrorCode::MypageFailed,
    }
}
