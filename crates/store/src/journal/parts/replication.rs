//! How far the log was read, what of it couldn't be used, who was heard, and all facts in a few numbers.

use nosmoke_domain::fact::chain_hash;
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::{
    Extent, Heard, LogPosition, Partition, QuarantineCursor, Quarantined, ReadReplication, Rehashed, StoreError, Topic,
    WriteReplication,
};

use crate::error::corrupt;
use crate::journal::chain::state::heads;
use crate::journal::chain::tally::Tally;
use crate::journal::tx::Tx;
use crate::raw::{Row, binds};
use crate::words::{amount, from_text, hash, limit, time, to_text, topic, topic_of, unsigned};

impl ReadReplication for Tx<'_, '_> {
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError> {
        let sql = "SELECT topic, partition, next_offset, last FROM log_position ORDER BY topic, partition";
        self.raw.rows(sql, binds![], |row| {
            Ok(LogPosition { partition: partition(row, 0)?, next_offset: row.int(2), last: row.optional(3, hash)? })
        })
    }

    /// Newest first.
    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        rows: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError> {
        self.raw.rows(
            "SELECT topic, partition, id, log_offset, reason, detail, received_at_ms, key, value, size, headers \
             FROM quarantine WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            binds![after.map_or(i64::MAX, |cursor| cursor.0), limit(rows)],
            |row| {
                let quarantined = Quarantined {
                    partition: partition(row, 0)?,
                    offset: row.int(3),
                    reason: from_text(row.text(4)?)?,
                    detail: row.text(5)?.to_owned(),
                    received_at: time(row.int(6))?,
                    key: row.optional(7, |row, column| Ok(row.blob(column).to_vec()))?,
                    value: row.blob(8).to_vec(),
                    size: unsigned(row.int(9))?,
                    headers: serde_json::from_str(row.text(10)?).map_err(corrupt)?,
                };
                Ok((QuarantineCursor(row.int(2)), quarantined))
            },
        )
    }

    fn quarantine_count(&mut self) -> Result<u64, StoreError> {
        let count = self.raw.row("SELECT count(*) FROM quarantine", binds![], |row| unsigned(row.int(0)))?;
        Ok(count.unwrap_or_default())
    }

    fn heard(&mut self) -> Result<Vec<Heard>, StoreError> {
        self.raw.rows(
            "SELECT terminal_id, appended_at_ms, received_at_ms, body FROM heard ORDER BY terminal_id",
            binds![],
            |row| {
                Ok(Heard {
                    terminal_id: TerminalId(row.id(0)?),
                    appended_at: time(row.int(1))?,
                    received_at: time(row.int(2))?,
                    body: row.blob(3).to_vec(),
                })
            },
        )
    }

    fn extent(&mut self) -> Result<Extent, StoreError> {
        let Tally { facts, digest } = Tally::load(self.raw)?;
        Ok(Extent { facts, digest, heads: heads(self.raw)? })
    }

    /// What the facts that are there give, whatever was once counted.
    fn rehashed(
        &mut self,
        (customer, change): (CustomerId, i64),
        last: CustomerId,
        as_of: i64,
        rows: usize,
    ) -> Result<Vec<Rehashed>, StoreError> {
        self.raw.rows(
            "SELECT customer_id, change_seq, prev_hash, bytes FROM fact \
             WHERE (customer_id, change_seq) > (?1, ?2) AND customer_id <= ?3 AND change_seq <= ?4 \
             ORDER BY customer_id, change_seq LIMIT ?5",
            binds![customer.0, change, last.0, as_of, limit(rows)],
            |row| {
                let customer_id = CustomerId(row.id(0)?);
                Ok(Rehashed { customer_id, change_seq: row.int(1), hash: chain_hash(hash(row, 2)?, row.blob(3)) })
            },
        )
    }
}

impl WriteReplication for Tx<'_, '_> {
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO log_position (topic, partition, next_offset, last) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset, last = excluded.last",
                binds![
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
                tx.raw.execute("DELETE FROM log_position WHERE topic = ?1", binds![topic(*gone)])?;
            }
            Ok(())
        })
    }

    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError> {
        self.write(|tx| {
            let hash = blake3::hash(&quarantined.value);
            tx.raw.execute(
                "INSERT INTO quarantine (topic, partition, log_offset, hash, reason, detail, received_at_ms, key, \
                 value, size, headers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
                 ON CONFLICT (topic, partition, log_offset, hash) DO NOTHING",
                binds![
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
            tx.raw.execute(
                "INSERT INTO heard (terminal_id, appended_at_ms, received_at_ms, body) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (terminal_id) DO UPDATE SET appended_at_ms = excluded.appended_at_ms, \
                 received_at_ms = excluded.received_at_ms, body = excluded.body",
                binds![
                    heard.terminal_id.0,
                    heard.appended_at.timestamp_millis(),
                    heard.received_at.timestamp_millis(),
                    &heard.body[..],
                ],
            )?;
            Ok(())
        })
    }
}

/// A topic, and the number after it.
fn partition(row: &Row<'_>, column: i32) -> Result<Partition, StoreError> {
    let number = i32::try_from(row.int(column + 1)).map_err(corrupt)?;
    Ok(Partition { topic: topic_of(row.text(column)?)?, number })
}
