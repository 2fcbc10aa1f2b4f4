//! Facts that arrived when this program didn't know their type yet.

use nosmoke_domain::fact::{Fact, decode_kept};
use nosmoke_ports::{ReadUnknown, StoreError, WriteUnknown};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, params};
use crate::words::unsigned;

impl ReadUnknown for Tx<'_> {
    fn not_understood(&mut self) -> Result<u64, StoreError> {
        let count = self.db.row("SELECT count(*) FROM not_understood", params![], |row| unsigned(row.int(0)))?;
        Ok(count.unwrap_or_default())
    }
}

impl WriteUnknown for Tx<'_> {
    /// Updates the rows of facts whose type is known now, and sets the checkpoints back before the first of them, in
    /// one transaction. Mypage's checkpoint in the journal is set back too; later it sets back the one in Mypage's own
    /// store. If only a word is known now, that concerns review alone. Costs two queries if all facts are known.
    fn understand(&mut self) -> Result<u64, StoreError> {
        self.write(|tx| {
            let unknown = tx.db.rows(
                "SELECT n.change_seq, f.bytes FROM not_understood n JOIN fact f ON f.change_seq = n.change_seq \
                 ORDER BY n.change_seq",
                params![],
                |row| {
                    let change_seq = row.int(0);
                    let fact = decode_kept(row.blob(1))
                        .map_err(|error| corrupt(format!("the fact of change {change_seq} is unreadable: {error}")))?;
                    Ok((change_seq, fact))
                },
            )?;
            understand_words(tx.db)?;
            let learnt: Vec<_> = unknown.into_iter().filter(|(_, fact)| fact.payload.fact_type().is_some()).collect();
            let Some((first, _)) = learnt.first() else { return Ok(0) };
            tx.db.execute("UPDATE checkpoint SET change_seq = min(change_seq, ?1)", params![first - 1])?;
            for (change_seq, fact) in &learnt {
                learn(tx.db, *change_seq, fact)?;
            }
            Ok(learnt.len() as u64)
        })
    }
}

/// Sets review's checkpoint back before the first fact with a word that is known now, so that its case is derived again.
fn understand_words(db: &mut Connection) -> Result<(), StoreError> {
    let first = db.rows(
        "SELECT f.change_seq, f.bytes FROM open_case c, json_each(c.facts) e \
         JOIN fact f ON f.event_id = unhex(replace(e.value, '-', '')) \
         WHERE c.reason = 'needs_update' AND f.change_seq NOT IN (SELECT change_seq FROM not_understood)",
        params![],
        |row| Ok(decode_kept(row.blob(1)).is_ok_and(|fact| !fact.payload.needs_update()).then(|| row.int(0))),
    )?;
    if let Some(first) = first.into_iter().flatten().min() {
        let sql = "UPDATE checkpoint SET change_seq = min(change_seq, ?1) WHERE worker = 'review'";
        db.execute(sql, params![first - 1])?;
    }
    Ok(())
}

/// Updates a fact's row. Earlier facts must have been updated before, because its novelty depends on their subjects.
fn learn(db: &mut Connection, change_seq: i64, fact: &Fact) -> Result<(), StoreError> {
    let (customer, subject) = (fact.customer_id.0, fact.subject());
    db.execute(
        "UPDATE fact SET subject = ?2, related = ?3, novelty = CASE \
         WHEN EXISTS (SELECT 1 FROM fact WHERE event_id = ?4 AND customer_id = ?5 AND change_seq < ?1) THEN 2 \
         WHEN EXISTS (SELECT 1 FROM fact WHERE subject = ?2 AND customer_id = ?5 AND change_seq < ?1) THEN 1 ELSE 0 \
         END WHERE change_seq = ?1",
        params![change_seq, subject, fact.also_about(), fact.event_id.0, customer],
    )?;
    // Until now, the first later fact about the same subject counted as new.
    db.execute(
        "UPDATE fact SET novelty = 1 WHERE subject = ?2 AND customer_id = ?3 AND change_seq > ?1 AND novelty = 0",
        params![change_seq, subject, customer],
    )?;
    db.execute("DELETE FROM snapshot WHERE customer_id = ?1", params![customer])?;
    db.execute("DELETE FROM not_understood WHERE change_seq = ?1", params![change_seq])?;
    Ok(())
}
