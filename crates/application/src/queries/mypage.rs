//! Queries of Mypage: a customer's entries with filters, and the chart (N5 to N8, F7, F12).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, Days, NaiveDate, Utc};
use nosmoke_domain::clock::is_ahead;
use nosmoke_domain::days::seoul_midnight;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{
    AppError, Chart, ChartPoint, ContextName, EntryKind, ErrorCode, MypageCounts, MypageEntry, MypageFilter,
    MypageInput, MypagePage,
};
use nosmoke_ports::{EntryRow, MypageTotals, PageCursor, PageQuery, SeriesPoint, StoreError, Worker, read};
use nosmoke_reading::entries::{Endings, place};
use nosmoke_reading::names::Names;
use nosmoke_runtime::measures::Node;
use nosmoke_runtime::present::Present;
use serde_json::json;

use super::Queries;
use super::paging::{limit_of, not_a_cursor};

/// Upper bound for the entries of one page.
pub(super) const PAGE_MAX: u32 = 500;
/// Upper bound for the points of a chart; if there would be more, the chart has one point a day.
const CHART_POINTS: usize = 2_000;
/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "entries.";

impl Queries {
    /// Returns a page of a customer's entries, newest first.
    ///
    /// # Errors
    /// `invalid_input` for an invalid date or cursor, `context_stopped`, or an error of the journal or of Mypage's
    /// store.
    pub async fn mypage(&self, input: MypageInput) -> Result<MypagePage, AppError> {
        let begun = Instant::now();
        let page = self.mypage_page(input).await;
        self.core.measures.observe((self.caller, Node::Mypage), 1, begun.elapsed(), page.is_ok());
        page
    }

    async fn mypage_page(&self, input: MypageInput) -> Result<MypagePage, AppError> {
        if let Some(moment) = input.moment {
            return self.page_at(input, moment).await;
        }
        self.core.contexts.expect_open(ContextName::Mypage)?;
        self.core.feed.caught_up(&[Worker::Point, Worker::Mypage]).await;
        let as_of = self.mypage_as_of().await?;
        let (from, until) = day_range(input.from.as_deref(), input.to.as_deref())?;
        let limit = limit_of(input.limit, PAGE_MAX);
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let (customer_id, filter) = (input.customer_id, input.filter);
        let query = PageQuery { customer_id, filter, from, until, after, limit: limit + 1 };
        let mut rows = self.mypage.page(query).await?;
        let endings = self.endings(customer_id).await?;
        let mut counts = self.mypage.counts(customer_id, from, until).await?;
        let lines = endings.between((from, until));
        lines.iter().for_each(|row| count(&mut counts, row.kind));
        let is_older = |row: &EntryRow| after.is_none_or(|after| place(row) < (after.at_ms, after.entry_id));
        rows.extend(lines.into_iter().filter(|row| is_shown(filter, row.kind) && is_older(row)));
        rows.sort_by_key(|row| Reverse(place(row)));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(write_cursor);
        let sums = self.running_sums(&rows, &endings).await?;
        let entries = self.entries(rows, sums).await?;
        Ok(MypagePage { entries, next, counts, as_of: as_of.timestamp_millis() })
    }

