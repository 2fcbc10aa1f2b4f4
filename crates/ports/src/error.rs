//! Errors of the stores (journal, Mypage, spans). A unit of work that fails records nothing.

use serde_json::json;

use crate::contract::{AppError, ErrorCode};

/// An error of a store. There is a variant for each different remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk has no space left; nothing of the unit of work was recorded.
    #[error("the disk is full")]
    DiskFull,
    /// The operating system refuses this user access to the folder, or to write in it; the text has the path and the
    /// system's message.
    #[error("the data folder can't be used: {0}")]
    Unwritable(String),
    /// The data breaks a rule of the store, such as a broken hash chain or an unreadable page.
    #[error("the stored data is corrupt: {0}")]
    Corrupt(String),
    /// The data was written by a newer version of the program.
    #[error("a newer version of the program wrote the data: {0}")]
    Newer(String),
    /// Another process has the folder open.
    #[error("another program has the data folder open")]
    InUse,
    /// SQLite is older than 3.51.3, which can lose commits in WAL mode.
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    EngineTooOld(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The unit of work panicked: a bug in the program.
    #[error("a unit of work panicked: {0}")]
    Panicked(String),
    /// The store is on a database server that can't be used now; the text is the server's or the operating system's
    /// message.
    #[error("Mypage's database server can't be used ({0:?}): {1}")]
    Server(ServerFault, String),
    /// A fact would have more bytes than may be written (`fact::MAX_WRITTEN_BYTES`); nothing was recorded.
    #[error("a fact of {0} bytes is too large to be recorded")]
    FactTooLarge(usize),
    /// Any other error; nothing was recorded.
    #[error("a storage operation failed: {0}")]
    Failed(String),
}

/// Why a database server can't be used. There is a variant for each different remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerFault {
    /// The server doesn't answer, or not in time.
    Unreachable,
    /// No encrypted connection is possible, or the server's certificate isn't trusted.
    Untrusted,
    /// The user or the password is wrong.
    BadCredentials,
    /// There is no such database.
    NoDatabase,
    /// The user lacks the rights to create or change the schema.
    NotAuthorised,
    /// Another running program uses the same read model on that server.
    InUse,
    /// The settings of the connection are invalid.
    Settings,
    Failed,
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        use StoreError as E;
        let detail = json!({ "detail": error.to_string() });
        match error {
            E::DiskFull => Self::new(ErrorCode::DiskFull),
            E::Unwritable(detail) => Self::with(ErrorCode::FolderUnwritable, json!({ "detail": detail })),
            E::Corrupt(_) => Self::with(ErrorCode::StorageCorrupt, detail),
            E::Newer(_) => Self::with(ErrorCode::NewerVersion, detail),
            E::InUse => Self::new(ErrorCode::FolderInUse),
            E::Panicked(_) => Self::with(ErrorCode::Internal, detail),
            E::Server(fault, detail) => Self::with(server_code(fault), json!({ "detail": detail })),
            E::EngineTooOld(_) | E::Closed | E::FactTooLarge(_) | E::Failed(_) => {
                Self::with(ErrorCode::StorageFailed, detail)
            }
        }
    }
}

/// Only Mypage's read model can be on a server, so every fault becomes one of the `Mypage…` codes.
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
