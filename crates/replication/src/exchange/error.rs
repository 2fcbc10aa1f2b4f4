//! What a step of the exchange can fail with.

use nosmoke_ports::contract::AppError;
use nosmoke_ports::{LogError, StoreError};

/// Why a step of the exchange failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log that is being read turned out to be another one: connect again.
    #[error("the log is another one: {0}")]
    NewLog(String),
    /// This terminal began another life: connect again.
    #[error("another life began")]
    NewLife,
}

impl ExchangeError {
    /// As a stable code, without what a server said.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Log(error) => AppError::from(error).code.word(),
            Self::Store(error) => AppError::from(error.clone()).code.word(),
            Self::NewLog(_) => "new_log".into(),
            Self::NewLife => "new_life".into(),
        }
    }
}
