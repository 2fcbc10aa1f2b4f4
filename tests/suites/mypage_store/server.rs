//! Behaviour of Mypage's store that only a server has: it can be unreachable, refuse a connection, or be shared.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_mypage_postgres::{PostgresMypage, Settings, try_server};
use nosmoke_ports::contract::{
    AppError, ErrorCode, MypageEngineTrial, MypageFilter, MypageInput, PostgresServer, Transport,
};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{MypageSource, MypageStore, ProjectionBatch, RandomIds, ServerFault, StoreError};
use nosmoke_postgres::{PASSWORD, Server};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::port::{at, batch, row};
use super::{FixedSource, claim, reach, settings, shared, sign_in_alike};
use crate::support::Desk;

async fn sql(server: &Server, text: &str) {
    let mut connection = PgConnection::connect(&server.url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn of_incarnation(server: &Server, incarnation: Uuid) -> PostgresMypage {
    PostgresMypage::new(settings(server), Arc::new(FixedSource(claim(incarnation, 1, 100))))
}

/// Returns a batch with one row for an empty store.
fn one_row(checkpoint: i64) -> ProjectionBatch {
    batch(vec![row(1, 7, nosmoke_ports::contract::EntryKind::Visit, at(0), (1, 0))], 0, checkpoint)
}

fn fault<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> ServerFault {
    match answer {
        Err(StoreError::Server(fault, _)) => fault,
        other => panic!("{other:?}"),
    }
}

fn schema(incarnation: Uuid) -> String {
    format!("nosmoke_{}", incarnation.simple())
}

/// Polls until a condition holds, for at most 30 s.
pub(super) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let begin = Instant::now();
    while !holds().await {
        assert!(begin.elapsed() < Duration::from_secs(30), "the condition doesn't hold within 30 s");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(super) fn first_page(customer_id: nosmoke_domain::ids::CustomerId) -> MypageInput {
    MypageInput { customer_id, filter: MypageFilter::All, from: None, to: None, cursor: None, limit: 10, moment: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s05_an_unreachable_server_blocks_only_mypage() {
    let mut server = Server::start();
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    server.kill();

    // The program starts while the server is down.
    let (journal, clock) = (desk.store.journal(), desk.clock.clone());
    let mypage = Arc::new(PostgresMypage::new(settings(&server), Arc::new(JournalSource(journal.clone()))));
    let (mypage_of, ids, access) = (mypage.clone(), Arc::new(RandomIds), Arc::new(()));
    let ports = Ports { journal, mypage: mypage_of, access, clock, ids, traces: Traces::default() };
    let begin = Instant::now();
    let terminal = Terminal::new(ports).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    sign_in_alike(&terminal, &desk);
    let desk = Desk { terminal, ..desk };
    let (notify, mut notified) = mpsc::unbounded_channel();
    let running = desk.terminal.start(move |changed| drop(notify.send(changed)));

    // Every other context works without waiting for the server.
    let visit = desk.check_in(customer).await;
    desk.check_out(visit).await;
    until(async || desk.balance(customer).await == 100).await;
    desk.pay(customer, 30).await.unwrap();
    let begin = Instant::now();
    assert_eq!(desk.balance(customer).await, 70);
    assert!(begin.elapsed() < Duration::from_millis(900), "the desk waited {:?}", begin.elapsed());
    let refused = desk.terminal.queries.mypage(first_page(customer)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::MypageUnreachable);
    let refused = desk.terminal.queries.chart(first_page(customer)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::MypageUnreachable);

    // Once the server is back, the worker catches up by itself and the screens are notified.
    while notified.try_recv().is_ok() {}
    server.start_again();
    let shown =
        async || desk.terminal.queries.mypage(first_page(customer)).await.is_ok_and(|page| page.entries.len() == 2);
    until(shown).await;
    tokio::time::timeout(Duration::from_secs(15), notified.recv()).await.unwrap().unwrap();

    // While the server is frozen, Mypage fails within its timeout. Afterwards the new entries appear.
    server.freeze();
    desk.pay(customer, 20).await.unwrap();
    let begin = Instant::now();
    let refused = desk.terminal.queries.mypage(first_page(customer)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::MypageUnreachable);
    assert!(begin.elapsed() < Duration::from_secs(12), "{:?}", begin.elapsed());
    let begin = Instant::now();
    assert_eq!(desk.card(customer).await.visits_this_month, None);
    assert!(begin.elapsed() < Duration::from_millis(900), "the desk waited {:?}", begin.elapsed());
    server.thaw();
    until(async || desk.terminal.queries.mypage(first_page(customer)).await.is_ok_and(|page| page.entries.len() == 3))
        .await;

    // If the connections are cut and the schema is dropped, the projector rebuilds the store by itself.
    sql(&server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Nosmoke Desk'")
        .await;
    let incarnation = JournalSource(desk.store.journal()).claim().await.unwrap().incarnation.unwrap();
    sql(&server, &format!("DROP SCHEMA {} CASCADE", schema(incarnation.0))).await;
    until(async || desk.terminal.queries.mypage(first_page(customer)).await.is_ok_and(|page| page.entries.len() == 3))
        .await;
    running.stop().await;
}

#[tokio::test]
async fn s05_terminals_share_a_server_and_each_incarnation_has_its_own_rows() {
    let (one, two) = (Uuid::new_v4(), Uuid::new_v4());
    let (first, second) = (of_incarnation(shared(), one), of_incarnation(shared(), two));
    first.apply(one_row(5)).await.unwrap();
    assert_eq!((second.checkpoint().await, second.count_for_export(None, None, None).await), (Ok(0), Ok(0)));
    assert_eq!((first.checkpoint().await, first.count_for_export(None, None, None).await), (Ok(5), Ok(1)));
    // A second store with the same incarnation stands for a copied folder that wasn't noticed as a copy.
    let copy = of_incarnation(shared(), one);
    assert_eq!(fault(copy.checkpoint().await), ServerFault::InUse);
    drop(first);
    until(async || copy.checkpoint().await == Ok(5)).await;
}

#[tokio::test]
async fn a_schema_that_is_newer_or_lacks_tables_is_recreated() {
    for damage in [
        "UPDATE S._sqlx_migrations SET checksum = '\\x00'",
        "INSERT INTO S._sqlx_migrations SELECT 29990101000000, 'later', now(), true, '\\x00', 1",
        "DROP SCHEMA S CASCADE",
    ] {
        let incarnation = Uuid::new_v4();
        let store = of_incarnation(shared(), incarnation);
        store.apply(one_row(5)).await.unwrap();
        drop(store);
        sql(
            shared(),
            &damage
                .replace("S.", &format!("{}.", schema(incarnation)))
                .replace(" S ", &format!(" {} ", schema(incarnation))),
        )
        .await;
        let recreated = of_incarnation(shared(), incarnation);
        until(async || recreated.checkpoint().await.is_ok()).await;
        assert_eq!(
            (recreated.checkpoint().await, recreated.count_for_export(None, None, None).await),
            (Ok(0), Ok(0)),
            "{damage}"
        );
        recreated.apply(one_row(6)).await.unwrap();
    }
}

#[tokio::test]
async fn a_step_that_fails_half_way_changes_neither_rows_nor_checkpoint() {
    let incarnation = Uuid::new_v4();
    let store = of_incarnation(shared(), incarnation);
    store.apply(one_row(5)).await.unwrap();
    let before = store.export_block(None, None, None, None, 9).await.unwrap().rows;
    // PostgreSQL rejects NUL in a text, so the insert fails after the old rows were deleted.
    let mut broken = one_row(6);
    broken.after = 5;
    broken.rows[0].status = "\0".into();
    fault(store.apply(broken).await);
    assert_eq!(store.checkpoint().await, Ok(5));
    assert_eq!(store.export_block(None, None, None, None, 9).await.unwrap().rows, before);
}

async fn trial(server: PostgresServer, password: &str) -> MypageEngineTrial {
    try_server(&Settings::new(&server, Some(password)), &FixedSource(claim(Uuid::new_v4(), 1, 0))).await
}

#[tokio::test]
async fn each_fault_of_a_server_has_its_own_error_code() {
    let server = shared();
    let good = reach(server);
    let found = trial(good.clone(), PASSWORD).await;
    assert!(found.error.is_none() && found.version.is_some(), "{found:?}");
    sql(server, "CREATE ROLE guest LOGIN PASSWORD 'guest-password'").await;
    sql(server, "CREATE DATABASE closed").await;
    let tls = |file: std::path::PathBuf| PostgresServer {
        transport: Transport::Tls,
        host: "localhost".into(),
        ca_file: file.display().to_string(),
        ..good.clone()
    };
    let certificates = server.certificates();
    let found = trial(tls(certificates.ca()), PASSWORD).await;
    assert!(found.error.is_none(), "{found:?}");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (code, server, password) in [
        (ErrorCode::MypageBadCredentials, good.clone(), "wrong-password"),
        (ErrorCode::MypageBadCredentials, PostgresServer { user: "nobody".into(), ..good.clone() }, PASSWORD),
        (ErrorCode::MypageNoDatabase, PostgresServer { database: "없음".into(), ..good.clone() }, PASSWORD),
        (ErrorCode::MypageUnreachable, PostgresServer { port: closed, ..good.clone() }, PASSWORD),
        (ErrorCode::MypageUnreachable, PostgresServer { host: "/nowhere".into(), ..good.clone() }, PASSWORD),
        (ErrorCode::MypageUntrusted, tls(certificates.other_ca()), PASSWORD),
        (ErrorCode::MypageUntrusted, tls(std::path::PathBuf::new()), PASSWORD),
        (ErrorCode::MypageSettings, tls("/nowhere/ca.pem".into()), PASSWORD),
        (
            ErrorCode::MypageNotAuthorised,
            PostgresServer { user: "guest".into(), database: "closed".into(), ..good.clone() },
            "guest-password",
        ),
    ] {
        let AppError { code: found, params } = trial(server.clone(), password).await.error.unwrap();
        assert_eq!(found, code, "{server:?}: {params}");
        assert!(!params.to_string().contains(password), "{params}");
    }
}

#[tokio::test]
async fn a_url_configures_the_server_and_the_password_is_never_printed() {
    let settings = Settings::from_url(&shared().url()).unwrap();
    let store = PostgresMypage::new(settings, Arc::new(FixedSource(claim(Uuid::new_v4(), 1, 0))));
    assert_eq!(store.checkpoint().await, Ok(0));
    let bad = Settings::from_url("mysql://desk:desk-password@x").map(|_| ());
    for words in [format!("{store:?}"), format!("{bad:?}")] {
        assert!(!words.contains(PASSWORD), "{words}");
    }
    assert_eq!(fault(bad), ServerFault::Settings);
}
