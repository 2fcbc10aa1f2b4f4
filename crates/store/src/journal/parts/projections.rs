//! Projections: published standings, customers inside, last visits, open penalties.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, VisitId};
use nosmoke_domain::point::StandingCopy;
use nosmoke_domain::points::Sum;
use nosmoke_ports::{InsideRow, PenaltyRow, ReadProjections, StandingRow, StoreError, WriteProjections};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Column, Row, params};
use crate::words::{amount, from_text, limit, time, to_text, unsigned};

macro_rules! inside {
    ($rest:literal) => {
        concat!("SELECT visit_id, customer_id, area_id, since_ms FROM inside ", $rest)
    };
}

impl ReadProjections for Tx<'_> {
    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError> {
        self.db.row(
            "SELECT standing, outstanding, levels, changes, as_of_ms FROM standing WHERE customer_id = ?1",
            params![customer.0],
            |row| Ok(StandingRow { customer_id: customer, copy: standing_copy(row, 0)? }),
        )
    }

    fn not_allowed(&mut self, after: Option<CustomerId>, rows: usize) -> Result<Vec<StandingRow>, StoreError> {
        self.db.rows(
            "SELECT customer_id, standing, outstanding, levels, changes, as_of_ms FROM standing \
             WHERE standing <> 'ALLOWED' AND customer_id > coalesce(?1, x'') ORDER BY customer_id LIMIT ?2",
            params![after.map(|customer| customer.0), limit(rows)],
            |row| Ok(StandingRow { customer_id: CustomerId(row.id(0)?), copy: standing_copy(row, 1)? }),
        )
    }

    fn inside_of(&mut self, customer: CustomerId) -> Result<Vec<InsideRow>, StoreError> {
        self.db.rows(inside!("WHERE customer_id = ?1 ORDER BY since_ms, visit_id"), params![customer.0], inside_row)
    }

    fn inside(&mut self, area: Option<AreaId>) -> Result<Vec<InsideRow>, StoreError> {
        match area {
            Some(area) => {
                self.db.rows(inside!("WHERE area_id = ?1 ORDER BY since_ms, visit_id"), params![area.0], inside_row)
            }
            None => self.db.rows(inside!("ORDER BY since_ms, visit_id"), params![], inside_row),
        }
    }

    fn longest_inside(&mut self, area: AreaId, rows: usize) -> Result<Vec<InsideRow>, StoreError> {
        self.db.rows(
            inside!("WHERE area_id = ?1 ORDER BY since_ms, visit_id LIMIT ?2"),
            params![area.0, limit(rows)],
            inside_row,
        )
    }

    fn count_inside(&mut self, area: AreaId, except: Option<CustomerId>, upto: u32) -> Result<u32, StoreError> {
        let count = self.db.row(
            "SELECT count(*) FROM (SELECT 1 FROM inside WHERE area_id = ?1 AND customer_id IS NOT ?2 LIMIT ?3)",
            params![area.0, except.map(|customer| customer.0), i64::from(upto)],
            |row| Ok(row.int(0)),
        )?;
        u32::try_from(count.unwrap_or_default()).map_err(corrupt)
    }

    fn open_penalties(&mut self, customer: CustomerId) -> Result<Vec<PenaltyRow>, StoreError> {
        self.db.rows(
            "SELECT penalty_id, imposed_at_ms, code, points, outstanding, educated, area_id, imposed_change_seq \
             FROM open_penalty WHERE customer_id = ?1 ORDER BY imposed_at_ms DESC, penalty_id DESC",
            params![customer.0],
            |row| {
                Ok(PenaltyRow {
                    penalty_id: PenaltyId(row.id(0)?),
                    customer_id: customer,
                    imposed_at: time(row.int(1))?,
                    code: from_text(row.text(2)?)?,
                    points: unsigned(row.int(3))?,
                    outstanding: unsigned(row.int(4))?,
                    educated: row.bool(5),
                    area_id: row.optional(6, Column::id)?.map(AreaId),
                    imposed_change_seq: row.int(7),
                })
            },
        )
    }

    fn with_open_penalties(&mut self, after: Option<CustomerId>, rows: usize) -> Result<Vec<CustomerId>, StoreError> {
        self.db.rows(
            "SELECT DISTINCT customer_id FROM open_penalty WHERE customer_id > coalesce(?1, x'') \
             ORDER BY customer_id LIMIT ?2",
            params![after.map(|customer| customer.0), limit(rows)],
            |row| row.id(0).map(CustomerId),
        )
    }
}

