//! Batches as they can't be arranged from outside: everything waits before the writer begins.

use std::path::Path;
use std::sync::Mutex;

use nosmoke_domain::fact::{Draft, Origin, Payload, PointsAdjusted, Recorder};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::points::Delta;
use nosmoke_domain::words::{AdjustReason, Role};
use nosmoke_ports::{Priority, Remembered, SystemClock, Unit};
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::*;
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability};

type Answered = oneshot::Receiver<Result<Option<Written>, StoreError>>;

async fn connection(folder: &Path) -> SqliteConnection {
    let database = Database::at(&folder.join("journal.db"), Durability::Full).unwrap();
    let mut connection = database.connect_to_write().await.unwrap();
    migrate(&database, &mut connection, migrate::JOURNAL, Precaution::None).await.unwrap();
    connection
}

async fn writer(connection: &mut SqliteConnection) -> Writer<'_> {
    let raw = Raw::new(connection.lock_handle().await.unwrap());
    let mut writer = Writer::new(raw, Arc::new(SystemClock), Commits::default(), Arc::default());
    let id = Uuid::from_u128(1);
    let origin = Origin { facility_id: FacilityId(id), terminal_id: TerminalId(id), incarnation: IncarnationId(id) };
    let begun = together(&mut writer, vec![command(Box::new(move |tx| tx.put_origin(origin).map_err(|_| Abandoned)))]);
    assert_eq!(begun, [Ok(Some(Written { last_change: 0 }))]);
    writer
}

fn command(unit: Unit) -> (Priority, Unit) {
    (Priority::Command, unit)
}

/// All of these wait, then the writer works them off.
fn together(writer: &mut Writer<'_>, units: Vec<(Priority, Unit)>) -> Vec<Result<Option<Written>, StoreError>> {
    let queue = Queue::default();
    let waiting: Vec<Answered> = units.into_iter().map(|(priority, unit)| queue.add(priority, unit).unwrap()).collect();
    queue.close();
    writer.run(&queue);
    waiting.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
}

fn appending(facts: usize) -> Unit {
    Box::new(move |tx| tx.append((0..facts).map(|_| draft()).collect()).map(|_| ()).map_err(|_| Abandoned))
}

fn draft() -> Draft {
    let id = Uuid::new_v4();
    let adjusted = PointsAdjusted {
        adjustment_id: AdjustmentId(id),
        points: Delta::new(1).unwrap(),
        reason: AdjustReason::Other,
        note_id: None,
    };
    Draft {
        event_id: EventId(id),
        customer_id: CustomerId(id),
        occurred_at: chrono::DateTime::UNIX_EPOCH,
        recorded_by: Recorder { staff_id: StaffId(id), role: Role::Staff },
        causation_id: None,
        rules: 1,
        traceparent: None,
        payload: Payload::from(adjusted),
    }
}

fn seqs(writer: &mut Writer<'_>) -> Vec<i64> {
    writer.raw.rows("SELECT seq FROM fact ORDER BY change_seq", binds![], |row| Ok(row.int(0))).unwrap()
}

fn commits(writer: &Writer<'_>) -> u64 {
    writer.commits.load(Ordering::Relaxed)
}

