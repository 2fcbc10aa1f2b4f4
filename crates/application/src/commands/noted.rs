//! What a command leaves in the access log.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{AccessReason, AppError, Command, ErrorCode, Outcome};
use nosmoke_runtime::access::AccessNotes;

use super::decide::act_of;
use crate::permission::{Caller, Logged};

/// A command as the access log would have it.
pub(super) struct Noted {
    caller: Caller,
    logged: Logged,
    whose: Option<CustomerId>,
    reason: Option<AccessReason>,
}

impl Noted {
    pub(super) fn of(caller: Caller, command: &Command) -> Self {
        let (whose, reason) = match command {
            Command::EraseCustomer(erase) => (Some(erase.customer_id), erase.reason),
            _ => (None, None),
        };
        Self { caller, logged: act_of(command).logged(), whose, reason }
    }

    /// Notes the command, unless the facts say all that is to be said.
    pub(super) fn note(self, access: &AccessNotes, answer: &Result<Outcome, AppError>) {
        let is_refused = matches!(answer, Err(error) if error.code == ErrorCode::NotAuthorised);
        if is_refused || matches!(self.logged, Logged::Each(_)) {
            let access_by = self.caller.by.into();
            let row = Access::done(access_by, self.logged.act()).of(self.whose).because(self.reason);
            access.note(row.ended(answer));
        }
    }
}
