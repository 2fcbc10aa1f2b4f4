//! Converts refusals of the domain to errors for the screens, with names instead of ids.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::AreaId;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::refusal::Refusal;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Read, ReadReference};
use nosmoke_reading::names::Names;
use nosmoke_reading::reference;
use nosmoke_runtime::heard::HeardIncarnations;
use serde_json::json;

/// Converts a refusal; `unknown` is the code to use for `Refusal::Unknown`.
pub(crate) fn to_app_error(
    tx: &mut dyn Read,
    heard: &HeardIncarnations,
    refusal: Refusal,
    unknown: ErrorCode,
) -> AppError {
    use ErrorCode as E;
    match refusal {
        Refusal::AlreadyInside { area_id, since } => {
            let name = area_id.and_then(|id| area_name(tx, id));
            AppError::with(E::AlreadyInside, json!({ "areaName": name, "since": ms(since) }))
        }
        Refusal::Forgotten { since, hours } => {
            AppError::with(E::VisitForgotten, json!({ "since": ms(since), "hours": hours }))
        }
        Refusal::NotInside => AppError::new(E::NotInside),
        Refusal::NotCheckedOut => AppError::new(E::NotCheckedOut),
        Refusal::AlreadyCheckedOut => AppError::new(E::AlreadyCheckedOut),
        Refusal::AlreadyVoided => AppError::new(E::AlreadyVoided),
        Refusal::AreaFull { area_id, capacity } => {
            AppError::with(E::AreaFull, json!({ "areaName": area_name(tx, area_id), "capacity": capacity }))
        }
        Refusal::Prohibited { outstanding, prohibit_at, as_of } => AppError::with(
            E::Prohibited,
            json!({ "outstanding": to_i64(outstanding), "threshold": prohibit_at, "asOf": ms(as_of) }),
        ),
        Refusal::InsufficientPoints { balance } => {
            AppError::with(E::InsufficientPoints, json!({ "balance": to_i64(balance) }))
        }
        Refusal::HeldElsewhere { balance, payable_here, holders } => {
            // If the terminals' names can't be read, the error has none.
            let heard = heard.newest(tx.heard().unwrap_or_default());
            let holders = Names::read(tx).unwrap_or_default().hearing(heard).holders(holders);
            AppError::with(
                E::HeldElsewhere,
                json!({ "balance": to_i64(balance), "payableHere": to_i64(payable_here), "holders": holders }),
            )
        }
        Refusal::RecordedElsewhere { incarnation } => {
            let name = Names::read(tx).ok().and_then(|names| names.terminal(incarnation));
            AppError::with(E::RecordedElsewhere, json!({ "terminalName": name }))
        }
        Refusal::RecordedByAnother { needed } => AppError::with(E::NotAuthorised, json!({ "needed": needed })),
        Refusal::VoidWindowPassed { minutes, until, needed } => {
            AppError::with(E::VoidWindowPassed, json!({ "minutes": minutes, "until": ms(until), "needed": needed }))
        }
        Refusal::MoreThanOutstanding { outstanding } => {
            AppError::with(E::MoreThanOutstanding, json!({ "outstanding": to_i64(outstanding) }))
        }
        Refusal::MoreThanGroundAllows { most } => {
            AppError::with(E::OutOfRange, json!({ "field": "points", "min": 1, "max": most }))
        }
        Refusal::UnknownCode | Refusal::UnknownGround => {
            AppError::with(E::InvalidInput, json!({ "detail": refusal.to_string() }))
        }
        Refusal::NothingOutstanding => AppError::new(E::NothingOutstanding),
        Refusal::EducationAlreadyDeducted => AppError::new(E::EducationAlreadyDeducted),
        Refusal::PointsNotAllowed => AppError::new(E::PointsNotAllowed),
        Refusal::PriceIsOff => AppError::new(E::PriceIsOff),
        Refusal::PointsNeeded => AppError::new(E::PointsNeeded),
        Refusal::CustomerErased => AppError::new(E::CustomerErased),
        Refusal::SameCustomer { .. } => AppError::new(E::SameCustomer),
        Refusal::AlreadyLinked => AppError::new(E::AlreadyLinked),
        Refusal::NotLinked => AppError::new(E::NotLinked),
        Refusal::OutsideEntryDays { from, until } => {
            AppError::with(E::OutsideEntryDays, json!({ "from": ms(from), "until": ms(until) }))
        }
        Refusal::NotDuringVisit { since } => AppError::with(E::NotDuringVisit, json!({ "since": ms(since) })),
        Refusal::PaidDeductionStands => AppError::new(E::PaidDeductionStands),
        Refusal::Unknown => AppError::new(unknown),
    }
}

/// Returns the area's name, or `None` if it can't be read: then the refusal is still returned, without the name.
fn area_name(tx: &mut dyn ReadReference, area_id: AreaId) -> Option<String> {
    reference::area(tx, area_id).ok().flatten().map(|area| area.name)
}

fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}
