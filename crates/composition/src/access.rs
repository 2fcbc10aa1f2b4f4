//! The gateway's token and address, in files of the data folder that only this user can read. Another program on this
//! computer finds and calls the gateway by them.

use std::net::SocketAddr;
use std::path::Path;

use nosmoke_ports::Ids;
use nosmoke_ports::contract::AppError;
use nosmoke_store::Secret;

/// Returns the gateway token of an open data folder; generates it at the first use, with 244 random bits.
///
/// # Errors
/// An error if the file with the token can't be read or written.
pub fn open_gateway_token(folder: &Path, ids: &dyn Ids) -> Result<String, AppError> {
    if let Some(token) = gateway_token(folder)? {
        return Ok(token);
    }
    let token = format!("{}{}", ids.random().simple(), ids.random().simple());
    Secret::gateway_token(folder).write(&token)?;
    Ok(token)
}

/// Reads the gateway token of a data folder; `None` if there is none.
///
/// # Errors
/// An error if the file with the token can't be read.
pub fn gateway_token(folder: &Path) -> Result<Option<String>, AppError> {
    let token = Secret::gateway_token(folder).read()?;
    Ok(token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()))
}

/// Writes the address that the gateway listens on to a file, or clears the file with `None`.
///
/// # Errors
/// An error if the file with the address can't be written.
pub fn note_gateway_address(folder: &Path, address: Option<SocketAddr>) -> Result<(), AppError> {
    let text = address.map(|address| address.to_string()).unwrap_or_default();
    Ok(Secret::gateway_address(folder).write(&text)?)
}

/// Reads the gateway's address from the file. After a crash the address may be outdated.
///
/// # Errors
/// An error if the file with the address can't be read.
pub fn gateway_address(folder: &Path) -> Result<Option<SocketAddr>, AppError> {
    Ok(Secret::gateway_address(folder).read()?.and_then(|text| text.trim().parse().ok()))
}
