//! Derives the figures of a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use nosmoke_domain::days::{seoul_date, seoul_midnight};
use nosmoke_domain::fact::{Payload, Recorded};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{AccessAct, AppError, DayReport, OtherTerminal};
use nosmoke_ports::{
    AccessQuery, Change, EntryRow, ExportBlock, ExportCursor, Heard, Read, RecordedQuery, ReferenceKind, StoreError,
    Worker, read,
};
use nosmoke_reading::entries::{Endings, subject_of};
use nosmoke_reading::names::Names;
use nosmoke_reading::{reference, rule_sets};
use nosmoke_runtime::heard::HeardIncarnations;
use uuid::Uuid;

use super::figures::Figures;
use crate::jobs::complete::{behind, expect_none_set_aside, wait_for_all};
use crate::queries::Queries;

/// Lines and facts that are read at a time.
const READ_BATCH: usize = 2_000;
/// Customers whose endings are looked for at a time.
const CUSTOMERS_IN_BATCH: usize = 200;
/// Refused check-ins that are counted at most.
const REFUSALS_MAX: usize = 100_000;

/// The figures of a day, and the facts that happened on it.
pub(super) struct Derived {
    pub(super) report: DayReport,
    /// The last change that the figures include.
    pub(super) last_change: i64,
    /// Also those about something that has a line on the day; without what the program records by itself. The newest first.
    pub(super) facts: Vec<Change>,
}

/// Derives the figures of a day: from the day's lines, the facts recorded from then until nothing of that day may be
/// entered any more, and all customers once if points can expire or penalties can lapse. What is recorded meanwhile may
/// be in some of the figures.
///
/// # Errors
/// `context_stopped` or `mypage_behind` if Mypage doesn't have all lines, or an error of a store.
pub(super) async fn derive(queries: &Queries, day: NaiveDate) -> Result<Derived, AppError> {
    let last_change = wait_for_all(queries, || Ok(())).await?;
    queries.core.feed.caught_up(&[Worker::CheckIn, Worker::Review]).await;
    let range = bounds(day);
    let own: BTreeSet<IncarnationId> =
        read::<_, StoreError>(&*queries.core.journal, |tx| Ok(tx.own_incarnations()?.into_iter().collect())).await?;
    let is_own = |incarnation: IncarnationId| own.contains(&incarnation);
    let rules = read::<_, StoreError>(&*queries.core.journal, |tx| rule_sets::by_generation(tx)).await?;
    let (mut figures, mut subjects, mut after) = (Figures::new(), BTreeSet::new(), None);
    loop {
        let ExportBlock { rows, checkpoint } =
            queries.mypage.export_block(None, Some(range.0), Some(range.1), after, READ_BATCH).await?;
        // The read model may have begun again meanwhile.
        if checkpoint < last_change {
            return Err(behind(last_change - checkpoint));
        }
        let Some(last) = rows.last() else { break };
        after = Some(ExportCursor::after(last));
        rows.iter().for_each(|row| figures.add_line(row, &rules, is_own(row.incarnation)));
        subjects.extend(rows.into_iter().map(|row| row.subject));
    }
    expect_none_set_aside(queries, None).await?;
    for row in endings(queries, range).await? {
        figures.add_line(&row, &rules, false);
    }
    let facts = facts(queries, range, &subjects, &rules).await?;
    let mut counted = BTreeSet::new();
    let of_day = facts.iter().filter(|it| (range.0..range.1).contains(&it.recorded.fact.occurred_at));
    for Change { recorded, .. } in of_day.filter(|it| counted.insert(it.recorded.fact.event_id)) {
        if let Payload::Given(given) = &recorded.fact.payload {
            figures.add_given(given, is_own(recorded.fact.origin.incarnation));
        }
    }
    let refusals = refusals(queries, range).await?.into_values().sum();
    let (now, heard) = (queries.core.present.moment(), queries.core.heard.clone());
    let open_cases = queries.review_count().await?;
    let report = read::<_, StoreError>(&*queries.core.journal, move |tx| {
        Ok(DayReport {
            day: day.to_string(),
            as_of: now.timestamp_millis(),
            lines: figures.into_lines(refusals),
            pending: tx.pending_totals()?.facts,
            open_cases,
            inside: u32::try_from(tx.inside(None)?.len()).unwrap_or(u32::MAX),
            others: others(tx, &heard)?,
        })
    })
    .await?;
    let facts = facts.into_iter().filter(|change| !is_by_program(&change.recorded.fact.payload)).collect();
    Ok(Derived { report, last_change, facts })
}

/// The half-open range of time of a day.
fn bounds(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (seoul_midnight(day), seoul_midnight(day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)))
}

