//! Queries of the access log: pages, its status, and the monthly confirmation.

use chrono::{DateTime, TimeDelta};
use nosmoke_ports::contract::{
    AccessAct, AccessFilter, AccessLogInput, AccessLogPage, AccessLogProblem, AccessLogStatus, AccessRowView, AppError,
    Confirmed,
};
use nosmoke_ports::{Access, AccessBy, AccessCursor, AccessQuery, Read, StoreError, StoredAccess, read};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_runtime::access::KEPT_YEARS;

use super::Queries;
use super::actors::{actor, party};
use super::mypage::day_range;
use super::paging::{PAGE_MAX, limit_of, not_a_cursor};

/// The prefix of this list's cursors.
const CURSOR: &str = "access.";
/// How long after a confirmation a manager is asked for the next one.
const CONFIRMED_FOR: TimeDelta = TimeDelta::days(30);

impl Queries {
    /// Returns a page of the access log, newest first. Rows that wait to be written are written first.
    ///
    /// # Errors
    /// `invalid_input` for an invalid date or cursor, or an error of the store.
    pub async fn access_log(&self, input: AccessLogInput) -> Result<AccessLogPage, AppError> {
        let limit = limit_of(input.limit, PAGE_MAX);
        let before = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let query = AccessQuery { before, limit: limit + 1, ..query_of(&input.filter)? };
        // A problem is part of the status.
        let _ = self.write_access_log().await;
        let mut rows = self.core.access.log().page(query).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(write_cursor);
        let status = self.access_log_status().await?;
        Ok(AccessLogPage { rows: self.access_rows(rows).await?, next, status })
    }

    /// Returns stored rows with the names that they refer to.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn access_rows(&self, rows: Vec<StoredAccess>) -> Result<Vec<AccessRowView>, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| views(tx, &rows)).await?)
    }

    /// Returns the state of the access log.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn access_log_status(&self) -> Result<AccessLogStatus, AppError> {
        let access = &self.core.access;
        let problem = access.problem().map(|problem| AccessLogProblem {
            since: problem.since.timestamp_millis(),
            error: problem.error.into(),
            waiting: u32::try_from(problem.waiting).unwrap_or(u32::MAX),
            lost: problem.lost,
        });
        // While the file can't be opened, the problem is all there is to say.
        let extent = match access.log().extent().await {
            Err(_) if problem.is_some() => nosmoke_ports::AccessExtent::default(),
            extent => extent?,
        };
        let last_confirmed = match extent.last_confirmed {
            Some(row) => {
                let names = read::<_, StoreError>(&*self.core.journal, |tx| Names::read(tx)).await?;
                let by = actor(row.row.access.by, &names);
                Some(Confirmed { at: row.row.at.timestamp_millis(), by })
            }
            None => None,
        };
        let since = extent.last_confirmed.map(|row| row.row.at).or(extent.oldest_at);
        Ok(AccessLogStatus {
            problem,
            changed_at: access.changed_at(),
            rows: extent.rows,
            oldest_at: extent.oldest_at.map(|at| at.timestamp_millis()),
            kept_years: KEPT_YEARS,
            last_confirmed,
            confirmation_due: since.is_some_and(|since| self.core.clock.now() - since >= CONFIRMED_FOR),
        })
    }

    /// Confirms that a manager has looked through the access log. The confirmation is a row of it, written at once.
    ///
    /// # Errors
    /// An error of the store, if the row can't be written now.
    pub async fn confirm_access_log(&self, by: AccessBy) -> Result<AccessLogStatus, AppError> {
        self.core.access.note(Access::done(by, AccessAct::LogConfirmed));
        self.write_access_log().await?;
        self.access_log_status().await
    }

    /// Writes the rows that wait.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn write_access_log(&self) -> Result<(), StoreError> {
        let origin = read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await?;
        self.core.access.write(origin.map(|origin| origin.terminal_id)).await
    }
}

/// Converts a filter to a query without page.
///
/// # Errors
/// `invalid_input` for an invalid date.
pub(crate) fn query_of(filter: &AccessFilter) -> Result<AccessQuery, AppError> {
    let (from, until) = day_range(filter.from.as_deref(), filter.to.as_deref())?;
    Ok(AccessQuery {
        by: filter.by.map(party),
        act: filter.act,
        whose: filter.customer_id,
        outcome: filter.outcome,
        from,
        until,
        before: None,
        limit: 0,
    })
}

fn views(tx: &mut dyn Read, rows: &[StoredAccess]) -> Result<Vec<AccessRowView>, StoreError> {
    let names = Names::read(tx)?;
    let people = rows_by_id(tx, rows.iter().filter_map(|row| row.row.access.whose))?;
    let view = |stored: &StoredAccess| {
        let StoredAccess { number, row } = *stored;
        let access = row.access;
        AccessRowView {
            number,
            at: row.at.timestamp_millis(),
            by: actor(access.by, &names),
            terminal_id: row.terminal_id,
            terminal_name: row.terminal_id.and_then(|id| names.terminal_named(id)),
            act: access.act,
            customer: access.whose.map(|id| customer_name(id, people.get(&id).map(|row| &row.profile))),
            outcome: access.outcome,
            code: access.code.map(nosmoke_ports::contract::ErrorCode::word),
            reason: access.reason,
            count: access.count,
        }
    };
    Ok(rows.iter().map(view).collect())
}

fn write_cursor(row: &StoredAccess) -> String {
    format!("{CURSOR}{}.{}", row.row.at.timestamp_millis(), row.number)
}

fn parse_cursor(text: &str) -> Result<AccessCursor, AppError> {
    let parsed = text
        .strip_prefix(CURSOR)
        .and_then(|place| place.split_once('.'))
        .and_then(|(at, number)| Some((DateTime::from_timestamp_millis(at.parse().ok()?)?, number.parse().ok()?)));
    parsed.ok_or_else(not_a_cursor)
}
