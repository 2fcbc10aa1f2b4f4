//! Closes days, and shows a day with its closes.

use nosmoke_ports::contract::{AppError, CaseFact, DayClose, DayView, EntryState, RecentEntry, SinceClose};
use nosmoke_ports::{Change, DayCloseRow, Priority, Read, StoreError, Write, read, write};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};

use super::day_of;
use super::figures::differences;
use super::report::{Derived, derive};
use crate::permission::{Act, Caller};
use crate::queries::{Queries, shown as shown_of};

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

    /// Closes a day with the figures of this moment, as the next number of that day. If nothing was recorded or arrived
    /// since its latest close, that one stays the latest, so that a second key press closes nothing twice.
    ///
    /// # Errors
    /// Those of [`Self::day`], and `not_authorised`.
    pub async fn close_day(&self, caller: Caller, day: &str) -> Result<DayView, AppError> {
        let date = day_of(self, day)?;
        let derived = derive(self, date).await?;
        let now = self.core.present.moment();
        let unit = move |tx: &mut dyn Write| {
            let authority = caller.authority(tx)?;
            authority.expect(Act::CloseDay)?;
            let latest = tx.day_closes(date)?.into_iter().next();
            if latest.as_ref().is_some_and(|latest| latest.last_change == derived.last_change) {
                return Ok(());
            }
            tx.add_day_close(&DayCloseRow {
                day: date,
                number: latest.map_or(1, |latest| latest.number + 1),
                closed_at: now,
                recorder_id: authority.recorded_by.id(),
                last_change: derived.last_change,
                report: derived.report.clone(),
            })?;
            Ok::<_, AppError>(())
        };
        write(&*self.core.journal, Priority::Command, unit).await?;
        self.day(day).await
    }
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