    async fn endings(&self, customer: CustomerId) -> Result<Endings, AppError> {
        let now = self.core.present.moment();
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| Endings::of(tx, customer, now)).await?)
    }

    /// Returns the current time if the read model includes every fact; else the time at which the first missing fact
    /// arrived at this terminal.
    async fn mypage_as_of(&self) -> Result<DateTime<Utc>, AppError> {
        let (now, checkpoint) = (self.core.present.moment(), self.mypage.checkpoint().await?);
        let first_newer =
            read::<_, StoreError>(&*self.core.journal, move |tx| Ok(tx.changes(checkpoint, 1)?.pop())).await?;
        if first_newer.is_some() {
            // Wakes the projector: if a database on a server was reset, the projector doesn't know yet that facts are
            // missing.
            self.core.feed.nudge();
        }
        Ok(first_newer.map_or(now, |change| change.received_at))
    }

    /// Returns the balance and the outstanding penalty points over time.
    ///
    /// # Errors
    /// The same as [`Self::mypage`].
    pub async fn chart(&self, input: MypageInput) -> Result<Chart, AppError> {
        if let Some(moment) = input.moment {
            return self.chart_at(input, moment).await;
        }
        self.core.contexts.expect_open(ContextName::Mypage)?;
        self.core.feed.caught_up(&[Worker::Mypage]).await;
        let now = self.core.present.moment();
        let (from, until) = day_range(input.from.as_deref(), input.to.as_deref())?;
        let customer = input.customer_id;
        let endings = self.endings(customer).await?;
        let mut opening = MypageTotals::default();
        if let Some(from) = from {
            opening = self.mypage.totals_before(customer, from).await?;
            endings.add_before(&mut opening, from);
        }
        let mut series = self.mypage.series(customer, from, until, CHART_POINTS).await?;
        series.extend(endings.between((from, until)).iter().map(point));
        series.sort_by_key(|point| point.at);
        Ok(drawn(opening, series, (from, until), now))
    }
}

/// A change of the sums, as the chart has it.
pub(super) fn point(row: &EntryRow) -> SeriesPoint {
    SeriesPoint { at: row.at, kind: row.kind, points: row.points, penalty_points: row.penalty_points }
}

/// Makes a chart of changes, the oldest first.
pub(super) fn drawn(
    opening: MypageTotals,
    series: Vec<SeriesPoint>,
    (from, until): DayRange,
    now: DateTime<Utc>,
) -> Chart {
    let (mut balance, mut outstanding) = (opening.balance, opening.outstanding);
    let points: Vec<ChartPoint> = series
        .into_iter()
        .map(|point| {
            balance += point.points;
            outstanding += point.penalty_points;
            ChartPoint {
                at: point.at.timestamp_millis(),
                kind: point.kind,
                balance,
                outstanding,
                points: point.points,
                penalty_points: point.penalty_points,
            }
        })
        .collect();
    let first = points.first().map_or(now.timestamp_millis(), |point| point.at);
    Chart {
        from: from.map_or(first, |from| from.timestamp_millis()),
        to: until.map_or(now, |until| until.min(now)).timestamp_millis(),
        opening_balance: opening.balance,
        opening_outstanding: opening.outstanding,
        points,
    }
}

impl Queries {
    /// Returns the balance and the outstanding points just after each row. They include all entries, also those that
    /// the filter leaves out.
    async fn running_sums(&self, rows: &[EntryRow], endings: &Endings) -> Result<Vec<MypageTotals>, AppError> {
        let position = |row: &EntryRow| PageCursor { at_ms: row.at.timestamp_millis(), entry_id: row.entry_id };
        let positions: Vec<_> = rows.iter().map(position).collect();
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let mut sums = self.mypage.totals_at(first.customer_id, &positions).await?;
        sums.iter_mut().zip(positions).for_each(|(totals, position)| endings.add_to(totals, position));
        Ok(sums)
    }

    pub(super) async fn entries(
        &self,
        rows: Vec<EntryRow>,
        sums: Vec<MypageTotals>,
    ) -> Result<Vec<MypageEntry>, AppError> {
        let now = self.core.present.read();
        let entries = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let names = Names::read(tx)?;
            let accrued_up_to = tx.checkpoint(Worker::Point)?;
            let note_ids: Vec<_> = rows.iter().filter_map(|row| row.note_id).collect();
            let notes: BTreeMap<_, _> = tx.notes(&note_ids)?.into_iter().map(|it| (it.note_id, it.text)).collect();
            let inputs = EntryInputs { names, accrued_up_to, now };
            Ok(rows
                .into_iter()
                .zip(sums)
                .map(|(row, sums)| {
                    let note = row.note_id.and_then(|id| notes.get(&id).cloned());
                    inputs.entry(row, sums, note)
                })
                .collect())
        })
        .await?;
        Ok(entries)
    }
}

