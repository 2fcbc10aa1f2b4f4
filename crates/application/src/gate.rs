//! The synchronous way into point: pay and penalty call it, and it can be shut (N1, N2). Nothing waits on it inside the
//! writer: a command asks as it begins, and is answered at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::contract::{AppError, ErrorCode};

/// Whether point takes calls.
#[derive(Debug)]
pub struct PointGate {
    open: AtomicBool,
}

impl Default for PointGate {
    fn default() -> Self {
        Self { open: AtomicBool::new(true) }
    }
}

impl PointGate {
    pub fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }

    pub fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
    }

    /// # Errors
    /// `point_unavailable`; nothing is recorded then.
    pub fn enter(&self) -> Result<(), AppError> {
        if self.open.load(Ordering::SeqCst) { Ok(()) } else { Err(AppError::new(ErrorCode::PointUnavailable)) }
    }
}
