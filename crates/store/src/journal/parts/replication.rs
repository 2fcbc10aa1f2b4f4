//! The state of replication: positions in the log, quarantined messages, heartbeats, and the totals over all facts.

use nosmoke_domain::fact::chain_hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_ports::{
    Extent, Heard, LogPosition, Partition, QuarantineCursor, Quarantined, ReadReplication, Rehashed, StoreError, Topic,
    WriteReplication,
};

use crate::error::corrupt;
use crate::journal::chain::state::heads;
use crate::journal::chain::totals::Totals;
use crate::journal::tx::Tx;
use crate::sqlite::{Row, params};
use crate::words::{amount, from_text, hash, limit, time, to_text, topic, topic_of, unsigned};

/// Most incarnations whose last heartbeat is stored; those heard longest ago are deleted.
const MAX_HEARD: usize = 1_000;

impl ReadReplication for Tx<'_> {
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError> {
        let sql = "SELECT topic, partition, next_offset, last FROM log_position ORDER BY topic, partition";
        self.db.rows(sql, params![], |row| {
            Ok(LogPosition { partition: partition(row, 0)?, next_offset: row.int(2), last: row.optional(3, hash)? })
        })
    }

    /// Returns quarantined messages, newest first.
    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        rows: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError> {
        self.db.rows(
            "SELECT topic, partition, id, log_offset, reason, detail, received_at_ms, key, value, size, headers \
             FROM quarantine WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            params![after.map_or(i64::MAX, |cursor| cursor.0), limit(rows)],
            |row| {
                let quarantined = Quarantined {
                    partition: partition(row, 0)?,
                    offset: row.int(3),
                    reason: from_text(row.text(4)?)?,
                    detail: row.text(5)?.to_owned(),
                    received_at: time(row.int(6))?,
                    key: row.optional(7, |column| Ok(column.blob().to_vec()))?,
                    value: row.blob(8).to_vec(),
                    size: unsigned(row.int(9))?,
                    headers: serde_json::from_str(row.text(10)?).map_err(corrupt)?,
                };
                Ok((QuarantineCursor(row.int(2)), quarantined))
            },
        )
    }

    fn quarantine_count(&mut self) -> Result<u64, StoreError> {
        let count = self.db.row("SELECT count(*) FROM quarantine", params![], |row| unsigned(row.int(0)))?;
        Ok(count.unwrap_or_default())
    }

    fn heard(&mut self) -> Result<Vec<Heard>, StoreError> {
        self.db.rows(
            "SELECT incarnation, terminal_id, appended_at_ms, received_at_ms, gives, body FROM heard \
             ORDER BY terminal_id, appended_at_ms",
            params![],
            |row| {
                Ok(Heard {
                    incarnation: IncarnationId(row.id(0)?),
                    terminal_id: TerminalId(row.id(1)?),
                    appended_at: time(row.int(2))?,
                    received_at: time(row.int(3))?,
                    gives: row.int(4) != 0,
                    body: row.blob(5).to_vec(),
                })
            },
        )
    }

    fn extent(&mut self) -> Result<Extent, StoreError> {
        let Totals { facts, digest } = Totals::load(self.db)?;
        Ok(Extent { facts, digest, heads: heads(self.db)? })
    }

    /// Hashes the stored bytes of facts again, so that the result doesn't depend on stored hashes and totals.
    fn rehashed(
        &mut self,
        (customer, change): (CustomerId, i64),
        last: CustomerId,
        as_of: i64,
        rows: usize,
    ) -> Result<Vec<Rehashed>, StoreError> {
        self.db.rows(
            "SELECT customer_id, change_seq, prev_hash, bytes FROM fact \
             WHERE (customer_id, change_seq) > (?1, ?2) AND customer_id <= ?3 AND change_seq <= ?4 \
             ORDER BY customer_id, change_seq LIMIT ?5",
            params![customer.0, change, last.0, as_of, limit(rows)],
            |row| {
                let customer_id = CustomerId(row.id(0)?);
                Ok(Rehashed {
                    customer_id,
                    change_seq: row.int(1),
                    hash: chain_hash(hash(row.column(2))?, row.blob(3)),
                })
            },
        )
    }
}

impl WriteReplication for Tx<'_> {
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO log_position (topic, partition, next_offset, last) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset, last = excluded.last",
                params![
                    topic(position.partition.topic),
                    i64::from(position.partition.number),
                    position.next_offset,
                    position.last.as_ref().map(|hash| &hash.0[..]),
                ],
            )?;
            Ok(())
        })
    }

    fn forget_log_positions(&mut self, topics: &[Topic]) -> Result<(), StoreError> {
        self.write(|tx| {
            for gone in topics {
                tx.db.execute("DELETE FROM log_position WHERE topic = ?1", params![topic(*gone)])?;
            }
            Ok(())
        })
    }

    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError> {
        self.write(|tx| {
            let hash = blake3::hash(&quarantined.value);
            tx.db.execute(
                "INSERT INTO quarantine (topic, partition, log_offset, hash, reason, detail, received_at_ms, key, \
                 value, size, headers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
                 ON CONFLICT (topic, partition, log_offset, hash) DO NOTHING",
                params![
                    topic(quarantined.partition.topic),
                    i64::from(quarantined.partition.number),
                    quarantined.offset,
                    &hash.as_bytes()[..],
                    to_text(&quarantined.reason)?,
                    quarantined.detail.as_str(),
                    quarantined.received_at.timestamp_millis(),
                    quarantined.key.as_deref(),
                    &quarantined.value[..],
                    amount(quarantined.size)?,
                    serde_json::to_string(&quarantined.headers)
                        .map_err(|error| StoreError::Failed(error.to_string()))?,
                ],
            )?;
            Ok(())
        })
    }

    fn put_heard(&mut self, heard: &Heard) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO heard (incarnation, terminal_id, appended_at_ms, received_at_ms, gives, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (incarnation) DO UPDATE SET terminal_id = excluded.terminal_id, \
                 appended_at_ms = excluded.appended_at_ms, received_at_ms = excluded.received_at_ms, \
                 gives = excluded.gives, body = excluded.body",
                params![
                    heard.incarnation.0,
                    heard.terminal_id.0,
                    heard.appended_at.timestamp_millis(),
                    heard.received_at.timestamp_millis(),
                    heard.gives,
                    &heard.body[..],
                ],
            )?;
            tx.db.execute(
                "DELETE FROM heard WHERE incarnation IN ( \
                 SELECT incarnation FROM heard ORDER BY appended_at_ms DESC LIMIT -1 OFFSET ?1)",
                params![limit(MAX_HEARD)],
            )?;
            Ok(())
        })
    }
}

/// Reads a partition: its topic from this column, its number from the next.
fn partition(row: &Row<'_>, column: usize) -> Result<Partition, StoreError> {
    let number = i32::try_from(row.int(column + 1)).map_err(corrupt)?;
    Ok(Partition { topic: topic_of(row.text(column)?)?, number })
}