/// Whether a filter shows entries of a kind.
pub(super) fn is_shown(filter: MypageFilter, kind: EntryKind) -> bool {
    filter == MypageFilter::All || filter == kind.history()
}

/// Counts an entry.
pub(super) fn count(counts: &mut MypageCounts, kind: EntryKind) {
    counts.all += 1;
    match kind.history() {
        MypageFilter::Visits => counts.visits += 1,
        MypageFilter::Payments => counts.payments += 1,
        MypageFilter::Penalties => counts.penalties += 1,
        MypageFilter::All => {}
    }
}

/// The data from which entries are made, in addition to their rows.
struct EntryInputs {
    names: Names,
    accrued_up_to: i64,
    now: Present,
}

impl EntryInputs {
    fn entry(&self, row: EntryRow, sums: MypageTotals, note: Option<String>) -> MypageEntry {
        MypageEntry {
            kind: row.kind,
            id: row.entry_id.to_string(),
            other_id: row.other_id.map(|id| id.to_string()),
            at: row.at.timestamp_millis(),
            started_at: row.started_at.map(|at| at.timestamp_millis()),
            ended_at: row.ended_at.map(|at| at.timestamp_millis()),
            area_id: row.area_id,
            status: status(&row, self.accrued_up_to),
            points: Some(row.points).filter(|points| *points != 0),
            balance: sums.balance,
            penalty_points: Some(row.penalty_points).filter(|points| *points != 0),
            outstanding: sums.outstanding,
            code: row.code,
            ground: row.ground,
            note,
            by: self.names.recorder(row.recorder_id),
            terminal_name: self.names.terminal(row.incarnation),
            entered_at: row.entered_at.map(|at| at.timestamp_millis()),
            ahead: is_ahead(row.at, self.now.moment),
        }
    }
}

/// Returns the status to show: a penalty is shown as ACCRUED once point's projector has passed the change that imposed
/// it (N10).
pub fn status(row: &EntryRow, accrued_up_to: i64) -> String {
    let accrued = row.status == "IMPOSED" && row.accrued_after.is_some_and(|change| change <= accrued_up_to);
    if accrued { "ACCRUED".to_owned() } else { row.status.clone() }
}

/// A half-open range of time, `from <= at < until`; `None` means no limit.
pub type DayRange = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Converts two Asia/Seoul dates, both included, to a half-open range of time.
///
/// # Errors
/// Returns `invalid_input` for a text that isn't a date.
pub fn day_range(from: Option<&str>, to: Option<&str>) -> Result<DayRange, AppError> {
    let date = |text: &str| {
        text.parse::<NaiveDate>().map_err(|_| {
            AppError::with(
                ErrorCode::InvalidInput,
                json!({ "detail": format!("not a date of the form 2026-11-23: {text}") }),
            )
        })
    };
    let from = from.map(date).transpose()?.map(seoul_midnight);
    let until = to.map(date).transpose()?.and_then(|to| to.checked_add_days(Days::new(1))).map(seoul_midnight);
    Ok((from, until))
}

pub(super) fn write_cursor(row: &EntryRow) -> String {
    format!("{CURSOR}{}.{}", row.at.timestamp_millis(), row.entry_id)
}

pub(super) fn parse_cursor(text: &str) -> Result<PageCursor, AppError> {
    let parsed = text
        .strip_prefix(CURSOR)
        .and_then(|place| place.split_once('.'))
        .and_then(|(at, id)| Some(PageCursor { at_ms: at.parse().ok()?, entry_id: id.parse().ok()? }));
    parsed.ok_or_else(not_a_cursor)
}
