//! Exports are complete or fail, whatever is recorded meanwhile; and a job that panics ends.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use nosmoke_application::csv::read_customers;
use nosmoke_application::jobs::{Jobs, export_customers, export_histories, import_customers};
use nosmoke_application::queries::Queries;
use nosmoke_domain::fact::{CheckedIn, Draft};
use nosmoke_domain::ids::{CustomerId, EventId, VisitId};
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{ContextName, ErrorCode, ExportInput, Job, JobKind, JobState, Language};
use nosmoke_ports::{Clock, Priority, RandomIds, SearchQuery, StoreError, Write, read, write};
use nosmoke_tests::doubles::{
    Behaviour, FaultSwitch, FaultyJournal, Halt, HaltAt, HaltingJournal, start_with_journals,
};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Desk, csv_rows, job};

/// More than an export reads at a time: 2,000 entries, or 1,000 customers.
const ENTRIES: usize = 2_100;
const CUSTOMERS: usize = 1_100;
/// The reads of the journal in an export of histories up to the end of its first batch.
const FIRST_BATCH: HaltAt = HaltAt::Reads(4);

fn histories(customer_id: Option<CustomerId>) -> ExportInput {
    ExportInput { customer_id, ..ExportInput::default() }
}

/// Queries over a journal that halts.
fn halting(desk: &Desk, at: HaltAt) -> (Queries, Halt) {
    let mut queries = desk.terminal.queries.clone();
    let (journal, halt) = HaltingJournal::new(desk.terminal.core.journal.clone(), at);
    queries.core.journal = journal;
    (queries, halt)
}

async fn export(desk: &Desk, queries: Queries, input: ExportInput, to: &Path) -> Job {
    let to = to.to_owned();
    job(desk, JobKind::Export, |progress| export_histories(queries, input, Language::En, to, progress)).await
}

fn refused(job: &Job) -> (ErrorCode, serde_json::Value) {
    assert_eq!(job.state, JobState::Failed, "{job:?}");
    let error = job.error.clone().unwrap();
    (error.code, error.params["reason"].clone())
}

/// Returns the folder of an export and its path.
fn target() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("내보내기.csv");
    (folder, path)
}

fn is_empty(folder: &TempDir) -> bool {
    std::fs::read_dir(folder.path()).unwrap().next().is_none()
}

/// Records that many check-ins of customers without a profile, a second apart.
async fn many_check_ins(desk: &Desk) {
    let (recorded_by, area_id, begin) = (desk.authority().await.recorded_by, desk.area.area_id, desk.clock.now());
    let drafts: Vec<Draft> = (0..ENTRIES)
        .map(|number| {
            let occurred_at = begin + TimeDelta::seconds(i64::try_from(number).unwrap());
            let visit_id = VisitId(Uuid::new_v4());
            let entered = CheckedIn {
                visit_id,
                area_id,
                standing: Standing::Allowed,
                outstanding: 0,
                standing_as_of: occurred_at,
                admission: None,
            };
            Draft {
                event_id: EventId(Uuid::new_v4()),
                customer_id: CustomerId(Uuid::new_v4()),
                occurred_at,
                recorded_at: occurred_at,
                recorded_by,
                approved_by: None,
                causation_id: None,
                rules: 1,
                traceparent: None,
                payload: entered.into(),
            }
        })
        .collect();
    let unit = move |tx: &mut dyn Write| tx.append(drafts.clone()).map(drop);
    let (_, written) = write::<(), StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    desk.terminal.core.feed.wrote(written.unwrap().last_change);
    desk.settle().await;
    desk.clock.pass(TimeDelta::hours(1));
}

#[tokio::test]
async fn a_visit_that_changes_during_an_export_stands_once_in_the_file() {
    let desk = Desk::new().await;
    let [leaves, returns] = [desk.customer("나가는 고객").await, desk.customer("돌아오는 고객").await];
    let (leaving, returning) = (desk.check_in(leaves).await, desk.check_in(returns).await);
    desk.clock.pass(TimeDelta::minutes(1));
    many_check_ins(&desk).await;
    desk.check_out(returning).await;
    desk.settle().await;

    let (queries, halt) = halting(&desk, FIRST_BATCH);
    let (_folder, path) = target();
    // One visit moves from the beginning to the end of the histories meanwhile, the other from the end to the beginning.
    let moves = halt.meanwhile(async {
        desk.check_out(leaving).await;
        desk.give(json!({ "type": "takeBackCheckOut", "visitId": returning })).await.unwrap();
        desk.settle().await;
    });
    let (job, ()) = tokio::join!(export(&desk, queries, histories(None), &path), moves);
    assert_eq!((job.state, job.error), (JobState::Done, None));
    let rows = csv_rows(&path);
    let stands = |visit: VisitId| rows.iter().filter(|row| row.iter().any(|cell| cell == visit.to_string())).count();
    assert_eq!((rows.len(), stands(leaving), stands(returning)), (ENTRIES + 2, 1, 1));
    // The file is in the order in which the visits began.
    let first: Vec<String> = rows[..2].iter().flat_map(|row| row.iter().map(str::to_owned)).collect();
    assert!(first.contains(&leaving.to_string()) && first.contains(&returning.to_string()), "{first:?}");
}

