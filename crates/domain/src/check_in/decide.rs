//! Decisions of the context check_in: check-in, check-out, closing and voiding a visit.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Visit, Visits};
use crate::corrector::Corrector;
use crate::days::seoul_date;
use crate::fact::{CheckOutTakenBack, CheckedIn, CheckedOut, Earning, Payload, VisitClosed, VisitVoided};
use crate::ids::{AreaId, EarningId, VisitId};
use crate::points::{MAX_AMOUNT, Points};
use crate::published::{AccountSummary, StandingCopy};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::{CloseReason, OverrideReason, Standing, VisitStatus, VoidReason};

/// The area that the customer enters, with its capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    pub area_id: AreaId,
    /// The number of visits inside, without the customer's own: the check-in closes those, or is refused.
    pub others: u32,
    pub capacity: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
pub struct CheckInInput<'a> {
    pub visits: &'a Visits,
    /// The visits of the customer's other ids.
    pub joined: &'a [Visits],
    pub standing: &'a StandingCopy,
    pub area: Admission,
    /// The reason for which staff admit a prohibited customer.
    pub admission: Option<OverrideReason>,
    pub visit_id: VisitId,
    pub now: DateTime<Utc>,
    pub rules: &'a Rules,
}

/// Decides a check-in (F1); it also closes the customer's forgotten visits. Of the customer's points and penalties it
/// reads only the standing that point has published (N4).
///
/// # Errors
/// `CustomerErased`, `AlreadyInside`, `AreaFull`, `Prohibited`.
pub fn check_in(input: CheckInInput<'_>) -> Result<Vec<Payload>, Refusal> {
    let CheckInInput { visits, joined, standing, area, admission, visit_id, now, rules } = input;
    if visits.erased {
        return Err(Refusal::CustomerErased);
    }
    let mut payloads = Vec::with_capacity(2);
    for (open_id, entry) in visits.all_inside().filter_map(|(id, visit)| Some((id, visit.entry.as_ref()?))) {
        let since = entry.key.occurred_at;
        if !rules.forgotten(since, now) {
            return Err(Refusal::AlreadyInside { area_id: Some(entry.area_id), since });
        }
        payloads.push(VisitClosed { visit_id: open_id, reason: CloseReason::NEXT_CHECK_IN }.into());
    }
    // Inside under another id of the same person is inside. A forgotten visit stays open there, under its own id.
    let mut elsewhere = joined.iter().filter_map(|visits| visits.inside()?.1.entry.as_ref());
    if let Some(entry) = elsewhere.find(|entry| !rules.forgotten(entry.key.occurred_at, now)) {
        return Err(Refusal::AlreadyInside { area_id: Some(entry.area_id), since: entry.key.occurred_at });
    }
    if standing.standing == Standing::Prohibited && admission.is_none() {
        return Err(Refusal::Prohibited {
            outstanding: standing.outstanding.0,
            prohibit_at: standing.levels.prohibit_at().get(),
            as_of: standing.as_of,
        });
    }
    if let Some(capacity) = area.capacity.filter(|capacity| area.others >= *capacity) {
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

/// Clamps a sum to the range 0 to 2^53-1, in which every JSON reader holds integers exactly.
fn exact(sum: i128) -> u64 {
    u64::try_from(sum.max(0)).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT)
}

#[derive(Debug, Clone, Copy)]
pub struct CheckOutInput<'a> {
    pub visit_id: VisitId,
    pub visit: &'a Visit,
    pub visits: &'a Visits,
    pub earning_id: EarningId,
    /// Points that staff give instead of the points of the rules.
    pub points: Option<Points>,
    /// Whether a check-out of a forgotten visit is meant: it earns, though the customer probably left long ago.
    pub confirm_forgotten: bool,
    pub now: DateTime<Utc>,
    /// The present moment, from which the earned points count until they expire.
    pub moment: DateTime<Utc>,
    pub rules: &'a Rules,
}

/// Decides how a visit ends when everyone leaves an area: by a check-out, or, if it is forgotten, without points as the
/// customer's next check-in would end it.
///
/// # Errors
/// The same as [`check_out`].
pub fn leave_area(input: CheckOutInput<'_>) -> Result<Payload, Refusal> {
    let CheckOutInput { visit_id, visit, now, rules, .. } = input;
    match &visit.entry {
        Some(entry) if rules.forgotten(entry.key.occurred_at, now) => {
            Ok(close(visit_id, visit, CloseReason::FORGOTTEN, now, now)?.into())
        }
        _ => Ok(check_out(input)?.into()),
    }
}

/// Decides a check-out (F2) with the points that it will earn (F3).
///
/// # Errors
/// `Unknown`, `AlreadyCheckedOut`, `AlreadyVoided`, `NotInside`; `Forgotten` unless that is confirmed.
pub fn check_out(input: CheckOutInput<'_>) -> Result<CheckedOut, Refusal> {
    let CheckOutInput { visit_id, visit, visits, earning_id, points, confirm_forgotten, now, moment, rules } = input;
    expect_inside(visit)?;
    let entry = visit.entry.as_ref().ok_or(Refusal::Unknown)?;
    let since = entry.key.occurred_at;
    if rules.forgotten(since, now) && !confirm_forgotten {
        return Err(Refusal::Forgotten { since, hours: rules.forgotten_after_hours });
    }
    let daily_cap = rules.daily_cap.filter(|_| points.is_none());
    let promised = visits.earning_by_day.get(&seoul_date(now)).map_or(0, |sum| sum.0);
    let points = if entry.by_override { None } else { points.or_else(|| by_rules(since, promised, now, rules)) };
    let earning = points.map(|points| Earning { earning_id, points, expires_on: rules.last_day(moment) });
    Ok(CheckedOut { visit_id, earning, daily_cap })
}

