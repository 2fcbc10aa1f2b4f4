//! Errors as the screens receive them: a stable code with parameters, worded there in the user's language.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Stable codes. A code is never given another meaning; the screens word every one of them in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request isn't of a known shape. Params: `detail`.
    InvalidInput,
    /// A needed text is empty. Params: `field`.
    Empty,
    /// A text is too long. Params: `field`, `max` (characters).
    TooLong,
    /// A text holds a character that can't be stored, such as NUL. Params: `field`.
    InvalidText,
    /// Not a whole number. Params: `field`.
    NotWhole,
    /// A number outside what is allowed. Params: `field`, `min`, `max`.
    OutOfRange,
    UnknownCustomer,
    UnknownVisit,
    UnknownEarning,
    UnknownPayment,
    UnknownDeduction,
    UnknownPenalty,
    UnknownArea,
    /// Params: `areaName`, `since`.
    AlreadyInside,
    NotInside,
    AlreadyCheckedOut,
    AlreadyVoided,
    /// Params: `areaName`, `capacity`.
    AreaFull,
    /// Params: `areaName`, `present`.
    AreaOccupied,
    /// Params: `outstanding`, `threshold`, `asOf`.
    Prohibited,
    /// Params: `balance`.
    InsufficientPoints,
    /// Params: `balance`, `payableHere`, `holders` (list of `{terminalName, points, lastHeardAt}`).
    HeldElsewhere,
    /// Payment or penalty while the point context is stopped, failing or silent; nothing was recorded. Params: `reason`
    /// (`stopped`: somebody must start it; `failing`, `timeout`, `open`: it recovers by itself), `retryAfterMs`.
    PointUnavailable,
    /// A command or question of a context that is stopped; nothing was recorded. Params: `context`.
    ContextStopped,
    /// A void of something another terminal recorded. Params: `terminalName`.
    RecordedElsewhere,
    /// Params: `minutes`.
    VoidWindowPassed,
    /// Params: `outstanding`.
    MoreThanOutstanding,
    NothingOutstanding,
    EducationAlreadyDeducted,
    /// The ground's points come from the rules and can't be given.
    PointsNotAllowed,
    PointsNeeded,
    CustomerErased,
    SameCustomer,
    AlreadyLinked,
    /// Params: `revision`.
    RevisedMeanwhile,
    /// Params: `customerId`, `name`.
    CardTaken,
    AreaNameTaken,
    /// The same idempotency key came with another body.
    KeyReused,
    NotAuthorised,
    AlreadySetUp,
    NotSetUp,
    /// A PIN must be 4 to 8 digits.
    InvalidPin,
    /// The gateway can't listen. Params: `port`, `detail`.
    PortUnavailable,
    /// Another process has the data folder open.
    FolderInUse,
    DiskFull,
    /// Params: `detail`.
    StorageFailed,
    /// Params: `detail` (which store and what was found).
    StorageCorrupt,
    /// The data was written by a newer version of the program.
    NewerVersion,
    /// Params: `path`, `detail`.
    FileUnreadable,
    /// Params: `path`, `detail`.
    FileUnwritable,
    /// Neither UTF-8 nor CP949.
    UnknownEncoding,
    /// Params: `column`.
    MissingColumn,
    /// Params: `max` (bytes or lines).
    FileTooLarge,
    NotABackup,
    /// The backup's content doesn't match its own checksums.
    BackupDamaged,
    Cancelled,
    /// Another long work is running.
    JobRunning,
    /// What was asked for isn't there any more; ask again.
    Expired,
    /// The facts hold something only a newer version understands.
    NeedsUpdate,
    /// It needs the cluster, which isn't reached now.
    LinkDown,
    /// It needs everything that the cluster holds, which is still being read.
    StillReading,
    /// A terminal that was heard a moment ago isn't lost. Params: `terminalName`, `lastHeardAt`.
    TerminalAlive,
    UnknownTerminal,
    /// This terminal keeps nothing of that trace, or not any more.
    UnknownTrace,
    /// Not an address that something can be sent to. Params: `field`.
    InvalidUrl,
    /// Not a code of this program, or mistyped.
    BadPairingCode,
    /// No server answers. Params of this and the ones below: `detail`.
    LogUnreachable,
    /// The server's certificate isn't signed by a trusted authority.
    LogUntrusted,
    LogExpired,
    /// The server's certificate is of another host.
    LogWrongHost,
    LogWrongProtocol,
    LogCertificateRefused,
    LogBadCredentials,
    LogNotAuthorised,
    /// The connection's settings can't be used.
    LogSettings,
    /// A topic has settings that would lose or refuse records. Params: `topic`, `detail`.
    LogTopicSettings,
    LogChanged,
    LogTooLarge,
    LogFailed,
    /// The customer center's database server doesn't answer; everything but Mypage goes on. Params of this and the ones
    /// below: `detail`.
    MypageUnreachable,
    MypageUntrusted,
    MypageBadCredentials,
    MypageNoDatabase,
    MypageNotAuthorised,
    /// Another program keeps this journal's read model there.
    MypageInUse,
    /// The database's settings can't be used. Params: also `field`.
    MypageSettings,
    MypageFailed,
    /// A fault of the program. Params: `detail`.
    Internal,
}

impl ErrorCode {
    /// As it crosses.
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned));
        word.unwrap_or_default()
    }
}

/// What crosses to a screen when a command or a query fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, thiserror::Error)]
#[ts(export, export_to = "contract.ts")]
#[error("{code:?} {params}")]
pub struct AppError {
    pub code: ErrorCode,
    /// An object; its keys are named at each code.
    #[ts(type = "Record<string, unknown>")]
    pub params: serde_json::Value,
}

impl AppError {
    pub fn new(code: ErrorCode) -> Self {
        Self { code, params: serde_json::json!({}) }
    }

    pub fn with(code: ErrorCode, params: serde_json::Value) -> Self {
        Self { code, params }
    }
}
