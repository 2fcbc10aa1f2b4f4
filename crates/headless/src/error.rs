//! The program's errors: each has a text for the error output, a form in JSON, and an exit code for scripts.

use std::fmt;
use std::process::ExitCode;

use nosmoke_ports::contract::{AppError, ErrorCode, Language};
use serde_json::{Value, json};

use crate::texts::{self, Both};

#[derive(Debug)]
pub enum Failed {
    App(AppError),
    /// The command line asks for something that doesn't go together.
    Usage(Both),
    /// `verify` found damage.
    Damaged,
    Told(Both),
    Other(String),
    /// What the gateway itself refused, before the application; its `code` is no [`ErrorCode`].
    Refused(Value),
    /// A part was done, or something was found out: what is printed nevertheless, and why no more was done.
    Partly(Value, Box<Failed>),
}

impl Failed {
    /// Returns the exit code, by its meaning the same for all commands.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.number())
    }

    fn number(&self) -> u8 {
        match self {
            Self::App(error) => of_code(error),
            Self::Usage(_) => 2,
            Self::Damaged => 4,
            Self::Told(_) | Self::Other(_) | Self::Refused(_) => 1,
            Self::Partly(_, why) => why.number(),
        }
    }

    pub fn text(&self, language: Language) -> String {
        match self {
            Self::App(error) => texts::of_code(error.code, &error.params, language),
            Self::Usage(text) | Self::Told(text) => text.in_language(language).to_owned(),
            Self::Damaged => {
                texts::both("데이터가 손상되었습니다.", "the data is damaged").in_language(language).to_owned()
            }
            Self::Other(text) => text.clone(),
            Self::Refused(problem) => problem.to_string(),
            Self::Partly(_, why) => why.text(language),
        }
    }

    /// Returns the error as JSON: `{code, params, message}`.
    pub fn json(&self, language: Language) -> Value {
        let (code, params) = match self {
            Self::App(error) => (error.code.word(), error.params.clone()),
            Self::Usage(_) => ("usage".into(), json!({})),
            Self::Damaged => (ErrorCode::StorageCorrupt.word(), json!({})),
            Self::Told(_) | Self::Other(_) => ("failed".into(), json!({})),
            Self::Refused(problem) => (problem["code"].as_str().unwrap_or("failed").to_owned(), problem.clone()),
            Self::Partly(_, why) => return why.json(language),
        };
        json!({ "code": code, "params": params, "message": self.text(language) })
    }
}

fn of_code(error: &AppError) -> u8 {
    match (error.code, error.params["reason"].as_str()) {
        // Values of options.
        (
            ErrorCode::InvalidInput
            | ErrorCode::OutOfRange
            | ErrorCode::InvalidUrl
            | ErrorCode::LogSettings
            | ErrorCode::PasswordNeeded
            | ErrorCode::MypageSettings,
            _,
        ) => 2,
        (ErrorCode::FolderInUse, _) => 3,
        (ErrorCode::StorageCorrupt | ErrorCode::BackupDamaged, _) => 4,
        (
            ErrorCode::NotSetUp | ErrorCode::NotABackup | ErrorCode::UnknownImport | ErrorCode::BackupTargetMissing,
            _,
        )
        | (ErrorCode::FileUnreadable | ErrorCode::FileUnwritable, Some("missing")) => 5,
        (ErrorCode::NotAuthorised | ErrorCode::FolderUnwritable, _) | (_, Some("not_permitted")) => 6,
        (ErrorCode::DiskFull, _) => 7,
        _ => 1,
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::App(AppError::new(ErrorCode::DiskFull))
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

/// What a command has to say when it is done.
#[derive(Debug)]
pub struct Answer {
    json: Value,
    /// What is printed without `--json`; `None` for the commands that always print JSON.
    text: Option<String>,
}

impl Answer {
    /// The answer of a command that always prints JSON.
    pub const fn json(json: Value) -> Self {
        Self { json, text: None }
    }

    pub const fn with_text(json: Value, text: String) -> Self {
        Self { json, text: Some(text) }
    }

    /// Prints the answer to the standard output.
    ///
    /// # Errors
    /// An error of the standard output.
    pub fn print(&self, as_json: bool) -> Result<(), Failed> {
        match &self.text {
            Some(text) if !as_json && text.is_empty() => Ok(()),
            Some(text) if !as_json => say(text),
            _ if self.json.is_null() => Ok(()),
            _ => say(&self.json),
        }
    }
}

/// Prints what a failed command has to say: the reason to the error output; to the standard output what was done, and with
/// `--json` the error.
pub fn tell(failed: &Failed, as_json: bool, language: Language) {
    let mut out = match failed {
        Failed::Partly(done, _) => done.clone(),
        _ if as_json => json!({}),
        _ => Value::Null,
    };
    if as_json {
        out["error"] = failed.json(language);
    }
    if !out.is_null() {
        // Where the standard output is the problem, the exit code still says that.
        let _ = say(&out);
    }
    eprintln!("nosmoke: {}", failed.text(language));
}

/// Prints a line for the person who started the program to the error output.
pub fn note(text: Both) {
    eprintln!("nosmoke: {}", text.in_language(texts::language()));
}

/// Prints a line to the standard output.
pub fn say(line: impl fmt::Display) -> Result<(), Failed> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    Ok(writeln!(out, "{line}").and_then(|()| out.flush())?)
}
