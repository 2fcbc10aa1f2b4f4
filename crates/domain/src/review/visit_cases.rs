//! The cases about visits: several ends, overlaps, earnings, and the daily cap.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::found::FoundCases;
use super::knowledge::Knowledge;
use crate::check_in::{Entry, Visit, visit_of};
use crate::days::seoul_date;
use crate::fact::{CaseAbout, Earning, OrderKey, Payload, Recorded};
use crate::ids::{CustomerId, EventId, VisitId};
use crate::point::Account;
use crate::words::CaseReason;

/// The most visits with which one visit is compared, so that forged ones can't make a case of every pair.
const MOST_OPEN: usize = 16;
/// The most check-outs of a day that are compared with each other, for the same reason.
const MOST_IN_DAY: usize = 200;

/// All visits of a set of facts, each with the customer of its check-in.
pub(super) struct VisitFacts {
    visits: BTreeMap<VisitId, Visit>,
    customers: BTreeMap<VisitId, CustomerId>,
    keys: BTreeMap<EventId, OrderKey>,
}

impl VisitFacts {
    pub(super) fn of(facts: &[&Recorded]) -> Self {
        let mut all = Self { visits: BTreeMap::new(), customers: BTreeMap::new(), keys: BTreeMap::new() };
        for recorded in facts {
            let Some(id) = visit_of(&recorded.fact.payload) else { continue };
            all.keys.insert(recorded.fact.event_id, recorded.key());
            if matches!(recorded.fact.payload, Payload::CheckedIn(_)) {
                all.customers.entry(id).or_insert(recorded.fact.customer_id);
            }
            all.visits.entry(id).or_default().apply(recorded);
        }
        all
    }
}

/// Finds visits with several ends that stand, and visits that earned several times. A check-out outranks a closing, so
/// such a visit earns.
pub(super) fn double_check_outs(facts: &VisitFacts, found: &mut FoundCases) {
    for (id, visit) in &facts.visits {
        let earnings: Vec<OrderKey> = visit.earnings().filter_map(|it| facts.keys.get(&it).copied()).collect();
        if visit.check_out.is_some() && visit.ends().count() > 1 {
            found.add(CaseReason::DOUBLE_CHECK_OUT, CaseAbout::visit(*id), visit.ends().map(|end| end.key));
        }
        if earnings.len() > 1 {
            found.add(CaseReason::EARNED_TWICE, CaseAbout::visit(*id), earnings);
        }
    }
}

/// A visit that isn't voided, from its check-in to its end.
#[derive(Clone, Copy)]
struct Stay<'a> {
    id: VisitId,
    entry: &'a Entry,
    visit: &'a Visit,
    until: Option<DateTime<Utc>>,
}

impl Stay<'_> {
    fn since(&self) -> DateTime<Utc> {
        self.entry.key.occurred_at
    }

    fn is_late(&self) -> bool {
        self.since() < self.entry.recorded_at
    }

    /// Whether this visit began when the other one was known to be over. If it was entered afterwards, what its recorder
    /// knew says nothing about when it began.
    fn follows(&self, other: &Self, known: &Knowledge) -> bool {
        let mut ends = other.visit.ends();
        !self.is_late() && ends.any(|end| known.knew(self.entry.key.event_id, end.key.event_id))
    }
}

/// Finds visits of one person at the same time. If the check-in of one knew the end of the other, that is their order,
/// whatever their clocks say; unless that check-in was entered afterwards.
pub(super) fn overlapping_visits(customer: CustomerId, facts: &VisitFacts, known: &Knowledge, found: &mut FoundCases) {
    let stays = facts.visits.iter().filter(|(_, visit)| !visit.voided).filter_map(|(id, visit)| {
        let until = visit.exit().map(|exit| exit.key.occurred_at);
        Some(Stay { id: *id, entry: visit.entry.as_ref()?, visit, until })
    });
    let mut stays: Vec<Stay<'_>> = stays.collect();
    stays.sort_by_key(|stay| stay.entry.key);
    let mut open: Vec<Stay<'_>> = Vec::new();
    for stay in stays {
        open.retain(|before| before.until.is_none_or(|until| stay.since() < until));
        for before in &open {
            let is_here = facts.customers.get(&stay.id) == Some(&customer);
            if is_here && !stay.follows(before, known) && !before.follows(&stay, known) {
                let keys = [before.entry.key, stay.entry.key];
                found.add(CaseReason::OVERLAPPING_VISITS, CaseAbout::visits(before.id, stay.id), keys);
            }
        }
        if open.len() == MOST_OPEN {
            open.remove(0);
        }
        open.push(stay);
    }
}

