//! A customer's history equals a naive fold of the facts up to any moment: what time travel shows.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other suites")]
mod arbitrary;
#[path = "support/naive.rs"]
mod naive;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::Recorded;
use nosmoke_domain::fold::{distinct, fold};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::point::{Account, Cause, Notice, history, lifted_on, notices};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};

use arbitrary::{facts, incarnation, time};

fn forks() -> impl Strategy<Value = BTreeSet<IncarnationId>> {
    any::<[bool; 4]>()
        .prop_map(|forks| (0..4_u8).filter(|n| forks[usize::from(*n)]).map(|n| incarnation(n.into())).collect())
}

fn up_to(set: &[Recorded], at: DateTime<Utc>) -> Vec<Recorded> {
    set.iter().filter(|it| it.fact.occurred_at <= at).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_history_up_to_a_moment_is_the_naive_fold_at_that_moment(
        set in facts(40),
        moments in vec(time(), 1..6),
        forked in forks(),
    ) {
        // One fact for each event id: of two, an earlier moment may know only the one that doesn't count later.
        let set: Vec<Recorded> = distinct(&set).into_iter().cloned().collect();
        let end = "9999-12-31T00:00:00Z".parse().unwrap();
        let all = history(&set, &forked, end);
        prop_assert!(all.is_sorted_by_key(|step| step.at.min(end)));
        for at in moments {
            let known = up_to(&set, at);
            let naive = naive::at(&known, &forked, at);
            let travelled = history(&known, &forked, at);
            let sums = travelled.last().map_or((0, 0), |last| (last.balance, last.outstanding));
            prop_assert_eq!(sums, (naive.balance, naive.outstanding));
            let standing = fold::<Account>(&known).standing(&Rules::default(), at);
            prop_assert_eq!(standing, naive.standing);
            let expired: i128 =
                travelled.iter().filter(|it| matches!(it.cause, Cause::Expired(_))).map(|it| -it.points).sum();
            prop_assert_eq!(expired, naive.expired);
            let before = all.iter().rfind(|step| step.at <= at).map_or((0, 0), |it| (it.balance, it.outstanding));
            if at < end {
                prop_assert_eq!(before, (naive.balance, naive.outstanding), "the whole history, looked at up to then");
            }
        }
    }

    #[test]
    fn a_history_has_each_fact_once_and_its_changes_add_up(set in facts(40), at in time(), forked in forks()) {
        let steps = history(&set, &forked, at);
        let facts = steps.iter().filter(|step| matches!(step.cause, Cause::Fact(_))).count();
        prop_assert_eq!(facts, distinct(&set).len());
        let (mut balance, mut outstanding) = (0, 0);
        for step in &steps {
            balance += step.points;
            outstanding += step.penalty_points;
            prop_assert_eq!((step.balance, step.outstanding), (balance, outstanding));
        }
        // Facts after the moment count in it, as they do in every fold.
        let naive = naive::at(&set, &forked, at);
        prop_assert_eq!((balance, outstanding), (naive.balance, naive.outstanding));
    }

    #[test]
    fn an_account_without_endings_needs_no_history(set in facts(20), at in time(), forked in forks()) {
        let account: Account = fold(&set);
        let ended = history(&set, &forked, at).iter().any(|step| !matches!(step.cause, Cause::Fact(_)));
        prop_assert!(account.has_endings(at) || !ended);
    }

    #[test]
    fn bans_lots_and_notices_say_what_the_verdict_says(
        (one, other) in (facts(30), facts(12)),
        at in time(),
        forked in forks(),
    ) {
        let rules = Rules::default();
        let (mut account, other): (Account, Account) = (fold(&one), fold(&other));
        account.forked = forked;
        prop_assert_eq!(account.lots(at).values().sum::<i128>(), account.balance(at));
        let prohibited = account.standing(&rules, at) == Standing::Prohibited;
        prop_assert_eq!(account.bans(&rules, at).iter().any(|ban| ban.holds()), prohibited);

        let both = [&account, &other];
        let worst = |at| both.iter().map(|it| it.standing(&rules, at)).max().unwrap();
        let lifted = lifted_on(&both, &rules, at);
        prop_assert!(lifted.is_none() || worst(at) == Standing::Prohibited);
        if let Some(on) = lifted {
            let midnight = nosmoke_domain::days::seoul_midnight(on);
            prop_assert!(worst(midnight) < Standing::Prohibited);
            prop_assert_eq!(worst(midnight - chrono::TimeDelta::nanoseconds(1)), Standing::Prohibited);
        } else if worst(at) == Standing::Prohibited {
            prop_assert_eq!(worst("9999-12-31T00:00:00Z".parse().unwrap()), Standing::Prohibited, "for ever");
        }
        for notice in notices(&account, &both, &rules, at) {
            match notice {
                Notice::BanEnds { on } => {
                    prop_assert_eq!((lifted, on.pred_opt()), (Some(on), Some(seoul_date(at))));
                }
                Notice::PointsExpire { last_day, days_left, before_days, points } => {
                    prop_assert!(points > 0 && (0..=before_days).contains(&days_left) && before_days <= 60);
                    prop_assert_eq!(seoul_date(at) + chrono::Days::new(days_left.into()), last_day);
                }
            }
        }
    }
}
