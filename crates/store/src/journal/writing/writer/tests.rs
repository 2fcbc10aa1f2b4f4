//! Tests of batches whose jobs are all queued before the writer starts, which isn't possible through the journal.

use std::path::Path;

use nosmoke_domain::fact::{Draft, Origin, Payload, PointsAdjusted, Recorder};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{AdjustReason, Role};
use nosmoke_ports::{Pace, Priority, Remembered, SystemClock, WriteUnit};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::*;
use crate::journal::writing::pace::Turn;
use crate::migrate::{self, Precaution, open_migrated};
use crate::open::{Database, Durability};

type Answered = oneshot::Receiver<Result<Option<Written>, StoreError>>;

async fn writer(folder: &Path) -> Writer {
    let database = Database::at(&folder.join("journal.db"), Durability::Full).unwrap();
    let db = open_migrated(&database, migrate::JOURNAL, Precaution::None).await.unwrap();
    let mut writer = Writer::new(db, Synced::Yes, Arc::new(SystemClock), Commits::default(), Arc::default());
    let id = Uuid::from_u128(1);
    let origin = Origin { facility_id: FacilityId(id), terminal_id: TerminalId(id), incarnation: IncarnationId(id) };
    let started =
        together(&mut writer, vec![command(Box::new(move |tx| tx.put_origin(origin).map_err(|_| Abandoned)))]);
    assert_eq!(started, [Ok(Some(Written { last_change: 0 }))]);
    writer
}

fn command(unit: WriteUnit) -> (Priority, WriteUnit) {
    (Priority::Command, unit)
}

/// Queues all units, then runs the writer, and returns their answers.
fn together(writer: &mut Writer, units: Vec<(Priority, WriteUnit)>) -> Vec<Result<Option<Written>, StoreError>> {
    let queue = Queue::default();
    let waiting: Vec<Answered> = units.into_iter().map(|(priority, unit)| queue.add(priority, unit).unwrap()).collect();
    queue.close();
    writer.run(&queue);
    waiting.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
}

fn appending(facts: usize) -> WriteUnit {
    Box::new(move |tx| tx.append((0..facts).map(|_| draft()).collect()).map(|_| ()).map_err(|_| Abandoned))
}

fn draft() -> Draft {
    let id = Uuid::new_v4();
    let lots = Lots::never(Points::ONE);
    let adjusted = PointsAdjusted::given(AdjustmentId(id), lots, AdjustReason::CORRECTION);
    Draft {
        event_id: EventId(id),
        customer_id: CustomerId(id),
        occurred_at: chrono::DateTime::UNIX_EPOCH,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        recorded_by: Recorder::Staff { id: StaffId(id), role: Role::Staff },
        approved_by: None,
        causation_id: None,
        rules: 1,
        traceparent: None,
        payload: Payload::from(adjusted),
    }
}

fn seqs(writer: &mut Writer) -> Vec<i64> {
    writer.db.rows("SELECT seq FROM fact ORDER BY change_seq", params![], |row| Ok(row.int(0))).unwrap()
}

fn commits(writer: &Writer) -> u64 {
    writer.commits.load(Ordering::Relaxed)
}

#[tokio::test]
async fn sixty_four_queued_commands_share_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = commits(&writer);
    let answers = together(&mut writer, (0..64).map(|_| command(appending(1))).collect());
    assert_eq!(answers, vec![Ok(Some(Written { last_change: 64 })); 64]);
    assert_eq!(commits(&writer) - before, 1);
    assert_eq!(seqs(&mut writer), (1..=64).collect::<Vec<_>>());
}

