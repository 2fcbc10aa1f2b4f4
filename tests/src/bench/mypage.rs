//! The latency of Mypage's hundredth page, compared with the first.

use nosmoke_ports::contract::{MypageFilter, MypageInput, MypagePage};
use nosmoke_ports::{PageCursor, PageQuery};

use crate::facility::Facility;
use crate::history::{Filled, REGULAR};
use crate::measure::in_turn;
use crate::table::{Limit, Table};

const ROUNDS: usize = 301;
const PAGE: usize = 50;
const FAR_PAGE: usize = 100;
const LIMIT: Limit = Limit::AtMost(1.5);

pub(crate) async fn measure(long: &Filled, table: &mut Table) {
    let facility = &long.facility;
    table.heading("Mypage's hundredth page of 50, to its first, of a customer with more than 10,000 entries");
    let all = page(facility, MypageFilter::All, None).await.counts.all;
    assert!(all > 10_000, "only {all} entries");
    for (filter, name) in [(MypageFilter::All, "all histories"), (MypageFilter::Visits, "visits")] {
        let (cursor, place) = before_page(facility, filter, FAR_PAGE).await;
        let ratio = in_turn(
            ROUNDS,
            async || read(facility, filter, Some(place)).await,
            async || read(facility, filter, None).await,
        )
        .await;
        table.row(&format!("{name}: its rows alone"), ratio, LIMIT);
        let ratio = in_turn(
            ROUNDS / 3,
            async || drop(page(facility, filter, Some(cursor.clone())).await),
            async || drop(page(facility, filter, None).await),
        )
        .await;
        table.row(&format!("{name}: as the screen gets it, with sums, counts and names"), ratio, LIMIT);
    }
}

/// Reads a page through the query that the screen uses.
async fn page(facility: &Facility, filter: MypageFilter, cursor: Option<String>) -> MypagePage {
    let limit = u32::try_from(PAGE).unwrap();
    let input = MypageInput { customer_id: REGULAR, filter, from: None, to: None, cursor, limit, moment: None };
    facility.terminal.queries.mypage(input).await.unwrap()
}

/// Reads a page directly from the read model.
async fn read(facility: &Facility, filter: MypageFilter, after: Option<PageCursor>) {
    let query = PageQuery { customer_id: REGULAR, filter, from: None, until: None, after, limit: PAGE };
    assert_eq!(facility.terminal.workers.mypage.page(query).await.unwrap().len(), PAGE);
}

/// Reads the pages before the page with this number. Returns the page's cursor, and the position of the last entry
/// before it, with which the read model is asked directly.
async fn before_page(facility: &Facility, filter: MypageFilter, number: usize) -> (String, PageCursor) {
    let mut before = page(facility, filter, None).await;
    for _ in 2..number {
        before = page(facility, filter, Some(before.next.expect("there are fewer pages"))).await;
    }
    let last = before.entries.last().unwrap();
    let place = PageCursor { at_ms: last.at, entry_id: last.id.parse().unwrap() };
    (before.next.expect("there are fewer pages"), place)
}
