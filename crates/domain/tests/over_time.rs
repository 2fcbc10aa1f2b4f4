//! What time changes: the tables in `tables/over_time.ko.md`, which whoever runs a facility can read, as given, when and
//! then.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may")]

#[path = "support/journal.rs"]
mod journal;
#[path = "support/korean.rs"]
mod korean;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Recorded;
use nosmoke_domain::fold::fold;
use nosmoke_domain::point::{Account, published};
use nosmoke_domain::rules::Rules;

use journal::{Journal, Snapshot};
use korean::{Answer, Row, rows};

const TABLES: &str = include_str!("tables/over_time.ko.md");

/// The account as a snapshot that is advanced by one fact after the other has it.
fn advanced<'a>(facts: impl Iterator<Item = &'a Recorded>) -> Account {
    let (mut journal, mut snapshot, mut account) = (Journal::default(), Snapshot::default(), Account::default());
    for fact in facts {
        let newer: Vec<Recorded> = journal.add(fact).into_iter().collect();
        account = snapshot.advance::<Account>(&newer, &journal).0;
    }
    account
}

fn answer(account: &Account, asked: &Answer, at: DateTime<Utc>) -> Answer {
    let rules = Rules::default();
    match asked {
        Answer::Standing(..) => Answer::Standing(account.outstanding(at), account.standing(&rules, at)),
        Answer::Balance(..) => {
            let summary = account.summary(korean::HERE.into(), at);
            let live = summary.held_here.live(summary.today());
            let lots = live.parts().iter().flat_map(|lots| lots.iter().collect::<Vec<_>>()).collect();
            Answer::Balance(account.balance(at), lots, account.expired(at).into_iter().collect())
        }
    }
}

#[test]
fn each_row_of_the_tables_is_so() {
    let rows = rows(TABLES);
    assert!(rows.len() >= 60, "{} rows", rows.len());
    for Row { text, facts, at, then } in rows {
        let whole: Account = fold(&facts);
        assert_eq!(answer(&whole, &then, at), then, "{text}");
        assert_eq!(fold::<Account>(facts.iter().rev()), whole, "in reverse: {text}");
        assert_eq!(advanced(facts.iter()), whole, "one by one: {text}");
        assert_eq!(advanced(facts.iter().rev()), whole, "one by one, in reverse: {text}");
        if let Answer::Standing(outstanding, standing) = then {
            // Computed long before and long after: what time changes is in it.
            for now in ["2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] {
                let copy = published(&[&whole], &Rules::default(), now.parse().unwrap()).unwrap().at(at);
                assert_eq!((copy.outstanding.0, copy.standing), (outstanding, standing), "published at {now}: {text}");
            }
        }
    }
}
