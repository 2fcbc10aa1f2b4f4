//! The gateway's token and address, in files of the data folder that only this user can read. Another program on this
//! computer finds and calls the gateway by them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use nosmoke_ports::StoreError;
use nosmoke_ports::contract::AppError;
use nosmoke_store::Secret;

/// Reads the gateway token of a data folder; `None` if there is none.
///
/// # Errors
/// An error if the file with the token can't be read.
pub fn gateway_token(folder: &Path) -> Result<Option<String>, AppError> {
    let token = Secret::gateway_token(folder).read()?;
    Ok(token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()))
}

/// Writes the address that the gateway listens on to a file.
///
/// # Errors
/// An error if the file with the address can't be written.
pub fn note_gateway_address(folder: &Path, address: SocketAddr) -> Result<(), AppError> {
    Ok(Secret::gateway_address(folder).write(&address.to_string())?)
}

/// Returns the path of the Unix socket on which a running gateway answers this user's command lines.
pub fn gateway_socket(folder: &Path) -> PathBuf {
    folder.join("gateway.sock")
}

/// Removes the gateway's address and socket: when the gateway ends, and when a folder is opened whose last program was
/// killed.
///
/// # Errors
/// An error if one of the files can't be removed.
pub fn forget_gateway(folder: &Path) -> Result<(), AppError> {
    let address = Secret::gateway_address(folder);
    if address.read()?.is_some() {
        address.write("")?;
    }
    match fs::remove_file(gateway_socket(folder)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Failed(format!("{}: {error}", gateway_socket(folder).display())).into())
        }
        _ => Ok(()),
    }
}

/// Reads the gateway's address from the file.
///
/// # Errors
/// An error if the file with the address can't be read.
pub fn gateway_address(folder: &Path) -> Result<Option<SocketAddr>, AppError> {
    Ok(Secret::gateway_address(folder).read()?.and_then(|text| text.trim().parse().ok()))
}
