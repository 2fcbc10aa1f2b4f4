//! USB printers: the device file of the kernel's own driver.

use std::path::Path;

use super::error::PrintError;
use super::limits::Limits;

#[cfg(not(target_os = "linux"))]
pub(super) fn send(_: &Path, _: &[u8], _: &Limits) -> Result<(), PrintError> {
    Err(PrintError::Unsupported)
}

/// Sends a slip and waits until the driver has passed on all of it: it drops what is on the way when the file is closed.
#[cfg(target_os = "linux")]
pub(super) fn send(path: &Path, bytes: &[u8], limits: &Limits) -> Result<(), PrintError> {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Write as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::OFlags;
    use rustix::io::Errno;

    use super::limits::CHUNK_BYTES;

    /// Between two tries.
    const NOT_READY: Duration = Duration::from_millis(50);

    fn opening(error: &io::Error) -> PrintError {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::NOENT | Errno::NXIO | Errno::NODEV) => PrintError::NoDevice,
            Some(Errno::ACCESS | Errno::PERM) => PrintError::NoPermission,
            Some(Errno::BUSY) => PrintError::Busy,
            _ => PrintError::Other(error.kind()),
        }
    }

    /// Waits until the printer takes bytes.
    fn ready(file: &File, within: Duration) -> Result<(), PrintError> {
        let within = Timespec::try_from(within).map_err(|_| PrintError::NotTaking)?;
        let mut waiting = [PollFd::new(file, PollFlags::OUT)];
        match poll(&mut waiting, Some(&within)) {
            // Interrupted by a signal: the write that follows says how it is.
            Ok(1..) | Err(Errno::INTR) => Ok(()),
            Ok(0) => Err(PrintError::NotTaking),
            Err(error) => Err(PrintError::sending(&error.into())),
        }
    }

    // Without blocking: a write to a printer without paper would never return.
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let mut file = OpenOptions::new().write(true).custom_flags(flags).open(path).map_err(|error| opening(&error))?;
    let began = Instant::now();
    let mut last_taken = began;
    let mut rest = bytes;
    while !rest.is_empty() {
        if began.elapsed() > limits.slip {
            return Err(PrintError::NotTaking);
        }
        ready(&file, limits.stall)?;
        match file.write(rest.get(..CHUNK_BYTES).unwrap_or(rest)) {
            Ok(0) => return Err(PrintError::CutOff),
            Ok(taken) => {
                rest = rest.get(taken..).unwrap_or_default();
                last_taken = Instant::now();
            }
            // The driver may count as ready and still take nothing.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                if last_taken.elapsed() > limits.stall {
                    return Err(PrintError::NotTaking);
                }
                thread::sleep(NOT_READY);
            }
            // Unplugged on the way.
            Err(error) if error.raw_os_error().map(Errno::from_raw_os_error) == Some(Errno::NODEV) => {
                return Err(PrintError::CutOff);
            }
            Err(error) => return Err(PrintError::sending(&error)),
        }
    }
    ready(&file, limits.stall)
}
