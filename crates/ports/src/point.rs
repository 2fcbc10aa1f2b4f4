//! The synchronous way into point, which pay and penalty call before they record anything (N1, N2).

use async_trait::async_trait;

/// Why point doesn't take a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointRefusal {
    /// A manager has stopped it: it answers at once, and won't answer otherwise by itself.
    #[error("point is stopped")]
    Stopped,
    /// It is there and can't do its work.
    #[error("point is failing: {0}")]
    Failing(String),
}

#[async_trait]
pub trait PointPort: Send + Sync + std::fmt::Debug {
    /// Asks point whether it takes a payment or a penalty now. The caller waits for so long only.
    ///
    /// # Errors
    /// Why it doesn't.
    async fn enter(&self) -> Result<(), PointRefusal>;
}
