//! Facts: which are new, those about the same ids as new ones, and all of a customer.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::{Fact, Hash, Novelty, Payload, Recorded, Sealed, decode_kept};
use nosmoke_domain::ids::{CustomerId, EventId, FacilityId};
use nosmoke_mypage_postgres::corrupt;
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::copy::Rows;
use crate::folding::Part;
use crate::places::hash;

/// Returns the parts of the customers who have new facts, with what is stored about the same ids. All the customers are
/// locked.
pub(crate) async fn parts_in_tx<'a>(
    tx: &mut PgConnection,
    facility: FacilityId,
    facts: &[&'a Sealed],
) -> Result<(BTreeMap<CustomerId, Part>, Vec<&'a Sealed>), Error> {
    let events: BTreeSet<(Uuid, Uuid)> =
        facts.iter().map(|sealed| (sealed.fact.customer_id.0, sealed.fact.event_id.0)).collect();
    let (customers, event_ids): (Vec<Uuid>, Vec<Uuid>) = events.into_iter().unzip();
    let stored: Vec<(Uuid, Uuid, Vec<u8>)> = sqlx::query_as(
        "SELECT t.customer_id, t.event_id, f.hash FROM UNNEST($2::uuid[], $3::uuid[]) AS t (customer_id, event_id) \
         CROSS JOIN LATERAL (SELECT hash FROM fact WHERE facility_id = $1 AND customer_id = t.customer_id \
           AND event_id = t.event_id OFFSET 0) f",
    )
    .bind(facility.0)
    .bind(customers)
    .bind(event_ids)
    .fetch_all(&mut *tx)
    .await?;
    let mut known = BTreeSet::new();
    for (_, _, stored) in &stored {
        known.insert(hash(stored)?);
    }
    let new: Vec<&Sealed> = facts.iter().copied().filter(|sealed| known.insert(sealed.hash)).collect();
    let mut parts: BTreeMap<CustomerId, Part> = BTreeMap::new();
    for sealed in &new {
        parts.entry(sealed.fact.customer_id).or_default();
    }
    for (customer, event, _) in stored {
        if let Some(part) = parts.get_mut(&CustomerId(customer)) {
            part.add_event(EventId(event));
        }
    }
    for (customer, recorded) in about_in_tx(tx, facility, &new).await? {
        if let Some(part) = parts.get_mut(&customer) {
            part.add_stored(recorded);
        }
    }
    for sealed in &new {
        if let Some(part) = parts.get_mut(&sealed.fact.customer_id) {
            part.add_new(sealed.fact.clone(), sealed.hash);
        }
    }
    Ok((parts, new))
}

/// Reads the stored facts that have the subject, or the visit of an earning, of one of these facts.
async fn about_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    new: &[&Sealed],
) -> Result<Vec<(CustomerId, Recorded)>, Error> {
    let ids = |fact: &Fact| [fact.subject(), fact.related()].into_iter().flatten();
    let items: BTreeSet<(Uuid, Uuid)> =
        new.iter().flat_map(|sealed| ids(&sealed.fact).map(|item| (sealed.fact.customer_id.0, item))).collect();
    let (customers, items): (Vec<Uuid>, Vec<Uuid>) = items.into_iter().unzip();
    let rows: Vec<(Uuid, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT t.customer_id, f.hash, f.bytes FROM UNNEST($2::uuid[], $3::uuid[]) AS t (customer_id, item) \
         CROSS JOIN LATERAL (SELECT hash, bytes FROM fact WHERE facility_id = $1 AND customer_id = t.customer_id \
             AND subject = t.item \
           UNION ALL SELECT hash, bytes FROM fact WHERE facility_id = $1 AND customer_id = t.customer_id \
             AND related = t.item) f",
    )
    .bind(facility.0)
    .bind(customers)
    .bind(items)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|(customer, hash, bytes)| Ok((CustomerId(*customer), recorded(hash, bytes)?))).collect()
}

/// Adds facts that are new.
pub(crate) async fn add_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    new: &[&Sealed],
    received_at_ms: i64,
) -> Result<(), Error> {
    let (mut facts, mut waiting) = (Rows::new(9), Rows::new(6));
    for sealed in new {
        let fact = &sealed.fact;
        facts
            .row()
            .id(facility.0)
            .id(fact.customer_id.0)
            .id(fact.event_id.0)
            .bytes(&sealed.hash.0)
            .bytes(&sealed.previous.0)
            .id_or_null(fact.subject())
            .id_or_null(fact.related())
            .bigint(received_at_ms)
            .bytes(&sealed.bytes);
        if let Payload::Unknown { name, version } = &fact.payload {
            waiting
                .row()
                .id(facility.0)
                .id(fact.customer_id.0)
                .id(fact.event_id.0)
                .bytes(&sealed.hash.0)
                // PostgreSQL's texts can't have it, and no type of ours has.
                .text(&name.replace('\0', "\u{fffd}"))
                .integer(i32::try_from(*version).unwrap_or(i32::MAX));
        }
    }
    let copy = "COPY fact (facility_id, customer_id, event_id, hash, prev_hash, subject, related, received_at_ms, bytes) \
                FROM STDIN (FORMAT binary)";
    facts.send(tx, copy).await?;
    let copy = "COPY waiting (facility_id, customer_id, event_id, hash, type, version) FROM STDIN (FORMAT binary)";
    waiting.send(tx, copy).await
}

/// Reads all facts of a customer.
pub(crate) async fn all_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    customer: CustomerId,
) -> Result<Vec<Recorded>, Error> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT hash, bytes FROM fact WHERE facility_id = $1 AND customer_id = $2")
            .bind(facility.0)
            .bind(customer.0)
            .fetch_all(tx)
            .await?;
    rows.iter().map(|(hash, bytes)| recorded(hash, bytes)).collect()
}

/// Fills in what a customer's waiting facts are about, if this program knows their types, so that they wait no more.
pub(crate) async fn understand_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    customer: CustomerId,
) -> Result<(), Error> {
    let waiting: Vec<(Uuid, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT event_id, hash, bytes FROM waiting JOIN fact USING (facility_id, customer_id, event_id, hash) \
         WHERE facility_id = $1 AND customer_id = $2",
    )
    .bind(facility.0)
    .bind(customer.0)
    .fetch_all(&mut *tx)
    .await?;
    for (event_id, hash, bytes) in waiting {
        let Recorded { fact, .. } = recorded(&hash, &bytes)?;
        if fact.payload.fact_type().is_none() {
            continue;
        }
        let fill = "UPDATE fact SET subject = $5, related = $6 \
                    WHERE facility_id = $1 AND customer_id = $2 AND event_id = $3 AND hash = $4";
        let place =
            |sql: &'static str| sqlx::query(sql).bind(facility.0).bind(customer.0).bind(event_id).bind(hash.clone());
        place(fill).bind(fact.subject()).bind(fact.related()).execute(&mut *tx).await?;
        place("DELETE FROM waiting WHERE facility_id = $1 AND customer_id = $2 AND event_id = $3 AND hash = $4")
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

fn recorded(stored: &[u8], bytes: &[u8]) -> Result<Recorded, Error> {
    let hash: Hash = hash(stored)?;
    let fact =
        decode_kept(bytes).map_err(|error| corrupt(format!("the fact with the hash {hash} is unreadable: {error}")))?;
    // It was folded before, or all facts are folded: neither asks for its novelty.
    Ok(Recorded { fact, hash, novelty: Novelty::Whole })
}
