//! The table of permissions: the role that is needed for each act that changes or reveals something.
//!
//! Nothing is permitted by default. Each command, each call of the window and each route of the gateway names its
//! [`Act`]. An act without a role doesn't compile:
//!
//! ```
//! use nosmoke_application::permission::Needs;
//! nosmoke_application::acts! { OpenTheSafe: Manager, }
//! ```
//! ```compile_fail
//! use nosmoke_application::permission::Needs;
//! nosmoke_application::acts! { OpenTheSafe, }
//! ```

mod caller;

pub use caller::{Authority, By, Caller};

use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// The lowest role that may perform an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// No role is needed: the act is also allowed before the data folder is set up.
    Nobody,
    Staff,
    Supervisor,
    Manager,
    /// A manager; before the data folder is set up, anyone.
    ManagerOnceSetUp,
}

impl Needs {
    /// The lowest role that is allowed; `None` if no role is needed.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Nobody => None,
            Self::Staff => Some(Role::Staff),
            Self::Supervisor => Some(Role::Supervisor),
            Self::Manager | Self::ManagerOnceSetUp => Some(Role::Manager),
        }
    }

    /// Whether the act is allowed before the data folder is set up.
    pub const fn before_set_up(self) -> bool {
        matches!(self, Self::Nobody | Self::ManagerOnceSetUp)
    }
}

/// Generates the enum [`Act`] and its table of needed roles from rows `Act: Needs`.
#[doc(hidden)]
#[macro_export]
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $needs:ident,)*) => {
        /// An act that changes or reveals something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act {
            $($(#[$doc])* $act),*
        }

        impl Act {
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// The role that the act needs.
            pub const fn needs(self) -> Needs {
                match self {
                    $(Self::$act => Needs::$needs),*
                }
            }
        }
    };
}

acts! {
    /// Sends any command; each command also needs permission for its own act.
    Record: Staff,

    // Visits.
    CheckIn: Staff,
    /// Checks a prohibited customer in.
    AdmitProhibited: Supervisor,
    CheckOut: Staff,
    /// Replaces the points that the rules give for a visit.
    GiveVisitPoints: Manager,
    /// Takes a check-out back. For the role staff, the decision also checks the void window.
    TakeBackCheckOut: Staff,
    CheckOutArea: Staff,
    CloseVisit: Staff,
    /// Voids a visit. For the role staff, the decision also checks the void window.
    VoidVisit: Staff,

    // Points.
    Pay: Staff,
    VoidPayment: Staff,
    AdjustPoints: Manager,
    /// Takes over the points that a lost terminal holds.
    ReclaimTerminal: Manager,

    // Penalties.
    ImposePenalty: Staff,
    DeductPenalty: Staff,
    /// Deducts on the ground of a waiver.
    WaivePenalty: Supervisor,
    VoidPenalty: Staff,
    /// Voids a deduction. For the role staff, the decision also checks the void window.
    VoidPenaltyDeduction: Staff,

    // Customers.
    SeeCustomers: Staff,
    SeeMypage: Staff,
    RegisterCustomer: Staff,
    ReviseCustomer: Staff,
    LinkCustomers: Manager,
    EraseCustomer: Manager,
    ImportCustomers: Manager,
    ExportCustomers: Manager,
    ExportHistories: Supervisor,

    // The facility.
    SeeDesk: Staff,
    SaveArea: Manager,
    RetireArea: Manager,
    SaveFacility: Manager,
    SaveTerminal: Manager,
    RetireTerminal: Manager,
    SaveHub: Manager,

    // The program.
    /// Reads the state in which the program started, which has no personal data.
    SeeStart: Nobody,
    /// Reads whether the program is healthy.
    SeeHealth: Nobody,
    SetUp: Nobody,
    /// Reads the content of a pairing code before it is used to join.
    ReadPairingCode: Nobody,
    /// Picks a file; the screen receives only its path.
    PickFile: Nobody,
    VisitDemonstration: Nobody,
    SavePreferences: Nobody,
    CancelJob: Nobody,
    /// Answers whether the window may close, and what it would lose.
    CloseProgram: Nobody,
    /// Opens a folder in the system's file manager: that of a written file, of the last backup or of the log files.
    ShowFolder: Nobody,
    /// Writes the file for support, which names no person and has no secret.
    SaveDiagnostics: Nobody,
    SeeServices: Staff,
    StopContext: Manager,
    StartContext: Manager,
    SeeTraces: Staff,
    ChangeTracing: Manager,
    SeeMypageEngine: Manager,
    ChangeMypageEngine: Manager,
    RebuildMypage: Manager,
    SeeGateway: Manager,
    ChangeGateway: Manager,
    /// Reads counts of the traffic, which contain no names.
    SeeMetrics: Staff,
    BackUp: Manager,
    Restore: ManagerOnceSetUp,

    // Other terminals.
    SeeSync: Staff,
    SeeQuarantined: Manager,
    RetryConnection: Staff,
    SeeConnection: ManagerOnceSetUp,
    ChangeConnection: ManagerOnceSetUp,
    /// Reads this facility's pairing code, which contains the facility key.
    SeePairingCode: Manager,
    AcceptPairingCode: Manager,
    RenewKey: Manager,
}

impl Act {
    /// Checks that a role may do this act.
    ///
    /// # Errors
    /// Returns `not_authorised` with the role that is needed.
    pub fn expect(self, role: Role) -> Result<(), AppError> {
        match self.needs().role() {
            Some(needed) if role < needed => Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": needed }))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_is_for_its_role_and_those_above_it() {
        for act in Act::ALL {
            for role in [Role::Staff, Role::Supervisor, Role::Manager] {
                let may = act.needs().role().is_none_or(|needed| role >= needed);
                assert_eq!(act.expect(role).is_ok(), may, "{act:?} by {role:?}");
            }
        }
        assert_eq!(Act::Restore.expect(Role::Supervisor).unwrap_err().params["needed"], "manager");
        assert!(Act::Restore.needs().before_set_up() && !Act::BackUp.needs().before_set_up());
    }
}
