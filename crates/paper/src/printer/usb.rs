//! USB printers: the device file of the kernel's own driver.

#[cfg(target_os = "linux")]
pub(super) use linux::send;

#[cfg(not(target_os = "linux"))]
pub(super) fn send(_: &std::path::Path, _: &[u8], _: &super::limits::Limits) -> Result<(), super::error::Failure> {
    Err(super::error::Failure::before(super::error::PrintError::Unsupported))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Write as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::OFlags;
    use rustix::io::Errno;
    use rustix::ioctl::{Getter, Opcode, ioctl};

    use crate::printer::error::{Failure, PrintError};
    use crate::printer::limits::{CHUNK_BYTES, Limits, WATCH_INTERVAL};

    /// Between two tries.
    const NOT_READY: Duration = Duration::from_millis(50);
    /// Bits of a printer's status (IEEE 1284): no error, and no paper.
    const NO_ERROR: u8 = 0x08;
    const PAPER_OUT: u8 = 0x20;

    /// Sends a slip, waits until the driver has passed on all of it, and watches the printer while it prints: the driver drops
    /// what is on the way when the file is closed.
    pub(crate) fn send(path: &Path, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
        // Without blocking: a write to a printer without paper would never return.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let opened = OpenOptions::new().write(true).custom_flags(flags).open(path);
        let mut file = opened.map_err(|error| Failure::before(opening(&error)))?;
        let before = status(&file).map_err(|_| Failure::before(PrintError::NoDevice))?;
        if let Some(fault) = before.and_then(|before| fault_of(before, before)) {
            return Err(Failure::before(fault));
        }
        push(&mut file, bytes, limits)?;
        printed(&file, before, limits).map_err(Failure::partly)
    }

    fn opening(error: &io::Error) -> PrintError {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::NOENT | Errno::NXIO | Errno::NODEV) => PrintError::NoDevice,
            Some(Errno::ACCESS | Errno::PERM) => PrintError::NoPermission,
            Some(Errno::BUSY) => PrintError::Busy,
            _ => PrintError::Other(error.kind()),
        }
    }

    fn push(file: &mut File, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
        let began = Instant::now();
        let mut last_taken = began;
        let mut rest = bytes;
        while !rest.is_empty() {
            let failed = |error| Failure { error, partly: rest.len() < bytes.len() };
            if began.elapsed() > limits.slip {
                return Err(failed(PrintError::NotTaking));
            }
            takes(file, limits.stall).map_err(failed)?;
            match file.write(rest.get(..CHUNK_BYTES).unwrap_or(rest)) {
                Ok(0) => return Err(failed(PrintError::CutOff)),
                Ok(taken) => {
                    rest = rest.get(taken..).unwrap_or_default();
                    last_taken = Instant::now();
                }
                // The driver may count as ready and still take nothing.
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                    if last_taken.elapsed() > limits.stall {
                        return Err(failed(PrintError::NotTaking));
                    }
                    thread::sleep(NOT_READY);
                }
                // Unplugged on the way.
                Err(error) if error.raw_os_error().map(Errno::from_raw_os_error) == Some(Errno::NODEV) => {
                    return Err(failed(PrintError::CutOff));
                }
                Err(error) => return Err(failed(PrintError::sending(&error))),
            }
        }
        takes(file, limits.stall).map_err(Failure::partly)
    }

    /// Waits until the printer takes bytes, which also shows that it has taken the ones before.
    fn takes(file: &File, within: Duration) -> Result<(), PrintError> {
        match events(file, PollFlags::OUT, within)? {
            found if found.intersects(gone()) => Err(PrintError::CutOff),
            found if found.is_empty() => Err(PrintError::NotTaking),
            _ => Ok(()),
        }
    }

    /// What the system says when a device has gone away, whether it was asked for or not.
    fn gone() -> PollFlags {
        PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL
    }

    /// Waits for one of some events; returns none if the time is over.
    fn events(file: &File, wanted: PollFlags, within: Duration) -> Result<PollFlags, PrintError> {
        let within = Timespec::try_from(within).map_err(|_| PrintError::NotTaking)?;
        let mut waiting = [PollFd::new(file, wanted)];
        match poll(&mut waiting, Some(&within)) {
            Ok(_) => Ok(waiting[0].revents()),
            // Interrupted by a signal: the write that follows says how it is.
            Err(Errno::INTR) => Ok(wanted),
            Err(error) => Err(PrintError::sending(&error.into())),
        }
    }

    /// Watches a printer while it prints what its memory holds: paper may end, or somebody switches it off.
    fn printed(file: &File, before: Option<u8>, limits: &Limits) -> Result<(), PrintError> {
        let began = Instant::now();
        while began.elapsed() < limits.watch {
            if events(file, PollFlags::empty(), WATCH_INTERVAL.min(limits.watch / 4))?.intersects(gone()) {
                return Err(PrintError::CutOff);
            }
            let Some(before) = before else { continue };
            // It answered before, so silence now means that it is away.
            let now = status(file)?.ok_or(PrintError::CutOff)?;
            if let Some(fault) = fault_of(before, now) {
                return Err(fault);
            }
        }
        Ok(())
    }

    /// Asks the driver how the printer is; `None` if it can't say, as of files that are no printer.
    fn status(file: &File) -> Result<Option<u8>, PrintError> {
        /// `LPGETSTATUS` of `linux/lp.h`.
        const LPGETSTATUS: Opcode = 0x060b;

        // SAFETY: the drivers for USB and parallel printers write one `int`, and the type has its size. The path is a printer's
        // (`PrinterAddress::usb`); other kinds of files refuse the number.
        match unsafe { ioctl(file, Getter::<LPGETSTATUS, i32>::new()) } {
            Ok(status) => Ok(status.to_le_bytes().first().copied()),
            Err(Errno::NODEV | Errno::NXIO) => Err(PrintError::CutOff),
            Err(_) => Ok(None),
        }
    }

    /// What a status says is wrong. Cheap printers always say the same, so that an error counts only if it wasn't there before,
    /// and missing paper only together with an error.
    fn fault_of(before: u8, now: u8) -> Option<PrintError> {
        let is_error = now & NO_ERROR == 0;
        match () {
            () if is_error && now & PAPER_OUT != 0 => Some(PrintError::NoPaper),
            () if is_error && before & NO_ERROR != 0 => Some(PrintError::Faulty),
            () => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_status_names_missing_paper_and_an_error_that_came_up() {
            let (fine, no_paper, error) = (0x18, 0x30, 0x10);
            assert_eq!(fault_of(fine, fine), None);
            assert_eq!(fault_of(no_paper, no_paper), Some(PrintError::NoPaper));
            assert_eq!(fault_of(fine, no_paper), Some(PrintError::NoPaper));
            assert_eq!(fault_of(fine, error), Some(PrintError::Faulty));
            // Printers that always say the same.
            for constant in [0x00, error, 0x38, 0xff] {
                assert_eq!(fault_of(constant, constant), None, "{constant:x}");
            }
        }

        #[test]
        fn a_file_that_is_no_printer_has_no_status() {
            assert_eq!(status(&tempfile::tempfile().unwrap()), Ok(None));
        }
    }
}
