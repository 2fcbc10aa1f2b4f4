//! The Unix socket in the data folder, over which this user's command lines reach the gateway. Nobody else can put a socket
//! there, so a caller can't send its token to a stranger, as it could to a port.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Longest path of a socket in bytes on every Unix, with its terminating zero (sun_path of macOS; Linux has 108).
const MAX_PATH_BYTES: usize = 104;

/// Binds a socket that only this user can open, in place of one that was left there.
///
/// # Errors
/// The error of the system, for example on a file system without sockets.
pub fn bind_local(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (short, _folder) = shortened(path)?;
    let listener = UnixListener::bind(short)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Connects to the socket of a running gateway.
///
/// # Errors
/// The error of the system; `NotFound` or `ConnectionRefused` if no gateway runs.
pub async fn connect_local(path: &Path) -> io::Result<UnixStream> {
    let (short, _folder) = shortened(path)?;
    UnixStream::connect(short).await
}

/// Returns another name of the path, if it is too long for a socket, with the open folder that the name goes through.
fn shortened(path: &Path) -> io::Result<(PathBuf, Option<File>)> {
    if !cfg!(target_os = "linux") || path.as_os_str().len() < MAX_PATH_BYTES {
        return Ok((path.to_owned(), None));
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Ok((path.to_owned(), None)) };
    let folder = File::open(parent)?;
    Ok((PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name), Some(folder)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[tokio::test]
    async fn a_socket_replaces_a_stale_one_is_private_and_may_have_a_long_path() {
        let root = tempfile::tempdir().unwrap();
        for folder in [root.path().to_owned(), root.path().join("긴".repeat(80))] {
            fs::create_dir_all(&folder).unwrap();
            let path = folder.join("gateway.sock");
            drop(bind_local(&path).unwrap());
            assert_eq!(connect_local(&path).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
            let listener = bind_local(&path).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            let (connected, accepted) = tokio::join!(connect_local(&path), listener.accept());
            assert!(connected.is_ok() && accepted.is_ok());
        }
    }
}