#[tokio::test]
async fn sixty_four_waiting_commands_share_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let before = commits(&writer);
    let answers = together(&mut writer, (0..64).map(|_| command(appending(1))).collect());
    assert_eq!(answers, vec![Ok(Some(Written { last_change: 64 })); 64]);
    assert_eq!(commits(&writer) - before, 1);
    assert_eq!(seqs(&mut writer), (1..=64).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_gives_up_or_panics_leaves_nothing_and_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let before = commits(&writer);
    let giving_up: Unit = Box::new(|tx| {
        tx.append(vec![draft(), draft()]).unwrap();
        Err(Abandoned)
    });
    let panicking: Unit = Box::new(|tx| {
        tx.append(vec![draft()]).unwrap();
        panic!("a fault in a unit")
    });
    // The second `remember` fails; a unit that goes on as if nothing had happened isn't kept.
    let careless: Unit = Box::new(|tx| {
        let remembered = Remembered { body: [0; 32], outcome: String::new() };
        let _ = tx.remember("key", &remembered, chrono::DateTime::UNIX_EPOCH);
        let _ = tx.remember("key", &remembered, chrono::DateTime::UNIX_EPOCH);
        let _ = tx.append(vec![draft()]);
        Ok(())
    });
    let units = vec![appending(1), giving_up, appending(2), panicking, careless, appending(1)];
    let answers = together(&mut writer, units.into_iter().map(command).collect());
    let kept = Ok(Some(Written { last_change: 4 }));
    assert_eq!(answers[..3], [kept.clone(), Ok(None), kept.clone()]);
    assert!(matches!(&answers[3], Err(StoreError::Panicked(said)) if said == "a fault in a unit"));
    assert!(matches!(&answers[4], Err(StoreError::Failed(_))));
    assert_eq!(answers[5], kept);
    assert_eq!(commits(&writer) - before, 1);
    assert_eq!(seqs(&mut writer), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_full_disk_refuses_what_does_not_fit_and_skips_no_seq() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let pages = writer.raw.row("PRAGMA page_count", binds![], |row| Ok(row.int(0))).unwrap().unwrap();
    assert!(pages < 60, "{pages}");
    writer.raw.execute("PRAGMA max_page_count = 100", binds![]).unwrap();
    // One of them is larger than what is left; the others have room.
    let sizes = [5, 5, 1_000, 5];
    let answers = together(&mut writer, sizes.map(|facts| command(appending(facts))).into());
    let written = |last_change| Ok(Some(Written { last_change }));
    assert_eq!(answers, [written(5), written(10), Err(StoreError::DiskFull), written(15)]);
    assert_eq!(seqs(&mut writer), (1..=15).collect::<Vec<_>>());

    let nothing_fits = together(&mut writer, vec![command(appending(1_000)), command(appending(1_000))]);
    assert_eq!(nothing_fits, vec![Err(StoreError::DiskFull); 2]);
    writer.raw.execute("PRAGMA max_page_count = 100000", binds![]).unwrap();
    assert_eq!(together(&mut writer, vec![command(appending(1_000))]), [written(1_015)]);
    assert_eq!(seqs(&mut writer), (1..=1_015).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_is_written_after_the_disk_was_full() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    writer.raw.execute("PRAGMA max_page_count = 100", binds![]).unwrap();
    // SQLite has ended the transaction by the second write, which would be committed alone.
    let careless: Unit = Box::new(|tx| {
        let _ = tx.append((0..1_000).map(|_| draft()).collect());
        let _ = tx.put_setting("later", "1");
        Ok(())
    });
    assert_eq!(together(&mut writer, vec![command(careless)]), [Err(StoreError::DiskFull)]);
    let kept = writer.raw.row("SELECT 1 FROM setting WHERE key = 'later'", binds![], |row| Ok(row.int(0)));
    assert_eq!((kept, seqs(&mut writer)), (Ok(None), Vec::new()));
}

#[tokio::test]
async fn commands_go_before_what_can_wait_and_all_share_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let before = commits(&writer);
    let order = Arc::new(Mutex::new(Vec::new()));
    let noting = |what: &'static str| -> Unit {
        let order = order.clone();
        Box::new(move |tx| {
            order.lock().unwrap().push(what);
            tx.put_setting(what, "1").map_err(|_| Abandoned)
        })
    };
    let units = vec![
        (Priority::Background, noting("background")),
        (Priority::Command, noting("first command")),
        (Priority::Command, noting("second command")),
    ];
    together(&mut writer, units);
    assert_eq!(*order.lock().unwrap(), ["first command", "second command", "background"]);
    assert_eq!(commits(&writer) - before, 1);
}

#[tokio::test]
async fn background_units_hold_a_transaction_for_a_short_time_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let before = commits(&writer);
    let slow = || -> Unit {
        Box::new(|tx| {
            std::thread::sleep(Duration::from_millis(15));
            tx.put_setting("slow", "1").map_err(|_| Abandoned)
        })
    };
    together(&mut writer, (0..6).map(|_| (Priority::Background, slow())).collect());
    assert!(commits(&writer) - before >= 3, "two of 15 ms at most share a slice of 20 ms");
}

#[tokio::test]
async fn a_command_that_comes_while_others_work_shares_their_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(folder.path()).await;
    let mut writer = writer(&mut connection).await;
    let before = writer.commits.load(Ordering::Relaxed);
    let queue = Arc::new(Queue::default());
    let (late, mut command) = (queue.clone(), None);
    let (told, answer) = std::sync::mpsc::channel();
    let background: Unit = Box::new(move |tx| {
        let answer = command.get_or_insert_with(|| late.add(Priority::Command, appending(1)).unwrap());
        let _ = told.send(answer.try_recv().is_err());
        late.close();
        tx.append(vec![draft()]).map(|_| ()).map_err(|_| Abandoned)
    });
    let mut answered = queue.add(Priority::Background, background).unwrap();
    writer.run(&queue);
    assert_eq!(answer.try_recv(), Ok(true));
    assert_eq!(answered.try_recv(), Ok(Ok(Some(Written { last_change: 2 }))));
    assert_eq!(writer.commits.load(Ordering::Relaxed) - before, 1);
}
