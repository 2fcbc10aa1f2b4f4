//! Reports of a period: equal to the day's figures, to Mypage's lines and to the facts, whatever came in which order.

mod year;

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::{Days, NaiveDate, TimeDelta};
use nosmoke_application::jobs::export_period;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{CheckedIn, Payload};
use nosmoke_domain::fold::distinct;
use nosmoke_domain::ids::VisitId;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{
    DayFigure, DayItem, DayLine, EntryKind, ErrorCode, ExportPeriodInput, JobKind, JobState, Language, PeriodInput,
    PeriodReport, PeriodTable, PeriodUnit, TopBy,
};
use nosmoke_ports::{Clock, EntryRow};
use serde_json::json;
use uuid::Uuid;

use crate::other_terminal::Other;
use crate::over_time::publish;
use crate::random_day::RandomDay;
use crate::support::{Desk, csv_rows, job};

fn input(from: NaiveDate, to: NaiveDate, unit: PeriodUnit) -> PeriodInput {
    PeriodInput { from: from.to_string(), to: to.to_string(), unit, top_by: TopBy::Visits }
}

fn today(desk: &Desk) -> NaiveDate {
    seoul_date(desk.clock.now())
}

async fn period(desk: &Desk, from: NaiveDate, to: NaiveDate, unit: PeriodUnit) -> PeriodReport {
    desk.settle().await;
    desk.terminal.queries.period(&input(from, to, unit), || Ok(())).await.unwrap()
}

/// The last 30 days, by day.
async fn month(desk: &Desk) -> PeriodReport {
    let today = today(desk);
    period(desk, today - Days::new(29), today, PeriodUnit::Day).await
}

/// The facility's figures that aren't 0, by item and code or ground.
fn figures(lines: &[DayLine]) -> BTreeMap<(DayItem, Option<String>), (i64, i64)> {
    let word = |line: &DayLine| line.code.map(|it| it.to_string()).or(line.ground.map(|it| it.to_string()));
    let figure = |line: &DayLine| {
        let DayFigure { count, points } = line.facility.unwrap_or(line.here);
        ((line.item, word(line)), (count, points))
    };
    lines.iter().map(figure).filter(|(_, figure)| *figure != (0, 0)).collect()
}

fn points(lines: &[DayLine], items: &[DayItem]) -> i64 {
    let of_items = lines.iter().filter(|line| items.contains(&line.item));
    of_items.map(|line| line.facility.unwrap_or(line.here).points).sum()
}

fn assert_same<T: PartialEq + Debug>(found: T, expected: T, what: impl Debug) {
    assert_eq!(found, expected, "{what:?}");
}

use DayItem as I;
const POINTS: [I; 7] =
    [I::Earned, I::Paid, I::PaymentsVoided, I::DeductionPrices, I::Adjusted, I::Expired, I::WrittenOff];
const PENALTIES: [I; 5] = [I::Penalties, I::PenaltiesVoided, I::Deductions, I::DeductionsVoided, I::Lapsed];