/// Returns the lines for what expired or lapsed in a half-open range of time. Without rules that end anything, no customer is read.
pub(crate) async fn endings(
    queries: &Queries,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<EntryRow>, AppError> {
    let now = queries.core.present.moment();
    let has_endings = read::<_, StoreError>(&*queries.core.journal, |tx| {
        let sets = rule_sets::by_generation(tx)?;
        Ok(sets.values().any(|rules| rules.lapse.is_some() || rules.expiry_months.is_some()))
    });
    let (mut rows, mut after) = (Vec::new(), None);
    if !has_endings.await? {
        return Ok(rows);
    }
    loop {
        let (found, last) = read::<_, StoreError>(&*queries.core.journal, move |tx| {
            let customers = tx.customers_with_facts(after, CUSTOMERS_IN_BATCH)?;
            let last = customers.last().copied().filter(|_| customers.len() == CUSTOMERS_IN_BATCH);
            let mut found = Vec::new();
            for customer in customers {
                found.extend(Endings::of(tx, customer, now)?.between((Some(from), Some(until))));
            }
            Ok((found, last))
        })
        .await?;
        rows.extend(found);
        if last.is_none() {
            return Ok(rows);
        }
        after = last;
    }
}

/// Returns the facts that happened on the day or are about something that has a line on it, such as the void of a visit
/// of that day, the newest first. Facts that were recorded later than the rules let
/// anything of that day be entered aren't looked for.
async fn facts(
    queries: &Queries,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    subjects: &BTreeSet<Uuid>,
    rules: &BTreeMap<u64, Rules>,
) -> Result<Vec<Change>, AppError> {
    let days = rules.values().map(|rules| rules.enter_afterwards_days).max().unwrap_or_default();
    let recorded_until = until.checked_add_days(Days::new(days.into()));
    let mut query =
        RecordedQuery { by: None, from: Some(from), until: recorded_until, before: None, limit: READ_BATCH };
    let mut facts = Vec::new();
    loop {
        let asked = query;
        let changes = read::<_, StoreError>(&*queries.core.journal, move |tx| tx.recorded_by(&asked)).await?;
        let is_last = changes.len() < READ_BATCH;
        query.before = changes.last().map(|last| (last.recorded.fact.recorded_at.timestamp_millis(), last.change_seq));
        facts.extend(changes.into_iter().filter(|Change { recorded: Recorded { fact, .. }, .. }| {
            let is_about = || subject_of(fact).is_some_and(|subject| subjects.contains(&subject));
            (from..until).contains(&fact.occurred_at) || is_about()
        }));
        if is_last {
            return Ok(facts);
        }
    }
}

/// Returns how many check-ins were refused at this terminal in a half-open range of time, by day.
pub(crate) async fn refusals(
    queries: &Queries,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<BTreeMap<NaiveDate, i64>, AppError> {
    // Rows that still wait are written first.
    queries.write_access_log().await?;
    let mut query = AccessQuery {
        act: Some(AccessAct::EntryRefused),
        from: Some(from),
        until: Some(until),
        limit: READ_BATCH,
        ..AccessQuery::default()
    };
    let (mut by_day, mut read) = (BTreeMap::new(), 0);
    loop {
        let rows = queries.core.access.log().page(query).await?;
        for stored in &rows {
            *by_day.entry(seoul_date(stored.row.at)).or_default() += 1;
        }
        read += rows.len();
        let last = rows.last().filter(|_| rows.len() == READ_BATCH && read < REFUSALS_MAX);
        let Some(last) = last else { return Ok(by_day) };
        query.before = Some((last.row.at, last.number));
    }
}

/// What the program records by itself, as a consequence of something else.
const fn is_by_program(payload: &Payload) -> bool {
    matches!(payload, Payload::Earned(_) | Payload::Given(_) | Payload::Reclaimed(_) | Payload::LevelsRevised(_))
}

/// Returns the other terminals of the facility that aren't retired.
fn others(tx: &mut dyn Read, heard: &HeardIncarnations) -> Result<Vec<OtherTerminal>, StoreError> {
    let retired = reference::retired(tx)?;
    let others = other_terminals(tx, heard)?;
    Ok(others.into_iter().filter(|other| !retired.contains(&other.terminal_id)).collect())
}

/// Returns all other terminals of the facility, also retired ones.
pub(crate) fn other_terminals(tx: &mut dyn Read, heard: &HeardIncarnations) -> Result<Vec<OtherTerminal>, StoreError> {
    let names = Names::read(tx)?;
    let heard = heard.newest(tx.heard()?);
    let here = tx.origin()?.map(|origin| origin.terminal_id);
    let mut heard_at: BTreeMap<TerminalId, Option<DateTime<Utc>>> =
        tx.references(ReferenceKind::Terminal)?.into_iter().map(|it| (TerminalId(it.id), None)).collect();
    for Heard { terminal_id, appended_at, .. } in heard {
        let last = heard_at.entry(terminal_id).or_default();
        *last = (*last).max(Some(appended_at));
    }
    let other = |(terminal_id, at): (TerminalId, Option<DateTime<Utc>>)| OtherTerminal {
        terminal_id,
        name: names.terminal_named(terminal_id),
        heard_at: at.map(|at| at.timestamp_millis()),
    };
    Ok(heard_at.into_iter().filter(|(id, _)| Some(*id) != here).map(other).collect())
}
