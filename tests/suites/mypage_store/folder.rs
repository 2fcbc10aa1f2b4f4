//! Opening a folder uses the engine for Mypage's store (SQLite or PostgreSQL) that the folder's setting names.

use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{ErrorCode, MypageEngine, MypageEngineInput, Outcome};
use nosmoke_postgres::{PASSWORD, Server};
use serde_json::json;
use uuid::Uuid;

use super::reach;
use super::server::{first_page, until};

async fn open(folder: &std::path::Path) -> OpenFolder {
    let place =
        FolderOptions { folder: folder.to_owned(), marks: None, replicates: false, connection: None, mypage: None };
    OpenFolder::open(Environment::of_system("test", "test"), place, Arc::new(())).await.unwrap()
}

async fn enter(folder: &OpenFolder, customer: Option<CustomerId>) -> CustomerId {
    let terminal = folder.terminal();
    let command = json!({ "type": "checkIn", "customerId": customer, "areaId": "옥상" });
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": command });
    match terminal.commands.record(terminal.queries.recorder().await.unwrap(), request).await.unwrap() {
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