#[tokio::test]
async fn a_report_of_random_days_equals_its_days_the_lines_and_the_facts() {
    for seed in [71, 72] {
        let desk = Desk::new().await;
        let first = today(&desk);
        let mut days = RandomDay::begin(&desk, seed).await;
        for _ in 0..4 {
            days.play(&desk, 40).await;
            desk.clock.pass(TimeDelta::hours(14));
        }
        desk.settle().await;
        let last = today(&desk);
        assert!(last > first + Days::new(2), "{first} to {last}");
        let report = period(&desk, first, last, PeriodUnit::Day).await;

        // Each part is that day, as the day's own screen shows it, which adds up the lines.
        for part in &report.parts {
            let day = desk.terminal.queries.day(&part.from).await.unwrap();
            assert_same(figures(&part.lines), figures(&day.report.lines), (seed, &part.from));
        }
        let sum = |unit: &PeriodReport| figures(&unit.lines);
        for unit in [PeriodUnit::Week, PeriodUnit::Month] {
            assert_same(sum(&period(&desk, first, last, unit).await), sum(&report), (seed, unit));
        }

        let rows = desk.rows().await;
        assert_same(points(&report.lines, &POINTS), rows.iter().map(|row| row.points).sum(), seed);
        assert_same(points(&report.lines, &PENALTIES), rows.iter().map(|row| row.penalty_points).sum(), seed);
        assert_same(inside(&report), stays(&rows, report.as_of), seed);
        let of_here = report.terminals.iter().find(|terminal| terminal.is_here).unwrap();
        assert_same(of_here.lines, i64::try_from(rows.len()).unwrap(), seed);

        let found = figures(&report.lines);
        let figure = |item: I| found.get(&(item, None)).copied().unwrap_or_default();
        let facts = desk.changes().await;
        let facts = distinct(facts.iter().map(|change| &change.recorded));
        let of = |amount: fn(&Payload) -> Option<i64>| {
            facts
                .iter()
                .filter_map(|it| amount(&it.fact.payload))
                .fold((0, 0), |(count, sum), one| (count + 1, sum + one))
        };
        let whole = |points: i128| i64::try_from(points).unwrap();
        assert_same(
            figure(I::Paid),
            of(|it| match it {
                Payload::Paid(paid) => Some(-i64::try_from(paid.points().sum()).unwrap()),
                _ => None,
            }),
            seed,
        );
        assert_same(
            figure(I::Adjusted),
            of(|it| match it {
                Payload::PointsAdjusted(adjusted) => Some(adjusted.points().get()),
                _ => None,
            }),
            seed,
        );
        let imposed = of(|it| match it {
            Payload::PenaltyImposed(imposed) => Some(i64::try_from(imposed.points().sum()).unwrap()),
            _ => None,
        });
        let by_code = found.iter().filter(|((item, _), _)| *item == I::Penalties).map(|(_, figure)| *figure);
        assert_same(by_code.fold((0, 0), |(a, b), (c, d)| (a + c, b + d)), imposed, seed);
        let balances: i128 = crate::inspection::balances(&desk.changes().await).into_values().sum();
        assert_same(points(&report.lines, &POINTS), whole(balances), seed);

        // Built again from the facts, by other batches.
        desk.terminal.workers.mypage.clear().await.unwrap();
        let again = period(&desk, first, last, PeriodUnit::Day).await;
        assert_same(
            (again.lines, again.parts, again.areas, again.top, again.terminals),
            (report.lines, report.parts, report.areas, report.top, report.terminals),
            seed,
        );
    }
}

/// The time that visitors were inside, in ms.
fn inside(report: &PeriodReport) -> i64 {
    report.areas.iter().flat_map(|area| area.inside_ms).sum()
}

/// The same from the visits, up to this time for those that haven't ended.
fn stays(rows: &[EntryRow], now_ms: i64) -> i64 {
    let of = |row: &EntryRow| {
        let end = row.ended_at.map_or(now_ms, |at| at.timestamp_millis());
        let stay = end - row.started_at?.timestamp_millis();
        (row.kind == EntryKind::Visit && row.status != "VOIDED").then_some(stay.clamp(0, 12 * 3_600_000))
    };
    rows.iter().filter_map(of).sum()
}

#[tokio::test]
async fn late_entries_voids_joins_and_departures_count_once_on_their_day() {
    let desk = Desk::new().await;
    let (one, other) = (desk.customer("홍길동").await, desk.customer("김하늘").await);
    desk.visit(one).await;
    desk.clock.pass(TimeDelta::days(3));
    let yesterday = desk.clock.now() - TimeDelta::days(1);
    let enter = json!({
        "type": "enterVisit", "customerId": other, "areaId": desk.area.area_id,
        "beganAt": (yesterday - TimeDelta::minutes(30)).timestamp_millis(), "endedAt": yesterday.timestamp_millis(),
    });
    desk.give(enter).await.unwrap();
    let mistaken = desk.visit(one).await;
    desk.give(json!({ "type": "checkIn", "customerId": one, "areaId": desk.area.area_id })).await.unwrap();
    let before = month(&desk).await;
    let by_day = |report: &PeriodReport, day: NaiveDate| {
        let part = report.parts.iter().find(|part| part.from == day.to_string()).unwrap();
        figures(&part.lines)
    };
    let of_yesterday = by_day(&before, seoul_date(yesterday));
    assert_eq!(of_yesterday[&(I::Visits, None)], (1, 0));
    assert_eq!(of_yesterday[&(I::EnteredAfterwards, None)], (1, 0));
    assert_eq!(by_day(&before, today(&desk))[&(I::Visits, None)], (2, 0));
    assert_eq!(figures(&before.lines)[&(I::Earned, None)], (3, 300));

    desk.give(json!({ "type": "voidVisit", "visitId": mistaken, "reason": "mistaken" })).await.unwrap();
    let link = json!({ "type": "linkCustomers", "customerId": one, "otherId": other });
    desk.give(link).await.unwrap();
    desk.penalty(one, 500).await;
    let after = month(&desk).await;
    let found = figures(&after.lines);
    assert_eq!((found[&(I::Visits, None)], found[&(I::VisitsVoided, None)]), ((3, 0), (1, 0)));
    assert_eq!(found[&(I::Earned, None)], (3, 300), "a voided visit keeps its points");
    assert_eq!(found[&(I::Overrides, None)], (1, 0), "the penalty has points of its own");
    let top: Vec<_> = after.top.iter().map(|row| (row.customer.name.as_deref().unwrap(), row.visits)).collect();
    assert_eq!(top, [("홍길동", 2), ("김하늘", 1)]);
    // Voided, it counts as no time inside either; who is inside now counts up to now.
    assert!(inside(&after) < inside(&before) + 1_000);
    desk.clock.pass(TimeDelta::minutes(20));
    assert!(inside(&month(&desk).await) >= inside(&after) + 20 * 60_000);
}

