//! The pairs of customers who have one card: terminals that were offline gave it to both.

use nosmoke_domain::fact::CaseAbout;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::StoreError;
use uuid::Uuid;

use crate::sqlite::{Connection, params};
use crate::words::limit;

/// The most customers with whom one customer is paired, so that a card that many have doesn't make a pair of each two.
const MOST_PAIRS: usize = 16;

/// Derives the pairs of a customer again, from the stored profiles. To be called after each change of a card.
pub(crate) fn derive(db: &mut Connection, customer: Uuid) -> Result<(), StoreError> {
    db.execute("DELETE FROM shared_card WHERE one = ?1", params![customer])?;
    db.execute("DELETE FROM shared_card WHERE other = ?1", params![customer])?;
    let others = db.rows(
        "SELECT other.customer_id FROM profile this JOIN profile other ON other.card_key = this.card_key \
         WHERE this.customer_id = ?1 AND this.erased = 0 AND this.card_key <> '' \
         AND other.customer_id <> ?1 AND other.erased = 0 AND other.card_key <> '' \
         ORDER BY other.registered_at_ms, other.customer_id LIMIT ?2",
        params![customer, limit(MOST_PAIRS)],
        |row| row.id(0),
    )?;
    for other in others {
        let (one, other) = (customer.min(other), customer.max(other));
        let about = CaseAbout::customers(CustomerId(one), CustomerId(other));
        db.execute(
            "INSERT INTO shared_card (one, other, about) VALUES (?1, ?2, ?3) ON CONFLICT (one, other) DO NOTHING",
            params![one, other, about.as_str()],
        )?;
    }
    Ok(())
}

/// See [`nosmoke_ports::ReadReview::shared_cards`]. One query, because there may be thousands of pairs: two terminals may
/// have imported one list.
pub(super) fn unsettled(
    db: &mut Connection,
    customer: Option<CustomerId>,
    rows: usize,
) -> Result<Vec<(CustomerId, CustomerId)>, StoreError> {
    db.rows(
        "SELECT one, other FROM shared_card s WHERE (?1 IS NULL OR one = ?1 OR other = ?1) \
         AND NOT EXISTS (SELECT 1 FROM fact WHERE type = 'CaseResolved' \
             AND json_extract(CAST(bytes AS TEXT), '$.payload.case.about') = s.about \
             AND json_extract(CAST(bytes AS TEXT), '$.payload.case.reason') = 'shared_card') \
         AND NOT EXISTS (SELECT 1 FROM fact l WHERE l.type = 'CustomersLinked' \
             AND (l.related = s.other AND l.customer_id = s.one OR l.related = s.one AND l.customer_id = s.other) \
             AND NOT EXISTS (SELECT 1 FROM fact p WHERE p.subject = l.subject AND p.type = 'CustomersParted')) \
         ORDER BY one, other LIMIT ?2",
        params![customer.map(|id| id.0), limit(rows)],
        |row| Ok((CustomerId(row.id(0)?), CustomerId(row.id(1)?))),
    )
}
