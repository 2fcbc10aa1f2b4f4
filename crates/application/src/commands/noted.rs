//! What a command leaves in the access log.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{AccessAct, AccessReason, AppError, Command, ErrorCode, Outcome};
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
            Command::CheckIn(check_in) => (check_in.customer_id, None),
            _ => (None, None),
        };
        Self { caller, logged: act_of(command).logged(), whose, reason }
    }

    /// Notes the command, unless the facts say all that is to be said.
    pub(super) fn note(self, access: &AccessNotes, answer: &Result<Outcome, AppError>) {
        let is_refused = matches!(answer, Err(error) if error.code == ErrorCode::NotAuthorised);
        if is_refused || matches!(self.logged, Logged::Each(_)) {
            self.add(self.logged.act(), access, answer);
        } else if matches!(answer, Err(error) if error.code == ErrorCode::Prohibited) {
            self.add(AccessAct::EntryRefused, access, answer);
        }
    }

    fn add(&self, act: AccessAct, access: &AccessNotes, answer: &Result<Outcome, AppError>) {
        let row = Access::done(self.caller.by.into(), act).of(self.whose).because(self.reason);
        access.note(row.ended(answer));
    }
}