/// Finds visits whose end was entered afterwards and lies before their begin. Who ends a visit now knows that it has
/// begun, so an end before the begin shows nothing but a wrong clock.
pub(super) fn out_of_order(facts: &VisitFacts, found: &mut FoundCases) {
    for (id, visit) in facts.visits.iter().filter(|(_, visit)| !visit.voided) {
        let (Some(entry), Some(exit)) = (&visit.entry, visit.exit()) else { continue };
        let is_late = exit.key.occurred_at < exit.recorded_at;
        if is_late && exit.key.occurred_at < entry.key.occurred_at {
            found.add(CaseReason::ENTERED_OUT_OF_ORDER, CaseAbout::visit(*id), [exit.key, entry.key]);
        }
    }
}

/// An earning that a check-out promised.
struct Promise {
    key: OrderKey,
    points: i128,
    daily_cap: Option<i128>,
}

impl Promise {
    /// The facts of a day that broke the daily cap at this check-out: it, those that its recorder knew, and those before
    /// it that neither recorder knew of the other. Without one of the latter its recorder lacked nothing. Whoever knew
    /// this check-out counted it, so what they promised isn't counted here, whatever the clocks say.
    fn breaks(&self, day: &[Self], known: &Knowledge) -> Option<Vec<OrderKey>> {
        let of = |promise: &Self| promise.key.event_id;
        let was_missing = |other: &Self| other.key < self.key && known.apart(of(self), of(other));
        let missing = day.iter().filter(|other| was_missing(other));
        let counted: Vec<&Self> = missing.chain(day.iter().filter(|other| known.knew(of(self), of(other)))).collect();
        let sum = counted.iter().map(|other| other.points).sum::<i128>() + self.points;
        let breaks = self.daily_cap.is_some_and(|cap| sum > cap) && day.iter().any(was_missing);
        breaks.then(|| counted.into_iter().map(|other| other.key).chain([self.key]).collect())
    }
}

/// Finds days on which earnings exceeded the daily cap that a check-out names, because terminals let the customer earn
/// without each other's check-outs.
pub(super) fn caps_broken(
    customer: CustomerId,
    facts: &[&Recorded],
    visits: &VisitFacts,
    known: &Knowledge,
    found: &mut FoundCases,
) {
    let counts = |visit: VisitId, event: EventId| {
        let check_out = visits.visits.get(&visit).and_then(|visit| visit.check_out.as_ref());
        check_out.is_some_and(|exit| exit.key.event_id == event)
    };
    let mut days: BTreeMap<NaiveDate, Vec<Promise>> = BTreeMap::new();
    for recorded in facts {
        let Payload::CheckedOut(p) = &recorded.fact.payload else { continue };
        let Some(Earning { points, .. }) = p.earning.filter(|_| counts(p.visit_id, recorded.fact.event_id)) else {
            continue;
        };
        let (points, daily_cap) = (points.sum(), p.daily_cap.map(|cap| cap.sum()));
        let day = days.entry(seoul_date(recorded.fact.occurred_at)).or_default();
        if day.len() < MOST_IN_DAY {
            day.push(Promise { key: recorded.key(), points, daily_cap });
        }
    }
    for (date, day) in days {
        let lowest_cap = day.iter().filter_map(|promise| promise.daily_cap).min();
        let sum: i128 = day.iter().map(|promise| promise.points).sum();
        if lowest_cap.is_none_or(|cap| sum <= cap) {
            continue;
        }
        for keys in day.iter().filter_map(|promise| promise.breaks(&day, known)) {
            found.add(CaseReason::CAP_BROKEN, CaseAbout::day(customer, date), keys);
        }
    }
}

/// Finds check-outs that will never earn: only the incarnation that recorded the check-out may record the earning, and
/// it was given up as lost.
pub(super) fn never_earned(visits: &VisitFacts, facts: &[&Recorded], account: &Account, found: &mut FoundCases) {
    let lost: BTreeSet<_> = account.holdings.reclaimed().collect();
    if lost.is_empty() {
        return;
    }
    for (id, visit) in visits.visits.iter().filter(|(_, visit)| visit.awaits_earning()) {
        let Some(exit) = visit.check_out.as_ref().filter(|exit| lost.contains(&exit.incarnation)) else { continue };
        let reclaim =
            facts.iter().find(|it| matches!(&it.fact.payload, Payload::Reclaimed(p) if p.from == exit.incarnation));
        let keys = reclaim.map(|it| it.key()).into_iter().chain([exit.key]);
        found.add(CaseReason::NEVER_EARNED, CaseAbout::visit(*id), keys);
    }
}
