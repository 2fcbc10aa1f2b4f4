//! Why a slip didn't come out.

use std::io;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// No address belongs to the name: a typing error, or the network is away.
    #[error("the printer's name can't be found in the network")]
    UnknownHost,
    /// Nothing answers: switched off, another address, or no cable.
    #[error("the printer can't be reached")]
    Unreachable,
    /// Something at the address refuses connections, for as long as it was tried: another computer is printing on it, or
    /// nothing listens on the port.
    #[error("the printer refuses the connection: another computer may be using it")]
    Refused,
    /// The printer answered so.
    #[error("the printer has no paper")]
    NoPaper,
    #[error("the printer's cover is open")]
    CoverOpen,
    #[error("the printer has a fault: look at its lights")]
    Faulty,
    /// Connected, but it takes no more bytes: no paper, an open cover, or an error light.
    #[error("the printer takes no data: it may be out of paper or open")]
    NotTaking,
    /// The connection ended, or the device went away, on the way.
    #[error("the printer ended the connection before the slip was through")]
    CutOff,
    /// It took the last byte, and then no longer answered how it is.
    #[error("the printer no longer answers after it took the slip")]
    Unconfirmed,
    #[error("there is no such USB printer: it may be switched off or unplugged")]
    NoDevice,
    #[error("this account may not use the USB printer: add it to the group lp")]
    NoPermission,
    #[error("another program is using the USB printer")]
    Busy,
    #[error("USB printers can only be used on Linux")]
    Unsupported,
    #[error("the printer can't be used: {0}")]
    Other(io::ErrorKind),
}

/// A slip that didn't come out, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub error: PrintError,
    /// Whether a part of it may be on paper: the printer has taken a byte.
    pub partly: bool,
}

impl Failure {
    pub(super) const fn before(error: PrintError) -> Self {
        Self { error, partly: false }
    }

    pub(super) const fn partly(error: PrintError) -> Self {
        Self { error, partly: true }
    }
}

impl PrintError {
    /// Whether the printer may be free a moment later.
    pub(super) const fn is_busy(&self) -> bool {
        matches!(self, Self::Refused | Self::Busy)
    }

    /// While bytes are being sent.
    pub(super) fn sending(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::NotTaking,
            io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::WriteZero
            | io::ErrorKind::UnexpectedEof => Self::CutOff,
            kind => Self::Other(kind),
        }
    }
}
