//! Facts that came before their type was known, and count from the program that knows it.

use nosmoke_domain::fact::{Fact, decode_kept};
use nosmoke_ports::{ReadUnknown, StoreError, WriteUnknown};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::raw::{Raw, binds};
use crate::words::unsigned;

impl ReadUnknown for Tx<'_, '_> {
    fn not_understood(&mut self) -> Result<u64, StoreError> {
        let count = self.raw.row("SELECT count(*) FROM not_understood", binds![], |row| unsigned(row.int(0)))?;
        Ok(count.unwrap_or_default())
    }
}

impl WriteUnknown for Tx<'_, '_> {
    /// One look where nothing waits. Checkpoints go back in the same transaction, also the bound of the customer
    /// center's, which has a store of its own.
    fn understand(&mut self) -> Result<u64, StoreError> {
        self.write(|tx| {
            let waiting = tx.raw.rows(
                "SELECT n.change_seq, f.bytes FROM not_understood n JOIN fact f ON f.change_seq = n.change_seq \
                 ORDER BY n.change_seq",
                binds![],
                |row| {
                    let change_seq = row.int(0);
                    let fact =
                        decode_kept(row.blob(1)).map_err(|error| corrupt(format!("change {change_seq}: {error}")))?;
                    Ok((change_seq, fact))
                },
            )?;
            let learnt: Vec<_> = waiting.into_iter().filter(|(_, fact)| fact.payload.fact_type().is_some()).collect();
            let Some((first, _)) = learnt.first() else { return Ok(0) };
            tx.raw.execute("UPDATE checkpoint SET change_seq = min(change_seq, ?1)", binds![first - 1])?;
            for (change_seq, fact) in &learnt {
                learn(tx.raw, *change_seq, fact)?;
            }
            Ok(learnt.len() as u64)
        })
    }
}

/// In the feed's order, so that those before it have their subjects.
fn learn(raw: &mut Raw<'_>, change_seq: i64, fact: &Fact) -> Result<(), StoreError> {
    let (customer, subject) = (fact.customer_id.0, fact.subject());
    raw.execute(
        "UPDATE fact SET subject = ?2, related = ?3, novelty = CASE \
         WHEN EXISTS (SELECT 1 FROM fact WHERE event_id = ?4 AND customer_id = ?5 AND change_seq < ?1) THEN 2 \
         WHEN EXISTS (SELECT 1 FROM fact WHERE subject = ?2 AND customer_id = ?5 AND change_seq < ?1) THEN 1 ELSE 0 \
         END WHERE change_seq = ?1",
        binds![change_seq, subject, fact.also_about(), fact.event_id.0, customer],
    )?;
    // What came later about the same subject looked new.
    raw.execute(
        "UPDATE fact SET novelty = 1 WHERE subject = ?2 AND customer_id = ?3 AND change_seq > ?1 AND novelty = 0",
        binds![change_seq, subject, customer],
    )?;
    raw.execute("DELETE FROM snapshot WHERE customer_id = ?1", binds![customer])?;
    raw.execute("DELETE FROM not_understood WHERE change_seq = ?1", binds![change_seq])?;
    Ok(())
}
