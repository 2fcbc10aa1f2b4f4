//! Who may do what: one table of everything that changes or reveals something.
//!
//! Nothing is permitted by default. A command names its [`Act`] where it is decided, a call of the window in the window's table, a
//! route of the gateway where it reaches a use case; an act without a row here doesn't compile:
//!
//! ```
//! use nosmoke_application::permission::Needs;
//! nosmoke_application::acts! { OpenTheSafe: Manager, }
//! ```
//! ```compile_fail
//! use nosmoke_application::permission::Needs;
//! nosmoke_application::acts! { OpenTheSafe, }
//! ```

use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// Whom an act is for. Until staff sign in, whoever uses the terminal is the manager who set it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Also who uses a folder that isn't set up yet.
    Nobody,
    Staff,
    Supervisor,
    Manager,
    /// A manager, where the folder has one already.
    ManagerOnceSetUp,
}

impl Needs {
    /// The least role that may do it; `None` where no role is needed.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Nobody => None,
            Self::Staff => Some(Role::Staff),
            Self::Supervisor => Some(Role::Supervisor),
            Self::Manager | Self::ManagerOnceSetUp => Some(Role::Manager),
        }
    }

    /// Whether it may be done in a folder that isn't set up yet.
    pub const fn before_set_up(self) -> bool {
        matches!(self, Self::Nobody | Self::ManagerOnceSetUp)
    }
}

/// Makes the acts and their table of rows `Act: Needs`.
#[doc(hidden)]
#[macro_export]
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $needs:ident,)*) => {
        /// Something that changes or reveals something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act {
            $($(#[$doc])* $act),*
        }

        impl Act {
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// Whom it is for.
            pub const fn needs(self) -> Needs {
                match self {
                    $(Self::$act => Needs::$needs),*
                }
            }
        }
    };
}

acts! {
    /// Gives a command, whatever that needs besides.
    Record: Staff,

    // Visits.
    CheckIn: Staff,
    /// Checks a prohibited customer in.
    AdmitProhibited: Supervisor,
    CheckOut: Staff,
    /// Replaces the points that the rules give for a visit.
    GiveVisitPoints: Manager,
    CheckOutArea: Staff,
    CloseVisit: Staff,
    /// Staff within the void window, which the decision itself knows.
    VoidVisit: Staff,

    // Points.
    Pay: Staff,
    VoidPayment: Staff,
    AdjustPoints: Manager,
    /// Takes over what a lost terminal holds.
    ReclaimTerminal: Manager,

    // Penalties.
    ImposePenalty: Staff,
    DeductPenalty: Staff,
    /// Deducts on the ground of a waiver.
    WaivePenalty: Supervisor,
    VoidPenalty: Staff,

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
    SaveHub: Manager,

    // The program.
    /// What is there when it starts: no personal data.
    SeeStart: Nobody,
    /// Whether the program can work.
    SeeHealth: Nobody,
    SetUp: Nobody,
    /// What a pairing code says, for who is about to use it.
    ReadPairingCode: Nobody,
    /// Chooses a file; only its path is told.
    PickFile: Nobody,
    VisitDemonstration: Nobody,
    SavePreferences: Nobody,
    CancelJob: Nobody,
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
    /// Counts of what passes, without names.
    SeeMetrics: Staff,
    BackUp: Manager,
    Restore: ManagerOnceSetUp,

    // Other terminals.
    SeeSync: Staff,
    SeeQuarantined: Manager,
    RetryLink: Staff,
    SeeConnection: ManagerOnceSetUp,
    ChangeConnection: ManagerOnceSetUp,
    /// The code carries the facility key.
    SeePairingCode: Manager,
    AcceptPairingCode: Manager,
}

impl Act {
    /// # Errors
    /// `not_authorised` with the role that is needed.
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
