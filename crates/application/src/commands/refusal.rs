//! Refusals of the domain as the screens receive them: with names instead of ids.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::AreaId;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::refusal::Refusal;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Read, ReadReference};
use nosmoke_reading::names::Names;
use nosmoke_reading::reference;
use serde_json::json;

/// Words a refusal; `unknown` is the code where the domain knows no such thing.
pub(super) fn word(tx: &mut dyn Read, refusal: Refusal, unknown: ErrorCode) -> AppError {
    use ErrorCode as E;
    match refusal {
        Refusal::AlreadyInside { area_id, since } => {
            let name = area_id.and_then(|id| area_name(tx, id));
            AppError::with(E::AlreadyInside, json!({ "areaName": name, "since": ms(since) }))
        }
        Refusal::NotInside => AppError::new(E::NotInside),
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
            // Names that can't be read leave the refusal without them.
            let holders = Names::read(tx).unwrap_or_default().holders(holders);
            AppError::with(
                E::HeldElsewhere,
                json!({ "balance": to_i64(balance), "payableHere": to_i64(payable_here), "holders": holders }),
            )
        }
        Refusal::RecordedElsewhere { incarnation } => {
            let name = Names::read(tx).ok().and_then(|names| names.terminal(incarnation));
            AppError::with(E::RecordedElsewhere, json!({ "terminalName": name }))
        }
        Refusal::VoidWindowPassed { minutes } => AppError::with(E::VoidWindowPassed, json!({ "minutes": minutes })),
        Refusal::MoreThanOutstanding { outstanding } => {
            AppError::with(E::MoreThanOutstanding, json!({ "outstanding": to_i64(outstanding) }))
        }
        Refusal::NothingOutstanding => AppError::new(E::NothingOutstanding),
        Refusal::EducationAlreadyDeducted => AppError::new(E::EducationAlreadyDeducted),
        Refusal::PointsNotAllowed | Refusal::PriceIsOff => AppError::new(E::PointsNotAllowed),
        Refusal::PointsNeeded => AppError::new(E::PointsNeeded),
        Refusal::CustomerErased => AppError::new(E::CustomerErased),
        Refusal::SameCustomer { .. } => AppError::new(E::SameCustomer),
        Refusal::AlreadyLinked => AppError::new(E::AlreadyLinked),
        Refusal::Unknown => AppError::new(unknown),
    }
}

/// A name that can't be read leaves the refusal without it; the refusal itself matters more.
fn area_name(tx: &mut dyn ReadReference, area_id: AreaId) -> Option<String> {
    reference::area(tx, area_id).ok().flatten().map(|area| area.name)
}

fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}
