//! SQLite and PostgreSQL as Mypage's store give the same answers about the same history.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use nosmoke_application::terminal::Terminal;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::ids::{AreaId, CustomerId, NoteId};
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{EntryKind, MypageFilter, MypageInput, MypagePage, TopBy};
use nosmoke_ports::mypage_source::start_new_generation;
use nosmoke_ports::{
    CustomerSums, Decided, EntryRow, ExportCursor, MypageStore, Pace, PageCursor, PageQuery, PeriodQuery, PeriodRows,
    Priority, ProjectionBatch, StoreError, SumChanges, Worker, Write, write,
};
use nosmoke_runtime::Step;
use uuid::Uuid;

use super::port::row;
use super::{StoreLocation, on_postgres, shared};
use crate::random_day::RandomDay;
use crate::support::Desk;

const KINDS: [EntryKind; 8] = [
    EntryKind::Visit,
    EntryKind::Payment,
    EntryKind::PaymentVoid,
    EntryKind::Adjustment,
    EntryKind::Penalty,
    EntryKind::PenaltyDeduction,
    EntryKind::PenaltyVoid,
    EntryKind::WriteOff,
];
const FILTERS: [MypageFilter; 4] =
    [MypageFilter::All, MypageFilter::Visits, MypageFilter::Payments, MypageFilter::Penalties];
const CUSTOMERS: u128 = 4;

/// Draws a time that is often equal to another one, often near midnight in Seoul, and sometimes before 1970.
fn time(random: &mut Rng) -> DateTime<Utc> {
    let midnight: DateTime<Utc> = "2026-03-02T15:00:00Z".parse().unwrap();
    let begin = if random.u8(..) < 10 { DateTime::UNIX_EPOCH - TimeDelta::days(2) } else { midnight };
    begin + TimeDelta::days(random.i64(-2..3)) + TimeDelta::milliseconds(random.i64(-2..2) * random.i64(1..3_600_000))
}

fn amount(random: &mut Rng) -> i64 {
    const MOST: i64 = (1 << 53) - 1;
    [0, 1, -1, 100, MOST, -MOST, random.i64(-MOST..MOST)][random.usize(..7)]
}

fn entry(random: &mut Rng, subject: u128) -> EntryRow {
    let kind = KINDS[random.usize(..KINDS.len())];
    let maybe = |random: &mut Rng| random.bool().then(|| Uuid::from_u128(random.u128(..)));
    EntryRow {
        entry_id: Uuid::from_u128(random.u128(..)),
        customer_id: CustomerId(Uuid::from_u128(random.u128(..CUSTOMERS))),
        subject: Uuid::from_u128(subject),
        other_id: maybe(random),
        area_id: maybe(random).map(AreaId),
        note_id: maybe(random).map(NoteId),
        status: ["PAID", "VOIDED", "'\"\\%_", "홍길동 👩‍👧"][random.usize(..4)].to_owned(),
        code: random.bool().then_some(PenaltyCode::REPEAT),
        ground: random.bool().then_some(Ground::SERVICE),
        started_at: random.bool().then(|| time(random)),
        ended_at: random.bool().then(|| time(random)),
        accrued_after: random.bool().then(|| random.i64(1..1_000)),
        entered_at: random.bool().then(|| time(random)),
        decided: random.bool().then(|| Decided {
            rules: random.u64(1..3),
            points: random.bool().then(|| random.u64(1..1 << 53)),
            capped: random.bool(),
            admitted: random.bool(),
        }),
        ..row(1, 1, kind, time(random), (amount(random), amount(random)))
    }
}

/// Asks both stores the same question, checks that the answers are equal, and returns the answer.
macro_rules! same {
    ($stores:expr, |$store:ident| $question:expr) => {{
        let [$store, other] = $stores;
        let first = $question;
        let $store = other;
        assert_eq!(first, $question);
        first.unwrap()
    }};
}

