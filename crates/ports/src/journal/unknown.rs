//! Facts of types and versions that this program doesn't understand.

use crate::StoreError;

/// Counts what isn't understood.
pub trait ReadUnknown {
    /// Facts of types and versions that this program doesn't understand.
    fn not_understood(&mut self) -> Result<u64, StoreError>;
}

/// Understands what this program has learnt.
pub trait WriteUnknown: ReadUnknown {
    /// Facts of types and versions that this program has learnt since they arrived count from now on: their customers fold
    /// again, and the workers go back to the first of them.
    fn understand(&mut self) -> Result<u64, StoreError>;
}
