//! The places of reading: one row for each partition of a topic, which fences batches of instances that lost the partition.

use nosmoke_domain::fact::Hash;
use nosmoke_mypage_postgres::corrupt;
use sqlx::Error;
use sqlx::postgres::PgConnection;

/// A partition that this instance has taken over, as of its last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Names the partition in the sums.
    pub place_id: i32,
    /// This instance's; a higher one in the database fences it.
    pub epoch: i64,
    /// The next offset to read.
    pub next: i64,
    /// The hash of the value of the last message read.
    pub last: Option<Hash>,
}

type Row = (i32, i64, i64, Option<Vec<u8>>);

/// Takes a partition of a topic over: whoever had it can commit no further batch.
pub(crate) async fn take_over(
    writer: &mut PgConnection,
    (topic, number): (&str, i32),
    owner: &str,
) -> Result<Place, Error> {
    sqlx::query("INSERT INTO position (topic, number) VALUES ($1, $2) ON CONFLICT (topic, number) DO NOTHING")
        .bind(topic)
        .bind(number)
        .execute(&mut *writer)
        .await?;
    let row: Row = sqlx::query_as(
        "UPDATE position SET epoch = epoch + 1, owner = $3 WHERE topic = $1 AND number = $2 \
         RETURNING place_id, epoch, next, last",
    )
    .bind(topic)
    .bind(number)
    .bind(owner)
    .fetch_one(writer)
    .await?;
    let (place_id, epoch, next, last) = row;
    Ok(Place { place_id, epoch, next, last: last.as_deref().map(hash).transpose()? })
}

/// Moves a place. Returns false if another instance has taken it over, or a newer one has migrated the schema.
pub(crate) async fn move_in_tx(
    tx: &mut PgConnection,
    place: &Place,
    (next, last): (i64, Option<Hash>),
    version: i64,
) -> Result<bool, Error> {
    let moved = sqlx::query(
        "UPDATE position SET next = $4, last = $5, moved_at = now() WHERE place_id = $1 AND epoch = $2 AND next = $3 \
         AND NOT EXISTS (SELECT FROM _sqlx_migrations WHERE version > $6)",
    )
    .bind(place.place_id)
    .bind(place.epoch)
    .bind(place.next)
    .bind(next)
    .bind(last.map(|hash| hash.0.to_vec()))
    .bind(version)
    .execute(tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Returns the newest migration of the schema.
pub(crate) async fn newest_migration(reader: &mut PgConnection) -> Result<i64, Error> {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(reader).await
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map(Hash).map_err(|_| corrupt(format!("a hash has {} bytes", bytes.len())))
}
