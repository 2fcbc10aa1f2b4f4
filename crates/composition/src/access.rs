//! What a program needs to reach the gateway of a folder: files beside the journal that only this user can read.

use std::net::SocketAddr;
use std::path::Path;

use nosmoke_ports::Ids;
use nosmoke_ports::contract::AppError;
use nosmoke_store::Secret;

/// The token of a folder that is open, made at its first use: 244 random bits.
///
/// # Errors
/// The file can't be read or written.
pub fn open_gateway_token(folder: &Path, ids: &dyn Ids) -> Result<String, AppError> {
    if let Some(token) = gateway_token(folder)? {
        return Ok(token);
    }
    let token = format!("{}{}", ids.random().simple(), ids.random().simple());
    Secret::gateway_token(folder).write(&token)?;
    Ok(token)
}

/// The token, if there is one.
///
/// # Errors
/// The file can't be read.
pub fn gateway_token(folder: &Path) -> Result<Option<String>, AppError> {
    let token = Secret::gateway_token(folder).read()?;
    Ok(token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()))
}

/// Notes where the gateway answers; none once it doesn't any more.
///
/// # Errors
/// The file can't be written.
pub fn note_gateway_address(folder: &Path, address: Option<SocketAddr>) -> Result<(), AppError> {
    let text = address.map(|address| address.to_string()).unwrap_or_default();
    Ok(Secret::gateway_address(folder).write(&text)?)
}

/// Where the gateway was last said to answer. After a crash nobody may be there.
///
/// # Errors
/// The file can't be read.
pub fn gateway_address(folder: &Path) -> Result<Option<SocketAddr>, AppError> {
    Ok(Secret::gateway_address(folder).read()?.and_then(|text| text.trim().parse().ok()))
}
