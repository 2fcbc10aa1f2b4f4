//! The facts of each customer that no other known fact names in its `after`: the next one recorded here will name them.

use nosmoke_domain::fact::{Fact, MAX_AFTER};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_ports::StoreError;

use crate::sqlite::{Connection, params};
use crate::words::limit;

/// Returns the newest of a customer's facts that no known fact names, in the order of their ids. If there are more than
/// a fact may name, the older ones wait for a later fact.
pub(super) fn newest(db: &mut Connection, customer: CustomerId) -> Result<Vec<EventId>, StoreError> {
    let sql = "SELECT event_id FROM tip WHERE customer_id = ?1 AND awaited = 0 ORDER BY event_id DESC LIMIT ?2";
    let mut tips = db.rows(sql, params![customer.0, limit(MAX_AFTER)], |row| row.id(0).map(EventId))?;
    tips.reverse();
    Ok(tips)
}

/// Whether a fact is the customer's only tip, and none is awaited.
pub(super) fn is_only(db: &mut Connection, customer: CustomerId, event_id: EventId) -> Result<bool, StoreError> {
    let sql = "SELECT event_id, awaited FROM tip WHERE customer_id = ?1 LIMIT 2";
    let tips = db.rows(sql, params![customer.0], |row| Ok((row.id(0).map(EventId)?, row.bool(1))))?;
    Ok(tips == [(event_id, false)])
}

/// Updates the tips for a fact that was added to the journal. Facts arrive in any order, so one that is named before it
/// arrives is remembered as awaited, and is no tip when it does.
pub(super) fn add(db: &mut Connection, fact: &Fact) -> Result<(), StoreError> {
    let customer = fact.customer_id.0;
    for named in &fact.after {
        let sql = "DELETE FROM tip WHERE customer_id = ?1 AND event_id = ?2 AND awaited = 0";
        if db.execute(sql, params![customer, named.0])? == 0 {
            db.execute(
                "INSERT INTO tip (customer_id, event_id, awaited) SELECT ?1, ?2, 1 \
                 WHERE NOT EXISTS (SELECT 1 FROM fact WHERE event_id = ?2 AND customer_id = ?1) \
                 ON CONFLICT (customer_id, event_id) DO NOTHING",
                params![customer, named.0],
            )?;
        }
    }
    let (here, sql) = (fact.event_id.0, "DELETE FROM tip WHERE customer_id = ?1 AND event_id = ?2 AND awaited = 1");
    if db.execute(sql, params![customer, here])? == 0 {
        db.execute(
            "INSERT INTO tip (customer_id, event_id, awaited) VALUES (?1, ?2, 0) \
             ON CONFLICT (customer_id, event_id) DO NOTHING",
            params![customer, here],
        )?;
    }
    Ok(())
}