#[tokio::test]
async fn abandoned_and_panicking_units_leave_nothing_and_affect_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = commits(&writer);
    let abandoning: WriteUnit = Box::new(|tx| {
        tx.append(vec![draft(), draft()]).unwrap();
        Err(Abandoned)
    });
    let panicking: WriteUnit = Box::new(|tx| {
        tx.append(vec![draft()]).unwrap();
        panic!("a bug in a unit")
    });
    // The second `remember` fails. The unit ignores that and returns success, but isn't kept.
    let careless: WriteUnit = Box::new(|tx| {
        let remembered = Remembered { body: [0; 32], outcome: String::new() };
        let _ = tx.remember("key", &remembered, chrono::DateTime::UNIX_EPOCH);
        let _ = tx.remember("key", &remembered, chrono::DateTime::UNIX_EPOCH);
        let _ = tx.append(vec![draft()]);
        Ok(())
    });
    let units = vec![appending(1), abandoning, appending(2), panicking, careless, appending(1)];
    let answers = together(&mut writer, units.into_iter().map(command).collect());
    let kept = Ok(Some(Written { last_change: 4 }));
    assert_eq!(answers[..3], [kept.clone(), Ok(None), kept.clone()]);
    assert!(matches!(&answers[3], Err(StoreError::Panicked(said)) if said == "a bug in a unit"));
    assert!(matches!(&answers[4], Err(StoreError::Failed(_))));
    assert_eq!(answers[5], kept);
    assert_eq!(commits(&writer) - before, 1);
    assert_eq!(seqs(&mut writer), [1, 2, 3, 4]);
}

#[tokio::test]
async fn on_a_full_disk_only_units_that_do_not_fit_fail_and_no_seq_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let pages = writer.db.row("PRAGMA page_count", params![], |row| Ok(row.int(0))).unwrap().unwrap();
    writer.db.execute(&format!("PRAGMA max_page_count = {}", pages + 45), params![]).unwrap();
    // The third unit is larger than the space left; the others fit.
    let sizes = [5, 5, 1_000, 5];
    let answers = together(&mut writer, sizes.map(|facts| command(appending(facts))).into());
    let written = |last_change| Ok(Some(Written { last_change }));
    assert_eq!(answers, [written(5), written(10), Err(StoreError::DiskFull), written(15)]);
    assert_eq!(seqs(&mut writer), (1..=15).collect::<Vec<_>>());

    let nothing_fits = together(&mut writer, vec![command(appending(1_000)), command(appending(1_000))]);
    assert_eq!(nothing_fits, vec![Err(StoreError::DiskFull); 2]);
    writer.db.execute("PRAGMA max_page_count = 110000", params![]).unwrap();
    assert_eq!(together(&mut writer, vec![command(appending(1_000))]), [written(1_015)]);
    assert_eq!(seqs(&mut writer), (1..=1_015).collect::<Vec<_>>());
}

#[tokio::test]
async fn after_the_disk_was_full_the_unit_writes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    writer.db.execute("PRAGMA max_page_count = 110", params![]).unwrap();
    // The first write makes SQLite end the transaction, so the second would be committed alone.
    let careless: WriteUnit = Box::new(|tx| {
        let _ = tx.append((0..1_000).map(|_| draft()).collect());
        let _ = tx.put_setting("later", "1");
        Ok(())
    });
    assert_eq!(together(&mut writer, vec![command(careless)]), [Err(StoreError::DiskFull)]);
    let kept = writer.db.row("SELECT 1 FROM setting WHERE key = 'later'", params![], |row| Ok(row.int(0)));
    assert_eq!((kept, seqs(&mut writer)), (Ok(None), Vec::new()));
}

#[tokio::test]
async fn commands_go_before_background_units_and_share_their_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = commits(&writer);
    let order = Arc::new(Mutex::new(Vec::new()));
    let noting = |what: &'static str| -> WriteUnit {
        let order = order.clone();
        Box::new(move |tx| {
            order.lock().push(what);
            tx.put_setting(what, "1").map_err(|_| Abandoned)
        })
    };
    let units = vec![
        (Priority::Background, noting("background")),
        (Priority::Command, noting("first command")),
        (Priority::Command, noting("second command")),
    ];
    together(&mut writer, units);
    assert_eq!(*order.lock(), ["first command", "second command", "background"]);
    assert_eq!(commits(&writer) - before, 1);
}

