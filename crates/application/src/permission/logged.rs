//! What the access log says of each act. A new act without a row doesn't compile.

use nosmoke_ports::AccessBy;
use nosmoke_ports::contract::AccessAct;

use super::{Act, By};

/// How an act appears in the access log. Whatever it is, a refusal for want of a role or scope is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// Only when it is refused: it shows and changes no personal data, or the facts say who did it.
    Refusals,
    /// One row each time, whatever its outcome.
    Each(AccessAct),
    /// One row for each person and minute.
    Person(AccessAct),
    /// One row a minute, with the number of people whose names were shown.
    List(AccessAct),
    /// By the code that does it, when its outcome is known: a job at its end, a dialog that wasn't cancelled.
    Itself(AccessAct),
}

impl Logged {
    /// The act as the log names it.
    pub const fn act(self) -> AccessAct {
        match self {
            Self::Refusals => AccessAct::Refused,
            Self::Each(act) | Self::Person(act) | Self::List(act) | Self::Itself(act) => act,
        }
    }
}

impl Act {
    /// How the access log has this act.
    pub const fn logged(self) -> Logged {
        use AccessAct as A;
        use Logged::{Each, Itself, List, Person, Refusals};
        match self {
            Self::EraseCustomer => Each(A::Erased),
            Self::StopContext => Each(A::ContextStopped),
            Self::StartContext => Each(A::ContextStarted),
            Self::AcceptPairingCode | Self::RenewKey => Each(A::KeyChanged),
            Self::SeeAccessLog | Self::SeeWhoDidWhat => Each(A::LogSeen),
            Self::MakeToken => Each(A::TokenMade),
            Self::RotateToken => Each(A::TokenRotated),
            Self::RevokeToken => Each(A::TokenRevoked),
            Self::SeePairingCode => Each(A::PairingShown),
            Self::SeeEvacuationList => Each(A::EvacuationList),

            Self::OpenCard | Self::PreviewErasure => Person(A::CardOpened),
            Self::SeeMypage => Person(A::MypageOpened),
            Self::SeeCustomers
            | Self::SeeDesk
            | Self::SeeReview
            | Self::FindCustomer
            | Self::SeeUnseen
            | Self::SeePeriod
            | Self::PreviewRules => List(A::ListShown),

            Self::ImportCustomers => Itself(A::Imported),
            Self::ExportCustomers
            | Self::ExportHistories
            | Self::ExportPeriod
            | Self::ExportAccessLog
            | Self::ExportWhoDidWhat => Itself(A::Exported),
            // Written before the call answers that it is confirmed.
            Self::ConfirmAccessLog => Itself(A::LogConfirmed),
            Self::NotePrinted | Self::PrintSlip => Itself(A::Printed),
            Self::BackUp => Itself(A::BackedUp),
            Self::Restore => Itself(A::Restored),
            Self::SavePairingCode => Itself(A::PairingShown),
            Self::SignIn => Itself(A::SignIn),
            Self::AddFirstManager => Itself(A::FirstManager),
            Self::Recover => Itself(A::Recover),
            Self::SavePeople => Itself(A::StaffChanged),
            Self::ChangeOwnPin | Self::RenewRecoveryCode => Itself(A::PinChanged),

            Self::SeeDay
            | Self::CloseDay
            | Self::Record
            | Self::CheckIn
            | Self::AdmitProhibited
            | Self::CheckOut
            | Self::GiveVisitPoints
            | Self::TakeBackCheckOut
            | Self::CheckOutArea
            | Self::CloseVisit
            | Self::VoidVisit
            | Self::EnterAfterwards
            | Self::Pay
            | Self::VoidPayment
            | Self::AdjustPoints
            | Self::ReclaimTerminal
            | Self::ImposePenalty
            | Self::ImposePoints
            | Self::DeductPenalty
            | Self::WaivePenalty
            | Self::VoidPenalty
            | Self::VoidPenaltyDeduction
            | Self::SeeVisit
            | Self::SeeCorrections
            | Self::RegisterCustomer
            | Self::ReviseCustomer
            | Self::LinkCustomers
            | Self::ResolveCase
            | Self::SeeKeeping
            | Self::SaveKeeping
            | Self::SaveArea
            | Self::RetireArea
            | Self::SaveFacility
            | Self::SaveEvacuation
            | Self::SaveTerminal
            | Self::RetireTerminal
            | Self::SaveHub
            | Self::SeePrinter
            | Self::ChangePrinter
            | Self::SeePlans
            | Self::SavePlan
            | Self::EditRules
            | Self::PublishRules
            | Self::SeeLockScreen
            | Self::Lock
            | Self::SeePermissions
            | Self::SeePeople
            | Self::SeeAccessLogStatus
            | Self::SeeTokens
            | Self::SeeStart
            | Self::SeeHealth
            | Self::ConfirmClock
            | Self::SetUp
            | Self::ReadPairingCode
            | Self::PickFile
            | Self::VisitDemonstration
            | Self::SavePreferences
            | Self::CancelJob
            | Self::CloseProgram
            | Self::ShowFolder
            | Self::SaveDiagnostics
            | Self::SeeServices
            | Self::SeeTraces
            | Self::ChangeTracing
            | Self::SeeMypageEngine
            | Self::ChangeMypageEngine
            | Self::RebuildMypage
            | Self::SeeGateway
            | Self::ChangeGateway
            | Self::SeeUpdates
            | Self::ChangeUpdates
            | Self::InstallUpdate
            | Self::SeeMetrics
            | Self::SeeSync
            | Self::SeeQuarantined
            | Self::RetryConnection
            | Self::SeeConnection
            | Self::ChangeConnection => Refusals,
        }
    }
}

impl From<By> for AccessBy {
    fn from(by: By) -> Self {
        match by {
            By::Staff(id) => Self::Staff(id),
            By::Token(id) => Self::Token(id),
            By::Program => Self::Program,
        }
    }
}