async fn compare(stores: [&dyn MypageStore; 2], random: &mut Rng) {
    let end = |random: &mut Rng| random.bool().then(|| time(random));
    let (from, until) = (end(random), end(random));
    let customer_id = CustomerId(Uuid::from_u128(random.u128(..=CUSTOMERS)));
    let limit = random.usize(1..30);
    for filter in FILTERS {
        let mut after = None;
        loop {
            let query = PageQuery { customer_id, filter, from, until, after, limit };
            let page = same!(stores, |store| store.page(query.clone()).await);
            let at = |row: &EntryRow| PageCursor { at_ms: row.at.timestamp_millis(), entry_id: row.entry_id };
            let positions: Vec<_> = page.iter().map(at).collect();
            same!(stores, |store| store.totals_at(customer_id, &positions).await);
            after = positions.last().copied();
            if after.is_none() {
                break;
            }
        }
    }
    same!(stores, |store| store.checkpoint().await);
    same!(stores, |store| store.counts(customer_id, from, until).await);
    let before = time(random);
    same!(stores, |store| store.totals_before(customer_id, before).await);
    same!(stores, |store| store.visits_since(customer_id, before).await);
    same!(stores, |store| store.penalties_by_area(before).await);
    for limit in [0, 3, 10_000] {
        same!(stores, |store| store.series(customer_id, from, until, limit).await);
    }
    for customer in [None, Some(customer_id)] {
        let mut after = None;
        let count = same!(stores, |store| store.count_for_export(customer, from, until).await);
        let mut rows = 0;
        loop {
            let block = same!(stores, |store| store.export_block(customer, from, until, after, limit).await);
            rows += block.rows.len() as u64;
            let Some(last) = block.rows.last() else { break };
            after = Some(ExportCursor::after(last));
        }
        assert_eq!(rows, count);
    }
    let day = |random: &mut Rng| seoul_date(time(random));
    let (one, other) = (day(random), day(random));
    for top_by in [TopBy::Visits, TopBy::Earned, TopBy::Paid, TopBy::PenaltyPoints] {
        let query = PeriodQuery { from: one.min(other), until: one.max(other), top_by, top: 3 };
        let kept = same!(stores, |store| store.period(query).await);
        let rows = stores[0].export_block(None, None, None, None, usize::MAX).await.unwrap().rows;
        assert_eq!(kept, summed(&rows, query, kept.checkpoint), "{query:?}");
    }
}

/// What a store must answer of a period, from all its rows.
fn summed(rows: &[EntryRow], query: PeriodQuery, checkpoint: i64) -> PeriodRows {
    let changes = SumChanges::between(&[], rows);
    let days = query.from..query.until;
    let mut hours = BTreeMap::new();
    for (key, ms) in changes.hours.into_iter().filter(|(key, _)| days.contains(&key.day)) {
        *hours.entry((key.area_id, key.hour)).or_default() += ms;
    }
    let mut customers: BTreeMap<CustomerId, [i128; 4]> = BTreeMap::new();
    for row in rows.iter().filter(|row| days.contains(&seoul_date(row.at))) {
        let sums = customers.entry(row.customer_id).or_default();
        let (points, penalty_points) = (i128::from(row.points), i128::from(row.penalty_points));
        match row.kind {
            EntryKind::Visit => {
                sums[0] += i128::from(row.status != "VOIDED");
                sums[1] += points;
            }
            EntryKind::Payment | EntryKind::PaymentVoid => sums[2] -= points,
            EntryKind::Penalty | EntryKind::PenaltyVoid => sums[3] += penalty_points,
            _ => {}
        }
    }
    let by = match query.top_by {
        TopBy::Visits => 0,
        TopBy::Earned => 1,
        TopBy::Paid => 2,
        TopBy::PenaltyPoints => 3,
    };
    let mut top: Vec<_> = customers.into_iter().filter(|(_, sums)| sums[by] > 0).collect();
    top.sort_by_key(|(customer, sums)| (-sums[by], *customer));
    let customer = |(customer_id, sums): (CustomerId, [i128; 4])| {
        let [visits, earned, paid, penalty_points] = sums.map(to_i64);
        CustomerSums { customer_id, visits, earned, paid, penalty_points }
    };
    PeriodRows {
        days: changes.days.into_iter().filter(|(key, _)| days.contains(&key.day)).collect(),
        hours: hours.into_iter().filter(|(_, ms)| *ms != 0).collect(),
        top: top.into_iter().take(query.top).map(customer).collect(),
        checkpoint,
    }
}

