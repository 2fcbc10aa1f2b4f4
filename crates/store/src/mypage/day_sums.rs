//! Keeps the sums that reports read beside the entries.

use nosmoke_ports::{DayKey, DaySum, EntryRow, HourKey, StoreError, SumChanges, day_number};
use uuid::Uuid;

use super::row::decided_text;
use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words::to_text;

/// Brings the sums from those of the removed lines to those of the added ones.
pub(super) fn change_in_tx(db: &mut Connection, removed: &[EntryRow], added: &[EntryRow]) -> Result<(), StoreError> {
    let changes = SumChanges::between(removed, added);
    for (key, sum) in &changes.days {
        add_day_in_tx(db, key, sum)?;
    }
    for (HourKey { day, area_id, hour }, ms) in &changes.hours {
        db.execute(
            "INSERT INTO hour_presence (day, area_id, hour, inside_ms) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET inside_ms = inside_ms + excluded.inside_ms",
            params![i64::from(day_number(*day)), area_id.0, i64::from(*hour), *ms],
        )?;
    }
    Ok(())
}

fn add_day_in_tx(db: &mut Connection, key: &DayKey, sum: &DaySum) -> Result<(), StoreError> {
    let halves = |sum: i128| {
        let upper = i64::try_from(sum >> 32).map_err(corrupt)?;
        Ok::<_, StoreError>((upper, i64::try_from(sum & 0xffff_ffff).map_err(corrupt)?))
    };
    let (points, penalty_points) = (halves(sum.points)?, halves(sum.penalty_points)?);
    db.execute(
        "INSERT INTO day_sum (day, kind, voided, area_id, code, ground, decided, incarnation, lines, with_points, \
           entered_afterwards, points_upper, points_lower, penalty_points_upper, penalty_points_lower) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
         ON CONFLICT DO UPDATE SET lines = lines + excluded.lines, with_points = with_points + excluded.with_points, \
           entered_afterwards = entered_afterwards + excluded.entered_afterwards, \
           points_upper = points_upper + excluded.points_upper, points_lower = points_lower + excluded.points_lower, \
           penalty_points_upper = penalty_points_upper + excluded.penalty_points_upper, \
           penalty_points_lower = penalty_points_lower + excluded.penalty_points_lower",
        params![
            i64::from(day_number(key.day)),
            i64::from(key.kind.code()),
            key.voided,
            key.area_id.map_or(Uuid::nil(), |area| area.0),
            key.code.as_ref().map(to_text).transpose()?.unwrap_or_default(),
            key.ground.as_ref().map(to_text).transpose()?.unwrap_or_default(),
            decided_text(key.decided)?.unwrap_or_default(),
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
    .map(|_| ())
}

pub(super) fn clear_in_tx(db: &mut Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM day_sum", params![])?;
    db.execute("DELETE FROM hour_presence", params![]).map(|_| ())
}
