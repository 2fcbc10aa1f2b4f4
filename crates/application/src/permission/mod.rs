//! The table of permissions: for each act that changes or reveals something, the role that a person needs and the scopes
//! of which a named token needs one.
//!
//! Nothing is permitted by default. Each command, each call of the window and each route of the gateway names its
//! [`Act`]. An act without a role or without a list of scopes doesn't compile:
//!
//! ```
//! use nosmoke_application::permission::Needs;
//! use nosmoke_domain::words::Scope;
//! nosmoke_application::acts! { OpenTheSafe: Manager [], OpenTheDoor: Staff [Enter, Operate], }
//! ```
//! ```compile_fail
//! use nosmoke_application::permission::Needs;
//! use nosmoke_domain::words::Scope;
//! nosmoke_application::acts! { OpenTheSafe [], }
//! ```
//! ```compile_fail
//! use nosmoke_application::permission::Needs;
//! use nosmoke_domain::words::Scope;
//! nosmoke_application::acts! { OpenTheSafe: Manager, }
//! ```

mod caller;
mod logged;
mod scopes;

pub use caller::{Authority, By, Caller};
pub use logged::Logged;
pub use scopes::Scopes;

use nosmoke_domain::words::{Role, Scope};
use nosmoke_ports::contract::{AppError, ErrorCode, PermissionRow};
use serde_json::json;

/// The lowest role that may perform an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// No role is needed: the act is also allowed before the data folder is set up, and while nobody is signed in.
    Nobody,
    Staff,
    Supervisor,
    Manager,
    /// Staff; before the data folder is set up, anyone.
    StaffOnceSetUp,
    /// A manager; before the data folder is set up, anyone.
    ManagerOnceSetUp,
}

impl Needs {
    /// The lowest role that is allowed; `None` if no role is needed.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Nobody => None,
            Self::Staff | Self::StaffOnceSetUp => Some(Role::Staff),
            Self::Supervisor => Some(Role::Supervisor),
            Self::Manager | Self::ManagerOnceSetUp => Some(Role::Manager),
        }
    }

    /// Whether the act is allowed before the data folder is set up.
    pub const fn before_set_up(self) -> bool {
        matches!(self, Self::Nobody | Self::StaffOnceSetUp | Self::ManagerOnceSetUp)
    }
}

/// Generates the enum [`Act`] and its table from rows `Act: Needs [Scope, ...]`.
#[doc(hidden)]
#[macro_export]
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $needs:ident [$($scope:ident),*],)*) => {
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

            /// The scopes of which a named token needs one. Without any, only the owner's token may do the act.
            pub const fn scopes(self) -> &'static [Scope] {
                match self {
                    $(Self::$act => &[$(Scope::$scope),*]),*
                }
            }
        }
    };
}

