//! The rows of `mypage.db`.

use std::path::Path;

use nosmoke_ports::{DayKey, DaySum, EntryRow, HourKey, SumChanges, day_number};
use rusqlite::{Result, params};
use uuid::Uuid;

use super::bulk::Bulk;
use super::journal_file::{json, word};

/// 256 MiB: all its indexes are made at the end.
const CACHE_KIB: u32 = 1 << 18;

#[derive(Debug)]
pub(super) struct MypageFile {
    bulk: Bulk,
    sums: SumChanges,
}

impl MypageFile {
    pub(super) fn open(file: &Path) -> Result<Self> {
        Ok(Self { bulk: Bulk::open(file, CACHE_KIB)?, sums: SumChanges::default() })
    }

    pub(super) fn add(&mut self, lines: &[EntryRow]) -> Result<()> {
        let SumChanges { days, hours } = SumChanges::between(&[], lines);
        for (key, sum) in days {
            self.sums.days.entry(key).or_default().add(sum, 1);
        }
        for (key, ms) in hours {
            *self.sums.hours.entry(key).or_default() += ms;
        }
        lines.iter().try_for_each(|line| self.add_line(line))
    }

    fn add_line(&mut self, row: &EntryRow) -> Result<()> {
        self.bulk.put(
            "INSERT INTO entry (entry_id, customer_id, subject, kind, history, other_id, at_ms, started_at_ms, \
             ended_at_ms, area_id, status, points, penalty_points, code, ground, note_id, incarnation, staff_id, \
             accrued_after, entered_at_ms, decided) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            params![
                row.entry_id,
                row.customer_id.0,
                row.subject,
                row.kind.code(),
                row.kind.history().code(),
                row.other_id,
                row.at.timestamp_millis(),
                row.started_at.map(|at| at.timestamp_millis()),
                row.ended_at.map(|at| at.timestamp_millis()),
                row.area_id.map(|id| id.0),
                row.status,
                row.points,
                row.penalty_points,
                row.code.as_ref().map(word),
                row.ground.as_ref().map(word),
                row.note_id.map(|id| id.0),
                row.incarnation.0,
                row.recorder_id.0,
                row.accrued_after,
                row.entered_at.map(|at| at.timestamp_millis()),
                row.decided.as_ref().map(json),
            ],
        )
    }

    /// Adds the sums and the checkpoint, and makes the indexes.
    pub(super) fn end(mut self, last_change: i64) -> Result<()> {
        let SumChanges { days, hours } = std::mem::take(&mut self.sums);
        days.iter().filter(|(_, sum)| **sum != DaySum::default()).try_for_each(|(key, sum)| self.add_day(key, sum))?;
        for (HourKey { day, area_id, hour }, ms) in &hours {
            let sql = "INSERT INTO hour_presence (day, area_id, hour, inside_ms) VALUES (?1, ?2, ?3, ?4)";
            self.bulk.put(sql, params![day_number(*day), area_id.0, hour, ms])?;
        }
        self.bulk.put("UPDATE source SET checkpoint = ?1", params![last_change])?;
        self.bulk.end()
    }

    fn add_day(&mut self, key: &DayKey, sum: &DaySum) -> Result<()> {
        let halves = |sum: i128| {
            let upper = i64::try_from(sum >> 32).expect("a sum of small amounts");
            (upper, i64::try_from(sum & 0xffff_ffff).expect("32 bits"))
        };
        let (points, penalty_points) = (halves(sum.points), halves(sum.penalty_points));
        self.bulk.put(
            "INSERT INTO day_sum (day, kind, voided, area_id, code, ground, decided, incarnation, lines, with_points, \
             entered_afterwards, points_upper, points_lower, penalty_points_upper, penalty_points_lower) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                day_number(key.day),
                key.kind.code(),
                key.voided,
                key.area_id.map_or(Uuid::nil(), |area| area.0),
                key.code.as_ref().map(word).unwrap_or_default(),
                key.ground.as_ref().map(word).unwrap_or_default(),
                key.decided.as_ref().map(json).unwrap_or_default(),
                key.incarnation.0,
                sum.lines,
                sum.with_points,
                sum.entered_afterwards,
                points.0,
                points.1,
                penalty_points.0,
                penalty_points.1,
            ],
        )
    }
}
