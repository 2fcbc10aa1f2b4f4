//! Seats of incarnations' facts, and forks: two facts with one seq of an incarnation.

use std::collections::BTreeSet;

use nosmoke_domain::fact::Sealed;
use nosmoke_domain::ids::{FacilityId, IncarnationId};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Seats new facts. Notes forks, and returns the incarnations that have forked by these facts. A batch that seats another fact
/// at the same seat waits here for this one, and then finds its fact there.
pub(crate) async fn take_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    new: &[&Sealed],
) -> Result<BTreeSet<IncarnationId>, Error> {
    let mut seats: Vec<(Uuid, i64, Vec<u8>, Uuid)> = new
        .iter()
        .map(|sealed| {
            let fact = &sealed.fact;
            let seq = i64::try_from(fact.seq).unwrap_or(i64::MAX);
            (fact.origin.incarnation.0, seq, sealed.hash.0.to_vec(), fact.customer_id.0)
        })
        .collect();
    seats.sort_unstable();
    let (mut incarnations, mut seqs) = (Vec::new(), Vec::new());
    let (mut hashes, mut customers) = (Vec::new(), Vec::new());
    for (incarnation, seq, hash, customer) in seats {
        incarnations.push(incarnation);
        seqs.push(seq);
        hashes.push(hash);
        customers.push(customer);
    }
    let taken = sqlx::query(
        "INSERT INTO seat (facility_id, incarnation, seq, hash, customer_id) \
         SELECT $1, s.* FROM UNNEST($2::uuid[], $3::bigint[], $4::bytea[], $5::uuid[]) AS s \
         ON CONFLICT (facility_id, incarnation, seq) DO NOTHING",
    )
    .bind(facility.0)
    .bind(&incarnations)
    .bind(&seqs)
    .bind(&hashes)
    .bind(customers)
    .execute(&mut *tx)
    .await?;
    if taken.rows_affected() == new.len() as u64 {
        return Ok(BTreeSet::new());
    }
    let forked: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT n.incarnation FROM UNNEST($2::uuid[], $3::bigint[], $4::bytea[]) AS n (incarnation, seq, hash) \
         JOIN seat ON seat.facility_id = $1 AND seat.incarnation = n.incarnation AND seat.seq = n.seq \
         WHERE seat.hash <> n.hash ORDER BY n.incarnation",
    )
    .bind(facility.0)
    .bind(&incarnations)
    .bind(&seqs)
    .bind(&hashes)
    .fetch_all(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO fork (facility_id, incarnation) SELECT $1, id FROM UNNEST($2::uuid[]) AS id \
         ON CONFLICT (facility_id, incarnation) DO NOTHING",
    )
    .bind(facility.0)
    .bind(&forked)
    .execute(tx)
    .await?;
    Ok(forked.into_iter().map(IncarnationId).collect())
}
