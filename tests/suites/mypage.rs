//! Mypage's queries: date ranges, cursors, counts, running sums and the chart.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{Chart, CustomerSearch, ErrorCode, MypageEntry, MypageFilter, MypageInput, MypagePage};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::random_day::RandomDay;
use crate::support::Desk;

const FILTERS: [MypageFilter; 4] =
    [MypageFilter::All, MypageFilter::Visits, MypageFilter::Payments, MypageFilter::Penalties];

fn input(customer_id: CustomerId, filter: MypageFilter, days: (&str, &str)) -> MypageInput {
    let day = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    MypageInput { customer_id, filter, from: day(days.0), to: day(days.1), cursor: None, limit: 100, moment: None }
}

async fn between(desk: &Desk, customer: CustomerId, days: (&str, &str)) -> MypagePage {
    desk.terminal.queries.mypage(input(customer, MypageFilter::All, days)).await.unwrap()
}

async fn chart(desk: &Desk, customer: CustomerId, days: (&str, &str)) -> Chart {
    desk.terminal.queries.chart(input(customer, MypageFilter::All, days)).await.unwrap()
}

/// Reads all pages of Mypage, and calls `between` after each.
async fn all_pages(desk: &Desk, mut input: MypageInput, mut between: impl AsyncFnMut()) -> Vec<MypageEntry> {
    let mut entries = Vec::new();
    loop {
        let page = desk.terminal.queries.mypage(input.clone()).await.unwrap();
        entries.extend(page.entries);
        between().await;
        input.cursor = page.next;
        if input.cursor.is_none() {
            return entries;
        }
    }
}

fn correction(customer: CustomerId, points: i64) -> Value {
    json!({ "type": "adjustPoints", "customerId": customer, "points": points, "reason": "correction" })
}

async fn adjust(desk: &Desk, customer: CustomerId, points: i64) {
    desk.give(correction(customer, points)).await.unwrap();
}

fn seoul(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}+09:00")).unwrap().to_utc()
}

#[tokio::test]
async fn dates_are_in_seoul_time_and_both_ends_are_included() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    for (at, points) in [
        ("2026-11-19T23:59:59.999", 1),
        ("2026-11-20T00:00:00.000", 2),
        ("2026-11-20T23:59:59.999", 4),
        ("2026-11-21T00:00:00.000", 8),
        ("2026-11-21T00:00:00.001", 16),
    ] {
        desk.clock.stop_at(seoul(at));
        adjust(&desk, customer, points).await;
    }
    desk.clock.stop_at(seoul("2026-11-25T12:00:00.000"));
    desk.settle().await;
    for (days, sum) in [
        (("2026-11-20", "2026-11-20"), 6),
        (("2026-11-19", "2026-11-19"), 1),
        (("2026-11-21", "2026-11-21"), 24),
        (("2026-11-19", "2026-11-20"), 7),
        (("2026-11-20", ""), 30),
        (("", "2026-11-20"), 7),
        (("", ""), 31),
        (("2026-11-22", "2026-11-30"), 0),
        (("2026-11-21", "2026-11-20"), 0),
    ] {
        let page = between(&desk, customer, days).await;
        let found: i64 = page.entries.iter().filter_map(|entry| entry.points).sum();
        assert_eq!(found, sum, "{days:?}");
        assert_eq!(page.counts.all as usize, page.entries.len(), "{days:?}");
        assert_eq!(page.counts.payments, page.counts.all, "{days:?}");
        let chart = chart(&desk, customer, days).await;
        assert_eq!(chart.points.iter().map(|point| point.points).sum::<i64>(), sum, "{days:?}");
        // Running sums include the entries before the first requested day.
        if let Some(newest) = page.entries.first() {
            assert_eq!(chart.opening_balance + sum, newest.balance, "{days:?}");
            assert_eq!(chart.points.last().unwrap().balance, newest.balance, "{days:?}");
        }
    }
    for days in [("2026-02-30", ""), ("", "어제"), ("20261120", ""), ("2026-11-20T00:00", "")] {
        let refused = desk.terminal.queries.mypage(input(customer, MypageFilter::All, days)).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput, "{days:?}");
        let refused = desk.terminal.queries.chart(input(customer, MypageFilter::All, days)).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput, "{days:?}");
    }
}

