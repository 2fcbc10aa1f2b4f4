//! The errors of a replication step.

use nosmoke_ports::contract::AppError;
use nosmoke_ports::{LogError, StoreError};

/// Why a replication step failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplicationError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log was replaced while it was read; the caller must connect again.
    #[error("the Kafka log isn't the one this terminal replicated with before: {0}")]
    NewLog(String),
    /// This terminal began another incarnation; the caller must connect again.
    #[error("this terminal began another incarnation and must connect again")]
    NewIncarnation,
}

impl ReplicationError {
    /// Returns a stable error code, which contains no text of the server.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Log(error) => AppError::from(error).code.word(),
            Self::Store(error) => AppError::from(error.clone()).code.word(),
            Self::NewLog(_) => "new_log".into(),
            Self::NewIncarnation => "new_incarnation".into(),
        }
    }
}
