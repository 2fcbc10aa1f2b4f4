//! The contract of the port `MypageStore`, tested on each engine.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, RecorderId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{EntryKind, MypageCounts, MypageFilter};
use nosmoke_ports::{
    Decided, EntryRow, ExportCursor, ForkProgress, MypageTotals, PageCursor, PageQuery, ProjectionBatch,
};
use uuid::Uuid;

use super::{StoreLocation, on_each_engine};

on_each_engine![
    rows_are_read_back_complete_and_a_subject_is_replaced,
    a_step_that_began_before_the_store_was_emptied_writes_nothing,
    pages_are_ordered_by_time_then_id_descending,
    filters_and_half_open_date_ranges_select_entries_and_counts,
    voided_visits_are_not_counted_in_a_month,
    running_totals_are_right_and_never_overflow,
    a_long_series_has_one_point_a_day_in_seoul,
    an_export_is_read_in_batches_oldest_first,
    an_entry_that_moves_during_an_export_is_read_once,
    hostile_texts_and_extreme_numbers_are_read_back_unchanged,
    a_step_of_thousands_of_rows_is_one_transaction,
    a_store_of_another_or_an_older_journal_is_emptied,
    the_progress_of_forks_is_kept_with_the_rows,
];

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn customer(n: u128) -> CustomerId {
    CustomerId(id(n))
}

pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(super) fn row(
    n: u128,
    of: u128,
    kind: EntryKind,
    at: DateTime<Utc>,
    (points, penalty_points): (i64, i64),
) -> EntryRow {
    EntryRow {
        entry_id: id(n),
        customer_id: customer(of),
        subject: id(n),
        kind,
        other_id: None,
        at,
        started_at: (kind == EntryKind::Visit).then_some(at),
        ended_at: None,
        area_id: None,
        status: "RECORDED".into(),
        points,
        penalty_points,
        code: None,
        ground: None,
        note_id: None,
        incarnation: IncarnationId(id(5)),
        recorder_id: RecorderId(id(6)),
        accrued_after: None,
        entered_at: None,
        decided: None,
    }
}

pub(super) fn batch(rows: Vec<EntryRow>, after: i64, checkpoint: i64) -> ProjectionBatch {
    let subjects = rows.iter().map(|row| row.subject).collect();
    ProjectionBatch { subjects, rows, after, checkpoint, forks: Vec::new() }
}

/// Applies a batch that continues from the store's checkpoint.
async fn put(store: &dyn nosmoke_ports::MypageStore, rows: Vec<EntryRow>, checkpoint: i64) {
    let after = store.checkpoint().await.unwrap();
    assert!(store.apply(batch(rows, after, checkpoint)).await.unwrap());
}

async fn a_step_that_began_before_the_store_was_emptied_writes_nothing(location: StoreLocation) {
    let store = location.open(1, 0).await;
    put(&*store, kinds(), 8).await;
    store.clear().await.unwrap();
    assert!(!store.apply(batch(kinds(), 8, 9)).await.unwrap());
    assert_eq!((store.checkpoint().await, ids(&store.page(query(100)).await.unwrap())), (Ok(0), vec![]));
    assert!(store.apply(batch(kinds(), 0, 8)).await.unwrap());
}

fn query(limit: usize) -> PageQuery {
    PageQuery { customer_id: customer(7), filter: MypageFilter::All, from: None, until: None, after: None, limit }
}

fn ids(rows: &[EntryRow]) -> Vec<u128> {
    rows.iter().map(|row| row.entry_id.as_u128()).collect()
}

fn position(row: &EntryRow) -> PageCursor {
    PageCursor { at_ms: row.at.timestamp_millis(), entry_id: row.entry_id }
}

/// Returns one row of each kind for customer 7, a minute apart, and one row for customer 8.
fn kinds() -> Vec<EntryRow> {
    vec![
        row(1, 7, EntryKind::Visit, at(1), (100, 0)),
        row(2, 7, EntryKind::Payment, at(2), (-30, 0)),
        row(3, 7, EntryKind::PaymentVoid, at(3), (30, 0)),
        row(4, 7, EntryKind::Adjustment, at(4), (-5, 0)),
        row(5, 7, EntryKind::Penalty, at(5), (0, 20)),
        row(6, 7, EntryKind::PenaltyDeduction, at(6), (0, -10)),
        row(7, 7, EntryKind::PenaltyVoid, at(7), (0, -10)),
        row(8, 8, EntryKind::Visit, at(8), (100, 0)),
    ]
}