#[tokio::test]
async fn points_that_expired_are_in_the_report_on_their_last_day() {
    let desk = Desk::new().await;
    publish(&desk, Rules { expiry_months: Some(0), ..Rules::default() }).await;
    let customer = desk.customer("홍길동").await;
    let first = today(&desk);
    desk.visit(customer).await;
    desk.settle().await;
    desk.clock.pass(TimeDelta::days(40));
    let report = period(&desk, first, today(&desk), PeriodUnit::Month).await;
    let found = figures(&report.lines);
    assert_eq!((found[&(I::Earned, None)], found[&(I::Expired, None)]), ((1, 100), (1, -100)));
    assert_eq!(points(&report.lines, &POINTS), 0);
}

#[tokio::test]
async fn a_terminal_that_was_never_heard_is_named_with_what_is_known_of_it() {
    let desk = Desk::new().await;
    let customer = desk.customer("이하준").await;
    let mut other = Other::of(&desk).await;
    let (visit_id, standing_as_of) = (VisitId(Uuid::new_v4()), desk.clock.now());
    let (area_id, standing) = (desk.area.area_id, Standing::Allowed);
    let entered = CheckedIn { visit_id, area_id, standing, outstanding: 0, standing_as_of, admission: None };
    other.record(&desk, customer, entered).await;
    let report = month(&desk).await;
    let lines = report.lines.iter().find(|line| line.item == I::Visits).unwrap();
    assert_eq!((lines.here.count, lines.facility.map(|it| it.count)), (0, Some(1)));
    let terminals: Vec<_> = report.terminals.iter().map(|it| (it.is_here, it.lines, it.terminal.heard_at)).collect();
    assert_eq!(terminals, [(true, 0, None), (false, 1, None)]);
}

#[tokio::test]
async fn a_period_has_two_days_that_exist_in_their_order_and_at_most_three_years() {
    let desk = Desk::new().await;
    let today = today(&desk);
    let bad = [
        (today + Days::new(1), today + Days::new(1)),
        (today, today - Days::new(1)),
        (today - Days::new(1_100), today),
    ];
    for (from, to) in bad {
        let refused = desk.terminal.queries.period(&input(from, to, PeriodUnit::Day), || Ok(())).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{from} to {to}");
    }
    let longest = period(&desk, today - Days::new(1_099), today, PeriodUnit::Day).await;
    assert_eq!((longest.parts.len(), longest.days), (1_100, 1_100));
    assert!(longest.top.is_empty());
}

#[tokio::test]
async fn each_table_of_a_period_is_exported_with_masked_names() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.settle().await;
    let today = today(&desk);
    let expected = [
        (PeriodTable::Figures, "earned"),
        (PeriodTable::Occupancy, "23"),
        (PeriodTable::Customers, "홍○동"),
        (PeriodTable::Terminals, "yes"),
    ];
    for (table, cell) in expected {
        let path = desk.folder.path().join("report.csv");
        let (queries, to) = (desk.terminal.queries.clone(), path.clone());
        let input = ExportPeriodInput { period: input(today, today, PeriodUnit::Day), table };
        let work = |progress| export_period(queries, input, Language::En, to, progress);
        assert_eq!(job(&desk, JobKind::Export, work).await.state, JobState::Done);
        let rows = csv_rows(&path);
        assert!(rows.iter().any(|row| row.iter().any(|it| it == cell)), "{table:?}: {rows:?}");
        assert!(!rows.iter().any(|row| row.iter().any(|it| it == "홍길동")), "{table:?}");
    }
}
