//! Sums of lines by day, and numbers and digests of facts. Each row belongs to a place, so instances don't wait for each other;
//! they are added up when they are read.

use nosmoke_domain::fact::{Hash, Sealed};
use nosmoke_domain::ids::{AreaId, FacilityId};
use nosmoke_mypage_postgres::{bind_days, bind_hours, corrupt, read_day_sum};
use nosmoke_ports::{DaySum, Digest, HourKey, SumChanges, day_from_number};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::places::hash;

/// Adds the changes to the sums of a place.
pub(crate) async fn change_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    place_id: i32,
    changes: &SumChanges,
) -> Result<(), Error> {
    if !changes.days.is_empty() {
        let days = sqlx::query(
            "INSERT INTO day_sum (facility_id, place_id, day, kind, voided, area_id, code, ground, decided, incarnation, \
               lines, with_points, entered_afterwards, points, penalty_points) \
             SELECT $1, $2, a, b, c, d, e, f, g, h, i, j, k, l::numeric, m::numeric \
             FROM UNNEST($3::integer[], $4::smallint[], $5::boolean[], $6::uuid[], $7::text[], $8::text[], $9::text[], \
               $10::uuid[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::text[]) \
               AS changed (a, b, c, d, e, f, g, h, i, j, k, l, m) \
             ON CONFLICT (facility_id, day, kind, voided, area_id, code, ground, decided, incarnation, place_id) \
             DO UPDATE SET lines = day_sum.lines + excluded.lines, \
               with_points = day_sum.with_points + excluded.with_points, \
               entered_afterwards = day_sum.entered_afterwards + excluded.entered_afterwards, \
               points = day_sum.points + excluded.points, \
               penalty_points = day_sum.penalty_points + excluded.penalty_points",
        );
        bind_days(days.bind(facility.0).bind(place_id), changes)?.execute(&mut *tx).await?;
    }
    if !changes.hours.is_empty() {
        let hours = sqlx::query(
            "INSERT INTO hour_presence (facility_id, place_id, day, area_id, hour, inside_ms) \
             SELECT $1, $2, h.* FROM UNNEST($3::integer[], $4::uuid[], $5::smallint[], $6::bigint[]) AS h \
             ON CONFLICT (facility_id, day, area_id, hour, place_id) \
             DO UPDATE SET inside_ms = hour_presence.inside_ms + excluded.inside_ms",
        );
        bind_hours(hours.bind(facility.0).bind(place_id), changes).execute(tx).await?;
    }
    Ok(())
}

/// Adds the facts to the tally of the place. Only batches of this place write its row.
pub(crate) async fn count_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    place_id: i32,
    new: &[&Sealed],
) -> Result<(), Error> {
    let stored: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT digest FROM tally WHERE facility_id = $1 AND place_id = $2")
            .bind(facility.0)
            .bind(place_id)
            .fetch_optional(&mut *tx)
            .await?;
    let mut digest = Digest(stored.as_deref().map_or(Ok(Hash::ZERO), hash)?.0);
    new.iter().for_each(|sealed| digest.add(sealed.hash));
    sqlx::query(
        "INSERT INTO tally (facility_id, place_id, facts, digest) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (facility_id, place_id) DO UPDATE SET facts = tally.facts + excluded.facts, \
           digest = excluded.digest",
    )
    .bind(facility.0)
    .bind(place_id)
    .bind(i64::try_from(new.len()).unwrap_or(i64::MAX))
    .bind(digest.0.to_vec())
    .execute(tx)
    .await
    .map(drop)
}

/// Reads the sums of a facility, without those that are 0.
pub(crate) async fn read(reader: &mut PgConnection, facility: FacilityId) -> Result<SumChanges, Error> {
    let days = sqlx::query(
        "SELECT day, kind, voided, area_id, code, ground, decided, incarnation, sum(lines)::bigint AS lines, \
           sum(with_points)::bigint AS with_points, sum(entered_afterwards)::bigint AS entered_afterwards, \
           sum(points)::text AS points, sum(penalty_points)::text AS penalty_points \
         FROM day_sum WHERE facility_id = $1 \
         GROUP BY day, kind, voided, area_id, code, ground, decided, incarnation",
    )
    .bind(facility.0)
    .fetch_all(&mut *reader)
    .await?;
    let hours: Vec<(i32, Uuid, i16, i64)> = sqlx::query_as(
        "SELECT day, area_id, hour, sum(inside_ms)::bigint FROM hour_presence WHERE facility_id = $1 \
         GROUP BY day, area_id, hour",
    )
    .bind(facility.0)
    .fetch_all(reader)
    .await?;
    let mut sums =
        SumChanges { days: days.iter().map(read_day_sum).collect::<Result<_, _>>()?, ..SumChanges::default() };
    for (number, area, hour, ms) in hours {
        let day = day_from_number(number).ok_or_else(|| corrupt(format!("{number} isn't a day")))?;
        let hour = u8::try_from(hour).map_err(|error| corrupt(error.to_string()))?;
        sums.hours.insert(HourKey { day, area_id: AreaId(area), hour }, ms);
    }
    sums.days.retain(|_, sum| *sum != DaySum::default());
    sums.hours.retain(|_, ms| *ms != 0);
    Ok(sums)
}

/// Reads the number and the digest of a facility's facts.
pub(crate) async fn tally(reader: &mut PgConnection, facility: FacilityId) -> Result<(u64, Digest), Error> {
    let places: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT facts, digest FROM tally WHERE facility_id = $1")
        .bind(facility.0)
        .fetch_all(reader)
        .await?;
    let (mut total, mut sum) = (0, Digest::default());
    for (facts, digest) in places {
        total += u64::try_from(facts).map_err(|error| corrupt(error.to_string()))?;
        sum.add(hash(&digest)?);
    }
    Ok((total, sum))
}
