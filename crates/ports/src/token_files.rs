//! The port to the files with this terminal's tokens, which are in no backup.

use crate::StoreError;

/// The secrets by which other programs are known here.
pub trait TokenFiles: Send + Sync + std::fmt::Debug {
    /// Reads the list of tokens, which has no secret in clear; `None` if there is none.
    ///
    /// # Errors
    /// An error of the store.
    fn tokens(&self) -> Result<Option<String>, StoreError>;

    /// Replaces the list of tokens.
    ///
    /// # Errors
    /// An error of the store; the earlier list stays.
    fn put_tokens(&self, text: &str) -> Result<(), StoreError>;

    /// Reads the secret of the owner's token; `None` if there is none.
    ///
    /// # Errors
    /// An error of the store.
    fn owner(&self) -> Result<Option<String>, StoreError>;

    /// Replaces the secret of the owner's token.
    ///
    /// # Errors
    /// An error of the store; the earlier secret stays.
    fn put_owner(&self, secret: &str) -> Result<(), StoreError>;
}
