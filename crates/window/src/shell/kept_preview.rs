//! The preview of an import.

use nosmoke_application::csv::CustomerFile;
use uuid::Uuid;

/// The latest preview, kept until it is imported or another file is previewed.
#[derive(Debug)]
pub(crate) struct KeptPreview {
    pub(super) id: Uuid,
    /// The file's content, to read it again with other choices.
    pub(super) bytes: Vec<u8>,
    pub(super) file: CustomerFile,
}
