//! What somebody without the token can do to the gateway: nothing that a good caller notices.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_gateway::Limits;
use nosmoke_ports::RandomIds;
use nosmoke_ports::traces::Traces;
use nosmoke_tests::doubles::{FaultSwitch, FaultyJournal};
use reqwest::Method;

use super::Rest;
use crate::support::Desk;

/// Longest wait for something that takes milliseconds on an idle machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// Opens a connection that has sent half of a head.
fn half_a_head(rest: &Rest) -> TcpStream {
    let mut stream = TcpStream::connect(rest.base.trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nX: ").unwrap();
    stream.set_read_timeout(Some(WAIT_TIMEOUT)).unwrap();
    stream
}

/// Waits until the gateway has closed a connection; returns what it said before.
fn closed(mut stream: TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        Ok(_) => said,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => said,
        Err(error) => panic!("the connection stays open: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_without_the_token_use_up_no_limit() {
    let desk = Desk::new().await;
    let limits = Limits { per_second: 3.try_into().unwrap(), at_once: 1, ..Limits::default() };
    let rest = Rest::serve_within(&desk.terminal, limits).await;
    for path in ["/contexts", "/health"] {
        for _ in 0..20 {
            let answer = rest.http.get(format!("{}{path}", rest.base)).send().await.unwrap();
            assert_eq!(answer.status(), if path == "/health" { 200 } else { 401 });
        }
    }
    for _ in 0..3 {
        assert_eq!(rest.get("/contexts").await.0, 200);
    }
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_close_the_oldest_without_the_token() {
    let desk = Desk::new().await;
    let rest = Rest::serve_within(&desk.terminal, Limits { connections: 4, ..Limits::default() }).await;
    assert_eq!(rest.get("/contexts").await.0, 200);
    let half: Vec<TcpStream> = (0..12).map(|_| half_a_head(&rest)).collect();
    let newest = half.len() - 3;
    for (index, stream) in half.into_iter().enumerate() {
        if index < newest {
            assert!(closed(stream).is_empty());
        }
        // Over the connection that it has kept since before the others.
        assert_eq!(rest.get("/contexts").await.0, 200);
    }
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_does_not_arrive_and_an_idle_connection_are_closed() {
    let desk = Desk::new().await;
    // Longer than a busy machine takes between the two halves of a head.
    let short = Duration::from_secs(2);
    let limits = Limits { head_timeout: short, idle_timeout: short, ..Limits::default() };
    let rest = Rest::serve_within(&desk.terminal, limits).await;
    assert!(closed(half_a_head(&rest)).is_empty());
    let mut idle = half_a_head(&rest);
    idle.write_all(b"y\r\nHost: x\r\n\r\n").unwrap();
    assert!(closed(idle).starts_with(b"HTTP/1.1 200"));
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_of_more_than_32_kib_is_refused() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let sent = |bytes: usize| rest.request(Method::GET, "/health").header("X", "a".repeat(bytes)).send();
    assert_eq!(sent(24 * 1024).await.unwrap().status(), 200);
    assert_eq!(sent(40 * 1024).await.unwrap().status(), 431);
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_connections_end_with_the_gateway() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let half: Vec<TcpStream> = (0..8).map(|_| half_a_head(&rest)).collect();
    assert_eq!(rest.get("/contexts").await.0, 200);
    let begun = Instant::now();
    rest.stop().await;
    for stream in half {
        assert!(closed(stream).is_empty());
    }
    assert!(begun.elapsed() < WAIT_TIMEOUT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_reads_no_journal() {
    let desk = Desk::new().await;
    let switch = FaultSwitch::default();
    let ports = Ports {
        journal: Arc::new(FaultyJournal(desk.store.journal(), switch.clone())),
        mypage: desk.store.mypage(),
        access: desk.store.access(),
        clock: desk.clock.clone(),
        ids: Arc::new(RandomIds),
        traces: Traces::default(),
    };
    let terminal = Terminal::new(ports).await.unwrap();
    let rest = Rest::serve(&terminal).await;
    assert_eq!(rest.get("/health").await.0, 200);
    let before = switch.calls();
    let requests = 400;
    for _ in 0..requests {
        assert_eq!(rest.get("/health").await.0, 200);
    }
    // The gateway itself looks every few seconds.
    assert!(switch.calls() - before < requests / 4, "{} reads", switch.calls() - before);
    rest.stop().await;
}
