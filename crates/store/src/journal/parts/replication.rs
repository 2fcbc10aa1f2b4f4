//! The state of replication: positions in the log, quarantined messages, heartbeats, and the totals over all facts.

use std::collections::BTreeMap;

use nosmoke_domain::fact::chain_hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_ports::{
    Dropped, Extent, Headers, Heard, LogPosition, Partition, QuarantineCursor, Quarantined, ReadFacts, ReadReplication,
    Rehashed, StoreError, Strangers, StrangersKey, StrangersPlace, Topic, WriteReplication,
};

use crate::error::corrupt;
use crate::journal::chain::state::heads;
use crate::journal::chain::totals::Totals;
use crate::journal::tx::Tx;
use crate::quarantine;
use crate::sqlite::{Connection, Row, params};
use crate::words::{amount, from_text, hash, limit, time, to_text, topic, topic_of, unsigned};

/// Most incarnations whose last heartbeat is stored; those heard longest ago are deleted.
const MAX_HEARD: usize = 1_000;
/// Most quarantined messages, and most bytes of their values, keys and headers.
const MAX_QUARANTINED: u64 = 10_000;
const MAX_QUARANTINE_BYTES: u64 = 64 * 1024 * 1024;
/// Most rows of strangers whose key is named: with one a topic for those that name none and one for further keys, 64.
const MAX_STRANGERS: usize = 64 - 2 * Topic::ALL.len();
/// How the other two kinds of key are stored; the id of a key has 16 digits.
const UNNAMED: &str = "";
const OTHERS: &str = "others";
/// What is counted as dropped.
const QUARANTINE: &str = "quarantine";
const HEARD: &str = "heard";

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

    fn dropped(&mut self) -> Result<Dropped, StoreError> {
        let counts = self.db.rows("SELECT what, count FROM dropped", params![], |row| {
            Ok((row.text(0)?.to_owned(), unsigned(row.int(1))?))
        })?;
        let of = |what| counts.iter().find(|(it, _)| it == what).map_or(0, |(_, count)| *count);
        Ok(Dropped { quarantined: of(QUARANTINE), heard: of(HEARD) })
    }

    fn strangers(&mut self) -> Result<Vec<Strangers>, StoreError> {
        self.db.rows(
            "SELECT topic, key_id, messages, first_partition, first_offset, first_at_ms, last_partition, last_offset, \
             last_at_ms FROM strangers ORDER BY topic, key_id",
            params![],
            |row| {
                Ok(Strangers {
                    topic: topic_of(row.text(0)?)?,
                    key: match row.text(1)? {
                        UNNAMED => StrangersKey::Unnamed,
                        OTHERS => StrangersKey::Others,
                        id => StrangersKey::Named(id.parse().map_err(corrupt)?),
                    },
                    messages: unsigned(row.int(2))?,
                    first: place(row, 3)?,
                    last: place(row, 6)?,
                })
            },
        )
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

    fn above_gaps(&mut self) -> Result<BTreeMap<IncarnationId, u64>, StoreError> {
        let above = self.db.rows(
            "SELECT incarnation, above FROM (SELECT incarnation, (SELECT seq FROM fact \
             WHERE fact.incarnation = head.incarnation AND fact.seq > head.seq + 1 AND NOT EXISTS \
             (SELECT 1 FROM fact AS before WHERE before.incarnation = fact.incarnation AND before.seq = fact.seq - 1) \
             ORDER BY seq DESC LIMIT 1) AS above FROM head) WHERE above IS NOT NULL",
            params![],
            |row| Ok((IncarnationId(row.id(0)?), unsigned(row.int(1))?)),
        )?;
        Ok(above.into_iter().collect())
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
                tx.db.execute("DELETE FROM strangers WHERE topic = ?1", params![topic(*gone)])?;
            }
            Ok(())
        })
    }

    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError> {
        self.write(|tx| {
            let hash = blake3::hash(&quarantined.value);
            let bare;
            let quarantined = match quarantined.key.as_deref().and_then(quarantine::customer_of) {
                Some(customer) if tx.is_erased(customer)? => {
                    bare = without_content(quarantined, customer);
                    &bare
                }
                _ => quarantined,
            };
            let headers =
                serde_json::to_string(&quarantined.headers).map_err(|error| StoreError::Failed(error.to_string()))?;
            let bytes = quarantined.value.len() + quarantined.key.as_ref().map_or(0, Vec::len) + headers.len();
            let added = tx.db.execute(
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
                    headers,
                ],
            )?;
            if added > 0 {
                let sql = "UPDATE quarantine_size SET messages = messages + 1, bytes = bytes + ?1";
                tx.db.execute(sql, params![amount(bytes as u64)?])?;
            }
            drop_oldest_quarantined(tx.db)
        })
    }

    fn count_strangers(&mut self, read: &Strangers) -> Result<(), StoreError> {
        self.write(|tx| {
            let named = match read.key {
                StrangersKey::Named(id) => id.to_string(),
                StrangersKey::Unnamed => UNNAMED.to_owned(),
                StrangersKey::Others => OTHERS.to_owned(),
            };
            let counted = "SELECT count(*), ifnull(sum(topic = ?1 AND key_id = ?2), 0) FROM strangers \
                           WHERE key_id NOT IN ('', 'others')";
            let named_rows = tx.db.row(counted, params![topic(read.topic), named.as_str()], |row| {
                Ok((unsigned(row.int(0))?, row.int(1) > 0))
            })?;
            let has_room = named_rows.is_none_or(|(rows, known)| known || rows < MAX_STRANGERS as u64);
            let key = if matches!(read.key, StrangersKey::Named(_)) && !has_room { OTHERS } else { named.as_str() };
            let Strangers { first, last, .. } = read;
            tx.db.execute(
                "INSERT INTO strangers (topic, key_id, messages, first_partition, first_offset, first_at_ms, \
                 last_partition, last_offset, last_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
                 ON CONFLICT (topic, key_id) DO UPDATE SET messages = messages + excluded.messages, \
                 last_partition = excluded.last_partition, last_offset = excluded.last_offset, \
                 last_at_ms = excluded.last_at_ms",
                params![
                    topic(read.topic),
                    key,
                    amount(read.messages)?,
                    i64::from(first.partition),
                    first.offset,
                    first.appended_at.timestamp_millis(),
                    i64::from(last.partition),
                    last.offset,
                    last.appended_at.timestamp_millis(),
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
            let dropped = tx.db.execute(
                "DELETE FROM heard WHERE incarnation IN ( \
                 SELECT incarnation FROM heard ORDER BY appended_at_ms DESC LIMIT -1 OFFSET ?1)",
                params![limit(MAX_HEARD)],
            )?;
            count_dropped(tx.db, HEARD, dropped)
        })
    }
}

/// What is stored of a message under the id of an erased customer: that it came, and nothing that it says.
fn without_content(quarantined: &Quarantined, customer: CustomerId) -> Quarantined {
    let key = Some(customer.to_string().into_bytes());
    Quarantined { key, value: Vec::new(), headers: Headers::default(), ..quarantined.clone() }
}

fn drop_oldest_quarantined(db: &mut Connection) -> Result<(), StoreError> {
    loop {
        let size = db.row("SELECT messages, bytes FROM quarantine_size", params![], |row| {
            Ok((unsigned(row.int(0))?, unsigned(row.int(1))?))
        })?;
        if size.is_none_or(|(messages, bytes)| messages <= MAX_QUARANTINED && bytes <= MAX_QUARANTINE_BYTES) {
            return Ok(());
        }
        let oldest = "SELECT id, length(value) + ifnull(length(key), 0) + length(CAST(headers AS BLOB)) \
                      FROM quarantine ORDER BY id LIMIT 1";
        let Some((id, bytes)) = db.row(oldest, params![], |row| Ok((row.int(0), row.int(1))))? else { return Ok(()) };
        db.execute("DELETE FROM quarantine WHERE id = ?1", params![id])?;
        db.execute("UPDATE quarantine_size SET messages = messages - 1, bytes = bytes - ?1", params![bytes])?;
        count_dropped(db, QUARANTINE, 1)?;
    }
}

fn count_dropped(db: &mut Connection, what: &str, dropped: u64) -> Result<(), StoreError> {
    if dropped > 0 {
        db.execute(
            "INSERT INTO dropped (what, count) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET count = count + ?2",
            params![what, amount(dropped)?],
        )?;
    }
    Ok(())
}

/// Reads the place of a stranger's message: partition, offset and time from this column on.
fn place(row: &Row<'_>, column: usize) -> Result<StrangersPlace, StoreError> {
    let partition = i32::try_from(row.int(column)).map_err(corrupt)?;
    Ok(StrangersPlace { partition, offset: row.int(column + 1), appended_at: time(row.int(column + 2))? })
}

/// Reads a partition: its topic from this column, its number from the next.
fn partition(row: &Row<'_>, column: usize) -> Result<Partition, StoreError> {
    let number = i32::try_from(row.int(column + 1)).map_err(corrupt)?;
    Ok(Partition { topic: topic_of(row.text(column)?)?, number })
}