acts! {
    /// Sends any command; each command also needs permission for its own act.
    Record: Staff [Enter, Leave, Pay, Operate],

    // Visits.
    CheckIn: Staff [Enter, Operate],
    /// Checks a prohibited customer in.
    AdmitProhibited: Supervisor [Operate],
    CheckOut: Staff [Leave, Operate],
    /// Replaces the points that the rules give for a visit.
    GiveVisitPoints: Manager [],
    /// Takes a check-out back. For the role staff, the decision also checks the void window.
    TakeBackCheckOut: Staff [Operate],
    CheckOutArea: Staff [Operate],
    CloseVisit: Staff [Operate],
    /// Voids a visit. For the role staff, the decision also checks the void window and who recorded it.
    VoidVisit: Staff [Enter, Operate],

    /// Enters afterwards what happened before.
    EnterAfterwards: Supervisor [],

    // Points.
    Pay: Staff [Pay, Operate],
    /// Voids a payment. For the role staff, the decision also checks the void window and who recorded it.
    VoidPayment: Staff [Pay, Operate],
    AdjustPoints: Manager [],
    /// Takes over the points that a lost terminal holds.
    ReclaimTerminal: Manager [],

    // Penalties.
    /// Imposes a penalty with the points of its code.
    ImposePenalty: Staff [Operate],
    /// Imposes a penalty with other points than those of its code.
    ImposePoints: Supervisor [Operate],
    /// Deducts on a ground whose points the rules give, or for service.
    DeductPenalty: Staff [Operate],
    /// Deducts on the ground of an upheld objection or a waiver.
    WaivePenalty: Supervisor [Operate],
    /// Voids a penalty. For the role staff, the decision also checks the void window and who recorded it.
    VoidPenalty: Staff [Operate],
    /// Voids a deduction. For the role staff, the decision also checks the void window and who recorded it.
    VoidPenaltyDeduction: Staff [Operate],

    // Customers.
    /// Finds the one customer with a card or a phone.
    FindCustomer: Staff [Enter, Leave, Pay, Read, Operate],
    SeeCustomers: Staff [Read, Operate],
    /// Opens one customer's card.
    OpenCard: Staff [Read, Operate],
    SeeMypage: Staff [Read, Operate],
    /// Reads one visit.
    SeeVisit: Staff [Enter, Leave, Read, Operate],
    /// Learns which corrections of an entry are possible.
    SeeCorrections: Staff [],
    RegisterCustomer: Staff [Operate],
    ReviseCustomer: Staff [Operate],
    /// Links two ids of one person, or parts them.
    LinkCustomers: Manager [],
    EraseCustomer: Manager [],
    /// Sees what an erasure would erase.
    PreviewErasure: Manager [],
    /// Sees whom the facility hasn't seen for years.
    SeeUnseen: Manager [],
    /// Reads the notice about personal data, and how long it is kept.
    SeeKeeping: Staff [],
    SaveKeeping: Manager [],
    ImportCustomers: Manager [],
    ExportCustomers: Manager [],
    ExportHistories: Supervisor [],

    // Review.
    /// Sees the cases that wait for somebody.
    SeeReview: Supervisor [],
    ResolveCase: Supervisor [],

    // The day.
    /// Sees the figures of a day and its closes.
    SeeDay: Staff [],
    CloseDay: Staff [],
    /// Sees the figures of a period, and the customers with the most.
    SeePeriod: Supervisor [],
    ExportPeriod: Supervisor [],

    // Paper.
    /// Reads this terminal's printer, and which slips aren't on paper yet.
    SeePrinter: Staff [],
    ChangePrinter: Manager [],
    /// Prints a slip, tries a failed one again, or discards it.
    PrintSlip: Staff [],

    // The facility.
    SeeDesk: Staff [Enter, Leave, Read, Operate],
    SaveArea: Manager [],
    RetireArea: Manager [],
    SaveFacility: Manager [],
    /// Chooses whether the evacuation list shows names.
    SaveEvacuation: Manager [],
    SaveTerminal: Manager [],
    RetireTerminal: Manager [],
    SaveHub: Manager [],
    /// Sees the plans of the sites, which name no person.
    SeePlans: Staff [],
    /// Draws the plan of a site, and picks its picture.
    SavePlan: Manager [],
    /// Reads the rules with this terminal's draft and all earlier sets, and changes the draft.
    EditRules: Manager [],
    /// Publishes rules, and brings their levels to present standings.
    PublishRules: Manager [],
    /// Sees whom the draft would prohibit, release and warn.
    PreviewRules: Manager [],

    // People.
    /// Reads the lock screen, which names no customer.
    SeeLockScreen: Nobody [],
    SignIn: Nobody [],
    Lock: Nobody [],
    /// Adds the first manager of a facility without staff.
    AddFirstManager: Nobody [],
    /// Sets a manager's PIN with the recovery code.
    Recover: Nobody [],
    /// Reads who is inside, for an evacuation.
    SeeEvacuationList: Nobody [],
    ChangeOwnPin: Staff [],
    SeePermissions: Staff [],
    SeePeople: Manager [],
    /// Adds, changes and retires members of staff, and resets their PINs.
    SavePeople: Manager [],
    RenewRecoveryCode: Manager [],

    // Accountability.
    /// Reads whether the access log can be written.
    SeeAccessLogStatus: Staff [],
    SeeAccessLog: Manager [],
    ExportAccessLog: Manager [],
    ConfirmAccessLog: Manager [],
    /// Notes that a screen was printed.
    NotePrinted: Nobody [],
    SeeWhoDidWhat: Manager [],
    ExportWhoDidWhat: Manager [],
    /// Sees the tokens of this terminal, and the names of those of the others.
    SeeTokens: Manager [],
    MakeToken: Manager [],
    RotateToken: Manager [],
    RevokeToken: Manager [],

    // The program.
    /// Reads the state in which the program started, which has no personal data.
    SeeStart: Nobody [],
    /// Reads whether the program is healthy.
    SeeHealth: Nobody [],
    /// Says that this PC's clock is right, where a start doubted it.
    ConfirmClock: Staff [],
    SetUp: Nobody [],
    /// Reads the content of a pairing code before it is used to join.
    ReadPairingCode: StaffOnceSetUp [],
    /// Picks a file; the screen receives only its path.
    PickFile: StaffOnceSetUp [],
    VisitDemonstration: Nobody [],
    SavePreferences: StaffOnceSetUp [],
    CancelJob: StaffOnceSetUp [],
    /// Answers whether the window may close, and what it would lose.
    CloseProgram: Nobody [],
    /// Opens a folder in the system's file manager: that of a written file, of the last backup or of the log files.
    ShowFolder: StaffOnceSetUp [],
    /// Writes the file for support, which names no person and has no secret.
    SaveDiagnostics: Nobody [],
    SeeServices: Staff [Operate],
    StopContext: Manager [],
    StartContext: Manager [],
    SeeTraces: Staff [],
    ChangeTracing: Manager [],
    SeeMypageEngine: Manager [],
    ChangeMypageEngine: Manager [],
    RebuildMypage: Manager [],
    SeeGateway: Manager [],
    ChangeGateway: Manager [],
    /// Reads counts of the traffic, which contain no names.
    SeeMetrics: Staff [Read, Operate],
    /// Reads where newer versions of the program come from, and which one is ready.
    SeeUpdates: Manager [],
    ChangeUpdates: Manager [],
    /// Has the downloaded version installed, which asks for the administrator's password.
    InstallUpdate: Manager [],
    BackUp: Manager [],
    Restore: ManagerOnceSetUp [],

    // Other terminals.
    SeeSync: Staff [Read, Operate],
    SeeQuarantined: Manager [],
    RetryConnection: Staff [],
    SeeConnection: ManagerOnceSetUp [],
    ChangeConnection: ManagerOnceSetUp [],
    /// Reads this facility's pairing code, which contains the facility key.
    SeePairingCode: Manager [],
    /// Writes the pairing code to a file.
    SavePairingCode: Manager [],
    AcceptPairingCode: Manager [],
    RenewKey: Manager [],
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

    /// Checks that a named token with these scopes may do this act.
    ///
    /// # Errors
    /// Returns `not_authorised` with the scopes of which one is needed.
    pub fn expect_scope(self, scopes: &[Scope]) -> Result<(), AppError> {
        let is_permitted = self.needs().role().is_none() || self.scopes().iter().any(|scope| scopes.contains(scope));
        let refused = || AppError::with(ErrorCode::NotAuthorised, json!({ "neededScopes": self.scopes() }));
        is_permitted.then_some(()).ok_or_else(refused)
    }

    /// The act's name in the contract, such as `checkIn`.
    pub fn word(self) -> String {
        let name = format!("{self:?}");
        let mut letters = name.chars();
        letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
    }
}

