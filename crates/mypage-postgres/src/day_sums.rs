//! Keeps the sums that reports read beside the entries. They are unbounded numerics, so they are written as text.

use nosmoke_ports::{DayKey, DaySum, SumChanges, day_number};
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;
use sqlx::{Error, Postgres};
use uuid::Uuid;

use crate::row::{decided_text, to_text};

/// Adds changes to the sums, by two statements whatever their number.
pub(crate) async fn change_in_tx(tx: &mut PgConnection, changes: &SumChanges) -> Result<(), Error> {
    if !changes.days.is_empty() {
        add_days_in_tx(tx, changes).await?;
    }
    if changes.hours.is_empty() {
        return Ok(());
    }
    let hours = sqlx::query(
        "INSERT INTO hour_presence (day, area_id, hour, inside_ms) \
         SELECT * FROM UNNEST($1::integer[], $2::uuid[], $3::smallint[], $4::bigint[]) \
         ON CONFLICT (day, area_id, hour) DO UPDATE SET inside_ms = hour_presence.inside_ms + excluded.inside_ms",
    );
    bind_hours(hours, changes).execute(tx).await.map(drop)
}

async fn add_days_in_tx(tx: &mut PgConnection, changes: &SumChanges) -> Result<(), Error> {
    let days = sqlx::query(
        "INSERT INTO day_sum (day, kind, voided, area_id, code, ground, decided, incarnation, lines, with_points, \
           entered_afterwards, points, penalty_points) \
         SELECT a, b, c, d, e, f, g, h, i, j, k, l::numeric, m::numeric \
         FROM UNNEST($1::integer[], $2::smallint[], $3::boolean[], $4::uuid[], $5::text[], $6::text[], $7::text[], \
           $8::uuid[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[]) \
           AS changed (a, b, c, d, e, f, g, h, i, j, k, l, m) \
         ON CONFLICT (day, kind, voided, area_id, code, ground, decided, incarnation) DO UPDATE SET \
           lines = day_sum.lines + excluded.lines, with_points = day_sum.with_points + excluded.with_points, \
           entered_afterwards = day_sum.entered_afterwards + excluded.entered_afterwards, \
           points = day_sum.points + excluded.points, \
           penalty_points = day_sum.penalty_points + excluded.penalty_points",
    );
    bind_days(days, changes)?.execute(tx).await.map(drop)
}

/// A statement with its parameters.
pub type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Binds the changes of `hour_presence` as four arrays: `day`, `area_id`, `hour`, `inside_ms`.
pub fn bind_hours<'q>(statement: Statement<'q>, changes: &SumChanges) -> Statement<'q> {
    let hours = &changes.hours;
    statement
        .bind(hours.keys().map(|key| day_number(key.day)).collect::<Vec<_>>())
        .bind(hours.keys().map(|key| key.area_id.0).collect::<Vec<_>>())
        .bind(hours.keys().map(|key| i16::from(key.hour)).collect::<Vec<_>>())
        .bind(hours.values().copied().collect::<Vec<_>>())
}

/// Binds the changes of `day_sum` as 13 arrays, in the order of the table's columns; the last two are text.
///
/// # Errors
/// `Encode` if a word can't be written as text.
pub fn bind_days<'q>(statement: Statement<'q>, changes: &SumChanges) -> Result<Statement<'q>, Error> {
    let (keys, sums): (Vec<&DayKey>, Vec<&DaySum>) = changes.days.iter().unzip();
    fn each<K, T>(keys: &[&K], of: impl Fn(&K) -> T) -> Vec<T> {
        keys.iter().map(|key| of(key)).collect()
    }
    let words = |of: fn(&DayKey) -> Result<Option<String>, Error>| {
        keys.iter().map(|key| of(key).map(Option::unwrap_or_default)).collect::<Result<Vec<_>, _>>()
    };
    Ok(statement
        .bind(each(&keys, |key| day_number(key.day)))
        .bind(each(&keys, |key| key.kind.code()))
        .bind(each(&keys, |key| key.voided))
        .bind(each(&keys, |key| key.area_id.map_or(Uuid::nil(), |area| area.0)))
        .bind(words(|key| key.code.as_ref().map(to_text).transpose())?)
        .bind(words(|key| key.ground.as_ref().map(to_text).transpose())?)
        .bind(words(|key| decided_text(key.decided))?)
        .bind(each(&keys, |key| key.incarnation.0))
        .bind(each(&sums, |sum| sum.lines))
        .bind(each(&sums, |sum| sum.with_points))
        .bind(each(&sums, |sum| sum.entered_afterwards))
        .bind(each(&sums, |sum| sum.points.to_string()))
        .bind(each(&sums, |sum| sum.penalty_points.to_string())))
}