#[tokio::test]
async fn background_units_keep_a_transaction_open_for_20_ms_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = commits(&writer);
    let slow = || -> WriteUnit {
        Box::new(|tx| {
            std::thread::sleep(Duration::from_millis(15));
            tx.put_setting("slow", "1").map_err(|_| Abandoned)
        })
    };
    together(&mut writer, (0..6).map(|_| (Priority::Background, slow())).collect());
    assert!(commits(&writer) - before >= 3, "at most two units of 15 ms share a slice of 20 ms");
}

#[tokio::test]
async fn a_command_that_arrives_during_a_commit_joins_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = writer.commits.load(Ordering::Relaxed);
    let queue = Arc::new(Queue::default());
    let (late, mut command) = (queue.clone(), None);
    let (sender, observed) = std::sync::mpsc::channel();
    let background: WriteUnit = Box::new(move |tx| {
        let answer = command.get_or_insert_with(|| late.add(Priority::Command, appending(1)).unwrap());
        let _ = sender.send(answer.try_recv().is_err());
        late.close();
        tx.append(vec![draft()]).map(|_| ()).map_err(|_| Abandoned)
    });
    let mut answered = queue.add(Priority::Background, background).unwrap();
    writer.run(&queue);
    assert_eq!(observed.try_recv(), Ok(true));
    assert_eq!(answered.try_recv(), Ok(Ok(Some(Written { last_change: 2 }))));
    assert_eq!(writer.commits.load(Ordering::Relaxed) - before, 1);
}

#[tokio::test]
async fn gifts_run_before_background_work_and_are_no_burst_of_commands() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let queue = Queue::default();
    let order = Arc::new(Mutex::new(Vec::new()));
    for priority in [Priority::Background, Priority::Gift] {
        for _ in 0..32 {
            let order = order.clone();
            let unit: WriteUnit = Box::new(move |_| {
                order.lock().push(priority);
                Ok(())
            });
            drop(queue.add(priority, unit).unwrap());
        }
    }
    let now = Instant::now();
    assert_eq!(queue.turn(now, now), Turn::Now(Pace::Free));
    queue.close();
    writer.run(&queue);
    assert_eq!(*order.lock(), [[Priority::Gift; 32], [Priority::Background; 32]].concat());
}

#[tokio::test]
async fn a_commit_of_projections_alone_is_not_synced_and_lets_no_other_unit_join() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let before = commits(&writer);
    let noting =
        |name: &'static str| -> WriteUnit { Box::new(move |tx| tx.put_setting(name, "1").map_err(|_| Abandoned)) };
    let mut modes = Vec::new();
    for units in [
        vec![
            (Priority::Projection, noting("a")),
            (Priority::Projection, noting("b")),
            (Priority::Background, noting("c")),
        ],
        vec![(Priority::Projection, noting("d"))],
        vec![(Priority::Projection, noting("e")), (Priority::Command, noting("f"))],
        vec![(Priority::Projection, noting("g"))],
        vec![(Priority::Gift, noting("h"))],
    ] {
        together(&mut writer, units);
        modes.push((commits(&writer) - before, synchronous(&mut writer)));
    }
    assert_eq!(modes, [(2, FULL), (3, NORMAL), (4, FULL), (5, NORMAL), (6, FULL)]);
}

#[tokio::test]
async fn a_projection_records_no_fact() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path()).await;
    let answers = together(&mut writer, vec![(Priority::Projection, appending(1)), (Priority::Command, appending(1))]);
    assert!(matches!(&answers[0], Ok(Some(_))), "it shared the synced commit of a command: {answers:?}");
    let answers = together(&mut writer, vec![(Priority::Projection, appending(1))]);
    assert_eq!(answers, [Err(StoreError::Failed("a projection recorded facts".into()))]);
}

const NORMAL: i64 = 1;
const FULL: i64 = 2;

fn synchronous(writer: &mut Writer) -> i64 {
    writer.db.row("PRAGMA synchronous", params![], |row| Ok(row.int(0))).unwrap().unwrap()
}
