//! The program's errors: each has a text for the error output and an exit code for scripts.

use std::fmt;
use std::process::ExitCode;

use nosmoke_ports::contract::{AppError, ErrorCode};

#[derive(Debug)]
pub enum Failed {
    App(AppError),
    /// `verify` found damage, and has printed it to the standard output.
    Damaged,
    Other(String),
}

impl Failed {
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::App(error) if error.code == ErrorCode::FolderInUse => ExitCode::from(3),
            Self::App(error) if error.code == ErrorCode::StorageCorrupt => ExitCode::from(4),
            Self::Damaged => ExitCode::from(4),
            _ => ExitCode::FAILURE,
        }
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(error) => {
                let code = serde_json::to_value(error.code).unwrap_or_default();
                let code = code.as_str().unwrap_or_default();
                let text = match error.code {
                    ErrorCode::FolderInUse => "another program has the data folder open",
                    ErrorCode::NotSetUp => "this isn't a data folder of Nosmoke Desk",
                    ErrorCode::NewerVersion => "the data was written by a newer version of the program",
                    ErrorCode::BadPairingCode => "the facility key is neither a pairing code nor 64 hexadecimal digits",
                    ErrorCode::DiskFull => "the disk is full",
                    _ => return write!(f, "{code} {}", error.params),
                };
                write!(f, "{text} ({code})")
            }
            Self::Damaged => f.write_str("the data is damaged"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// Prints a line to the standard output.
pub fn say(line: impl fmt::Display) -> Result<(), Failed> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    Ok(writeln!(out, "{line}").and_then(|()| out.flush())?)
}
