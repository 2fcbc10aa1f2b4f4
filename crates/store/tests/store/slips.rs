//! What has a slip, page by page, and what was printed.

use nosmoke_domain::fact::{Draft, Paid, PenaltyImposed};
use nosmoke_domain::ids::{DeductionId, PaymentId, PenaltyId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::{Journal, SlipQuery};

use crate::support::{about, append, at, chain, customer, draft, id, journal, other, read_journal, receive, run};

/// A payment of a customer, at a minute.
fn paid(n: u128, of: u128, minute: i64) -> Draft {
    let lots = Lots::never(Points::new(1).unwrap());
    let payload = Paid::new(PaymentId(id(n)), DeductionId(id(n + 1_000_000)), lots, None).into();
    Draft { payload, occurred_at: at(minute), ..about(n, n, of) }
}

fn imposed(n: u128, of: u128, minute: i64) -> Draft {
    let (code, levels) = (PenaltyCode::BASIC, Rules::default().levels);
    let payload = PenaltyImposed::new(PenaltyId(id(n)), id(n + 1_000_000).into(), Points::ONE, code, levels);
    Draft { payload: payload.into(), occurred_at: at(minute), ..about(n, n, of) }
}

/// The subjects of all pages, each page checked to be no longer than asked for.
async fn all(journal: &dyn Journal, mut query: SlipQuery) -> Vec<u128> {
    let mut found = Vec::new();
    loop {
        let page = read_journal(journal, move |tx| tx.facts_with_slips(&query)).await;
        assert!(page.len() <= query.limit);
        let Some(last) = page.last() else { return found };
        query.before = Some((last.recorded.fact.occurred_at.timestamp_millis(), last.change_seq));
        found.extend(page.iter().map(|change| change.recorded.fact.event_id.0.as_u128()));
    }
}

#[tokio::test]
async fn what_has_a_slip_is_read_by_its_time_and_no_border_of_a_page_loses_one() {
    let (_folder, journal) = journal().await;
    // Five in one millisecond, others among them, and one that happened before all of them but is recorded last.
    let drafts = vec![
        paid(1, 7, 5),
        draft(2),
        paid(3, 8, 5),
        imposed(4, 7, 5),
        paid(5, 7, 5),
        draft(6),
        imposed(7, 8, 5),
        paid(8, 7, 9),
        paid(9, 7, 1),
    ];
    append(&journal, drafts).await.unwrap();
    receive(&journal, &chain(other(20), [paid(30, 7, 7)])).await;
    for limit in 1..=9 {
        let everybody = SlipQuery { limit, ..SlipQuery::default() };
        assert_eq!(all(&journal, everybody).await, [8, 30, 7, 5, 4, 3, 1, 9], "{limit}");
        let of_one = SlipQuery { customer: Some(customer(7)), ..everybody };
        assert_eq!(all(&journal, of_one).await, [8, 30, 5, 4, 1, 9], "{limit}");
    }
    assert!(all(&journal, SlipQuery { customer: Some(customer(9)), limit: 3, before: None }).await.is_empty());
}

#[tokio::test]
async fn a_slip_is_printed_first_once() {
    let (_folder, journal) = journal().await;
    let first = |subject| read_journal(&journal, move |tx| tx.first_printed_at(id(subject)));
    assert_eq!(first(1).await, None);
    for minute in [3, 8] {
        run(&journal, move |tx| tx.note_printed(id(1), at(minute))).await.unwrap();
    }
    assert_eq!((first(1).await, first(2).await), (Some(at(3)), None));
}
