//! The report of the demonstration's year equals SQL over the facts, which knows nothing of Mypage.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use nosmoke_application::demonstration::Demonstration;
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{ContextName, DayLine, PeriodReport, PeriodUnit};
use nosmoke_ports::{Clock, Priority, StoreError, Worker, Write, write};
use nosmoke_runtime::feed::WORKERS;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, FromRow, SqliteConnection};

use super::{input, today};
use crate::isolation::stop;
use crate::support::Desk;

/// A figure of a day: the item, and its code or ground.
type Figures = BTreeMap<(String, String, String), (i64, i64)>;

async fn record_year(desk: &Desk) {
    let days: Vec<_> = Demonstration::new(1, desk.clock.now(), Recorder::Program, Rules::default()).collect();
    for month in days.chunks(31) {
        let drafts: Vec<_> = month.iter().flat_map(|block| block.drafts.clone()).collect();
        let unit = move |tx: &mut dyn Write| tx.append(drafts.clone());
        let journal = &*desk.terminal.core.journal;
        let (_, written) = write::<_, StoreError>(journal, Priority::Command, unit).await.unwrap();
        desk.terminal.core.feed.wrote(written.map_or(0, |written| written.last_change));
    }
    // The report reads only what these two derive, and would wait a minute for the point context.
    stop(&desk.terminal, ContextName::Point).await;
    let others = WORKERS.into_iter().filter(|it| !matches!(it, Worker::CheckIn | Worker::Mypage));
    desk.settle_but(&others.collect::<Vec<_>>()).await;
}

async fn sql<T>(desk: &Desk, query: impl Into<String>) -> Vec<T>
where
    T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
{
    let path = desk.folder.path().join("journal.db");
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let rows = sqlx::query_as(AssertSqlSafe(query.into())).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(text) => text,
        other => panic!("{other}"),
    }
}

/// The facility's figures that aren't 0, for a part that begins on this day.
fn reported<'a>(
    begin: &'a str,
    lines: &'a [DayLine],
) -> impl Iterator<Item = ((String, String, String), (i64, i64))> + 'a {
    lines.iter().filter_map(move |line| {
        let of = line.code.map(word).or(line.ground.map(word)).unwrap_or_default();
        let figure = line.facility.unwrap_or(line.here);
        ((figure.count, figure.points) != (0, 0))
            .then(|| ((begin.to_owned(), word(line.item), of), (figure.count, figure.points)))
    })
}

fn by_part(report: &PeriodReport) -> Figures {
    report.parts.iter().flat_map(|part| reported(&part.from, &part.lines)).collect()
}

/// Sums the figures of the days into parts that begin on other days.
fn summed(days: &Figures, begin: impl Fn(&str) -> String) -> Figures {
    let mut parts = Figures::new();
    for ((day, item, of), (count, points)) in days {
        let figure = parts.entry((begin(day), item.clone(), of.clone())).or_default();
        *figure = (figure.0 + count, figure.1 + points);
    }
    parts
}

/// Shows only the figures that differ, of thousands.
fn assert_same(found: &Figures, expected: &Figures) {
    let differing = |key: &&(String, String, String)| found.get(*key) != expected.get(*key);
    let keys: BTreeSet<_> = found.keys().chain(expected.keys()).filter(differing).collect();
    let differing: Vec<_> = keys.into_iter().map(|key| (key, found.get(key), expected.get(key))).collect();
    assert!(differing.is_empty(), "found and expected: {differing:#?}");
}

#[tokio::test]
async fn a_report_of_the_demonstrations_year_equals_sql_over_the_facts() {
    let desk = Desk::new().await;
    record_year(&desk).await;
    let rows: Vec<(String, String, String, i64, i64)> = sql(&desk, include_str!("year.sql")).await;
    let days: Figures =
        rows.into_iter().map(|(day, item, of, count, points)| ((day, item, of), (count, points))).collect();
    let last = today(&desk);
    let first = last - Days::new(400);
    let report = async |unit| desk.terminal.queries.period(&input(first, last, unit), || Ok(())).await.unwrap();

    let daily = report(PeriodUnit::Day).await;
    assert!(days.len() > 2_000, "{} figures", days.len());
    assert_same(&by_part(&daily), &days);
    let month = |day: &str| {
        let begin: NaiveDate = format!("{}-01", &day[..7]).parse().unwrap();
        begin.max(first).to_string()
    };
    let monthly = report(PeriodUnit::Month).await;
    assert_same(&by_part(&monthly), &summed(&days, month));
    let all: Figures = reported("", &monthly.lines).collect();
    assert_same(&all, &summed(&days, |_| String::new()));

    let areas: Vec<(String, i64, i64)> = sql(&desk, areas(monthly.as_of)).await;
    let found = monthly.areas.iter().map(|area| (area.area_id.0.to_string(), area.visits, area.inside_ms.iter().sum()));
    let mut found: Vec<_> = found.filter(|(_, visits, _)| *visits > 0).collect();
    found.sort();
    assert_eq!(found, areas);

    let top: Vec<(String, i64)> = sql(&desk, TOP).await;
    let found = monthly.top.iter().map(|row| (row.customer.customer_id.0.simple().to_string(), row.visits));
    assert_eq!(found.collect::<Vec<_>>(), top);
}

/// Visits that weren't voided, with the time inside: up to 12 hours of each, up to now if it hasn't ended.
fn areas(now_ms: i64) -> String {
    format!(
        "WITH it AS (SELECT type, occurred_at_ms AS at, json_extract(CAST(bytes AS TEXT), '$.payload') AS p FROM fact), \
         begun AS MATERIALIZED (SELECT p ->> 'visit_id' AS visit, p ->> 'area_id' AS area, at FROM it WHERE type = 'CheckedIn'), \
         ended AS MATERIALIZED (SELECT p ->> 'visit_id' AS visit, at FROM it WHERE type IN ('CheckedOut', 'VisitClosed')), \
         voided AS MATERIALIZED (SELECT p ->> 'visit_id' AS visit FROM it WHERE type = 'VisitVoided') \
         SELECT area, count(*), sum(min(coalesce(ended.at, {now_ms}) - begun.at, 43200000)) \
         FROM begun LEFT JOIN ended USING (visit) WHERE visit NOT IN (SELECT visit FROM voided) GROUP BY area ORDER BY area"
    )
}

const TOP: &str = "SELECT lower(hex(customer_id)), \
    count(*) FILTER (WHERE type = 'CheckedIn') - count(*) FILTER (WHERE type = 'VisitVoided') AS visits \
    FROM fact GROUP BY customer_id ORDER BY visits DESC, customer_id LIMIT 20";
