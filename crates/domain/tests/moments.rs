//! Properties of states at a moment: any order and batches, a naive fold, and the fold from before time counted.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other suites")]
mod arbitrary;
#[path = "support/journal.rs"]
mod journal;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/timeless.rs"]
mod timeless;

use std::collections::BTreeSet;

use nosmoke_domain::fact::{
    CheckedOut, Earned, Fact, Payload, PenaltyDeducted, PenaltyImposed, Recorded, decode, seal,
};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::point::{Account, StandingCopy, published};
use nosmoke_domain::rules::{Levels, Rules};
use nosmoke_domain::words::Standing;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::TestRunner;

use arbitrary::{facts, incarnation, time};
use journal::{Journal, Snapshot};

fn forks() -> impl Strategy<Value = BTreeSet<IncarnationId>> {
    any::<[bool; 4]>()
        .prop_map(|forks| (0..4_u8).filter(|n| forks[usize::from(*n)]).map(|n| incarnation(n.into())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn snapshots_equal_a_naive_fold_at_any_moment(
        (set, arrivals) in facts(40).prop_flat_map(|set| (Just(set.clone()), Just(set).prop_shuffle())),
        sizes in vec(1..9_usize, 1..6),
        moments in vec(time(), 1..6),
        forked in forks(),
    ) {
        let (mut journal, mut snapshot, mut account) = (Journal::default(), Snapshot::default(), Account::default());
        let (mut rest, mut sizes) = (arrivals.as_slice(), sizes.iter().cycle());
        while !rest.is_empty() {
            let (batch, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
            rest = later;
            let newer: Vec<Recorded> = batch.iter().filter_map(|recorded| journal.add(recorded)).collect();
            account = snapshot.advance(&newer, &journal).0;
        }
        account.forked.clone_from(&forked);
        let rules = Rules::default();
        for at in moments {
            let naive = naive::at(&set, &forked, at);
            prop_assert_eq!(account.balance(at), naive.balance);
            prop_assert_eq!(account.expired(at).values().sum::<i128>(), naive.expired);
            prop_assert_eq!(account.outstanding(at), naive.outstanding);
            prop_assert_eq!(account.standing(&rules, at), naive.standing);
        }
    }

    #[test]
    fn what_is_published_holds_at_any_moment(
        (one, other) in (facts(30), facts(12)),
        now in time(),
        moments in vec(time(), 1..6),
    ) {
        let rules = Rules::default();
        let accounts: [Account; 2] = [fold(&one), fold(&other)];
        let copy = published(&[&accounts[0], &accounts[1]], &rules, now).unwrap();
        prop_assert!(copy.changes.len() <= StandingCopy::MOST_CHANGES);
        let stands = |copy: &StandingCopy| (copy.standing, copy.outstanding.0);
        let mut last = stands(&copy);
        for change in &copy.changes {
            let next = (change.standing, change.outstanding.0);
            prop_assert!(next < last, "time only lifts");
            last = next;
        }
        for at in moments {
            let worst = accounts.iter().map(|account| account.rank(&rules, at)).max().unwrap();
            prop_assert_eq!(stands(&copy.clone().at(at)), worst);
        }
    }

    #[test]
    fn what_time_changes_never_comes_back(set in facts(40), moments in vec(time(), 2..6)) {
        let (account, rules) = (fold::<Account>(&set), Rules::default());
        let mut moments = moments;
        moments.sort();
        let mut last = (Standing::Prohibited, i128::MAX);
        for at in moments {
            let next = account.rank(&rules, at);
            prop_assert!(next.0 <= last.0 && next.1 <= last.1);
            last = next;
        }
    }

    #[test]
    fn words_and_fields_of_a_newer_program_change_no_amount(set in facts(40), at in time()) {
        let newer: Vec<Recorded> = set.iter().map(as_a_newer_program_writes_it).collect();
        let (account, theirs) = (fold::<Account>(&set), fold::<Account>(&newer));
        prop_assert_eq!(account.balance(at), theirs.balance(at));
        prop_assert_eq!(account.owed(at), theirs.owed(at));
        let rules = Rules::default();
        prop_assert_eq!(account.rank(&rules, at), theirs.rank(&rules, at));
        prop_assert_eq!(account.not_understood, theirs.not_understood);
    }
}

/// The same fact with codes, grounds and reasons that nobody knows here, and with further fields.
fn as_a_newer_program_writes_it(recorded: &Recorded) -> Recorded {
    let Recorded { fact, hash, novelty } = recorded;
    let mut payload = serde_json::to_value(&fact.payload).unwrap();
    let known = fact.payload.fact_type().is_some();
    if let (true, Some(fields)) = (known, payload.as_object_mut()) {
        for (field, value) in fields.iter_mut() {
            let is_word = matches!(field.as_str(), "code" | "ground" | "reason" | "resolution" | "admission");
            if is_word && value.is_string() {
                *value = format!("NEW_{field}").into();
            }
            if let Some(object) = value.as_object_mut().filter(|_| field != "lots") {
                object.insert("since_later".to_owned(), true.into());
            }
        }
        fields.insert("since_later".to_owned(), serde_json::json!({ "more": [1, 2] }));
        let mut envelope: serde_json::Value =
            serde_json::from_slice(&seal(draft_of(fact), fact.origin, 1, *hash, Vec::new()).bytes).unwrap();
        envelope["payload"] = payload;
        let mut read = decode(&serde_json::to_vec(&envelope).unwrap()).unwrap();
        read.occurred_at = fact.occurred_at;
        return Recorded { fact: read, hash: *hash, novelty: *novelty };
    }
    recorded.clone()
}

fn draft_of(fact: &Fact) -> nosmoke_domain::fact::Draft {
    nosmoke_domain::fact::Draft {
        event_id: fact.event_id,
        customer_id: fact.customer_id,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        recorded_by: fact.recorded_by,
        approved_by: fact.approved_by,
        causation_id: fact.causation_id,
        rules: fact.rules,
        traceparent: None,
        payload: fact.payload.clone(),
    }
}

/// The same fact under rules by which nothing lapses, ends or expires.
fn without_time(mut recorded: Recorded) -> Recorded {
    let never = |lots: &Lots| Lots::never(lots.points());
    let ends_never = |levels: &Levels| Levels::without_end(levels.warn_at, levels.prohibit_at());
    match &mut recorded.fact.payload {
        Payload::CheckedOut(CheckedOut { earning: Some(earning), .. }) => earning.expires_on = LastDay::Never,
        Payload::Earned(Earned { expires_on, .. }) => *expires_on = LastDay::Never,
        Payload::CheckOutTakenBack(p) => p.lots = p.lots.as_ref().map(never),
        Payload::Given(p) => p.lots = never(&p.lots),
        Payload::Reclaimed(p) => p.lots = p.lots.as_ref().map(never),
        Payload::PenaltyImposed(PenaltyImposed { lapse, levels, .. }) => (*lapse, *levels) = (None, ends_never(levels)),
        Payload::PenaltyVoided(p) => p.levels = ends_never(&p.levels),
        Payload::PenaltyDeductionVoided(p) => p.levels = ends_never(&p.levels),
        Payload::PenaltyDeducted(PenaltyDeducted { levels, price, .. }) => {
            *levels = ends_never(levels);
            *price = price.as_ref().map(|it| nosmoke_domain::fact::Deduction::new(it.deduction_id(), never(it.lots())));
        }
        Payload::Paid(p) => {
            *p = nosmoke_domain::fact::Paid::new(p.payment_id(), p.deduction_id(), never(p.lots()), None)
        }
        Payload::PointsAdjusted(p) => {
            let make = if p.points().get() > 0 {
                nosmoke_domain::fact::PointsAdjusted::given
            } else {
                nosmoke_domain::fact::PointsAdjusted::taken
            };
            *p = make(p.adjustment_id(), never(p.lots()), p.reason);
        }
        _ => {}
    }
    recorded
}

#[test]
fn with_all_of_it_off_nothing_is_other_than_before() {
    let set = facts(16).prop_map(|set| {
        let revised = |it: &Recorded| matches!(it.fact.payload, Payload::LevelsRevised(_));
        set.into_iter().filter(|it| !revised(it)).map(without_time).collect::<Vec<_>>()
    });
    let mut runner = TestRunner::new(ProptestConfig { cases: 10_000, failure_persistence: None, ..Default::default() });
    runner
        .run(&(set, forks(), time()), |(set, forked, at)| {
            let mut account: Account = fold(&set);
            account.forked.clone_from(&forked);
            let before = timeless::fold(&set, &forked);
            prop_assert_eq!(account.balance(at), before.balance);
            prop_assert_eq!(account.holdings.written_off(&forked), before.written_off);
            prop_assert_eq!(account.outstanding(at), before.outstanding);
            prop_assert_eq!(account.standing(&Rules::default(), at), before.standing);
            prop_assert!(account.expired(at).is_empty());
            let copy = published(&[&account], &Rules::default(), at).unwrap();
            prop_assert_eq!((copy.standing, copy.outstanding.0), (before.standing, before.outstanding));
            prop_assert!(copy.changes.is_empty());
            Ok(())
        })
        .unwrap();
}
