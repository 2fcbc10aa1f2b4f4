//! Opening a folder uses the engine for Mypage's store (SQLite or PostgreSQL) that the folder's setting names.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::Unattended;
use nosmoke_application::jobs::{Progress, export_histories};
use nosmoke_application::permission::{Authority, Caller};
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose, ReadOnlyFolder};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::Worker;
use nosmoke_ports::contract::{
    ContextName, ErrorCode, ExportInput, JobKind, Language, MypageEngine, MypageEngineInput, Outcome,
};
use nosmoke_postgres::{PASSWORD, Server};
use nosmoke_runtime::measures::Node;
use serde_json::json;
use uuid::Uuid;

use super::reach;
use super::server::{first_page, until};

async fn open(folder: &std::path::Path) -> OpenFolder {
    let place = FolderOptions {
        folder: folder.to_owned(),
        purpose: Purpose::Practise,
        replicates: false,
        connection: None,
        mypage: None,
    };
    OpenFolder::open(Environment::of_system("test", "test"), place, Arc::new(())).await.unwrap()
}

async fn enter(folder: &OpenFolder, customer: Option<CustomerId>) -> CustomerId {
    let terminal = folder.terminal();
    let command = json!({ "type": "checkIn", "customerId": customer, "areaId": "옥상" });
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": command });
    match terminal.commands.record(Caller::OWNER, request).await.unwrap() {
        Outcome::CheckedIn { customer_id, .. } => customer_id,
        other => panic!("{other:?}"),
    }
}

/// Waits until Mypage shows this many entries.
async fn lines(folder: &OpenFolder, customer: CustomerId, count: usize) {
    let queries = &folder.terminal().queries;
    until(async || queries.mypage(first_page(customer)).await.is_ok_and(|page| page.entries.len() == count)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s05_a_folder_set_to_a_server_keeps_mypage_there_after_a_restart() {
    let (mut server, data) = (Server::start(), tempfile::tempdir().unwrap());
    let mut folder = open(data.path()).await;
    folder.set_up_unattended(Unattended::default()).await.unwrap();
    let customer = enter(&folder, None).await;
    lines(&folder, customer, 1).await;
    let chosen = MypageEngineInput { engine: MypageEngine::Postgres(reach(&server)), password: Some(PASSWORD.into()) };
    folder.keep_mypage_engine(chosen).await.unwrap();
    folder.close().await;

    // The first start fills the server's schema from the journal; the next start finds it filled.
    for _ in 0..2 {
        let folder = open(data.path()).await;
        assert_eq!(folder.mypage_engine().await.unwrap(), MypageEngine::Postgres(reach(&server)));
        lines(&folder, customer, 1).await;
        // Another program beside this one reads there too, though this one has the schema locked.
        let beside = ReadOnlyFolder::open(Environment::of_system("test", "test"), data.path()).await.unwrap();
        let queries = beside.queries_when_folded(true).await.unwrap().unwrap();
        assert_eq!(queries.mypage.count_for_export(Some(customer), None, None).await, Ok(1));
        beside.close().await;
        folder.close().await;
    }
    let folder = open(data.path()).await;
    server.kill();
    let refused = folder.terminal().queries.mypage(first_page(customer)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::MypageUnreachable, "it is read there");
    let other = enter(&folder, None).await;
    server.start_again();
    lines(&folder, other, 1).await;
    folder.close().await;

    // After switching back to SQLite, the projector continues from the checkpoint in the SQLite file.
    let folder = open(data.path()).await;
    let chosen = MypageEngineInput { engine: MypageEngine::Sqlite, password: None };
    folder.keep_mypage_engine(chosen).await.unwrap();
    folder.close().await;
    server.kill();
    let folder = open(data.path()).await;
    lines(&folder, customer, 1).await;
    lines(&folder, other, 1).await;
    folder.close().await;
}

/// The program beside which the exports run was behind when they began. Nothing moves the workers of a program that only
/// reads, so an export looks at what the other one has stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_beside_a_program_that_lags_ends() {
    let data = tempfile::tempdir().unwrap();
    let mut folder = open(data.path()).await;
    folder.set_up_unattended(Unattended::default()).await.unwrap();
    let terminal = folder.terminal().clone();
    terminal.stop_context(Authority::OWNER, Node::Screen, ContextName::Mypage, None).await.unwrap();
    enter(&folder, None).await;
    let environment = Environment::of_system("test", "test");
    let beside = ReadOnlyFolder::open(environment.clone(), data.path()).await.unwrap();
    let export = |queries, name| {
        let progress = Arc::new(Progress::unfollowed(JobKind::Export, &environment.clock));
        export_histories(queries, ExportInput::default(), Language::En, data.path().join(name), progress)
    };
    let at_once = async { export(beside.queries().await.unwrap(), "at-once.csv").await };
    let when_folded = async {
        let queries = beside.queries_when_folded(true).await.unwrap().unwrap();
        assert!(queries.core.feed.caught_up(&[Worker::Mypage, Worker::Point]).await, "its queries wait for nothing");
        export(queries, "when-folded.csv").await
    };
    let catch_up = async {
        // Longer than the export needs to look for the first time.
        tokio::time::sleep(Duration::from_millis(300)).await;
        terminal.start_context(&Authority::OWNER, ContextName::Mypage).await.unwrap();
    };
    let all = async { tokio::join!(at_once, when_folded, catch_up) };
    let (at_once, when_folded, ()) = tokio::time::timeout(Duration::from_secs(40), all).await.expect("the exports end");
    for written in [at_once, when_folded] {
        let path = written.unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 2);
    }
    beside.close().await;
    drop(terminal);
    folder.close().await;
}
