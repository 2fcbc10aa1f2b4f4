//! The facts that have a slip, and which of them were on paper at this terminal.

use chrono::{DateTime, Utc};
use nosmoke_ports::{Change, ReadSlips, SlipQuery, StoreError, WriteSlips};
use uuid::Uuid;

use super::facts::{change, changes};
use crate::journal::tx::Tx;
use crate::sqlite::params;
use crate::words::{limit, time};

impl ReadSlips for Tx<'_> {
    fn facts_with_slips(&mut self, query: &SlipQuery) -> Result<Vec<Change>, StoreError> {
        let (at_ms, change_seq) = query.before.unwrap_or((i64::MAX, i64::MAX));
        match query.customer {
            None => self.db.rows(
                changes!(
                    "INDEXED BY fact_with_slip WHERE type IN ('Paid', 'PenaltyImposed') \
                     AND (occurred_at_ms, change_seq) < (?1, ?2) ORDER BY occurred_at_ms DESC, change_seq DESC LIMIT ?3"
                ),
                params![at_ms, change_seq, limit(query.limit)],
                change,
            ),
            // Sorted here: a customer has few of them, and an index by customer and time would make each one slower to
            // record.
            Some(customer) => self.db.rows(
                changes!(
                    "WHERE change_seq IN ( \
                     SELECT change_seq FROM fact INDEXED BY fact_of_payment WHERE customer_id = ?1 AND type = 'Paid' \
                     UNION ALL SELECT change_seq FROM fact INDEXED BY fact_of_penalty WHERE customer_id = ?1 \
                     AND type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided', 'PenaltyDeductionVoided', 'LevelsRevised') \
                     AND type = 'PenaltyImposed') \
                     AND (occurred_at_ms, change_seq) < (?2, ?3) ORDER BY occurred_at_ms DESC, change_seq DESC LIMIT ?4"
                ),
                params![customer.0, at_ms, change_seq, limit(query.limit)],
                change,
            ),
        }
    }

    fn first_printed_at(&mut self, subject: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT first_at_ms FROM printed WHERE subject = ?1";
        self.db.row(sql, params![subject], |row| time(row.int(0)))
    }
}

impl WriteSlips for Tx<'_> {
    fn note_printed(&mut self, subject: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO printed (subject, first_at_ms) VALUES (?1, ?2) ON CONFLICT (subject) DO NOTHING",
                params![subject, at.timestamp_millis()],
            )?;
            Ok(())
        })
    }
}