impl WriteProjections for Tx<'_> {
    fn put_standing(&mut self, row: &StandingRow) -> Result<(), StoreError> {
        self.write(|tx| {
            let copy = &row.copy;
            tx.db.execute(
                "INSERT INTO standing (customer_id, standing, outstanding, levels, changes, as_of_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (customer_id) DO UPDATE SET standing = excluded.standing, \
                 outstanding = excluded.outstanding, levels = excluded.levels, changes = excluded.changes, \
                 as_of_ms = excluded.as_of_ms",
                params![
                    row.customer_id.0,
                    to_text(&copy.standing)?,
                    copy.outstanding.0.to_string(),
                    serde_json::to_string(&copy.levels).map_err(corrupt)?,
                    serde_json::to_string(&copy.changes).map_err(corrupt)?,
                    copy.as_of.timestamp_millis(),
                ],
            )?;
            Ok(())
        })
    }

    fn put_inside(&mut self, customer: CustomerId, rows: &[InsideRow]) -> Result<(), StoreError> {
        // A command has stored them already, unless several terminals contradict each other.
        let mut sorted: Vec<&InsideRow> = rows.iter().collect();
        sorted.sort_by_key(|row| (row.since, row.visit_id));
        if self.inside_of(customer)?.iter().eq(sorted) {
            return Ok(());
        }
        self.write(|tx| {
            tx.db.execute("DELETE FROM inside WHERE customer_id = ?1", params![customer.0])?;
            for row in rows {
                tx.db.execute(
                    "INSERT INTO inside (visit_id, customer_id, area_id, since_ms) VALUES (?1, ?2, ?3, ?4)",
                    params![row.visit_id.0, customer.0, row.area_id.0, row.since.timestamp_millis()],
                )?;
                tx.put_last_visit(customer, row.since, row.area_id)?;
            }
            Ok(())
        })
    }

    fn put_last_visit(&mut self, customer: CustomerId, at: DateTime<Utc>, area: AreaId) -> Result<(), StoreError> {
        self.write(|tx| {
            let at_ms = at.timestamp_millis();
            let later = tx.db.execute(
                "INSERT INTO last_visit (customer_id, at_ms, area_id) VALUES (?1, ?2, ?3) ON CONFLICT (customer_id) \
                 DO UPDATE SET at_ms = excluded.at_ms, area_id = excluded.area_id \
                 WHERE excluded.at_ms > last_visit.at_ms",
                params![customer.0, at_ms, area.0],
            )?;
            if later > 0 {
                tx.db.execute(
                    "UPDATE profile SET seen_at_ms = ?2 WHERE customer_id = ?1 AND seen_at_ms < ?2",
                    params![customer.0, at_ms],
                )?;
            }
            Ok(())
        })
    }

    fn put_penalty(&mut self, row: &PenaltyRow) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT OR REPLACE INTO open_penalty (penalty_id, customer_id, imposed_at_ms, code, points, \
                 outstanding, educated, area_id, imposed_change_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    row.penalty_id.0,
                    row.customer_id.0,
                    row.imposed_at.timestamp_millis(),
                    to_text(&row.code)?,
                    amount(row.points)?,
                    amount(row.outstanding)?,
                    row.educated,
                    row.area_id.map(|id| id.0),
                    row.imposed_change_seq,
                ],
            )?;
            Ok(())
        })
    }

    fn remove_penalty(&mut self, penalty: PenaltyId) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute("DELETE FROM open_penalty WHERE penalty_id = ?1", params![penalty.0])?;
            Ok(())
        })
    }
}

fn inside_row(row: &Row<'_>) -> Result<InsideRow, StoreError> {
    Ok(InsideRow {
        visit_id: VisitId(row.id(0)?),
        customer_id: CustomerId(row.id(1)?),
        area_id: AreaId(row.id(2)?),
        since: time(row.int(3))?,
    })
}

/// Reads a standing from five columns: standing, outstanding, levels, changes, as_of_ms.
pub(super) fn standing_copy(row: &Row<'_>, first: usize) -> Result<StandingCopy, StoreError> {
    Ok(StandingCopy {
        standing: from_text(row.text(first)?)?,
        outstanding: Sum(row.text(first + 1)?.parse().map_err(corrupt)?),
        levels: serde_json::from_str(row.text(first + 2)?).map_err(corrupt)?,
        changes: serde_json::from_str(row.text(first + 3)?).map_err(corrupt)?,
        as_of: time(row.int(first + 4))?,
    })
}
