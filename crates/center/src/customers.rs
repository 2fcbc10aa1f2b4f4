//! Customers' rows: locked before anything of a customer is read or written, and saved at the end of a batch.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::ids::{CustomerId, FacilityId, IncarnationId};
use nosmoke_domain::point::Account;
use nosmoke_mypage_postgres::corrupt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Error, Row};
use uuid::Uuid;

use crate::folding::Folded;

/// Joins the batches of a facility until the transaction ends, and returns the incarnations that have forked. See
/// [`lock_facility_alone_in_tx`].
pub(crate) async fn lock_facility_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
) -> Result<BTreeSet<IncarnationId>, Error> {
    sqlx::query("SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text, 1))")
        .bind(facility.0)
        .execute(&mut *tx)
        .await?;
    forked(tx, facility).await
}

async fn forked(reader: &mut PgConnection, facility: FacilityId) -> Result<BTreeSet<IncarnationId>, Error> {
    let forked: Vec<Uuid> = sqlx::query_scalar("SELECT incarnation FROM fork WHERE facility_id = $1")
        .bind(facility.0)
        .fetch_all(reader)
        .await?;
    Ok(forked.into_iter().map(IncarnationId).collect())
}

/// Waits until no batch of a facility runs, and lets none begin until the transaction ends.
pub(crate) async fn lock_facility_alone_in_tx(tx: &mut PgConnection, facility: FacilityId) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 1))")
        .bind(facility.0)
        .execute(tx)
        .await
        .map(drop)
}

/// Locks customers in the order of their ids, and returns their states. Rows that are missing are made.
pub(crate) async fn lock_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    customers: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, Folded>, Error> {
    let ids: Vec<Uuid> = customers.iter().map(|customer| customer.0).collect();
    sqlx::query(
        "INSERT INTO snapshot (facility_id, customer_id) SELECT $1, id FROM UNNEST($2::uuid[]) AS id \
         ON CONFLICT (facility_id, customer_id) DO NOTHING",
    )
    .bind(facility.0)
    .bind(&ids)
    .execute(&mut *tx)
    .await?;
    let rows = sqlx::query(
        "SELECT customer_id, visits, account, facts, collided FROM snapshot \
         WHERE facility_id = $1 AND customer_id = ANY($2) ORDER BY customer_id FOR UPDATE",
    )
    .bind(facility.0)
    .bind(&ids)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok((CustomerId(row.try_get("customer_id")?), folded(row)?))).collect()
}

/// Locks those of the customers that no other transaction has locked.
pub(crate) async fn lock_free_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    customers: &[Uuid],
) -> Result<BTreeSet<CustomerId>, Error> {
    let free: Vec<Uuid> = sqlx::query_scalar(
        "SELECT customer_id FROM snapshot WHERE facility_id = $1 AND customer_id = ANY($2) ORDER BY customer_id \
         FOR UPDATE SKIP LOCKED",
    )
    .bind(facility.0)
    .bind(customers)
    .fetch_all(tx)
    .await?;
    Ok(free.into_iter().map(CustomerId).collect())
}

/// Saves the states of customers that are locked.
pub(crate) async fn save_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    folded: &BTreeMap<CustomerId, Folded>,
) -> Result<(), Error> {
    fn json<S: Serialize>(state: &S) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(state).map_err(|error| Error::Encode(error.into()))
    }
    let visits: Vec<_> = folded.values().map(|it| json(&it.visits)).collect::<Result<_, _>>()?;
    let accounts: Vec<_> = folded.values().map(|it| json(&it.account)).collect::<Result<_, _>>()?;
    sqlx::query(
        "UPDATE snapshot SET visits = s.visits, account = s.account, facts = s.facts, collided = s.collided \
         FROM UNNEST($2::uuid[], $3::bytea[], $4::bytea[], $5::bigint[], $6::boolean[]) \
           AS s (customer_id, visits, account, facts, collided) \
         WHERE snapshot.facility_id = $1 AND snapshot.customer_id = s.customer_id",
    )
    .bind(facility.0)
    .bind(folded.keys().map(|customer| customer.0).collect::<Vec<_>>())
    .bind(visits)
    .bind(accounts)
    .bind(folded.values().map(|it| i64::try_from(it.facts).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .bind(folded.values().map(|it| it.collided).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map(drop)
}

/// Reads a customer's state; `None` if nothing is known of the customer.
pub(crate) async fn read(
    reader: &mut PgConnection,
    facility: FacilityId,
    customer: CustomerId,
) -> Result<Option<Folded>, Error> {
    let row = sqlx::query(
        "SELECT visits, account, facts, collided FROM snapshot WHERE facility_id = $1 AND customer_id = $2 AND facts > 0",
    )
    .bind(facility.0)
    .bind(customer.0)
    .fetch_optional(&mut *reader)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut folded = folded(&row)?;
    folded.account.forked = forked(reader, facility).await?;
    Ok(Some(folded))
}

fn folded(row: &PgRow) -> Result<Folded, Error> {
    fn state<S: Default + DeserializeOwned>(json: Option<&[u8]>) -> Result<S, Error> {
        json.map_or_else(|| Ok(S::default()), |json| serde_json::from_slice(json))
            .map_err(|error| corrupt(format!("a snapshot is unreadable: {error}")))
    }
    let (visits, account): (Visits, Account) = (state(row.try_get("visits")?)?, state(row.try_get("account")?)?);
    let facts: i64 = row.try_get("facts")?;
    let facts = u64::try_from(facts).map_err(|error| corrupt(error.to_string()))?;
    Ok(Folded { visits, account, facts, collided: row.try_get("collided")? })
}
