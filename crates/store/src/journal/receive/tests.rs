//! What a terminal's first reading of the log costs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::ports::{Abandoned, StoreError, SystemClock, Unit};
use nosmoke_domain::fact::{Draft, Hash, Origin, PointsAdjusted, Recorder, Sealed, Seen, seal};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::points::Delta;
use nosmoke_domain::words::{AdjustReason, Role};
use uuid::Uuid;

use crate::journal::writer::{Commits, Writer};
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability};
use crate::raw::{Raw, binds};

const FACTS: usize = 200_000;
const BATCH: usize = 500;
const PARTITIONS: usize = 12;

/// Facts of two terminals as the log's partitions give them.
fn facts() -> Vec<Sealed> {
    let mut partitions = vec![Vec::new(); PARTITIONS];
    for terminal in 1..=2_u128 {
        let id = |n: usize| Uuid::from_u128((terminal << 100) + n as u128);
        let origin = Origin {
            facility_id: FacilityId(id(0)),
            terminal_id: TerminalId(id(1)),
            incarnation: IncarnationId(id(2)),
        };
        let mut previous = Hash::ZERO;
        for n in 0..FACTS / 2 {
            let of = n * 7_919 % 5_000;
            let adjusted = PointsAdjusted {
                adjustment_id: AdjustmentId(id(n + 10)),
                points: Delta::new(1).unwrap(),
                reason: AdjustReason::Other,
                note_id: None,
            };
            let draft = Draft {
                event_id: EventId(id(n + 10)),
                customer_id: CustomerId(Uuid::from_u128(
                    (of as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_9e37_79b9_7f4a_7c15),
                )),
                occurred_at: chrono::DateTime::UNIX_EPOCH + Duration::from_secs(n as u64),
                recorded_by: Recorder { staff_id: StaffId(id(3)), role: Role::Staff },
                causation_id: None,
                rules: 1,
                payload: adjusted.into(),
            };
            let sealed = seal(draft, origin, n as u64 + 1, previous, Seen::new(), None);
            previous = sealed.hash;
            partitions[of % PARTITIONS].push(sealed);
        }
    }
    // Some of each partition in turn.
    let mut read = Vec::with_capacity(FACTS);
    while partitions.iter().any(|partition| !partition.is_empty()) {
        for partition in &mut partitions {
            let some = partition.len().min(200);
            read.extend(partition.drain(..some));
        }
    }
    read
}

async fn fresh<T>(work: impl FnOnce(Raw<'_>) -> T) -> (Duration, T) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::at(&folder.path().join("journal.db"), Durability::Full).unwrap();
    let mut connection = database.connect_to_write().await.unwrap();
    migrate(&database, &mut connection, migrate::JOURNAL, Precaution::None).await.unwrap();
    let raw = Raw::new(connection.lock_handle().await.unwrap());
    let began = Instant::now();
    let result = work(raw);
    (began.elapsed(), result)
}

fn plainly(mut raw: Raw<'_>, facts: &[Sealed]) -> Result<(), StoreError> {
    let mut change_seq = 0;
    for batch in facts.chunks(BATCH) {
        raw.execute("BEGIN IMMEDIATE", binds![])?;
        for Sealed { fact, bytes, previous, hash } in batch {
            change_seq += 1;
            raw.execute(
                "INSERT INTO fact (change_seq, hash, prev_hash, event_id, incarnation, seq, customer_id, subject, \
                 related, occurred_at_ms, received_at_ms, type, version, bytes, novelty) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 'PointsAdjusted', 1, ?11, 0)",
                binds![
                    change_seq,
                    &hash.0[..],
                    &previous.0[..],
                    fact.event_id.0,
                    fact.origin.incarnation.0,
                    i64::try_from(fact.seq).unwrap(),
                    fact.customer_id.0,
                    fact.subject(),
                    fact.also_about(),
                    fact.occurred_at.timestamp_millis(),
                    &bytes[..],
                ],
            )?;
        }
        raw.execute("COMMIT", binds![])?;
    }
    Ok(())
}

fn receiving(batch: Vec<Sealed>) -> Unit {
    Box::new(move |tx| tx.receive(&batch).map(|_| ()).map_err(|_| Abandoned))
}

#[tokio::test]
#[ignore = "a measurement, for a quiet machine: --ignored --nocapture"]
async fn receiving_costs_at_most_twice_what_inserting_does() {
    let facts = facts();
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let (plain, inserted) = fresh(|raw| plainly(raw, &facts)).await;
        inserted.unwrap();
        let units: Vec<Unit> = facts.chunks(BATCH).map(|batch| receiving(batch.to_vec())).collect();
        let (received, ()) = fresh(|raw| {
            let mut writer = Writer::new(raw, Arc::new(SystemClock), Commits::default());
            for mut unit in units {
                writer.run_alone(&mut unit).unwrap().unwrap();
            }
        })
        .await;
        eprintln!("{plain:?} {received:?}");
        ratios.push(received.as_secs_f64() / plain.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    assert!(ratios[1] <= 2.0, "{ratios:?}");
}