async fn rows_are_read_back_complete_and_a_subject_is_replaced(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let full = EntryRow {
        other_id: Some(id(91)),
        started_at: Some(at(1)),
        ended_at: Some(at(2)),
        area_id: Some(AreaId(id(92))),
        code: Some(PenaltyCode::AGGRAVATED),
        ground: Some(Ground::EDUCATION),
        note_id: Some(NoteId(id(93))),
        accrued_after: Some(12),
        entered_at: Some(at(9)),
        decided: Some(Decided { rules: 3, points: Some(100), capped: true, admitted: true }),
        ..row(1, 7, EntryKind::PenaltyDeduction, at(2), (-7, -9))
    };
    put(&*store, vec![full.clone()], 3).await;
    put(&*store, vec![full.clone()], 3).await;
    assert_eq!(store.page(query(10)).await.unwrap(), std::slice::from_ref(&full));
    assert_eq!(store.checkpoint().await, Ok(3));

    let gone = ProjectionBatch { subjects: vec![full.subject], ..batch(Vec::new(), 3, 4) };
    store.apply(gone).await.unwrap();
    assert_eq!(store.page(query(10)).await.unwrap(), []);
    assert_eq!(store.checkpoint().await, Ok(4));
}

async fn pages_are_ordered_by_time_then_id_descending(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let rows = (1..=250).map(|n| row(n, 7, EntryKind::Visit, at(i64::try_from(n / 50).unwrap()), (1, 0)));
    put(&*store, rows.collect(), 250).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.page(PageQuery { after, ..query(40) }).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(position(last));
        seen.extend(ids(&page));
    }
    assert_eq!(seen, (1..=250).rev().collect::<Vec<_>>());
}

async fn filters_and_half_open_date_ranges_select_entries_and_counts(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let mut rows = kinds();
    rows.push(row(9, 7, EntryKind::WriteOff, at(9), (20, 0)));
    put(&*store, rows, 8).await;
    for (filter, expected) in [
        (MypageFilter::All, vec![9, 7, 6, 5, 4, 3, 2, 1]),
        (MypageFilter::Visits, vec![1]),
        (MypageFilter::Payments, vec![9, 4, 3, 2]),
        (MypageFilter::Penalties, vec![7, 6, 5]),
    ] {
        assert_eq!(ids(&store.page(PageQuery { filter, ..query(10) }).await.unwrap()), expected, "{filter:?}");
    }
    let (from, until) = (Some(at(2)), Some(at(5)));
    assert_eq!(ids(&store.page(PageQuery { from, until, ..query(10) }).await.unwrap()), [4, 3, 2]);
    let after = Some(PageCursor { at_ms: at(4).timestamp_millis(), entry_id: id(4) });
    assert_eq!(ids(&store.page(PageQuery { from, until, after, ..query(10) }).await.unwrap()), [3, 2]);
    let counts = store.counts(customer(7), from, Some(at(6))).await.unwrap();
    assert_eq!(counts, MypageCounts { all: 4, visits: 0, payments: 3, penalties: 1 });
    assert_eq!(store.counts(customer(9), None, None).await.unwrap(), MypageCounts::default());
}

async fn voided_visits_are_not_counted_in_a_month(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let voided = EntryRow { status: "VOIDED".into(), ..row(3, 7, EntryKind::Visit, at(3), (0, 0)) };
    let rows = vec![
        row(1, 7, EntryKind::Visit, at(1), (0, 0)),
        row(2, 7, EntryKind::Visit, at(2), (0, 0)),
        voided,
        row(4, 7, EntryKind::Payment, at(4), (-1, 0)),
    ];
    put(&*store, rows, 4).await;
    assert_eq!(store.visits_since(customer(7), at(2)).await, Ok(1));
}

async fn running_totals_are_right_and_never_overflow(location: StoreLocation) {
    let store = location.open(1, 0).await;
    put(&*store, kinds(), 8).await;
    let rows = store.page(query(10)).await.unwrap();
    let at_each = |totals: Vec<MypageTotals>| -> Vec<_> { totals.iter().map(|t| (t.balance, t.outstanding)).collect() };
    let positions: Vec<_> = rows.iter().map(position).collect();
    let totals = store.totals_at(customer(7), &positions).await.unwrap();
    assert_eq!(at_each(totals), [(95, 0), (95, 10), (95, 20), (95, 0), (100, 0), (70, 0), (100, 0)]);
    let apart = [positions[1], positions[5]];
    assert_eq!(at_each(store.totals_at(customer(7), &apart).await.unwrap()), [(95, 10), (70, 0)]);
    assert_eq!(store.totals_at(customer(7), &[]).await.unwrap(), []);
    let before = store.totals_before(customer(7), at(4)).await.unwrap();
    assert_eq!((before.balance, before.outstanding), (100, 0));

    let most = (1 << 53) - 1;
    let rows = (1..=1_100).map(|n| row(n, 9, EntryKind::Adjustment, at(1), (most, -most))).collect();
    put(&*store, rows, 9).await;
    let sum = store.totals_before(customer(9), at(2)).await.unwrap();
    assert_eq!((sum.balance, sum.outstanding), (i64::MAX, i64::MIN));
}

