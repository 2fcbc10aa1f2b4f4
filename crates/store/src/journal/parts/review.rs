//! Open cases, and the customers whose cases are still to be derived.

use nosmoke_domain::fact::{CaseAbout, CaseId};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{CaseQuery, CaseRow, Change, ReadReview, StoreError, WriteReview};

use super::facts::{change, changes};
use super::shared_cards;
use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Column, Row, params};
use crate::words::{amount, limit, time, unsigned};

macro_rules! open_cases {
    ($rest:literal) => {
        concat!("SELECT reason, about, customer_id, began_at_ms, facts, points FROM open_case ", $rest)
    };
}

impl ReadReview for Tx<'_> {
    fn open_cases(&mut self, query: &CaseQuery) -> Result<Vec<CaseRow>, StoreError> {
        let reason = query.reason.map(|reason| reason.to_string());
        let Some(customer) = query.customer else {
            return self.db.rows(
                open_cases!("WHERE ?1 IS NULL OR reason = ?1 ORDER BY began_at_ms, about, reason LIMIT ?2"),
                params![reason, limit(query.limit)],
                case_row,
            );
        };
        self.db.rows(
            open_cases!(
                "WHERE customer_id = ?3 AND (?1 IS NULL OR reason = ?1) ORDER BY began_at_ms, about, reason LIMIT ?2"
            ),
            params![reason, limit(query.limit), customer.0],
            case_row,
        )
    }

    fn open_case(&mut self, case: &CaseId) -> Result<Option<CaseRow>, StoreError> {
        let key = params![case.reason.to_string(), case.about.as_str()];
        self.db.row(open_cases!("WHERE reason = ?1 AND about = ?2"), key, case_row)
    }

    fn count_open_cases(&mut self, upto: usize) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM open_case LIMIT ?1)";
        let count = self.db.row(sql, params![limit(upto)], |row| Ok(row.int(0)))?;
        usize::try_from(count.unwrap_or_default()).map_err(corrupt)
    }

    fn shared_cards(
        &mut self,
        customer: Option<CustomerId>,
        rows: usize,
    ) -> Result<Vec<(CustomerId, CustomerId)>, StoreError> {
        shared_cards::unsettled(self.db, customer, rows)
    }

    fn forked_facts(&mut self, incarnation: IncarnationId, rows: usize) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!(
                "WHERE incarnation = ?1 AND seq IN (SELECT seq FROM forked_seq WHERE incarnation = ?1) \
                 ORDER BY occurred_at_ms DESC, event_id DESC, hash DESC LIMIT ?2"
            ),
            params![incarnation.0, limit(rows)],
            change,
        )
    }

    fn resolutions(&mut self, about: &CaseAbout) -> Result<Vec<Change>, StoreError> {
        // With the expression of the index `fact_of_resolution`, SQLite uses it.
        self.db.rows(
            changes!("WHERE type = 'CaseResolved' AND json_extract(CAST(bytes AS TEXT), '$.payload.case.about') = ?1"),
            params![about.as_str()],
            change,
        )
    }

    fn is_unreviewed(&mut self, customer: CustomerId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM unreviewed WHERE customer_id = ?1";
        Ok(self.db.row(sql, params![customer.0], |_| Ok(()))?.is_some())
    }
}

impl WriteReview for Tx<'_> {
    fn put_open_cases(&mut self, customer: CustomerId, rows: &[CaseRow]) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute("DELETE FROM open_case WHERE customer_id = ?1", params![customer.0])?;
            tx.db.execute("DELETE FROM unreviewed WHERE customer_id = ?1", params![customer.0])?;
            for row in rows {
                tx.db.execute(
                    "INSERT OR REPLACE INTO open_case (reason, about, customer_id, began_at_ms, facts, points) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        row.case.reason.to_string(),
                        row.case.about.as_str(),
                        customer.0,
                        row.began_at.timestamp_millis(),
                        serde_json::to_string(&row.facts).map_err(corrupt)?,
                        row.points.map(amount).transpose()?,
                    ],
                )?;
            }
            Ok(())
        })
    }

    fn put_unreviewed(&mut self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(|tx| {
            let sql = "INSERT INTO unreviewed (customer_id) VALUES (?1) ON CONFLICT (customer_id) DO NOTHING";
            tx.db.execute(sql, params![customer.0])?;
            Ok(())
        })
    }
}

fn case_row(row: &Row<'_>) -> Result<CaseRow, StoreError> {
    Ok(CaseRow {
        case: CaseId { reason: row.text(0)?.parse().map_err(corrupt)?, about: row.text(1)?.parse().map_err(corrupt)? },
        customer_id: CustomerId(row.id(2)?),
        began_at: time(row.int(3))?,
        facts: serde_json::from_str(row.text(4)?).map_err(corrupt)?,
        points: row.optional(5, |column: Column<'_>| Ok(column.int()))?.map(unsigned).transpose()?,
    })
}
