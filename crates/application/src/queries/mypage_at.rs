//! Mypage at another moment: derived from the journal's facts, not from the read model, which only knows the present.

use nosmoke_ports::contract::{AppError, Chart, Moment, MypageCounts, MypageInput, MypagePage};
use nosmoke_ports::{EntryRow, MypageTotals, StoreError, read};
use nosmoke_reading::entries::{at_moment, place};
use nosmoke_reading::moment::{facts_at, time_of};

use super::Queries;
use super::mypage::{PAGE_MAX, count, day_range, drawn, is_shown, parse_cursor, point, write_cursor};
use super::paging::limit_of;

impl Queries {
    /// Returns a page of a customer's entries as they were at a moment, newest first.
    ///
    /// # Errors
    /// `invalid_input` for an invalid date or cursor, or an error of the journal.
    pub(super) async fn page_at(&self, input: MypageInput, moment: Moment) -> Result<MypagePage, AppError> {
        let (from, until) = day_range(input.from.as_deref(), input.to.as_deref())?;
        let limit = limit_of(input.limit, PAGE_MAX);
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let mut counts = MypageCounts::default();
        let (mut shown, mut more) = (Vec::new(), false);
        for (row, sums) in self.rows_at(&input, moment).await? {
            let is_in = from.is_none_or(|from| row.at >= from) && until.is_none_or(|until| row.at < until);
            if is_in {
                count(&mut counts, row.kind);
            }
            let is_older = after.is_none_or(|after| place(&row) < (after.at_ms, after.entry_id));
            if is_in && is_older && is_shown(input.filter, row.kind) {
                more = shown.len() == limit;
                if !more {
                    shown.push((row, sums));
                }
            }
        }
        let next = shown.last().filter(|_| more).map(|(row, _)| write_cursor(row));
        let (rows, sums) = shown.into_iter().unzip();
        let entries = self.entries(rows, sums).await?;
        Ok(MypagePage { entries, next, counts, as_of: moment.at })
    }

    /// Returns the balance and the outstanding penalty points over time, up to a moment.
    ///
    /// # Errors
    /// The same as [`Self::page_at`].
    pub(super) async fn chart_at(&self, input: MypageInput, moment: Moment) -> Result<Chart, AppError> {
        let (from, until) = day_range(input.from.as_deref(), input.to.as_deref())?;
        let (mut opening, mut series) = (MypageTotals::default(), Vec::new());
        for (row, sums) in self.rows_at(&input, moment).await?.into_iter().rev() {
            if from.is_some_and(|from| row.at < from) {
                opening = sums;
            } else if (row.points, row.penalty_points) != (0, 0) && until.is_none_or(|until| row.at < until) {
                series.push(point(&row));
            }
        }
        Ok(drawn(opening, series, (from, until), time_of(moment)))
    }

    /// Returns all entries at a moment, newest first, each with the sums after it.
    async fn rows_at(&self, input: &MypageInput, moment: Moment) -> Result<Vec<(EntryRow, MypageTotals)>, AppError> {
        let customer = input.customer_id;
        let rows = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let (facts, forked) = (facts_at(tx, customer, moment)?, tx.forked()?);
            Ok(at_moment(customer, &facts, &forked, time_of(moment)))
        })
        .await?;
        let mut sums = MypageTotals::default();
        let mut rows: Vec<_> = rows
            .into_iter()
            .rev()
            .map(|row| {
                sums.balance = sums.balance.saturating_add(row.points);
                sums.outstanding = sums.outstanding.saturating_add(row.penalty_points);
                (row, sums)
            })
            .collect();
        rows.reverse();
        Ok(rows)
    }
}
