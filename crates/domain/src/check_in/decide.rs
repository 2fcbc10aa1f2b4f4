//! Decisions of check_in.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Visit, Visits};
use crate::fact::{CheckedIn, CheckedOut, Earning, Payload, VisitClosed, VisitVoided};
use crate::ids::{AreaId, EarningId, VisitId};
use crate::points::{MAX_AMOUNT, Points};
use crate::published::StandingCopy;
use crate::refusal::Refusal;
use crate::rules::{Rules, seoul_date};
use crate::words::{CloseReason, OverrideReason, Role, Standing, VisitStatus, VoidReason};

/// Whether there is room where the customer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    pub area_id: AreaId,
    pub present: u32,
    pub capacity: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
pub struct CheckInInput<'a> {
    pub visits: &'a Visits,
    pub standing: &'a StandingCopy,
    pub area: Admission,
    /// Admits a prohibited customer.
    pub admission: Option<OverrideReason>,
    pub visit_id: VisitId,
    pub now: DateTime<Utc>,
    pub rules: &'a Rules,
}

/// Checks in (F1). Forgotten visits are closed with it. Reads the published standing alone (N4).
///
/// # Errors
/// `CustomerErased`, `AlreadyInside`, `AreaFull`, `Prohibited`.
pub fn check_in(input: CheckInInput<'_>) -> Result<Vec<Payload>, Refusal> {
    let CheckInInput { visits, standing, area, admission, visit_id, now, rules } = input;
    if visits.erased {
        return Err(Refusal::CustomerErased);
    }
    let mut payloads = Vec::with_capacity(2);
    for (open_id, entry) in visits.all_inside().filter_map(|(id, visit)| Some((id, visit.entry.as_ref()?))) {
        let since = entry.key.occurred_at;
        if !rules.forgotten(since, now) {
            return Err(Refusal::AlreadyInside { area_id: Some(entry.area_id), since });
        }
        payloads.push(VisitClosed { visit_id: open_id, reason: CloseReason::NextCheckIn }.into());
    }
    if standing.standing == Standing::Prohibited && admission.is_none() {
        return Err(Refusal::Prohibited {
            outstanding: standing.outstanding.0,
            prohibit_at: standing.levels.prohibit_at.get(),
            as_of: standing.as_of,
        });
    }
    if let Some(capacity) = area.capacity.filter(|capacity| area.present >= *capacity) {
        return Err(Refusal::AreaFull { area_id: area.area_id, capacity });
    }
    payloads.push(
        CheckedIn {
            visit_id,
            area_id: area.area_id,
            standing: standing.standing,
            outstanding: exact(standing.outstanding.0),
            standing_as_of: standing.as_of,
            admission: admission.filter(|_| standing.standing == Standing::Prohibited),
        }
        .into(),
    );
    Ok(payloads)
}

/// A sum of points as a JSON number of any reader holds it exactly.
fn exact(sum: i128) -> u64 {
    u64::try_from(sum.max(0)).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT)
}

#[derive(Debug, Clone, Copy)]
pub struct CheckOutInput<'a> {
    pub visit_id: VisitId,
    pub visit: &'a Visit,
    pub visits: &'a Visits,
    pub earning_id: EarningId,
    /// Replaces what the rules give.
    pub points: Option<Points>,
    pub now: DateTime<Utc>,
    pub rules: &'a Rules,
}

/// Checks out (F2); says what will be earned (F3).
///
/// # Errors
/// `Unknown`, `AlreadyCheckedOut`, `AlreadyVoided`, `NotInside`.
pub fn check_out(input: CheckOutInput<'_>) -> Result<CheckedOut, Refusal> {
    let CheckOutInput { visit_id, visit, visits, earning_id, points, now, rules } = input;
    expect_inside(visit)?;
    let entry = visit.entry.as_ref().ok_or(Refusal::Unknown)?;
    let daily_cap = rules.daily_cap.filter(|_| points.is_none());
    let points =
        if entry.by_override { None } else { points.or_else(|| by_rules(entry.key.occurred_at, visits, now, rules)) };
    Ok(CheckedOut { visit_id, earning: points.map(|points| Earning { earning_id, points }), daily_cap })
}

/// What the rules give for a completed visit: `None` where it is too short or the day's cap is reached.
fn by_rules(since: DateTime<Utc>, visits: &Visits, now: DateTime<Utc>, rules: &Rules) -> Option<Points> {
    let stayed = now.signed_duration_since(since);
    if rules.minimum_stay_minutes.is_some_and(|minutes| stayed < TimeDelta::minutes(i64::from(minutes))) {
        return None;
    }
    let Some(cap) = rules.daily_cap else { return Some(rules.points_per_visit) };
    let today = visits.earning_by_day.get(&seoul_date(now)).map_or(0, |sum| sum.0);
    Points::try_from(rules.points_per_visit.sum().min(cap.sum() - today)).ok()
}

/// Ends a visit without points.
///
/// # Errors
/// As [`check_out`].
pub fn close(visit_id: VisitId, visit: &Visit, reason: CloseReason) -> Result<VisitClosed, Refusal> {
    expect_inside(visit)?;
    Ok(VisitClosed { visit_id, reason })
}

/// Takes back a visit recorded by mistake, by staff only for a while; what it earned stays.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `VoidWindowPassed`.
pub fn void(
    visit_id: VisitId,
    visit: &Visit,
    role: Role,
    reason: VoidReason,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Result<VisitVoided, Refusal> {
    let entry = visit.entry.as_ref().ok_or(Refusal::Unknown)?;
    if visit.voided {
        return Err(Refusal::AlreadyVoided);
    }
    if role == Role::Staff && rules.void_window_passed(entry.key.occurred_at, now) {
        return Err(Refusal::VoidWindowPassed { minutes: rules.void_window_minutes });
    }
    Ok(VisitVoided { visit_id, reason })
}

fn expect_inside(visit: &Visit) -> Result<(), Refusal> {
    if visit.entry.is_none() {
        return Err(Refusal::Unknown);
    }
    match visit.status() {
        VisitStatus::CheckedIn => Ok(()),
        VisitStatus::CheckedOut | VisitStatus::Earned => Err(Refusal::AlreadyCheckedOut),
        VisitStatus::Closed => {
            Err(if visit.check_out.is_some() { Refusal::AlreadyCheckedOut } else { Refusal::NotInside })
        }
        VisitStatus::Voided => Err(Refusal::AlreadyVoided),
    }
}
