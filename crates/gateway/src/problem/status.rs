//! Maps the application's error codes to HTTP statuses.

use axum::http::StatusCode;
use nosmoke_ports::contract::ErrorCode;

/// Returns the HTTP status for an error code. The match is exhaustive, so a new code doesn't compile without a status.
pub(crate) const fn status_of(code: ErrorCode) -> StatusCode {
    use ErrorCode as E;
    match code {
        E::InvalidInput
        | E::Empty
        | E::TooLong
        | E::InvalidText
        | E::NotWhole
        | E::RulesInvalid
        | E::OutOfRange
        | E::PointsNotAllowed
        | E::PointsNeeded
        | E::PriceIsOff
        | E::InvalidPin
        | E::ReasonNeeded
        | E::PinNeeded
        | E::BadRecoveryCode
        | E::KeyReused
        | E::SameCustomer
        | E::NotDuringVisit
        | E::UnknownEncoding
        | E::MissingColumn
        | E::NotAList
        | E::NotAPicture
        | E::ShapeInvalid
        | E::WorkbookUnreadable
        | E::QuoteLeftOpen
        | E::BadBytes
        | E::LineBreak
        | E::DigitsLost
        | E::NotAnAmount
        | E::NotACustomer
        | E::BadPairingCode
        | E::KeyWithoutFacility
        | E::InvalidUrl
        | E::InvalidUpdateKey
        | E::PrinterAddress
        | E::PasswordNeeded
        | E::LogSettings => StatusCode::UNPROCESSABLE_ENTITY,
        E::UnknownCustomer
        | E::UnknownVisit
        | E::UnknownEarning
        | E::UnknownPayment
        | E::UnknownDeduction
        | E::UnknownPenalty
        | E::UnknownArea
        | E::UnknownPlan
        | E::UnknownTerminal
        | E::UnknownToken
        | E::UnknownTrace
        | E::UnknownImport
        | E::UnknownCase
        | E::UnknownStaff
        | E::NoRecoveryCode
        | E::Expired => StatusCode::NOT_FOUND,
        E::PortUnavailable
        | E::NoPrinter
        | E::PrintQueueFull
        | E::NoCard
        | E::AlreadyInside
        | E::VisitForgotten
        | E::NotInside
        | E::NotCheckedOut
        | E::AlreadyCheckedOut
        | E::AlreadyVoided
        | E::AreaFull
        | E::AreaOccupied
        | E::AreaRetired
        | E::Prohibited
        | E::InsufficientPoints
        | E::HeldElsewhere
        | E::RecordedElsewhere
        | E::VoidWindowPassed
        | E::OutsideEntryDays
        | E::MoreThanOutstanding
        | E::NothingOutstanding
        | E::EducationAlreadyDeducted
        | E::CustomerErased
        | E::AlreadyLinked
        | E::NotLinked
        | E::PaidDeductionStands
        | E::RevisedMeanwhile
        | E::RulesChanged
        | E::RulesUnchanged
        | E::NothingToRevise
        | E::CardTaken
        | E::ImportUsed
        | E::AreaNameTaken
        | E::TooManyPlans
        | E::TokenNameTaken
        | E::TokenRevoked
        | E::OwnerToken
        | E::UpdatesOff
        | E::TooManyTokens
        | E::StaffNameTaken
        | E::LastManager
        | E::AlreadySetUp
        | E::NotSetUp
        | E::OtherFacility
        | E::OutdatedKey
        | E::OtherKey
        | E::NoFacilityKey
        | E::JobRunning
        | E::Cancelled
        | E::NeedsUpdate
        | E::StillReading
        | E::TerminalAlive => StatusCode::CONFLICT,
        E::NotSignedIn | E::NotAuthorised | E::WrongPin => StatusCode::FORBIDDEN,
        E::PinWait => StatusCode::TOO_MANY_REQUESTS,
        E::FileTooLarge | E::PictureTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        E::PointUnavailable
        | E::ContextStopped
        | E::DiskFull
        | E::FolderUnwritable
        | E::FolderInUse
        | E::NotConnected
        | E::UpdateUnavailable
        | E::UpdateUntrusted
        | E::UpdateNotInstalled
        | E::LogUnreachable
        | E::MypageUnreachable
        | E::MypageUntrusted
        | E::MypageBadCredentials
        | E::MypageNoDatabase
        | E::MypageNotAuthorised
        | E::MypageInUse
        | E::MypageSettings
        | E::MypageFailed
        | E::MypageBehind => StatusCode::SERVICE_UNAVAILABLE,
        E::StorageFailed
        | E::StorageCorrupt
        | E::NewerVersion
        | E::FileUnreadable
        | E::FileUnwritable
        | E::FolderNotShown
        | E::NoDataFolder
        | E::NotABackup
        | E::BackupDamaged
        | E::BackupTargetMissing
        | E::BackupLocked
        | E::WrongPassphrase
        | E::FolderTaken
        | E::LogUntrusted
        | E::LogExpired
        | E::LogWrongHost
        | E::LogWrongProtocol
        | E::LogWrongMechanism
        | E::LogAdvertised
        | E::LogCertificateRefused
        | E::LogBadCredentials
        | E::LogNotAuthorised
        | E::LogTopicSettings
        | E::LogChanged
        | E::LogTooLarge
        | E::LogFailed
        | E::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