async fn a_long_series_has_one_point_a_day_in_seoul(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let midnight: DateTime<Utc> = "2026-03-02T15:00:00Z".parse().unwrap(); // 2026-03-03 in Seoul
    let hour = |hours: i64| midnight + TimeDelta::hours(hours);
    let rows = vec![
        row(1, 7, EntryKind::Visit, hour(-1), (100, 0)),
        row(2, 7, EntryKind::Visit, hour(0), (100, 0)),
        row(3, 7, EntryKind::Visit, hour(1), (0, 0)), // changes no sum
        row(4, 7, EntryKind::Penalty, hour(23), (0, 20)),
        row(5, 7, EntryKind::Payment, hour(24), (-50, 0)),
        row(6, 7, EntryKind::WriteOff, hour(25), (20, 0)),
    ];
    put(&*store, rows, 5).await;
    let series = store.series(customer(7), None, None, 5).await.unwrap();
    assert_eq!(series.iter().map(|p| p.at).collect::<Vec<_>>(), [-1, 0, 23, 24, 25].map(hour));
    let thinned = store.series(customer(7), None, None, 4).await.unwrap();
    assert_eq!(
        thinned.iter().map(|p| (p.at, p.kind, p.points, p.penalty_points)).collect::<Vec<_>>(),
        [
            (hour(-1), EntryKind::Visit, 100, 0),
            (hour(23), EntryKind::Penalty, 100, 20),
            (hour(25), EntryKind::WriteOff, -30, 0),
        ]
    );
}

async fn an_export_is_read_in_batches_oldest_first(location: StoreLocation) {
    let store = location.open(1, 0).await;
    put(&*store, kinds(), 8).await;
    let (from, until) = (Some(at(2)), Some(at(9)));
    assert_eq!(store.count_for_export(None, from, until).await, Ok(7));
    assert_eq!(store.count_for_export(Some(customer(8)), None, None).await, Ok(1));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let block = store.export_block(None, from, until, after, 3).await.unwrap();
        assert_eq!(block.checkpoint, 8);
        let Some(last) = block.rows.last() else { break };
        after = Some(ExportCursor::after(last));
        seen.extend(ids(&block.rows));
    }
    assert_eq!(seen, [2, 3, 4, 5, 6, 7, 8]);
    let of_one = store.export_block(Some(customer(7)), None, Some(at(3)), None, 9).await.unwrap().rows;
    assert_eq!(ids(&of_one), [1, 2]);
}

async fn an_entry_that_moves_during_an_export_is_read_once(location: StoreLocation) {
    let store = location.open(1, 0).await;
    // Two visits that began first and one that began last; the second ended after all others.
    let ended = |n, began, ended: Option<DateTime<Utc>>| EntryRow {
        ended_at: ended,
        ..EntryRow { started_at: Some(at(began)), ..row(n, 7, EntryKind::Visit, ended.unwrap_or(at(began)), (0, 0)) }
    };
    let (inside, over) = (ended(1, 1, None), ended(2, 2, Some(at(90))));
    put(&*store, vec![inside, over, row(3, 7, EntryKind::Payment, at(3), (-1, 0)), ended(4, 4, None)], 8).await;
    for of in [None, Some(customer(7))] {
        let first = store.export_block(of, None, None, None, 2).await.unwrap().rows;
        assert_eq!(ids(&first), [1, 2]);
        // Meanwhile the first visit ends, and the second goes on.
        put(&*store, vec![ended(1, 1, Some(at(99))), ended(2, 2, None)], 9).await;
        let after = first.last().map(ExportCursor::after);
        let rest = store.export_block(of, None, None, after, 9).await.unwrap();
        assert_eq!((ids(&rest.rows), rest.checkpoint), (vec![3, 4], 9));
        let none = store.export_block(of, Some(at(100)), None, None, 9).await.unwrap();
        assert_eq!((none.rows, none.checkpoint), (vec![], 9), "an empty block has a checkpoint too");
        put(&*store, vec![ended(1, 1, None), ended(2, 2, Some(at(90)))], 8).await;
    }
}

