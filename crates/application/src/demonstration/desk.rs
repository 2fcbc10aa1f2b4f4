//! Visits at the simulated desk, and the execution of planned actions.

use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{CheckedIn, CheckedOut, Earning, VisitClosed, VisitVoided};
use nosmoke_domain::ids::{EventId, VisitId};
use nosmoke_domain::lots::LastDay;
use nosmoke_domain::point::{Owed, standing};
use nosmoke_domain::words::{CloseReason, OverrideReason, Standing, VoidReason};

use super::action::Action;
use super::calendar::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use super::facility::{Facility, Guest, Stay, time};

/// How a visit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// The customer checks out at this time.
    Until(i64),
    /// The customer leaves without a check-out; a later check-in closes the visit as forgotten.
    Forgotten,
    Mistaken,
    StillInside,
}

impl Facility {
    pub(super) fn happen(&mut self, at_ms: i64, action: Action) {
        // An action that isn't possible returns `None` and is skipped.
        let _done: Option<()> = match action {
            Action::CheckIn { guest } => self.visit(at_ms, guest),
            Action::Stay { area } => self.stay(at_ms, area),
            Action::CheckOut { guest, visit_id } => self.check_out(at_ms, guest, visit_id),
            Action::Earn { guest, earning, visit_id, cause } => self.earn(at_ms, guest, earning, visit_id, cause),
            Action::CloseVisit { guest, visit_id, reason } => self.close(at_ms, guest, visit_id, reason),
            Action::VoidVisit { guest, visit_id } => self.void_visit(at_ms, guest, visit_id),
            Action::Pay { guest } => self.pay(at_ms, guest),
            Action::VoidPayment { guest, payment_id, points } => self.void_payment(at_ms, guest, payment_id, points),
            Action::Adjust => self.adjust(at_ms),
            Action::Impose => self.impose(at_ms),
            Action::VoidPenalty { guest, penalty_id } => self.void_penalty(at_ms, guest, penalty_id),
            Action::Deduct { guest, penalty_id, ground } => self.deduct(at_ms, guest, penalty_id, ground),
            Action::BanUnknownYet { settled } => self.ban_unknown_yet(at_ms, settled),
            Action::CheckInUnaware { guest, penalty, settled } => self.check_in_unaware(at_ms, guest, penalty, settled),
            Action::Settle { guest, visit_id, facts } => self.settle(at_ms, guest, visit_id, facts),
        };
    }

    pub(super) fn guest(&mut self, guest: usize) -> Option<&mut Guest> {
        self.guests.get_mut(guest)
    }

    /// Returns a random customer who is registered, isn't inside and for whom `suits` is true.
    pub(super) fn someone(&mut self, at_ms: i64, suits: impl Fn(&Guest) -> bool) -> Option<usize> {
        const MAX_TRIES: usize = 400;
        for _ in 0..MAX_TRIES {
            let guest = self.draw.index(self.guests.len());
            let it = self.guests.get(guest)?;
            if it.known_since_ms < at_ms && it.inside.is_none() && suits(it) {
                return Some(guest);
            }
        }
        None
    }

    fn standing_of(&self, guest: usize) -> Option<(Standing, u64)> {
        let outstanding = self.guests.get(guest)?.penalties.iter().map(|held| held.outstanding).sum::<u64>();
        let owed = Owed { points: i128::from(outstanding), latest: None };
        let today = seoul_date(time(self.calendar.now_ms));
        Some((standing(owed, &self.rules.levels, today), outstanding))
    }

    fn visit(&mut self, at_ms: i64, guest: usize) -> Option<()> {
        const ADMITTED_PER_MILLE: u32 = 15;
        let it = self.guests.get(guest).filter(|it| it.known_since_ms < at_ms)?;
        let (area, inside) = (it.area, it.inside);
        if inside.is_some_and(|stay| !self.rules.forgotten(time(stay.since_ms), time(at_ms))) {
            return None;
        }
        let known = self.standing_of(guest)?;
        let admission = (known.0 == Standing::Prohibited).then_some(OverrideReason::FACILITY_ORDER);
        if admission.is_some() && !self.draw.per_mille(ADMITTED_PER_MILLE) {
            return None;
        }
        let course = self.course(at_ms)?;
        let area = if self.draw.per_mille(700) { area } else { self.draw.index(4) };
        self.check_in(at_ms, guest, area, course, (known, admission)).map(drop)
    }

