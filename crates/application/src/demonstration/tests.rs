use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{Hash, Novelty, Origin, Payload, Recorded, seal};
use nosmoke_domain::fold::{Applied, advance, fold};
use nosmoke_domain::ids::{CustomerId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::review::cases;
use nosmoke_domain::words::{CaseReason, Role, Standing, VisitStatus};
use uuid::Uuid;

use super::facility::{CUSTOMERS, INSIDE};
use super::*;

const MORNING: &str = "2026-11-20T01:47:00Z";
const NIGHT: &str = "2026-11-19T18:20:00.123Z";

fn demonstration(seed: u64, now: &str) -> Demonstration {
    let recorder = Recorder::Staff { id: StaffId(Uuid::from_u128(1)), role: Role::Manager };
    Demonstration::new(seed, now.parse().unwrap(), recorder, Rules::default())
}

/// Seals the drafts as the journal does, and returns the facts of each customer.
fn sealed(blocks: impl IntoIterator<Item = Block>) -> BTreeMap<CustomerId, Vec<Recorded>> {
    let origin = Origin {
        facility_id: FacilityId(Uuid::from_u128(2)),
        terminal_id: TerminalId(Uuid::from_u128(3)),
        incarnation: HERE,
    };
    let mut customers: BTreeMap<CustomerId, Vec<Recorded>> = BTreeMap::new();
    let drafts = blocks.into_iter().flat_map(|block| block.drafts);
    for (seq, draft) in (1..).zip(drafts) {
        let sealed = seal(draft, origin, seq, Hash::ZERO, Vec::new());
        let recorded = Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::Whole };
        customers.entry(recorded.fact.customer_id).or_default().push(recorded);
    }
    customers
}

const HERE: IncarnationId = IncarnationId(Uuid::from_u128(4));

#[test]
fn a_year_has_the_stated_size() {
    for now in [MORNING, NIGHT] {
        let demonstration = demonstration(1, now);
        let total = demonstration.total();
        let (mut customers, mut facts, mut notes) = (0, 0, 0);
        for block in demonstration {
            customers += block.customers.len();
            facts += block.drafts.len() as u64;
            notes += block.notes.len();
        }
        assert_eq!(customers, CUSTOMERS);
        assert!(facts.abs_diff(total) < total / 20, "{facts} facts");
        assert!(notes > 300, "{notes} notes");
    }
}

#[test]
fn a_seed_and_a_time_always_give_the_same_facility() {
    let first = |seed| demonstration(seed, MORNING).take(30).collect::<Vec<_>>();
    assert_eq!(first(7), first(7));
    assert_ne!(first(7), first(8));
    assert_eq!(demonstration(7, MORNING).areas(), demonstration(7, MORNING).areas());
}

#[test]
fn blocks_are_ordered_by_time_and_name_only_registered_customers() {
    let now: DateTime<Utc> = NIGHT.parse().unwrap();
    let (mut known, mut ids, mut cards) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut last = DateTime::<Utc>::MIN_UTC;
    for block in demonstration(2, NIGHT) {
        for (profile, keys) in &block.customers {
            assert!(profile.registered_at <= now);
            assert!(known.insert(profile.customer_id));
            assert!(profile.card.is_none() || cards.insert(keys.card.clone()), "{profile:?}");
        }
        for draft in &block.drafts {
            assert!(draft.occurred_at >= last && draft.occurred_at <= now);
            last = draft.occurred_at;
            assert!(known.contains(&draft.customer_id));
            assert!(ids.insert(draft.event_id));
            assert_eq!(draft.event_id.0.get_version_num(), 7);
        }
        assert!(block.notes.iter().all(|note| known.contains(&note.customer_id)));
    }
}

