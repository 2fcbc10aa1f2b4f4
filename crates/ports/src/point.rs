//! The synchronous port of the context point. pay and penalty call it before they record anything (N1, N2).

use async_trait::async_trait;

/// Why point rejects a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointRefusal {
    /// A manager has stopped point: it rejects calls at once until a manager starts it.
    #[error("the context `point` is stopped")]
    Stopped,
    /// Point is started but can't do its work.
    #[error("the context `point` is failing: {0}")]
    Failing(String),
}

#[async_trait]
pub trait PointPort: Send + Sync + std::fmt::Debug {
    /// Asks point whether it accepts a payment or a penalty now. The caller must limit the wait with a timeout.
    ///
    /// # Errors
    /// The reason for the rejection.
    async fn enter(&self) -> Result<(), PointRefusal>;
}