#[tokio::test]
async fn a_visit_over_midnight_belongs_to_the_day_it_ended() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.clock.stop_at(seoul("2026-11-20T23:50:00.000"));
    let visit = desk.check_in(customer).await;
    desk.settle().await;
    assert_eq!(between(&desk, customer, ("2026-11-20", "2026-11-20")).await.counts.visits, 1);
    desk.clock.stop_at(seoul("2026-11-21T00:10:00.000"));
    desk.check_out(visit).await;
    desk.settle().await;
    assert_eq!(between(&desk, customer, ("2026-11-20", "2026-11-20")).await.counts.visits, 0);
    assert_eq!(between(&desk, customer, ("2026-11-21", "2026-11-21")).await.counts.visits, 1);
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat_at_equal_times_while_entries_arrive() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    for group in 0..3 {
        desk.clock.stop_at(seoul("2026-11-20T10:00:00.000") + TimeDelta::minutes(group));
        for number in 0..20 {
            adjust(&desk, customer, 100 + number).await;
            desk.penalty(customer, 1).await;
        }
    }
    desk.settle().await;
    for filter in FILTERS {
        let before: BTreeSet<String> = all_pages(&desk, input(customer, filter, ("", "")), async || ())
            .await
            .into_iter()
            .map(|it| it.id)
            .collect();
        for limit in [1, 7, 40, 500] {
            // The entries recorded while paging have the same time as those at the page boundary.
            let arriving = async || {
                if limit > 1 {
                    adjust(&desk, customer, 1).await;
                    desk.penalty(customer, 1).await;
                    desk.settle().await;
                }
            };
            let read = all_pages(&desk, MypageInput { limit, ..input(customer, filter, ("", "")) }, arriving).await;
            let ids: BTreeSet<&String> = read.iter().map(|entry| &entry.id).collect();
            assert_eq!(ids.len(), read.len(), "{filter:?} {limit}: one came twice");
            assert!(before.iter().all(|id| ids.contains(id)), "{filter:?} {limit}: one is missing");
            assert!(read.is_sorted_by_key(|entry| std::cmp::Reverse(entry.at)));
        }
    }
}

#[tokio::test]
async fn sums_and_counts_are_right_with_every_filter() {
    let desk = Desk::new().await;
    let mut day = RandomDay::begin(&desk, 7).await;
    day.play(&desk, 400).await;
    desk.settle().await;
    for customer in day.customers {
        // Compute the expected running sums here, from the oldest entry on.
        let all = all_pages(&desk, input(customer, MypageFilter::All, ("", "")), async || ()).await;
        let (mut balance, mut outstanding) = (0, 0);
        let mut expected = BTreeMap::new();
        for entry in all.iter().rev() {
            balance += entry.points.unwrap_or(0);
            outstanding += entry.penalty_points.unwrap_or(0);
            expected.insert(entry.id.clone(), (balance, outstanding));
        }
        let mut shown = 0;
        for filter in FILTERS {
            let few = MypageInput { limit: 3, ..input(customer, filter, ("", "")) };
            let entries = all_pages(&desk, few.clone(), async || ()).await;
            for entry in &entries {
                assert_eq!((entry.balance, entry.outstanding), expected[&entry.id], "{filter:?} {entry:?}");
            }
            let counts = desk.terminal.queries.mypage(few).await.unwrap().counts;
            let count = match filter {
                MypageFilter::All => counts.all,
                MypageFilter::Visits => counts.visits,
                MypageFilter::Payments => counts.payments,
                MypageFilter::Penalties => counts.penalties,
            };
            assert_eq!(count as usize, entries.len(), "{filter:?}");
            shown += entries.len();
        }
        assert_eq!(shown, 2 * all.len(), "every entry is in one history");
    }
}

