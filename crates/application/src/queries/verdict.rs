//! A customer's verdict with what explains it: the facts, what lapsed, the levels, and what would lift a ban.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::fact::{Payload, Recorded};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, Ban, Cause, StandingCopy, Step, history, lifted_on};
use nosmoke_domain::points::to_i64;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::contract::{BanLevel, LineKind, Moment, Verdict, VerdictLine};
use nosmoke_ports::{Change, Read, StoreError, Worker};
use nosmoke_reading::moment::{counts, time_of};
use nosmoke_reading::names::Names;
use nosmoke_reading::same_person::worst;
use nosmoke_reading::standing::{Published, published};

/// Returns the published standing that check-in reads, and what explains it: the facts of the linked id from which the
/// standing comes.
pub(super) fn verdict(
    tx: &mut dyn Read,
    customer: CustomerId,
    linked: &BTreeMap<CustomerId, Account>,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Verdict, StoreError> {
    let current = published(tx, customer, rules, now)?;
    let checkpoint = tx.checkpoint(Worker::Point)?;
    made(tx, customer, (linked, rules, now), current, |change| change.change_seq <= checkpoint)
}

/// Returns the verdict at another moment, from the accounts as they were then.
pub(super) fn verdict_at(
    tx: &mut dyn Read,
    customer: CustomerId,
    linked: &BTreeMap<CustomerId, Account>,
    rules: &Rules,
    moment: Moment,
) -> Result<Verdict, StoreError> {
    let at = time_of(moment);
    let mut copy = StandingCopy::clean(rules, at);
    if let Some((_, account)) = worst(linked, rules, at) {
        let (standing, outstanding) = account.rank(rules, at);
        (copy.standing, copy.outstanding.0, copy.levels) = (standing, outstanding, account.levels(rules));
    }
    let then = Published { copy, behind: false };
    made(tx, customer, (linked, rules, at), then, |change| counts(moment, change))
}

fn made(
    tx: &mut dyn Read,
    customer: CustomerId,
    (linked, rules, at): (&BTreeMap<CustomerId, Account>, &Rules, DateTime<Utc>),
    Published { copy, behind }: Published,
    counted: impl Fn(&Change) -> bool,
) -> Result<Verdict, StoreError> {
    let worst = worst(linked, rules, at);
    let whose = worst.map_or(customer, |(worst, _)| worst);
    let names = Names::read(tx)?;
    let facts: Vec<Recorded> =
        tx.penalty_facts(whose)?.into_iter().filter(counted).map(|change| change.recorded).collect();
    let StandingCopy { standing, outstanding, levels, as_of, .. } = copy;
    // A copy that was published before any penalty has the levels of the rules of its time.
    let levels = worst.map_or(levels, |(_, account)| account.levels(rules));
    let to_lift = worst.filter(|_| standing == Standing::Prohibited);
    let accounts: Vec<&Account> = linked.values().collect();
    let in_force = worst.and_then(|(_, account)| account.in_force.as_ref());
    Ok(Verdict {
        standing,
        outstanding: to_i64(outstanding.0),
        warn_at: levels.warn_at.get(),
        prohibit_at: levels.prohibit_at().get(),
        levels: worst.map_or_else(Vec::new, |(_, it)| it.bans(rules, at)).into_iter().map(level).collect(),
        generation: in_force.map_or(rules.generation, |in_force| in_force.generation),
        as_of: as_of.timestamp_millis(),
        behind,
        to_lift: to_lift.and_then(|(_, account)| account.to_lift(rules, outstanding.0, at)),
        lifted_on: to_lift.and_then(|_| lifted_on(&accounts, rules, at)).map(|day| day.to_string()),
        lines: lines(&facts, &names, at),
    })
}

fn level(Ban { level, reached, last_day, over }: Ban) -> BanLevel {
    BanLevel {
        at: level.at.get(),
        days: level.days.map(|days| days.get()),
        reached,
        last_day: last_day.filter(|day| *day < NaiveDate::MAX).map(|day| day.to_string()),
        over,
    }
}

/// Returns a line for each penalty fact and each penalty that lapsed, with the outstanding points after it.
fn lines(facts: &[Recorded], names: &Names, at: DateTime<Utc>) -> Vec<VerdictLine> {
    let mut codes: BTreeMap<_, PenaltyCode> = BTreeMap::new();
    let mut lines = Vec::new();
    for step in history(facts, &BTreeSet::new(), at) {
        let Some(kind) = kind_of(&step) else { continue };
        let fact = fact_of(&step);
        let (code, ground, area_id) = match (step.cause, fact.map(|fact| &fact.payload)) {
            (_, Some(Payload::PenaltyImposed(p))) => {
                codes.entry(p.penalty_id()).or_insert(p.code);
                (Some(p.code), None, p.area_id)
            }
            (_, Some(Payload::PenaltyDeducted(p))) => (None, Some(p.ground), None),
            (Cause::Lapsed(id), _) => (codes.get(&id).copied(), None, None),
            _ => (None, None, None),
        };
        lines.push(VerdictLine {
            at: step.at.timestamp_millis(),
            kind,
            code,
            ground,
            area_id,
            points: to_i64(step.penalty_points),
            outstanding: to_i64(step.outstanding),
            generation: fact.map(|fact| fact.rules),
            by: fact.and_then(|fact| names.recorder(fact.recorded_by.id())),
            terminal_name: fact.and_then(|fact| names.terminal(fact.origin.incarnation)),
        });
    }
    // A price that expired is no line of the outstanding points.
    lines.retain(|line| line.kind != LineKind::Expired);
    lines
}

pub(super) fn fact_of<'a>(step: &Step<'a>) -> Option<&'a nosmoke_domain::fact::Fact> {
    match step.cause {
        Cause::Fact(recorded) => Some(&recorded.fact),
        Cause::Expired(_) | Cause::Lapsed(_) => None,
    }
}

/// Returns the kind of the line for a step; `None` for facts that move neither points nor penalties.
pub(super) fn kind_of(step: &Step<'_>) -> Option<LineKind> {
    let recorded = match step.cause {
        Cause::Expired(_) => return Some(LineKind::Expired),
        Cause::Lapsed(_) => return Some(LineKind::Lapsed),
        Cause::Fact(recorded) => recorded,
    };
    Some(match recorded.fact.payload {
        Payload::Earned(_) => LineKind::Earned,
        Payload::Paid(_) => LineKind::Paid,
        Payload::PaymentVoided(_) => LineKind::PaymentVoided,
        Payload::PointsAdjusted(_) => LineKind::PointsAdjusted,
        Payload::CheckOutTakenBack(_) => LineKind::CheckOutTakenBack,
        Payload::PenaltyImposed(_) => LineKind::PenaltyImposed,
        Payload::PenaltyDeducted(_) => LineKind::PenaltyDeducted,
        Payload::PenaltyVoided(_) => LineKind::PenaltyVoided,
        Payload::PenaltyDeductionVoided(_) => LineKind::PenaltyDeductionVoided,
        Payload::LevelsRevised(_) => LineKind::LevelsRevised,
        Payload::Given(_) => LineKind::Given,
        Payload::Reclaimed(_) => LineKind::Reclaimed,
        Payload::CheckedIn(_)
        | Payload::CheckedOut(_)
        | Payload::VisitClosed(_)
        | Payload::VisitVoided(_)
        | Payload::CustomerErased(_)
        | Payload::CustomersLinked(_)
        | Payload::CustomersParted(_)
        | Payload::CaseResolved(_)
        | Payload::Unknown { .. } => return None,
    })
}
