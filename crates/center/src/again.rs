//! Customers who are folded again from all their facts: because an incarnation has forked, or because this program knows the
//! type of a fact that an older one didn't.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::{FACT_TYPES, FactType};
use nosmoke_domain::ids::{CustomerId, FacilityId};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Error};
use uuid::Uuid;

use crate::customers::{lock_facility_alone_in_tx, lock_facility_in_tx, lock_free_in_tx, save_in_tx};
use crate::facts::{all_in_tx, understand_in_tx};
use crate::folding::{Folded, all_lines};
use crate::lines::{Replaced, replace_in_tx};
use crate::links::link_in_tx;

/// The place in the sums of what folding again changes.
const NO_PLACE: i32 = 0;

/// Lists customers to be folded again.
pub(crate) async fn put_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    customers: &BTreeSet<CustomerId>,
) -> Result<(), Error> {
    if customers.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO again (facility_id, customer_id) SELECT $1, id FROM UNNEST($2::uuid[]) AS id \
         ON CONFLICT (facility_id, customer_id) DO NOTHING",
    )
    .bind(facility.0)
    .bind(customers.iter().map(|customer| customer.0).collect::<Vec<_>>())
    .execute(tx)
    .await
    .map(drop)
}

/// Lists the customers of one fork for whom that wasn't done yet. Returns false if there is none.
///
/// It waits until no batch of the facility runs: facts of batches before it are in the seats, and batches after it know the
/// fork and write off by themselves.
pub(crate) async fn list_fork(writer: &mut PgConnection) -> Result<bool, Error> {
    let mut tx = writer.begin().await?;
    let next: Option<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT facility_id, incarnation FROM fork WHERE NOT listed ORDER BY facility_id, incarnation LIMIT 1",
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some((facility, incarnation)) = next else { return Ok(false) };
    lock_facility_alone_in_tx(&mut tx, FacilityId(facility)).await?;
    sqlx::query(
        "INSERT INTO again (facility_id, customer_id) \
         SELECT DISTINCT facility_id, customer_id FROM seat WHERE facility_id = $1 AND incarnation = $2 \
         ORDER BY facility_id, customer_id \
         ON CONFLICT (facility_id, customer_id) DO NOTHING",
    )
    .bind(facility)
    .bind(incarnation)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE fork SET listed = true WHERE facility_id = $1 AND incarnation = $2")
        .bind(facility)
        .bind(incarnation)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Lists the customers who have facts of types that this program knows and an older one didn't.
pub(crate) async fn list_understood(writer: &mut PgConnection) -> Result<(), Error> {
    let known: Vec<&str> = FACT_TYPES.iter().map(|fact_type| FactType::name(*fact_type)).collect();
    sqlx::query(
        "INSERT INTO again (facility_id, customer_id) \
         SELECT DISTINCT facility_id, customer_id FROM waiting WHERE type = ANY($1) AND version = 1 \
         ORDER BY facility_id, customer_id \
         ON CONFLICT (facility_id, customer_id) DO NOTHING",
    )
    .bind(known)
    .execute(writer)
    .await
    .map(drop)
}

/// Folds some of the listed customers again, those that no other transaction has locked. Returns how many; 0 if none is listed
/// or free.
pub(crate) async fn fold(writer: &mut PgConnection, limit: i64) -> Result<usize, Error> {
    let mut tx = writer.begin().await?;
    let facility: Option<Uuid> = sqlx::query_scalar("SELECT facility_id FROM again ORDER BY facility_id LIMIT 1")
        .fetch_optional(&mut *tx)
        .await?;
    let Some(facility) = facility.map(FacilityId) else { return Ok(0) };
    let forked = lock_facility_in_tx(&mut tx, facility).await?;
    let listed: Vec<Uuid> =
        sqlx::query_scalar("SELECT customer_id FROM again WHERE facility_id = $1 ORDER BY customer_id LIMIT $2")
            .bind(facility.0)
            .bind(limit)
            .fetch_all(&mut *tx)
            .await?;
    let free = lock_free_in_tx(&mut tx, facility, &listed).await?;
    // Another instance may have folded some of them before this one locked them.
    let due: Vec<Uuid> =
        sqlx::query_scalar("DELETE FROM again WHERE facility_id = $1 AND customer_id = ANY($2) RETURNING customer_id")
            .bind(facility.0)
            .bind(free.iter().map(|customer| customer.0).collect::<Vec<_>>())
            .fetch_all(&mut *tx)
            .await?;
    let (mut folded, mut replaced) = (BTreeMap::new(), Replaced::default());
    for customer in due.into_iter().map(CustomerId) {
        understand_in_tx(&mut tx, facility, customer).await?;
        let facts = all_in_tx(&mut tx, facility, customer).await?;
        link_in_tx(&mut tx, facility, facts.iter().map(|recorded| &recorded.fact)).await?;
        replaced.rows.extend(all_lines(customer, &facts, &forked));
        replaced.customers.insert(customer);
        folded.insert(customer, Folded::whole(&facts));
    }
    replace_in_tx(&mut tx, facility, NO_PLACE, &replaced).await?;
    save_in_tx(&mut tx, facility, &folded).await?;
    tx.commit().await?;
    Ok(folded.len())
}