/// Returns the table for the screens.
pub fn rows() -> Vec<PermissionRow> {
    let row = |act: &Act| PermissionRow {
        act: act.word(),
        role: act.needs().role(),
        before_set_up: act.needs().before_set_up(),
        scopes: act.scopes().to_vec(),
    };
    Act::ALL.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPES: [Scope; 5] = [Scope::Enter, Scope::Leave, Scope::Pay, Scope::Read, Scope::Operate];

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

    #[test]
    fn each_act_is_for_the_tokens_with_one_of_its_scopes() {
        for act in Act::ALL {
            for scope in SCOPES {
                let may = act.needs() == Needs::Nobody || act.scopes().contains(&scope);
                assert_eq!(act.expect_scope(&[scope]).is_ok(), may, "{act:?} with {scope:?}");
            }
            assert_eq!(act.expect_scope(&[]).is_ok(), act.needs() == Needs::Nobody, "{act:?} without a scope");
            assert_eq!(act.expect_scope(&SCOPES).is_ok(), act.needs() == Needs::Nobody || !act.scopes().is_empty());
        }
        assert_eq!(Act::CheckOut.expect_scope(&[Scope::Pay]).unwrap_err().params["neededScopes"][0], "leave");
    }

    #[test]
    fn no_named_token_does_what_only_managers_may() {
        for act in Act::ALL.iter().filter(|act| act.needs().role() == Some(Role::Manager)) {
            assert!(act.scopes().is_empty(), "{act:?}");
        }
        assert!(Act::ALL.iter().all(|act| act.scopes().is_empty() || act.scopes().contains(&Scope::Operate)));
    }

    #[test]
    fn the_table_for_the_screens_has_each_act_once() {
        let rows = rows();
        assert_eq!(rows.len(), Act::ALL.len());
        let row = rows.iter().find(|row| row.act == "checkIn").unwrap();
        assert_eq!((row.role, row.before_set_up), (Some(Role::Staff), false));
        assert_eq!(row.scopes, [Scope::Enter, Scope::Operate]);
    }
}
