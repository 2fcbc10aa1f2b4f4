//! What a store can fail with. Nothing of a failed unit is recorded.

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
    /// Anything else; nothing was recorded.
    #[error("{0}")]
    Failed(String),
}
