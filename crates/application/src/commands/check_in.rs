//! Commands of check_in. They read the standing that point has published and call no other context (N3).

use nosmoke_domain::check_in::{self, Admission, CheckInInput, CheckOutInput, TakeBackInput, Visit, Visits};
use nosmoke_domain::fact::{CheckOutTakenBack, Payload, Recorded};
use nosmoke_domain::ids::{CustomerId, EarningId, EventId, VisitId};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::MAX_VISIT_POINTS;
use nosmoke_domain::words::VisitStatus;
use nosmoke_ports::InsideRow;
use nosmoke_ports::contract::{
    AppError, CheckIn, CheckOut, CheckOutArea, CloseVisit, ClosedVisit, ContextName, ErrorCode, Numeral, Outcome,
    TakeBackAreaCheckOut, TakeBackCheckOut, VoidVisit,
};
use nosmoke_reading::acts::{ACT_BATCH, ActCheckOut, check_outs_of};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::joined;
use nosmoke_reading::standing::published;

use super::amounts::{moment, points};
use super::customer;
use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

const UNKNOWN: ErrorCode = ErrorCode::UnknownVisit;

impl Decide for CheckIn {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        if self.admission.is_some() { Act::AdmitProhibited } else { Act::CheckIn }
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, area_id, admission } = self;
        let (area_id, area) = work.area_to_enter(&area_id)?;
        let customer_id = match customer_id {
            Some(id) => work.expect_customer(id)?.customer_id,
            None => customer::walk_in(work)?,
        };
        let visits: Visits = work.state(customer_id)?;
        let others = joined(work.tx, customer_id, &visits.links)?;
        let joined = others.into_iter().map(|other| work.state(other)).collect::<Result<Vec<Visits>, _>>()?;
        let standing = published(work.tx, customer_id, &work.rules, work.moment)?.copy;
        let others = match area.capacity {
            Some(capacity) => work.tx.count_inside(area_id, Some(customer_id), capacity)?,
            None => 0,
        };
        let visit_id: VisitId = work.id();
        let payloads = check_in::check_in(CheckInInput {
            visits: &visits,
            joined: &joined,
            standing: &standing,
            area: Admission { area_id, others, capacity: area.capacity },
            admission,
            visit_id,
            now: work.now,
            rules: &work.rules,
        })
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        let closed = payloads.iter().filter_map(|payload| closed_visit(payload, &visits)).collect();
        let mut cause = None;
        for payload in payloads.into_iter().rev() {
            // The closings of forgotten visits come first in `payloads`. In the journal the check-in comes first,
            // because it is the cause of the closings.
            let event_id = work.append_after(customer_id, payload, cause)?;
            cause.get_or_insert(event_id);
        }
        Ok(Outcome::CheckedIn { visit_id, customer_id, area_id, at: work.now.timestamp_millis(), closed })
    }
}

fn closed_visit(payload: &Payload, visits: &Visits) -> Option<ClosedVisit> {
    let Payload::VisitClosed(closed) = payload else { return None };
    let entry = visits.open.get(&closed.visit_id)?.entry.as_ref()?;
    let since = entry.key.occurred_at.timestamp_millis();
    Some(ClosedVisit { visit_id: closed.visit_id, area_id: entry.area_id, since })
}

impl Decide for CheckOut {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        if self.points.is_some() { Act::GiveVisitPoints } else { Act::CheckOut }
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { visit_id, points, confirm_forgotten } = self;
        leave(work, visit_id, points, confirm_forgotten)
    }
}

fn leave(
    work: &mut Work<'_>,
    visit_id: VisitId,
    given: Option<Numeral>,
    confirm_forgotten: bool,
) -> Result<Outcome, AppError> {
    let given = given.map(|numeral| points("points", &numeral, MAX_VISIT_POINTS)).transpose()?;
    let (customer_id, facts) = work.about(visit_id.0, UNKNOWN)?;
    let visits: Visits = work.state(customer_id)?;
    let earning_id: EarningId = work.id();
    let checked_out = check_in::check_out(CheckOutInput {
        visit_id,
        visit: &Visit::of(&facts),
        visits: &visits,
        earning_id,
        points: given,
        confirm_forgotten,
        now: work.now,
        moment: work.moment,
        rules: &work.rules,
    })
    .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    let earning = checked_out.earning;
    work.append(customer_id, checked_out)?;
    Ok(Outcome::CheckedOut {
        visit_id,
        customer_id,
        status: if earning.is_some() { VisitStatus::CheckedOut } else { VisitStatus::Closed },
        earning_id: earning.map(|earning| earning.earning_id),
        points: earning.map(|earning| earning.points.get()),
    })
}

impl Decide for TakeBackCheckOut {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::TakeBackCheckOut
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { visit_id } = self;
        let (customer_id, facts) = work.about(visit_id.0, UNKNOWN)?;
        let taken_back =
            take_back(work, customer_id, visit_id, &facts)?.map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        let points = points_of(&taken_back);
        work.append(customer_id, taken_back)?;
        Ok(Outcome::CheckOutTakenBack { visit_id, customer_id, points })
    }
}

