//! Closes days, and shows a day with its closes.

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::ids::RecorderId;
use nosmoke_ports::contract::{AppError, CaseFact, DayClose, DayView, EntryState, RecentEntry, SinceClose};
use nosmoke_ports::{Change, DayCloseRow, Priority, Read, StoreError, Write, read, write};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};

use super::day_of;
use super::figures::differences;
use super::report::{Derived, derive};
use crate::permission::{Act, Caller};
use crate::queries::{Queries, shown as shown_of};

/// How often the figures of a close are derived again because something was recorded meanwhile.
const ATTEMPTS: usize = 4;
/// Facts since the close that are shown.
const FACTS_MAX: usize = 100;

impl Queries {
    /// Returns the figures of a day (a date in Seoul), its closes at this terminal, and what came since the latest.
    ///
    /// # Errors
    /// `invalid_input` for a text that isn't a date or for a day in the future; `context_stopped` or `mypage_behind` if
    /// Mypage doesn't have all lines; or an error of a store.
    pub async fn day(&self, day: &str) -> Result<DayView, AppError> {
        let day = day_of(self, day)?;
        let derived = derive(self, day).await?;
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| {
            let (closes, names) = (tx.day_closes(day)?, Names::read(tx)?);
            let since = closes.first().map(|close| since(tx, &names, close, &derived)).transpose()?;
            let closes = closes.into_iter().map(|close| view(close, &names)).collect();
            Ok(DayView { report: derived.report.clone(), closes, since })
        })
        .await?)
    }

    /// Closes a day with the figures of this moment, as the next number of that day. If nothing differs from its latest
    /// close, that one stays the latest, so that a second key press closes nothing twice.
    ///
    /// # Errors
    /// Those of [`Self::day`], and `not_authorised`.
    pub async fn close_day(&self, caller: Caller, day: &str) -> Result<DayView, AppError> {
        let date = day_of(self, day)?;
        for left in (0..ATTEMPTS).rev() {
            let (derived, now) = (derive(self, date).await?, self.core.present.moment());
            let unit = move |tx: &mut dyn Write| {
                let authority = caller.authority(tx)?;
                authority.expect(Act::CloseDay)?;
                // Something was recorded while the figures were read. A terminal that reads a log may never come to rest.
                if left > 0 && tx.last_change()? != derived.last_change {
                    return Ok(false);
                }
                add_close(tx, (date, now), authority.recorded_by.id(), &derived)?;
                Ok::<_, AppError>(true)
            };
            if write(&*self.core.journal, Priority::Command, unit).await?.0 {
                break;
            }
        }
        self.day(day).await
    }
}

fn add_close(
    tx: &mut dyn Write,
    (day, closed_at): (NaiveDate, DateTime<Utc>),
    recorder_id: RecorderId,
    derived: &Derived,
) -> Result<(), StoreError> {
    let latest = tx.day_closes(day)?.into_iter().next();
    let is_same = |latest: &DayCloseRow| {
        latest.last_change == derived.last_change && differences(&latest.report.lines, &derived.report.lines).is_empty()
    };
    if latest.as_ref().is_some_and(is_same) {
        return Ok(());
    }
    let number = latest.map_or(1, |latest| latest.number + 1);
    let (last_change, report) = (derived.last_change, derived.report.clone());
    tx.add_day_close(&DayCloseRow { day, number, closed_at, recorder_id, last_change, report })
}

fn view(close: DayCloseRow, names: &Names) -> DayClose {
    DayClose {
        number: close.number,
        closed_at: close.closed_at.timestamp_millis(),
        by: names.recorder(close.recorder_id),
        report: close.report,
    }
}

fn since(tx: &mut dyn Read, names: &Names, close: &DayCloseRow, now: &Derived) -> Result<SinceClose, StoreError> {
    let mut late = now.facts.iter().filter(|change| change.change_seq > close.last_change);
    let shown: Vec<&Change> = late.by_ref().take(FACTS_MAX).collect();
    let customers = rows_by_id(tx, shown.iter().map(|change| change.recorded.fact.customer_id))?;
    let mut facts = Vec::with_capacity(shown.len());
    for change in shown {
        let fact = &change.recorded.fact;
        let profile = customers.get(&fact.customer_id).map(|row| &row.profile);
        facts.push(CaseFact {
            recorded_at: fact.recorded_at.timestamp_millis(),
            terminal: names.terminal(fact.origin.incarnation),
            voided: false,
            entry: RecentEntry {
                at: fact.occurred_at.timestamp_millis(),
                by: names.recorder(fact.recorded_by.id()),
                customer: customer_name(fact.customer_id, profile),
                state: EntryState::Saved,
                ..shown_of(tx, fact)?
            },
        });
    }
    let lines = differences(&close.report.lines, &now.report.lines);
    Ok(SinceClose { lines, facts, more: late.next().is_some() })
}