#[test]
fn the_facts_of_every_customer_keep_the_rules() {
    let now: DateTime<Utc> = MORNING.parse().unwrap();
    let rules = Rules::default();
    let (mut standings, mut inside, mut found) = (BTreeMap::new(), Vec::new(), Vec::new());
    let (mut balances, mut statuses) = (0_i128, BTreeMap::new());
    for facts in sealed(demonstration(3, MORNING)).values() {
        let (mut account, mut subjects) = (Account::default(), BTreeSet::new());
        for (index, fact) in facts.iter().enumerate() {
            let is_new = fact.fact.subject().is_none_or(|subject| subjects.insert(subject));
            let novelty = if is_new { Novelty::New } else { Novelty::Repeats };
            let none = |_, _: &Recorded| Ok::<_, Infallible>(None);
            let Ok(applied) = advance(&mut account, [&Recorded { novelty, ..fact.clone() }], none);
            if applied != Applied::Done {
                account = fold(&facts[..=index]);
            }
            assert!(account.holdings.held(HERE) >= 0, "{fact:?}");
        }
        balances += account.balance(now);
        *standings.entry(account.standing(&rules, now)).or_insert(0) += 1;
        let visits: Visits = fold(facts);
        inside.extend(visits.inside().and_then(|(_, visit)| visit.entry.as_ref()).map(|entry| entry.key.occurred_at));
        assert!(visits.open.values().all(|visit| visit.status() == VisitStatus::CheckedIn));
        found.extend(cases(facts[0].fact.customer_id, facts, &BTreeSet::new()));
        for fact in facts {
            *statuses.entry(fact.fact.payload.fact_type().unwrap().name()).or_insert(0) += 1;
        }
    }
    assert!(standings[&Standing::Allowed] > 1_250, "{standings:?}");
    assert!((6..140).contains(&standings[&Standing::Warned]), "{standings:?}");
    assert!((3..50).contains(&standings[&Standing::Prohibited]), "{standings:?}");
    assert!(balances > 0);
    assert_eq!(inside.len(), INSIDE);
    assert_eq!(inside.iter().filter(|since| rules.forgotten(**since, now)).count(), 1);
    let reasons: Vec<_> = found.iter().map(|case| (case.id.reason, case.resolution.is_some())).collect();
    assert_eq!(reasons.len(), 2, "{found:?}");
    assert!(reasons.iter().all(|(reason, _)| *reason == CaseReason::ADMITTED_IN_BAN));
    assert_eq!(reasons.iter().filter(|(_, settled)| *settled).count(), 1);
    for kind in [
        "VisitClosed",
        "VisitVoided",
        "Paid",
        "PaymentVoided",
        "PointsAdjusted",
        "PenaltyImposed",
        "PenaltyDeducted",
        "PenaltyVoided",
        "CaseResolved",
    ] {
        assert!(statuses.contains_key(kind), "{kind} in {statuses:?}");
    }
}

#[test]
fn a_cap_and_a_minimum_stay_are_kept() {
    let cap = Points::new(150).unwrap();
    let rules = Rules { daily_cap: Some(cap), minimum_stay_minutes: Some(5), ..Rules::default() };
    let recorder = Recorder::Staff { id: StaffId(Uuid::from_u128(1)), role: Role::Manager };
    let demonstration = Demonstration::new(5, MORNING.parse().unwrap(), recorder, rules);
    let (mut earned, mut too_short) = (BTreeMap::<_, u64>::new(), 0);
    for draft in demonstration.flat_map(|block| block.drafts) {
        let Payload::CheckedOut(checked_out) = draft.payload else { continue };
        assert_eq!(checked_out.daily_cap, Some(cap));
        match checked_out.earning {
            Some(earning) => {
                *earned.entry((draft.customer_id, seoul_date(draft.occurred_at))).or_default() += earning.points.get();
            }
            None => too_short += 1,
        }
    }
    assert!(earned.values().all(|sum| *sum <= cap.get()));
    assert!(earned.values().any(|sum| *sum == cap.get()) && too_short > 300);
}

#[test]
fn any_seed_at_any_hour_ends_with_the_same_number_inside() {
    for (seed, now) in (10..).zip(["2026-02-28T15:00:00Z", "2026-03-01T13:05:00Z", "2028-02-29T22:01:00Z"]) {
        let mut inside = BTreeSet::new();
        for draft in demonstration(seed, now).flat_map(|block| block.drafts) {
            match draft.payload {
                Payload::CheckedIn(p) => assert!(inside.insert(p.visit_id)),
                Payload::CheckedOut(p) => assert!(inside.remove(&p.visit_id)),
                Payload::VisitClosed(p) => assert!(inside.remove(&p.visit_id)),
                Payload::VisitVoided(p) => assert!(inside.remove(&p.visit_id)),
                _ => {}
            }
        }
        assert_eq!(inside.len(), INSIDE, "at {now}");
    }
}

#[test]
fn no_area_exceeds_its_capacity() {
    let demonstration = demonstration(4, NIGHT);
    let areas: BTreeMap<_, _> = demonstration.areas().into_iter().collect();
    let mut visits = BTreeMap::new();
    let mut present: BTreeMap<AreaId, u32> = BTreeMap::new();
    for draft in demonstration.flat_map(|block| block.drafts) {
        let ended = match &draft.payload {
            Payload::CheckedIn(p) => {
                visits.insert(p.visit_id, p.area_id);
                *present.entry(p.area_id).or_default() += 1;
                None
            }
            Payload::CheckedOut(p) => visits.remove(&p.visit_id),
            Payload::VisitClosed(p) => visits.remove(&p.visit_id),
            Payload::VisitVoided(p) => visits.remove(&p.visit_id),
            _ => None,
        };
        if let Some(area) = ended {
            *present.entry(area).or_default() -= 1;
        }
        for (area, count) in &present {
            // One more is allowed: a check-in that closes the customer's forgotten visit is recorded before the
            // closing.
            assert!(areas[area].capacity.is_none_or(|capacity| *count <= capacity + 1), "{count} in {:?}", areas[area]);
        }
    }
    assert_eq!(visits.len(), INSIDE);
}