async fn hostile_texts_and_extreme_numbers_are_read_back_unchanged(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let most = (1 << 53) - 1;
    let words =
        ["", "'; DROP TABLE entry; --", "%_\\\"{},NULL", "한글 ㅎㅏㄴ", "\u{202e}abc\u{feff}", "👩‍👩‍👧‍👦", "a\tb\nc\r"];
    let rows: Vec<_> = words
        .iter()
        .zip(1..)
        .map(|(word, n)| EntryRow {
            status: (*word).to_owned(),
            accrued_after: Some(i64::MAX - 1),
            ..row(n, 7, EntryKind::Adjustment, at(0), if n % 2 == 0 { (most, -most) } else { (-most, most) })
        })
        .collect();
    put(&*store, rows.clone(), i64::MAX - 1).await;
    let mut seen = store.page(query(10)).await.unwrap();
    seen.reverse();
    assert_eq!(seen, rows);
    assert_eq!(store.checkpoint().await, Ok(i64::MAX - 1));
    // Rows with the smallest and largest ids and times are found too.
    let (first, last) = (DateTime::from_timestamp_millis(0).unwrap(), at(1));
    let ends = vec![
        EntryRow { entry_id: Uuid::nil(), ..row(100, 8, EntryKind::Visit, first, (1, 0)) },
        EntryRow { entry_id: Uuid::max(), ..row(101, 8, EntryKind::Visit, last, (1, 0)) },
    ];
    put(&*store, ends.clone(), 1).await;
    let from_first = store.export_block(Some(customer(8)), Some(first), None, None, 9).await.unwrap().rows;
    assert_eq!(from_first, ends);
    let until_last = PageQuery { customer_id: customer(8), until: Some(last), ..query(9) };
    assert_eq!(store.page(until_last).await.unwrap(), ends[..1]);
}

async fn a_step_of_thousands_of_rows_is_one_transaction(location: StoreLocation) {
    let store = location.open(1, 0).await;
    let rows: Vec<_> = (1..=12_001).map(|n| row(n, 7, EntryKind::Adjustment, at(0), (1, 0))).collect();
    put(&*store, rows.clone(), 5).await;
    assert_eq!(store.count_for_export(None, None, None).await, Ok(12_001));
    // If the same rows are applied again, they are replaced, not duplicated.
    put(&*store, rows, 6).await;
    assert_eq!(store.count_for_export(None, None, None).await, Ok(12_001));
    let sum = store.totals_before(customer(7), at(1)).await.unwrap();
    assert_eq!((sum.balance, store.checkpoint().await), (12_001, Ok(6)));
}

async fn a_store_of_another_or_an_older_journal_is_emptied(location: StoreLocation) {
    let store = location.open(1, 0).await;
    put(&*store, kinds(), 8).await;
    store.close().await;
    let same = location.open(1, 8).await;
    assert_eq!((same.checkpoint().await, same.count_for_export(None, None, None).await), (Ok(8), Ok(8)));
    same.close().await;
    for (store_id, last_change) in [(1, 7), (2, 8)] {
        let other = location.open(store_id, last_change).await;
        assert_eq!((other.checkpoint().await, other.count_for_export(None, None, None).await), (Ok(0), Ok(0)));
        put(&*other, kinds(), 8).await;
        other.close().await;
    }
    let reopened = location.open(2, 8).await;
    assert_eq!(reopened.checkpoint().await, Ok(8));
    reopened.clear().await.unwrap();
    assert_eq!((reopened.checkpoint().await, reopened.count_for_export(None, None, None).await), (Ok(0), Ok(0)));
}

async fn the_progress_of_forks_is_kept_with_the_rows(location: StoreLocation) {
    let of = |fork: u128, progress| (IncarnationId(id(fork)), progress);
    let (up_to, all) = (|n| ForkProgress::UpTo(customer(n)), ForkProgress::All);
    let store = location.open(1, 100).await;
    let put = async |store: &dyn nosmoke_ports::MypageStore, after, forks| {
        store.apply(ProjectionBatch { forks, ..batch(kinds(), after, 8) }).await.unwrap()
    };
    assert_eq!(store.fork_progress().await, Ok([].into()));
    assert!(put(&*store, 0, vec![of(1, up_to(7)), of(2, all)]).await);
    assert_eq!(store.fork_progress().await, Ok([of(1, up_to(7)), of(2, all)].into()));
    assert!(!put(&*store, 7, vec![of(1, all)]).await, "with the checkpoint of another step");
    assert!(put(&*store, 8, vec![of(1, up_to(9))]).await);
    store.close().await;
    let store = location.open(1, 100).await;
    assert_eq!(store.fork_progress().await, Ok([of(1, up_to(9)), of(2, all)].into()));
    store.clear().await.unwrap();
    assert_eq!(store.fork_progress().await, Ok([].into()));
    assert!(put(&*store, 0, vec![of(1, all)]).await);
    store.close().await;
    let store = location.open(2, 100).await;
    assert_eq!(store.fork_progress().await, Ok([].into()), "another journal has other forks");
}
