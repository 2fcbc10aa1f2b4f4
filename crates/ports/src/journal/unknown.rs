//! Facts of types and versions that this program doesn't know.

use crate::StoreError;

/// Counts facts that this program doesn't know.
pub trait ReadUnknown {
    /// The number of facts of types and versions that this program doesn't know.
    fn not_understood(&mut self) -> Result<u64, StoreError>;
}

/// Applies facts that were unknown when they arrived.
pub trait WriteUnknown: ReadUnknown {
    /// After an upgrade, applies the stored facts whose types this newer program knows: deletes the snapshots of their
    /// customers and moves the workers' checkpoints back before the first of these facts. Returns the number of such
    /// facts. Words that are known now concern review only, which derives the cases of their facts again.
    fn understand(&mut self) -> Result<u64, StoreError>;
}
