//! What a command needs before it is decided: who may give it, whose it is, and who decides it.

use nosmoke_domain::words::{Ground, Role};
use nosmoke_ports::contract::{AppError, Command, ContextName, ErrorCode, Outcome};
use serde_json::json;

use super::work::Work;
use super::{check_in, customer, facility, pay, penalty, point};

/// What each role may do. Everyone is a manager until staff sign in.
pub(super) fn authorise(role: Role, command: &Command) -> Result<(), AppError> {
    let needed = match command {
        Command::CheckOut { points: Some(_), .. }
        | Command::AdjustPoints { .. }
        | Command::LinkCustomers { .. }
        | Command::EraseCustomer { .. }
        | Command::SaveArea { .. }
        | Command::RetireArea { .. }
        | Command::SaveFacility { .. }
        | Command::SaveTerminal { .. }
        | Command::SaveHub { .. } => Role::Manager,
        Command::CheckIn { admission: Some(_), .. } | Command::DeductPenalty { ground: Ground::Waiver, .. } => {
            Role::Supervisor
        }
        _ => Role::Staff,
    };
    if role >= needed { Ok(()) } else { Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": needed }))) }
}

/// The context that decides a command; `None` for records, which no context owns.
pub(super) fn context_of(command: &Command) -> Option<ContextName> {
    Some(match command {
        Command::CheckIn { .. }
        | Command::CheckOut { .. }
        | Command::CheckOutArea { .. }
        | Command::CloseVisit { .. }
        | Command::VoidVisit { .. } => ContextName::CheckIn,
        Command::Pay { .. } | Command::VoidPayment { .. } => ContextName::Pay,
        Command::AdjustPoints { .. } => ContextName::Point,
        Command::ImposePenalty { .. } | Command::DeductPenalty { .. } | Command::VoidPenalty { .. } => {
            ContextName::Penalty
        }
        Command::LinkCustomers { .. }
        | Command::EraseCustomer { .. }
        | Command::RegisterCustomer { .. }
        | Command::ReviseCustomer { .. }
        | Command::SaveArea { .. }
        | Command::RetireArea { .. }
        | Command::SaveFacility { .. }
        | Command::SaveTerminal { .. }
        | Command::SaveHub { .. } => return None,
    })
}

/// Contexts whose commands call point synchronously.
pub(super) fn needs_point(context: ContextName) -> bool {
    matches!(context, ContextName::Pay | ContextName::Penalty | ContextName::Point)
}

/// Commands whose effect isn't all in facts: the screens and the other terminals are told of it besides.
pub(super) fn changes_records(command: &Command) -> bool {
    matches!(
        command,
        Command::CheckIn { customer_id: None, .. }
            | Command::RegisterCustomer { .. }
            | Command::ReviseCustomer { .. }
            | Command::EraseCustomer { .. }
            | Command::SaveArea { .. }
            | Command::RetireArea { .. }
            | Command::SaveFacility { .. }
            | Command::SaveTerminal { .. }
            | Command::SaveHub { .. }
    )
}

pub(super) fn dispatch(work: &mut Work<'_>, command: Command) -> Result<Outcome, AppError> {
    match command {
        Command::CheckIn { customer_id, area_id, admission } => check_in::enter(work, customer_id, area_id, admission),
        Command::CheckOut { visit_id, points } => check_in::leave(work, visit_id, points),
        Command::CheckOutArea { area_id } => check_in::empty_area(work, area_id),
        Command::CloseVisit { visit_id, reason } => check_in::close(work, visit_id, reason),
        Command::VoidVisit { visit_id, reason } => check_in::void(work, visit_id, reason),
        Command::Pay { customer_id, points, note } => pay::pay(work, customer_id, &points, note),
        Command::VoidPayment { payment_id, reason } => pay::void(work, payment_id, reason),
        Command::AdjustPoints { customer_id, points, reason, note } => {
            point::adjust(work, customer_id, &points, reason, note)
        }
        Command::ImposePenalty { customer_id, code, points, area_id, note } => {
            penalty::impose(work, customer_id, penalty::Impose { code, points, area: area_id, note })
        }
        Command::DeductPenalty { penalty_id, ground, points, note } => {
            penalty::deduct(work, penalty_id, ground, points.as_ref(), note)
        }
        Command::VoidPenalty { penalty_id, reason } => penalty::void(work, penalty_id, reason),
        Command::LinkCustomers { customer_id, other_id } => customer::link(work, customer_id, other_id),
        Command::EraseCustomer { customer_id } => customer::erase(work, customer_id),
        Command::RegisterCustomer { profile } => customer::register(work, &profile),
        Command::ReviseCustomer { customer_id, base_revision, profile } => {
            customer::revise(work, customer_id, base_revision, profile)
        }
        Command::SaveArea { area_id, name, capacity } => facility::save_area(work, area_id, name, capacity.as_ref()),
        Command::RetireArea { area_id } => facility::retire_area(work, area_id),
        Command::SaveFacility { name } => facility::save_facility(work, name),
        Command::SaveTerminal { name } => facility::save_terminal(work, name),
        Command::SaveHub { terminal_id } => facility::save_hub(work, terminal_id),
    }
}
