//! Errors as the screens receive them: a stable code with parameters. The screens hold the texts in each language.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Stable error codes. A code never changes its meaning, and the screens have a text for each in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request isn't JSON of a known command or query, or a field such as a date or a cursor can't be parsed.
    /// Params: `detail`.
    InvalidInput,
    /// A required text is empty. Params: `field`.
    Empty,
    /// A text is too long. Params: `field`, `max` (characters).
    TooLong,
    /// A text holds a character that can't be stored, such as NUL. Params: `field`.
    InvalidText,
    /// Not a whole number. Params: `field`.
    NotWhole,
    /// A number is out of its range. Params: `field`, `min`, `max`.
    OutOfRange,
    UnknownCustomer,
    UnknownVisit,
    UnknownEarning,
    UnknownPayment,
    UnknownDeduction,
    UnknownPenalty,
    UnknownArea,
    UnknownPlan,
    /// Params: `areaName`, `since`.
    AlreadyInside,
    /// The visit was probably forgotten, and the check-out doesn't confirm that it is meant. Params: `since`, `hours`.
    VisitForgotten,
    NotInside,
    NotCheckedOut,
    AlreadyCheckedOut,
    AlreadyVoided,
    /// Params: `areaName`, `capacity`.
    AreaFull,
    /// Params: `areaName`, `present`.
    AreaOccupied,
    /// A command names an area that is out of use. Params: `areaName`.
    AreaRetired,
    /// Params: `outstanding`, `threshold`, `asOf`.
    Prohibited,
    /// Params: `balance`.
    InsufficientPoints,
    /// Params: `balance`, `payableHere`, `holders` (list of `{terminalName, points, lastHeardAt}`).
    HeldElsewhere,
    /// A payment or a penalty is refused because the context point is stopped, failing or not answering; nothing was
    /// recorded. Params: `reason` (`stopped`: a manager must start point; `failing`, `timeout`, `open`: point recovers
    /// by itself), `retryAfterMs`.
    PointUnavailable,
    /// A command or query is refused because its context is stopped; nothing was recorded. Params: `context`.
    ContextStopped,
    /// The fact to void was recorded by another terminal. Params: `terminalName`.
    RecordedElsewhere,
    /// Params: `minutes` (of the role that tried), `needed` (the role that still may).
    VoidWindowPassed,
    OutsideEntryDays,
    /// Params: `outstanding`.
    MoreThanOutstanding,
    NothingOutstanding,
    EducationAlreadyDeducted,
    /// The rules set the points for this ground of a deduction, so the command must not name any.
    PointsNotAllowed,
    PointsNeeded,
    /// The rules set no price for a deduction that is paid for with points.
    PriceIsOff,
    CustomerErased,
    SameCustomer,
    AlreadyLinked,
    NotLinked,
    /// A visit can only end between when it began and now. Params: `since`.
    NotDuringVisit,
    /// A deduction that was paid for must be voided before its penalty.
    PaidDeductionStands,
    /// The case isn't open here: somebody resolved it, or it was settled.
    UnknownCase,
    /// Params: `revision`.
    RevisedMeanwhile,
    /// Another set of rules has been published meanwhile. Params: `generation`.
    RulesChanged,
    /// The rules have fields that can't be used. Params: `problems` (list of `{field, kind, min, max}`).
    RulesInvalid,
    /// The rules are those in force already.
    RulesUnchanged,
    /// No set of rules was published for present standings.
    NothingToRevise,
    /// Params: `customerId`, `name`.
    CardTaken,
    /// Another area has a name that reads alike. Params: `name`.
    AreaNameTaken,
    /// A shape of a plan can't be kept. Params: `number` (from 1), `reason` (`outside`, `area`, `place`).
    ShapeInvalid,
    /// The facility has as many plans as it can have. Params: `max`.
    TooManyPlans,
    /// The file or the data isn't a picture that a plan can have. Params: `reason` (`other`, `active`, `multiplying`).
    NotAPicture,
    /// Params: `reason` (`bytes`, `pixels`, `stored`), `max`.
    PictureTooLarge,
    /// The idempotency key was used before, for a different request.
    KeyReused,
    /// Nobody is signed in, or the person who was has been retired here.
    NotSignedIn,
    NotAuthorised,
    AlreadySetUp,
    NotSetUp,
    /// A PIN has too few or too many digits, or other characters. Params: `min`, `max` (digits).
    InvalidPin,
    /// The PIN or the recovery code is wrong. Params: `triesLeft` (before a wait begins), `waitMs` (the wait that has
    /// begun, else null).
    WrongPin,
    /// No PIN may be tried now. Params: `waitMs`, `whole` (whether it concerns everybody at this terminal).
    PinWait,
    /// Nobody of this id can sign in or be changed: unknown here, retired, or without a PIN.
    UnknownStaff,
    /// Another member of staff has this name. Params: `name`.
    StaffNameTaken,
    /// The last manager can be neither retired nor demoted.
    LastManager,
    /// A new PIN must be given: the person is new, comes back or becomes a manager. Params: `min`, `max` (digits).
    PinNeeded,
    /// No recovery code was made for this facility.
    NoRecoveryCode,
    /// The text isn't a recovery code, or it was mistyped.
    BadRecoveryCode,
    /// The REST gateway can't listen on its port. Params: `port`, `detail`.
    PortUnavailable,
    /// The text is no address of a printer. Params: `reason` (`empty`, `host`, `port`, `device`).
    PrinterAddress,
    /// This terminal has no printer set.
    NoPrinter,
    /// Too many slips wait for the printer. Params: `max`.
    PrintQueueFull,
    /// The customer has no card, or none that fits a code.
    NoCard,
    /// Another process has the data folder open.
    FolderInUse,
    DiskFull,
    /// This user may not write in the data folder. Params: `detail` (the file or folder, and the system's message).
    FolderUnwritable,
    /// The demonstration's folder has files that the demonstration didn't make. Params: `path`.
    FolderTaken,
    /// The system names no folder for this user's data, because the user has no home folder.
    NoDataFolder,
    /// Params: `detail`.
    StorageFailed,
    /// A database of this terminal is damaged. Params: `detail` (which database, and the damage).
    StorageCorrupt,
    /// The data was written by a newer version of the program.
    NewerVersion,
    /// Params: `path`, `detail`; as `reason`, `missing` or `not_permitted` if it is one of these.
    FileUnreadable,
    /// Params: as for `FileUnreadable`.
    FileUnwritable,
    /// The system's file manager can't show the folder. Params: `path`, `detail`.
    FolderNotShown,
    /// The file is no text in UTF-8, UTF-16 or CP949.
    UnknownEncoding,
    /// The file isn't a list that can be read. Params: `reason` (`html`, `xml`, `ods`, `xlsb`, `pdf`, `hwp`, `vcard`,
    /// `encrypted`, `other`).
    NotAList,
    /// The workbook is damaged. Params: `detail`.
    WorkbookUnreadable,
    /// A quoted cell isn't closed properly, so the rest of the file can't be told apart. Params: `line` (where the quote
    /// opens).
    QuoteLeftOpen,
    /// A line of a list has bytes that are no letters in its encoding.
    BadBytes,
    /// A cell of a list has a line break: probably a quote was left open. Params: `field`.
    LineBreak,
    /// A spreadsheet program changed a number, and its digits are lost. Params: `field`, `value`.
    DigitsLost,
    /// A cell of points or penalty points isn't a plain whole number. Params: `field`, `value`.
    NotAnAmount,
    /// A line of a list looks like no customer. Params: `reason` (`total`, `note`, `header`).
    NotACustomer,
    /// Somebody whom an import added has come meanwhile, so it can't be taken back. Params: `name`, `customers` (how many). If
    /// they came while it was being taken back, `reason` is `partly`, and `erased` says how many were erased before. If the
    /// points that it gave to customers who were here before are spent or held elsewhere, or penalty points that it brought
    /// were deducted for a payment, `reason` is `opening`.
    ImportUsed,
    /// This terminal knows no such import, or it was taken back already.
    UnknownImport,
    /// Params: `column`.
    MissingColumn,
    /// Params: `max`, and as `reason` what it counts: `lines`, `bytes`, `columns` or `cells`.
    FileTooLarge,
    NotABackup,
    /// The backup's content doesn't match its own checksums.
    BackupDamaged,
    /// The backup is locked with a passphrase, and none was given.
    BackupLocked,
    /// The backup is locked with another passphrase.
    WrongPassphrase,
    /// The folder of the scheduled backups is missing, or isn't the one that was chosen: its disk isn't connected. Params:
    /// `path`.
    BackupTargetMissing,
    Cancelled,
    /// Another job is running.
    JobRunning,
    /// The preview or other temporary item doesn't exist any more; the caller must request a new one.
    Expired,
    /// The journal has facts of types that only a newer version of the program knows.
    NeedsUpdate,
    /// The command needs the Kafka cluster, which isn't connected now.
    NotConnected,
    /// The command needs all facts of the cluster, and this terminal is still reading them.
    StillReading,
    /// The terminal sent a heartbeat recently, so it isn't lost. Params: `terminalName`, `lastHeardAt`.
    TerminalAlive,
    UnknownTerminal,
    /// This terminal accepts no such token.
    UnknownToken,
    /// Another token of this terminal has that name. Params: `name`.
    TokenNameTaken,
    /// The token was revoked before.
    TokenRevoked,
    /// The token of the PC's owner can be rotated, but not revoked.
    OwnerToken,
    /// Params: `max`.
    TooManyTokens,
    /// What is asked for shows names, so a reason must be given.
    ReasonNeeded,
    /// This terminal has no spans of that trace, or has deleted them.
    UnknownTrace,
    /// The text isn't a URL to which spans can be sent. Params: `field`.
    InvalidUrl,
    /// The text isn't a public key with which versions of the program are signed.
    InvalidUpdateKey,
    /// This installation doesn't update itself. Params: `reason` (`administrator`, `notPackaged`, `demonstration`).
    UpdatesOff,
    /// The address of newer versions doesn't answer, or with something else. Params: `detail`.
    UpdateUnavailable,
    /// What was offered isn't what its publisher signed; it is deleted. Params: `reason` (`signature`, `version`).
    UpdateUntrusted,
    /// A newer version wasn't installed. Params: `reason` (`none`: none is ready; `refused`: nobody gave the administrator's password; `noDialog`:
    /// this PC can't ask for it; `failed`), `detail`, `path`.
    UpdateNotInstalled,
    /// The text isn't a pairing code of this program, or it was mistyped.
    BadPairingCode,
    /// The text is a facility key without a facility: 64 hexadecimal digits.
    KeyWithoutFacility,
    /// The pairing code is another facility's, and this terminal is set up already.
    OtherFacility,
    /// The pairing code has an earlier key of this facility than this terminal.
    OutdatedKey,
    /// The pairing code has another key with the same number as this terminal's. Params: `number`.
    OtherKey,
    /// This folder has no facility key: it was restored on another PC, and no backup has the key. Another terminal's pairing
    /// code brings it, or a manager makes a new one.
    NoFacilityKey,
    /// No server of the Kafka cluster answers. Params of this and all `Log…` codes below: `detail`.
    LogUnreachable,
    /// The Kafka server's certificate isn't signed by a trusted authority.
    LogUntrusted,
    LogExpired,
    /// The Kafka server's certificate is for another host.
    LogWrongHost,
    LogWrongProtocol,
    /// The Kafka server doesn't offer the login method of the settings.
    LogWrongMechanism,
    /// The Kafka cluster answers, but names addresses of its servers that can't be reached from here.
    LogAdvertised,
    LogCertificateRefused,
    LogBadCredentials,
    LogNotAuthorised,
    /// The saved password was typed for another server, user or transport, and is not sent to this one.
    PasswordNeeded,
    /// The settings of the connection to Kafka are invalid.
    LogSettings,
    /// A Kafka topic is configured so that it would lose or refuse messages. Params: `topic`, `detail`.
    LogTopicSettings,
    LogChanged,
    LogTooLarge,
    LogFailed,
    /// The database server of Mypage (the customer center's read model) doesn't answer; everything but Mypage still
    /// works. Params of this and all `Mypage…` codes below: `detail`.
    MypageUnreachable,
    MypageUntrusted,
    MypageBadCredentials,
    MypageNoDatabase,
    MypageNotAuthorised,
    /// Another running program uses the same read model on that server.
    MypageInUse,
    /// The settings of the connection to the database are invalid. Params: also `field`.
    MypageSettings,
    MypageFailed,
    /// An export of histories is refused, because Mypage's read model lacks recorded changes. Params: `reason` and
    /// `missing`. With `behind` the projector fails or makes no progress, and that many changes are missing; with
    /// `set_aside` it has skipped that many customers.
    MypageBehind,
    /// There is a bug in the program. Params: `detail`.
    Internal,
}

impl ErrorCode {
    /// The code as it appears in JSON.
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned));
        word.unwrap_or_default()
    }
}

/// The error that a screen receives when a command or a query fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, thiserror::Error)]
#[ts(export, export_to = "contract.ts")]
#[error("{}: {params}", .code.word())]
pub struct AppError {
    pub code: ErrorCode,
    /// An object; its keys are listed at each `ErrorCode`.
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

    /// Makes an error that concerns a file or folder: `file_unreadable` or `file_unwritable`.
    pub fn of_file(code: ErrorCode, path: &Path, kind: io::ErrorKind, detail: &str) -> Self {
        let mut params = serde_json::json!({ "path": path.to_string_lossy(), "detail": detail });
        if let Some(reason) = reason(kind) {
            params["reason"] = reason.into();
        }
        Self { code, params }
    }
}

/// Returns the word for the errors of the operating system that people can do something about.
const fn reason(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::NotFound => Some("missing"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some("not_permitted"),
        _ => None,
    }
}