fn take_back(
    work: &mut Work<'_>,
    customer_id: CustomerId,
    visit_id: VisitId,
    facts: &[Recorded],
) -> Result<Result<CheckOutTakenBack, Refusal>, AppError> {
    let account = work.account(customer_id)?.summary(work.here, work.moment);
    let (visit, visits): (_, Visits) = (Visit::of(facts), work.state(customer_id)?);
    let own = work.tx.own_incarnations()?;
    let by = work.corrector(&own);
    Ok(check_in::take_back(TakeBackInput { visit_id, visit: &visit, visits: &visits, account: &account, by }))
}

fn points_of(taken_back: &CheckOutTakenBack) -> u64 {
    taken_back.lots.as_ref().map_or(0, |lots| lots.points().get())
}

impl Decide for TakeBackAreaCheckOut {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::TakeBackCheckOut
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let (mut area_id, mut count, mut left, mut points) = (None, 0, 0, 0);
        let mut refused = None;
        for ActCheckOut { event_id, customer_id, visit_id } in check_outs_of(work.tx, self.act)? {
            let facts = work.facts_about(visit_id.0)?;
            area_id = area_id.or_else(|| Visit::of(&facts).entry.map(|entry| entry.area_id));
            match take_back(work, customer_id, visit_id, &facts)? {
                // Another check-out of the visit, made after this one was taken back, isn't of this act.
                Ok(taken_back) if taken_back.check_out == event_id => {
                    points += points_of(&taken_back);
                    count += 1;
                    work.append(customer_id, taken_back)?;
                }
                Ok(_) => left += 1,
                Err(refusal) => {
                    left += 1;
                    refused.get_or_insert(refusal);
                }
            }
        }
        match (area_id, refused) {
            (Some(area_id), _) if count > 0 => Ok(Outcome::AreaCheckOutTakenBack { area_id, count, left, points }),
            (_, refused) => Err(work.refuse(refused.unwrap_or(Refusal::NotCheckedOut), UNKNOWN)),
        }
    }
}

impl Decide for CheckOutArea {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::CheckOutArea
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { area_id } = self;
        if reference::area(work.tx, area_id)?.is_none() {
            return Err(AppError::new(ErrorCode::UnknownArea));
        }
        let present = work.tx.count_inside(area_id, None, u32::MAX)?;
        let inside = work.tx.longest_inside(area_id, ACT_BATCH)?;
        let left = present.saturating_sub(u32::try_from(inside.len()).unwrap_or(u32::MAX));
        let (mut act, mut count, mut closed) = (None, 0, 0);
        for row in inside {
            match leave_area(work, row, &mut act)? {
                Some(Payload::CheckedOut(_)) => count += 1,
                Some(_) => closed += 1,
                None => {}
            }
        }
        let act = act.filter(|_| count > 0);
        Ok(Outcome::AreaCheckedOut { area_id, act, count, closed, left })
    }
}

/// Ends a visit in an area that everyone leaves. Returns `None` if the visit has ended already: its row is older than
/// its facts, as for a customer whom the projector has set aside.
///
/// All facts of the act name its first one as their cause, so that they can be taken back together.
fn leave_area(
    work: &mut Work<'_>,
    InsideRow { visit_id, customer_id, .. }: InsideRow,
    act: &mut Option<EventId>,
) -> Result<Option<Payload>, AppError> {
    let facts = work.facts_about(visit_id.0)?;
    let visit = Visit::of(&facts);
    if !visit.is_inside() {
        work.note_visits_of(customer_id);
        return Ok(None);
    }
    let visits: Visits = work.state(customer_id)?;
    let earning_id: EarningId = work.id();
    let (now, moment, rules) = (work.now, work.moment, &work.rules);
    let ended = check_in::leave_area(CheckOutInput {
        visit_id,
        visit: &visit,
        visits: &visits,
        earning_id,
        points: None,
        confirm_forgotten: false,
        now,
        moment,
        rules,
    })
    .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    let event_id = work.append_after(customer_id, ended.clone(), *act)?;
    act.get_or_insert(event_id);
    Ok(Some(ended))
}

impl Decide for CloseVisit {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::CloseVisit
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { visit_id, reason, ended_at } = self;
        let now = work.now;
        let ended_at = ended_at.map(|ms| moment("endedAt", ms)).transpose()?.unwrap_or(now);
        let (customer_id, facts) = work.about(visit_id.0, UNKNOWN)?;
        let closed = check_in::close(visit_id, &Visit::of(&facts), reason, ended_at, now)
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        work.append_at(customer_id, closed, ended_at)?;
        Ok(Outcome::VisitEnded { visit_id, status: VisitStatus::Closed })
    }
}

impl Decide for VoidVisit {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::VoidVisit
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { visit_id, reason } = self;
        let own = work.tx.own_incarnations()?;
        let (customer_id, facts) = work.about(visit_id.0, UNKNOWN)?;
        let voided = check_in::void(visit_id, &Visit::of(&facts), reason, &work.corrector(&own))
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        work.append(customer_id, voided)?;
        Ok(Outcome::VisitEnded { visit_id, status: VisitStatus::Voided })
    }
}
