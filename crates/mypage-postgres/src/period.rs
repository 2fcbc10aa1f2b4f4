//! Reads the sums of a period, and its customers with the most. Sums are unbounded numerics, so they are read as text.

use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::TopBy;
use nosmoke_ports::{CustomerSums, DayKey, DaySum, PeriodQuery, PeriodRows, day_from_number, day_number};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Error, Row};
use uuid::Uuid;

use crate::apply::checkpoint;
use crate::bounds::limit;
use crate::row::{corrupt, decided_of, kind, word_of};
use crate::sums::whole;

/// Reads the figures of some days, all from one state.
pub(crate) async fn period(reader: &mut PgConnection, query: &PeriodQuery) -> Result<PeriodRows, Error> {
    sqlx::query("SET statement_timeout = '60s'").execute(&mut *reader).await?;
    let mut tx = reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let (from, until) = (day_number(query.from), day_number(query.until));
    let days = sqlx::query(
        "SELECT day, kind, voided, area_id, code, ground, decided, incarnation, lines, with_points, \
           entered_afterwards, points::text AS points, penalty_points::text AS penalty_points \
         FROM day_sum WHERE day >= $1 AND day < $2",
    )
    .bind(from)
    .bind(until)
    .fetch_all(&mut *tx)
    .await?;
    let days: Vec<_> = days.iter().map(read_day_sum).collect::<Result<_, _>>()?;
    let hours: Vec<(Uuid, i16, i64)> = sqlx::query_as(
        "SELECT area_id, hour, sum(inside_ms)::bigint FROM hour_presence WHERE day >= $1 AND day < $2 \
         GROUP BY area_id, hour HAVING sum(inside_ms) <> 0",
    )
    .bind(from)
    .bind(until)
    .fetch_all(&mut *tx)
    .await?;
    let hour = |(area, hour, ms): (Uuid, i16, i64)| {
        let hour = u8::try_from(hour).map_err(|error| corrupt(error.to_string()))?;
        Ok::<_, Error>(((AreaId(area), hour), ms))
    };
    let rows = PeriodRows {
        days: days.into_iter().filter(|(_, sum)| *sum != DaySum::default()).collect(),
        hours: hours.into_iter().map(hour).collect::<Result<_, Error>>()?,
        top: top(&mut tx, query).await?,
        checkpoint: checkpoint(&mut tx).await?,
    };
    tx.rollback().await?;
    sqlx::query("RESET statement_timeout").execute(reader).await?;
    Ok(rows)
}

/// Reads a sum from the columns of the table `day_sum`; points and penalty points are text.
///
/// # Errors
/// `Decode` or `ColumnDecode` if a column isn't as this program writes it.
pub fn read_day_sum(row: &PgRow) -> Result<(DayKey, DaySum), Error> {
    let (area, number): (Uuid, i32) = (row.try_get("area_id")?, row.try_get("day")?);
    let key = DayKey {
        day: day_from_number(number).ok_or_else(|| corrupt(format!("{number} isn't a day")))?,
        kind: kind(row.try_get("kind")?)?,
        voided: row.try_get("voided")?,
        area_id: (!area.is_nil()).then_some(AreaId(area)),
        code: word_of(row.try_get("code")?)?,
        ground: word_of(row.try_get("ground")?)?,
        decided: decided_of(row.try_get("decided")?)?,
        incarnation: IncarnationId(row.try_get("incarnation")?),
    };
    let sum = DaySum {
        lines: row.try_get("lines")?,
        with_points: row.try_get("with_points")?,
        entered_afterwards: row.try_get("entered_afterwards")?,
        points: whole(row.try_get("points")?)?,
        penalty_points: whole(row.try_get("penalty_points")?)?,
    };
    Ok((key, sum))
}

/// Returns the customers with the most.
async fn top(reader: &mut PgConnection, query: &PeriodQuery) -> Result<Vec<CustomerSums>, Error> {
    let (from, until) = query.range();
    let by = match query.top_by {
        TopBy::Visits => "visits",
        TopBy::Earned => "earned",
        TopBy::Paid => "paid",
        TopBy::PenaltyPoints => "penalty_points",
    };
    // Only constants are put into the statement. Without its table the name would be that of the text.
    let asked = format!(
        "SELECT customer_id, visits::text, earned::text, paid::text, penalty_points::text FROM (SELECT customer_id, \
           count(*) FILTER (WHERE kind = 0 AND status <> 'VOIDED') AS visits, \
           coalesce(sum(points) FILTER (WHERE kind = 0), 0) AS earned, \
           -coalesce(sum(points) FILTER (WHERE kind IN (1, 2)), 0) AS paid, \
           coalesce(sum(penalty_points) FILTER (WHERE kind IN (4, 6)), 0) AS penalty_points \
         FROM entry WHERE at_ms >= $1 AND at_ms < $2 GROUP BY customer_id) AS customers \
         WHERE {by} > 0 ORDER BY customers.{by} DESC, customer_id LIMIT $3"
    );
    let rows: Vec<(Uuid, String, String, String, String)> = sqlx::query_as(AssertSqlSafe(asked))
        .bind(from.timestamp_millis())
        .bind(until.timestamp_millis())
        .bind(limit(query.top))
        .fetch_all(reader)
        .await?;
    let customer = |(id, visits, earned, paid, penalty_points): (Uuid, String, String, String, String)| {
        Ok(CustomerSums {
            customer_id: CustomerId(id),
            visits: to_i64(whole(&visits)?),
            earned: to_i64(whole(&earned)?),
            paid: to_i64(whole(&paid)?),
            penalty_points: to_i64(whole(&penalty_points)?),
        })
    };
    rows.into_iter().map(customer).collect()
}