/// Returns the points that the rules give for a visit; `None` if the visit was too short or the daily cap is reached.
/// `promised` are the points of that day's other check-outs.
fn by_rules(since: DateTime<Utc>, promised: i128, until: DateTime<Utc>, rules: &Rules) -> Option<Points> {
    let stayed = until.signed_duration_since(since);
    if rules.minimum_stay_minutes.is_some_and(|minutes| stayed < TimeDelta::minutes(i64::from(minutes))) {
        return None;
    }
    let Some(cap) = rules.daily_cap else { return Some(rules.points_per_visit) };
    Points::try_from(rules.points_per_visit.sum().min(cap.sum() - promised)).ok()
}

/// A visit with both ends that is entered after it happened.
#[derive(Debug, Clone, Copy)]
pub struct PastVisitInput<'a> {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub earning_id: EarningId,
    pub began: DateTime<Utc>,
    pub ended: DateTime<Utc>,
    pub now: DateTime<Utc>,
    /// The standing as it was known at this terminal when the visit began.
    pub standing: &'a StandingCopy,
    /// What the other check-outs of the day on which the visit ended promise.
    pub promised: i128,
    pub erased: bool,
    /// The rules that were in force when the visit ended.
    pub rules: &'a Rules,
}

/// Decides a visit that is entered afterwards. It happened, so a ban, a full area or another visit don't refuse it: those
/// make cases. It earns as it would have on its day, and nothing where the ban was known by then.
///
/// # Errors
/// `CustomerErased`; `NotDuringVisit` if it ends before it began, or after now.
pub fn past_visit(input: PastVisitInput<'_>) -> Result<(CheckedIn, CheckedOut), Refusal> {
    let PastVisitInput { visit_id, area_id, earning_id, began, ended, now, standing, promised, erased, rules } = input;
    if erased {
        return Err(Refusal::CustomerErased);
    }
    if !(began..=now).contains(&ended) {
        return Err(Refusal::NotDuringVisit { since: began });
    }
    let entry = CheckedIn {
        visit_id,
        area_id,
        standing: standing.standing,
        outstanding: exact(standing.outstanding.0),
        standing_as_of: standing.as_of,
        admission: None,
    };
    let points = match standing.standing {
        Standing::Prohibited => None,
        _ => by_rules(began, promised, ended, rules),
    };
    let earning = points.map(|points| Earning { earning_id, points, expires_on: rules.last_day(ended) });
    Ok((entry, CheckedOut { visit_id, earning, daily_cap: rules.daily_cap }))
}

#[derive(Debug, Clone, Copy)]
pub struct TakeBackInput<'a> {
    pub visit_id: VisitId,
    pub visit: &'a Visit,
    pub visits: &'a Visits,
    pub account: &'a AccountSummary,
    pub by: Corrector<'a>,
}

/// Takes back a check-out made by mistake: the customer is inside again. Only the incarnation that recorded the
/// check-out can, and a role only within its void window. What the check-out earned is taken back as far as this
/// incarnation still holds it.
///
/// # Errors
/// `Unknown`, `NotCheckedOut`, `AlreadyVoided`, `RecordedElsewhere`, `VoidWindowPassed`; `AlreadyInside` if the customer
/// has checked in again.
pub fn take_back(input: TakeBackInput<'_>) -> Result<CheckOutTakenBack, Refusal> {
    let TakeBackInput { visit_id, visit, visits, account, by } = input;
    if visit.entry.is_none() {
        return Err(Refusal::Unknown);
    }
    if visit.voided {
        return Err(Refusal::AlreadyVoided);
    }
    let check_out = visit.check_out.as_ref().ok_or(Refusal::NotCheckedOut)?;
    if check_out.incarnation != by.here {
        return Err(Refusal::RecordedElsewhere { incarnation: check_out.incarnation });
    }
    by.check_window(check_out.recorded_at)?;
    if let Some(entry) = visits.inside().and_then(|(_, other)| other.entry.as_ref()) {
        return Err(Refusal::AlreadyInside { area_id: Some(entry.area_id), since: entry.key.occurred_at });
    }
    let lots = visit
        .earned_by_check_out()
        .and_then(|earning| account.held_here.take_back(earning.points, earning.expires_on, account.today()));
    Ok(CheckOutTakenBack { visit_id, check_out: check_out.key.event_id, lots })
}

/// Ends a visit without points, at the moment `ended_at`, which may lie before now.
///
/// # Errors
/// The same as [`check_out`]; `NotDuringVisit` if it would end before it began, or after now.
pub fn close(
    visit_id: VisitId,
    visit: &Visit,
    reason: CloseReason,
    ended_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<VisitClosed, Refusal> {
    expect_inside(visit)?;
    let since = visit.entry.as_ref().map_or(ended_at, |entry| entry.key.occurred_at);
    if ended_at > now || (ended_at < since && ended_at != now) {
        return Err(Refusal::NotDuringVisit { since });
    }
    Ok(VisitClosed { visit_id, reason })
}

/// Voids a visit recorded by mistake. Points that the visit earned stay.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, and those of [`Corrector::check`].
pub fn void(visit_id: VisitId, visit: &Visit, reason: VoidReason, by: &Corrector<'_>) -> Result<VisitVoided, Refusal> {
    let entry = visit.entry.as_ref().ok_or(Refusal::Unknown)?;
    if visit.voided {
        return Err(Refusal::AlreadyVoided);
    }
    by.check(entry.recorder_id, entry.recorded_at)?;
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