#[tokio::test]
async fn s05_both_engines_answer_every_query_alike() {
    for seed in 1..=3 {
        let mut random = Rng::with_seed(seed);
        let locations = [StoreLocation::sqlite(), StoreLocation::postgres()];
        let (sqlite, postgres) = (locations[0].open(1, 0).await, locations[1].open(1, 0).await);
        for step in 1..=25 {
            // Only a few subjects (visits, payments), so that later batches replace the rows of most, with several or
            // no rows.
            let subjects: Vec<u128> = (0..random.usize(1..12)).map(|_| random.u128(..40)).collect();
            let rows = subjects.iter().flat_map(|subject| {
                let rows = random.usize(..4);
                (0..rows).map(|_| entry(&mut random, *subject)).collect::<Vec<_>>()
            });
            let rows: Vec<_> = rows.collect();
            let subjects = subjects.into_iter().map(Uuid::from_u128).collect();
            let batch = ProjectionBatch { subjects, rows, after: step - 1, checkpoint: step, forks: Vec::new() };
            sqlite.apply(batch.clone()).await.unwrap();
            postgres.apply(batch).await.unwrap();
            compare([&*sqlite, &*postgres], &mut random).await;
        }
    }
}

async fn all_rows(terminal: &Terminal) -> Vec<EntryRow> {
    terminal.workers.mypage.export_block(None, None, None, None, usize::MAX).await.unwrap().rows
}

#[tokio::test]
async fn s05_a_day_on_postgresql_equals_sqlite_and_a_rebuild() {
    for seed in [31, 32] {
        let desk = Desk::new().await;
        let other = on_postgres(&desk, shared().port()).await;
        let mut day = RandomDay::begin(&desk, seed).await;
        for _ in 0..12 {
            day.play(&desk, 20).await;
            // Step the second terminal's projector separately, so that its batches differ.
            other.workers.step(Worker::Mypage, Pace::Free).await.unwrap();
        }
        desk.settle().await;
        while other.workers.step(Worker::Mypage, Pace::Free).await.unwrap() == Step::More {}
        let rows = desk.rows().await;
        assert!(rows.len() > 50, "{} rows", rows.len());
        assert_eq!(all_rows(&other).await, rows, "seed {seed}");
        other.workers.mypage.clear().await.unwrap();
        assert_eq!(all_rows(&other).await, []);
        while other.workers.step(Worker::Mypage, Pace::Free).await.unwrap() == Step::More {}
        assert_eq!(all_rows(&other).await, rows, "built again, seed {seed}");
        let days = [
            (None, None),
            (Some("2026-11-20"), None),
            (None, Some("2026-11-20")),
            (Some("2026-11-21"), Some("2026-11-22")),
        ];
        for (customer_id, filter) in day.customers.iter().flat_map(|id| FILTERS.map(|filter| (*id, filter))) {
            for (from, to) in days {
                let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
                let input = MypageInput { customer_id, filter, from, to, cursor: None, limit: 7, moment: None };
                // Ignore `as_of`: it differs, because each reading advances the test clock.
                let page = desk.terminal.queries.mypage(input.clone()).await.unwrap();
                let of_other = other.queries.mypage(input.clone()).await.unwrap();
                assert_eq!(MypagePage { as_of: page.as_of, ..of_other }, page, "{input:?}");
                let chart = desk.terminal.queries.chart(input.clone()).await.unwrap();
                let of_other = other.queries.chart(input.clone()).await.unwrap();
                assert_eq!(
                    (of_other.opening_balance, of_other.opening_outstanding, of_other.points),
                    (chart.opening_balance, chart.opening_outstanding, chart.points),
                    "{input:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_read_model_of_an_older_generation_is_rebuilt() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let other = on_postgres(&desk, shared().port()).await;
    while other.workers.step(Worker::Mypage, Pace::Free).await.unwrap() == Step::More {}
    let (rows, checkpoint) = (all_rows(&other).await, other.workers.mypage.checkpoint().await.unwrap());
    assert!(checkpoint > 0 && !rows.is_empty());
    let journal = &*desk.terminal.core.journal;
    write::<_, StoreError>(journal, Priority::Command, |tx: &mut dyn Write| start_new_generation(tx)).await.unwrap();
    assert_eq!(other.workers.mypage.checkpoint().await, Ok(0));
    assert_eq!(all_rows(&other).await, []);
    while other.workers.step(Worker::Mypage, Pace::Free).await.unwrap() == Step::More {}
    assert_eq!(all_rows(&other).await, rows);
}
