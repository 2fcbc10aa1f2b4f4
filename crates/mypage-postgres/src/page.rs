//! Reads pages of entries, newest first. A page begins at a cursor (keyset pagination), so every page costs the same.

use nosmoke_domain::ids::{AreaId, CustomerId};
use nosmoke_ports::contract::{MypageCounts, MypageFilter};
use nosmoke_ports::{EntryRow, PageQuery};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::bounds::{end_ms, limit, start_ms};
use crate::row::{columns, corrupt, read_all};

pub(crate) async fn page(reader: &mut PgConnection, query: &PageQuery) -> Result<Vec<EntryRow>, Error> {
    // The end date and the cursor are combined into one upper bound, at which the page begins in the index. The nil id
    // sorts before every other.
    let end = (end_ms(query.until), Uuid::nil());
    let before = query.after.map_or(end, |after| end.min((after.at_ms, after.entry_id)));
    let all = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE customer_id = $1 AND at_ms >= $2 AND (at_ms, entry_id) < ($3, $4) \
         ORDER BY at_ms DESC, entry_id DESC LIMIT $5"
    );
    let one = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE customer_id = $1 AND at_ms >= $2 AND (at_ms, entry_id) < ($3, $4) AND history = $6 \
         ORDER BY at_ms DESC, entry_id DESC LIMIT $5"
    );
    let history = (query.filter != MypageFilter::All).then(|| query.filter.code());
    let asked = sqlx::query(if history.is_some() { one } else { all })
        .bind(query.customer_id.0)
        .bind(start_ms(query.from))
        .bind(before.0)
        .bind(before.1)
        .bind(limit(query.limit));
    let asked = match history {
        Some(history) => asked.bind(history),
        None => asked,
    };
    read_all(&asked.fetch_all(reader).await?)
}

pub(crate) async fn counts(
    reader: &mut PgConnection,
    customer: CustomerId,
    from: i64,
    until: i64,
) -> Result<MypageCounts, Error> {
    let rows: Vec<(i16, i64)> = sqlx::query_as(
        "SELECT history, count(*) FROM entry WHERE customer_id = $1 AND at_ms >= $2 AND at_ms < $3 GROUP BY history",
    )
    .bind(customer.0)
    .bind(from)
    .bind(until)
    .fetch_all(reader)
    .await?;
    let of = |filter: MypageFilter| {
        let count = rows.iter().find(|(history, _)| *history == filter.code()).map_or(0, |(_, count)| *count);
        u32::try_from(count).map_err(|error| corrupt(error.to_string()))
    };
    let (visits, payments) = (of(MypageFilter::Visits)?, of(MypageFilter::Payments)?);
    let penalties = of(MypageFilter::Penalties)?;
    Ok(MypageCounts { all: visits + payments + penalties, visits, payments, penalties })
}

/// Counts the visits since a time that weren't voided.
pub(crate) async fn visits_since(reader: &mut PgConnection, customer: CustomerId, since: i64) -> Result<u32, Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM entry WHERE customer_id = $1 AND started_at_ms >= $2 AND kind = 0 AND status <> 'VOIDED'",
    )
    .bind(customer.0)
    .bind(since)
    .fetch_one(reader)
    .await?;
    u32::try_from(count).map_err(|error| corrupt(error.to_string()))
}

pub(crate) async fn penalties_by_area(reader: &mut PgConnection, since: i64) -> Result<Vec<(AreaId, u32)>, Error> {
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT area_id, count(*) FROM entry \
         WHERE began_ms >= $1 AND kind = 4 AND status <> 'VOIDED' AND area_id IS NOT NULL \
         GROUP BY area_id ORDER BY count(*) DESC, area_id",
    )
    .bind(since)
    .fetch_all(reader)
    .await?;
    let count =
        |(area, count): (Uuid, i64)| Ok((AreaId(area), u32::try_from(count).map_err(|it| corrupt(it.to_string()))?));
    rows.into_iter().map(count).collect()
}
