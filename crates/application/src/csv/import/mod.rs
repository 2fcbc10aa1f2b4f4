//! Reads a list of customers; records nothing.
//!
//! Three steps, all pure: [`read_table`] makes rows of text of the file's bytes, [`understand`] makes customers of the
//! rows, and the import's job compares them with the customers that are here. Only the name is required. What was found
//! out (encoding, header, columns) can be chosen otherwise: [`ImportChoices`] is an input of both.

mod names;
mod reading;
mod table;
mod understanding;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use nosmoke_ports::contract::{AppError, ErrorCode, ImportChoices};
pub use reading::read_table;
use table::expect_at_most;
pub use table::{MAX_BYTES, MAX_LINES};
pub(super) use understanding::tidy;
pub use understanding::{CustomerFile, CustomerRow, Opening, understand};

/// Reads a file's bytes, at most [`MAX_BYTES`].
///
/// # Errors
/// `file_unreadable`, `file_too_large`.
pub fn read_limited(path: &Path) -> Result<Vec<u8>, AppError> {
    let unreadable =
        |error: io::Error| AppError::of_file(ErrorCode::FileUnreadable, path, error.kind(), &error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // Reads one byte more than the limit, to tell a file of exactly this size from a larger one.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    expect_at_most(bytes.len(), MAX_BYTES, "bytes")?;
    Ok(bytes)
}

/// Reads the customers of a file as somebody chose.
///
/// # Errors
/// Those of [`read_table`] and [`understand`].
pub fn read_list(bytes: &[u8], choices: ImportChoices) -> Result<CustomerFile, AppError> {
    let file = understand(read_table(bytes, &choices)?, choices)?;
    Ok(CustomerFile { hash: blake3::hash(bytes).to_string(), ..file })
}

/// Reads the customers of a file, finding out by itself how.
///
/// # Errors
/// Those of [`read_table`] and [`understand`].
pub fn read_customers(bytes: &[u8]) -> Result<CustomerFile, AppError> {
    read_list(bytes, ImportChoices::default())
}

#[cfg(test)]
mod tests;
