//! The closes of days at this terminal.

use chrono::NaiveDate;
use nosmoke_domain::ids::RecorderId;
use nosmoke_ports::{DayCloseRow, ReadDayCloses, StoreError, WriteDayCloses};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::params;
use crate::words::time;

impl ReadDayCloses for Tx<'_> {
    fn day_closes(&mut self, day: NaiveDate) -> Result<Vec<DayCloseRow>, StoreError> {
        let sql = "SELECT number, closed_at_ms, recorder_id, last_change, report FROM day_close WHERE day = ?1 \
                   ORDER BY number DESC";
        self.db.rows(sql, params![day.to_string()], |row| {
            Ok(DayCloseRow {
                day,
                number: u32::try_from(row.int(0)).map_err(corrupt)?,
                closed_at: time(row.int(1))?,
                recorder_id: RecorderId(row.id(2)?),
                last_change: row.int(3),
                report: serde_json::from_str(row.text(4)?).map_err(corrupt)?,
            })
        })
    }
}

impl WriteDayCloses for Tx<'_> {
    fn add_day_close(&mut self, close: &DayCloseRow) -> Result<(), StoreError> {
        let report = serde_json::to_string(&close.report).map_err(corrupt)?;
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO day_close (day, number, closed_at_ms, recorder_id, last_change, report) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    close.day.to_string(),
                    close.number,
                    close.closed_at.timestamp_millis(),
                    close.recorder_id.0,
                    close.last_change,
                    report
                ],
            )?;
            Ok(())
        })
    }
}