#[tokio::test]
async fn a_chart_has_a_point_per_change_or_per_day_when_there_are_many() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    for points in [100, -30, 5] {
        adjust(&desk, customer, points).await;
    }
    desk.penalty(customer, 10).await;
    desk.settle().await;
    // A visit that hasn't ended adds no data point to the chart.
    let few = chart(&desk, customer, ("", "")).await;
    let path: Vec<_> = few.points.iter().map(|point| (point.balance, point.outstanding)).collect();
    assert_eq!(path, [(100, 0), (70, 0), (75, 0), (75, 10)]);

    let caller = desk.caller().await;
    // In UTC these times would fall on other days than in Seoul.
    for day in ["2026-11-21T00:10:00.000", "2026-11-21T23:40:00.000", "2026-11-22T00:10:00.000"] {
        desk.clock.stop_at(seoul(day));
        desk.clock.go_on();
        for hundred in 0..7 {
            let mut tasks = JoinSet::new();
            for number in 0..100 {
                let bus = desk.terminal.commands.clone();
                let key = format!("{day} {hundred} {number}");
                let request = json!({ "idempotencyKey": key, "command": correction(customer, 1) });
                tasks.spawn(async move { bus.record(caller, request).await.unwrap() });
            }
            tasks.join_all().await;
            desk.settle().await;
        }
    }
    desk.clock.stop_at(seoul("2026-11-25T12:00:00.000"));
    let many = chart(&desk, customer, ("", "")).await;
    let path: Vec<_> = many.points.iter().map(|point| (point.points, point.balance, point.outstanding)).collect();
    assert_eq!(path, [(75, 75, 10), (1_400, 1_475, 10), (700, 2_175, 10)]);
    let day = chart(&desk, customer, ("2026-11-22", "2026-11-22")).await;
    assert_eq!((day.opening_balance, day.points.len(), day.points[699].balance), (1_475, 700, 2_175));
    assert_eq!(
        (day.from, day.to),
        (seoul("2026-11-22T00:00:00").timestamp_millis(), seoul("2026-11-23T00:00:00").timestamp_millis())
    );
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let desk = Desk::new().await;
    for name in ["가", "나", "다"] {
        let customer = desk.customer(name).await;
        adjust(&desk, customer, 1).await;
        adjust(&desk, customer, 1).await;
    }
    desk.settle().await;
    let search = |cursor: Option<String>| CustomerSearch { text: String::new(), limit: 1, cursor };
    let people = desk.terminal.queries.search(search(None)).await.unwrap();
    let customer = people.hits[0].customer.customer_id;
    let page =
        |cursor: Option<String>| MypageInput { cursor, limit: 1, ..input(customer, MypageFilter::All, ("", "")) };
    let entries = desk.terminal.queries.mypage(page(None)).await.unwrap();
    let (of_people, of_entries) = (people.next.unwrap(), entries.next.unwrap());
    desk.terminal.queries.search(search(Some(of_people.clone()))).await.unwrap();
    desk.terminal.queries.mypage(page(Some(of_entries.clone()))).await.unwrap();
    let garbage = ["", ".", "1", "x.y", "1.", "99999999999999999999.x"].map(str::to_owned);
    for cursor in garbage.iter().cloned().chain([of_people]) {
        let refused = desk.terminal.queries.mypage(page(Some(cursor.clone()))).await;
        assert_eq!(refused.map(|_| ()).unwrap_err().code, ErrorCode::InvalidInput, "{cursor:?}");
    }
    for cursor in garbage.into_iter().chain([of_entries]) {
        let refused = desk.terminal.queries.search(search(Some(cursor.clone()))).await;
        assert_eq!(refused.map(|_| ()).unwrap_err().code, ErrorCode::InvalidInput, "{cursor:?}");
    }
}