#[tokio::test]
async fn a_customer_who_checks_in_during_an_export_is_exported_once() {
    let desk = Desk::new().await;
    let names: String = (0..CUSTOMERS).map(|number| format!("고객 {number}\n")).collect();
    let file = read_customers(format!("이름\n{names}").as_bytes()).unwrap();
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    let imported = job(&desk, JobKind::Import, |progress| import_customers(bus, authority, file, progress)).await;
    assert_eq!(imported.state, JobState::Done);
    let query = SearchQuery { limit: CUSTOMERS, ..SearchQuery::default() };
    let seen = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| tx.search(&query)).await.unwrap();

    let (queries, halt) = halting(&desk, HaltAt::Reads(1));
    let (_folder, path) = target();
    let to = path.clone();
    let exported = job(&desk, JobKind::Export, |progress| export_customers(queries, Language::En, to, progress));
    // Those who were seen longest ago are seen now.
    let enter = halt.meanwhile(async {
        for row in &seen[CUSTOMERS - 5..] {
            desk.check_in(row.profile.customer_id).await;
        }
        desk.settle().await;
    });
    let (job, ()) = tokio::join!(exported, enter);
    assert_eq!(job.state, JobState::Done);
    let mut names: Vec<String> = csv_rows(&path).iter().map(|row| row[0].to_owned()).collect();
    names.sort_unstable();
    let mut expected: Vec<String> = (0..CUSTOMERS).map(|number| format!("고객 {number}")).collect();
    expected.sort_unstable();
    assert!(names == expected, "{} of {CUSTOMERS}", names.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_fails_where_mypage_lacks_changes() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let (folder, path) = target();
    let queries = || desk.terminal.queries.clone();
    assert_eq!(export(&desk, queries(), histories(None), &path).await.state, JobState::Done);
    let complete = std::fs::read(&path).unwrap();

    // The projector fails, and the read model begins again without the feed's knowledge.
    let faults = FaultSwitch::default();
    let faulty = Arc::new(FaultyJournal(desk.terminal.core.journal.clone(), faults.clone()));
    let running = start_with_journals(&desk.terminal, &[(ContextName::Mypage, faulty as Arc<_>)].into());
    faults.set(Behaviour::Fails);
    desk.terminal.workers.mypage.clear().await.unwrap();
    let failed = export(&desk, queries(), histories(None), &path).await;
    assert_eq!(refused(&failed), (ErrorCode::MypageBehind, json!("behind")));
    assert_eq!(failed.error.unwrap().params["missing"], json!(3));
    assert_eq!(std::fs::read(&path).unwrap(), complete, "the earlier file is unchanged");

    // Once the projector goes on, the export waits for it.
    faults.set(Behaviour::Normal);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (again, to) = target();
    let job = export(&desk, queries(), histories(None), &to).await;
    running.stop().await;
    assert_eq!((job.state, std::fs::read(&to).unwrap()), (JobState::Done, complete));
    drop((folder, again));
}

#[tokio::test]
async fn an_export_fails_where_the_read_model_begins_again_meanwhile() {
    let desk = Desk::new().await;
    many_check_ins(&desk).await;
    let (queries, halt) = halting(&desk, FIRST_BATCH);
    let (folder, path) = target();
    let begins_again = halt.meanwhile(async { desk.terminal.workers.mypage.clear().await.unwrap() });
    let (job, ()) = tokio::join!(export(&desk, queries, histories(None), &path), begins_again);
    assert_eq!(refused(&job), (ErrorCode::MypageBehind, json!("behind")));
    assert!(is_empty(&folder));
}

#[tokio::test]
async fn an_export_fails_where_it_would_leave_out_a_customer_set_aside() {
    let desk = Desk::new().await;
    let (bad, good) = (desk.customer("홍길동").await, desk.customer("오재현").await);
    desk.visit(bad).await;
    desk.visit(good).await;
    let set_aside = json!({ bad.to_string(): 1 }).to_string();
    let unit = move |tx: &mut dyn Write| tx.put_setting("set_aside.Mypage", &set_aside);
    write::<(), StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    let queries = || desk.terminal.queries.clone();
    for of in [None, Some(bad)] {
        let (folder, path) = target();
        let job = export(&desk, queries(), histories(of), &path).await;
        assert_eq!(refused(&job), (ErrorCode::MypageBehind, json!("set_aside")));
        assert!(is_empty(&folder));
    }
    let (_folder, path) = target();
    assert_eq!(export(&desk, queries(), histories(Some(good)), &path).await.state, JobState::Done);
}

#[tokio::test]
async fn a_job_that_panics_ends_with_its_reason() {
    let seen = Arc::new(Mutex::new(Vec::<Job>::new()));
    let told = seen.clone();
    let clock = Arc::new(crate::clock::TestClock::default());
    let jobs = Arc::new(Jobs::new(clock, Arc::new(RandomIds), move |job| told.lock().unwrap().push(job)));
    jobs.start(JobKind::Export, |_| async { panic!("the reason") }).unwrap();
    for _ in 0..1_000 {
        if jobs.is_idle() && seen.lock().unwrap().len() > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let last = seen.lock().unwrap().pop().unwrap();
    let error = last.error.unwrap();
    assert_eq!((last.state, error.code), (JobState::Failed, ErrorCode::Internal));
    assert!(error.params["detail"].as_str().unwrap().contains("the reason"), "{error:?}");
    assert!(jobs.start(JobKind::Export, |_| async { Ok(None) }).is_ok(), "another job can run");
}
