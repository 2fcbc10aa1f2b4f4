//! Links of two ids of one person. Whether a link counts depends on facts under either id, so it is worked out when it is read.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::{CustomerId, FacilityId};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Adds the links and partings that facts record.
pub(crate) async fn link_in_tx<'a>(
    tx: &mut PgConnection,
    facility: FacilityId,
    facts: impl Iterator<Item = &'a Fact>,
) -> Result<(), Error> {
    let link = |fact: &Fact| match &fact.payload {
        Payload::CustomersLinked(p) => Some((fact.customer_id.0, p.link_id.0, p.other_id.0)),
        Payload::CustomersParted(p) => Some((fact.customer_id.0, p.link_id.0, Uuid::nil())),
        _ => None,
    };
    let links: BTreeSet<(Uuid, Uuid, Uuid)> = facts.filter_map(link).collect();
    if links.is_empty() {
        return Ok(());
    }
    let (mut customers, mut ids, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (customer, id, other) in links {
        customers.push(customer);
        ids.push(id);
        others.push(other);
    }
    sqlx::query(
        "INSERT INTO link (facility_id, customer_id, link_id, other_id) \
         SELECT $1, l.* FROM UNNEST($2::uuid[], $3::uuid[], $4::uuid[]) AS l \
         ON CONFLICT (facility_id, customer_id, link_id, other_id) DO NOTHING",
    )
    .bind(facility.0)
    .bind(customers)
    .bind(ids)
    .bind(others)
    .execute(tx)
    .await
    .map(drop)
}

/// Returns the ids of the person to whom a customer's id belongs: those linked with it, directly or through others, and its own.
/// A link counts if either id has it and neither has its parting.
pub(crate) async fn person(
    reader: &mut PgConnection,
    facility: FacilityId,
    customer: CustomerId,
) -> Result<BTreeSet<CustomerId>, Error> {
    // UNION drops repeated ids, so the recursion ends.
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "WITH RECURSIVE person (id) AS ( \
           SELECT $2::uuid UNION \
           SELECT CASE WHEN link.customer_id = person.id THEN link.other_id ELSE link.customer_id END \
           FROM person JOIN link ON link.facility_id = $1 AND link.other_id <> $3 \
             AND (link.customer_id = person.id OR link.other_id = person.id) \
           WHERE NOT EXISTS (SELECT FROM link AS parting WHERE parting.facility_id = $1 \
             AND parting.link_id = link.link_id AND parting.other_id = $3)) \
         SELECT id FROM person",
    )
    .bind(facility.0)
    .bind(customer.0)
    .bind(Uuid::nil())
    .fetch_all(reader)
    .await?;
    Ok(ids.into_iter().map(CustomerId).collect())
}