    /// Decides how a visit ends; `None` if it would end after now, so that the visit is skipped.
    fn course(&mut self, at_ms: i64) -> Option<Course> {
        let now_ms = self.calendar.now_ms;
        let long_ago = at_ms < now_ms - 3 * DAY_MS;
        if long_ago && self.draw.per_mille(4) {
            return Some(Course::Forgotten);
        }
        if long_ago && self.draw.per_mille(1) {
            return Some(Course::Mistaken);
        }
        let short = self.draw.share() * self.draw.share();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "minutes")]
        let stays_ms = 3 * MINUTE_MS + (short * (24 * MINUTE_MS) as f64) as i64;
        Some(at_ms + stays_ms).filter(|until_ms| until_ms + MINUTE_MS < now_ms).map(Course::Until)
    }

    fn stay(&mut self, at_ms: i64, area: usize) -> Option<()> {
        let prohibit_at = self.rules.levels.prohibit_at();
        let guest = self
            .someone(at_ms, |it| it.penalties.iter().map(|held| held.outstanding).sum::<u64>() < prohibit_at.get())?;
        let known = self.standing_of(guest)?;
        self.check_in(at_ms, guest, area, Course::StillInside, (known, None)).map(drop)
    }

    /// Checks a customer in; also closes the customer's forgotten visit.
    fn check_in(
        &mut self,
        at_ms: i64,
        guest: usize,
        area: usize,
        course: Course,
        (known, admission): ((Standing, u64), Option<OverrideReason>),
    ) -> Option<(VisitId, EventId)> {
        let forgotten = self.guest(guest)?.inside.take();
        if let Some(stay) = forgotten {
            self.leave(stay.area);
        }
        let area = self.enter(area)?;
        let visit_id: VisitId = self.draw.ordered(at_ms);
        let checked_in = CheckedIn {
            visit_id,
            area_id: self.area_id(area)?,
            standing: known.0,
            outstanding: known.1,
            standing_as_of: time(at_ms),
            admission,
        };
        let event_id = self.record(at_ms, guest, None, checked_in);
        if let Some(stay) = forgotten {
            let closed = VisitClosed { visit_id: stay.visit_id, reason: CloseReason::NEXT_CHECK_IN };
            self.record(at_ms, guest, Some(event_id), closed);
        }
        self.guest(guest)?.inside = Some(Stay { visit_id, since_ms: at_ms, area, by_override: admission.is_some() });
        match course {
            Course::Until(until_ms) => self.plan(until_ms, Action::CheckOut { guest, visit_id }),
            Course::Mistaken => {
                let noticed_ms = at_ms + self.draw.from(20 * SECOND_MS, 4 * MINUTE_MS);
                self.plan(noticed_ms, Action::VoidVisit { guest, visit_id });
            }
            Course::Forgotten if self.draw.per_mille(600) => {
                let closing_ms = self.calendar.open_time(&mut self.draw, at_ms, 1).min(at_ms + 15 * HOUR_MS);
                let reason = CloseReason::DAY_CLOSE;
                self.plan(closing_ms.max(at_ms + 2 * HOUR_MS), Action::CloseVisit { guest, visit_id, reason });
            }
            Course::Forgotten => {
                let reason = CloseReason::FORGOTTEN;
                let noticed_ms = self.calendar.open_time(&mut self.draw, at_ms, 2);
                self.plan(noticed_ms, Action::CloseVisit { guest, visit_id, reason });
            }
            Course::StillInside => {}
        }
        Some((visit_id, event_id))
    }

    /// Ends a customer's stay in the area, if it belongs to this visit.
    fn end(&mut self, guest: usize, visit_id: VisitId) -> Option<Stay> {
        let inside = &mut self.guest(guest)?.inside;
        let stay = inside.take_if(|stay| stay.visit_id == visit_id)?;
        self.leave(stay.area);
        Some(stay)
    }

    fn close(&mut self, at_ms: i64, guest: usize, visit_id: VisitId, reason: CloseReason) -> Option<()> {
        self.end(guest, visit_id)?;
        self.record(at_ms, guest, None, VisitClosed { visit_id, reason });
        Some(())
    }

    fn void_visit(&mut self, at_ms: i64, guest: usize, visit_id: VisitId) -> Option<()> {
        self.end(guest, visit_id)?;
        self.record(at_ms, guest, None, VisitVoided { visit_id, reason: VoidReason::WRONG_CUSTOMER });
        Some(())
    }

    fn check_out(&mut self, at_ms: i64, guest: usize, visit_id: VisitId) -> Option<()> {
        let stay = self.end(guest, visit_id)?;
        let minimum_ms = i64::from(self.rules.minimum_stay_minutes.unwrap_or_default()) * MINUTE_MS;
        let earns = !stay.by_override && at_ms - stay.since_ms >= minimum_ms;
        let points = if earns { self.points_for_a_visit(at_ms, guest) } else { None };
        let earning =
            points.map(|points| Earning { earning_id: self.draw.ordered(at_ms), points, expires_on: LastDay::Never });
        let cause = self.record(at_ms, guest, None, CheckedOut { visit_id, earning, daily_cap: self.rules.daily_cap });
        if let Some(earning) = earning {
            let earned_ms = at_ms + self.draw.from(5, 400);
            self.plan(earned_ms, Action::Earn { guest, earning, visit_id, cause });
        }
        Some(())
    }

    fn check_in_unaware(&mut self, at_ms: i64, guest: usize, penalty: EventId, settled: bool) -> Option<()> {
        let area = self.guests.get(guest).filter(|it| it.inside.is_none())?.area;
        let until = Course::Until(at_ms + 6 * MINUTE_MS);
        let (visit_id, event_id) = self.check_in(at_ms, guest, area, until, ((Standing::Allowed, 0), None))?;
        if settled {
            self.plan(at_ms + 3 * HOUR_MS, Action::Settle { guest, visit_id, facts: [penalty, event_id] });
        }
        Some(())
    }
}
