//! Programs of others on this computer: one that listens on a port that the gateway had, and one that opens many
//! connections and sends many requests without the token.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nosmoke_application::settings::mypage_engine;
use serde_json::json;

use crate::folder::{TestClock, hold};
use crate::process::TestFolder;

/// Asserts that nobody has connected to a listener.
fn assert_untouched(stranger: &TcpListener) {
    stranger.set_nonblocking(true).unwrap();
    let error = stranger.accept().expect_err("a command line has connected to a stranger");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_on_the_old_port_receives_nothing() {
    let folder = TestFolder::new();
    let file = folder.file("customers.csv");
    std::fs::write(&file, "name\n홍길동\n").unwrap();
    let import = ["import", "customers", file.to_str().unwrap()];
    let served = folder.serve();
    let address = served.base.trim_start_matches("http://").to_owned();
    let folder = served.kill();
    assert_eq!(std::fs::read_to_string(folder.data.join("gateway.address")).unwrap(), address);
    let stranger = TcpListener::bind(&address).unwrap();
    assert!(!folder.run(&["contexts"]).status.success());
    assert_untouched(&stranger);
    // Another program without a gateway has the folder open.
    let clock = Arc::new(TestClock::default());
    clock.set("2026-12-01T03:00:00Z");
    let open = hold(&folder, clock).await;
    for file in ["gateway.address", "gateway.sock"] {
        assert!(!folder.data.join(file).exists(), "{file} was left by a program that was killed");
    }
    // Even a noted address is not used.
    std::fs::write(folder.data.join("gateway.address"), &address).unwrap();
    for words in [&["contexts"][..], &import, &["rebuild", "mypage"]] {
        assert!(!folder.run(words).status.success(), "{words:?}");
    }
    assert_untouched(&stranger);
    open.close().await;
    assert!(folder.run(&import).status.success());
    assert_untouched(&stranger);
}

/// Whatever servers a backup names, they wait for passwords and for names.
#[tokio::test(flavor = "multi_thread")]
async fn the_servers_that_a_backup_names_receive_nothing() {
    let rogue = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = rogue.local_addr().unwrap();
    let (kafka, otlp) = (address.to_string(), format!("http://{address}"));
    let strangers = TestFolder::new().with(&["--kafka", &kafka, "--kafka-plain", "--otlp", &otlp]);
    let served = strangers.serve();
    // The settings do what they say, so that the test sees something.
    rogue.set_nonblocking(false).unwrap();
    drop(rogue.accept().unwrap());
    let strangers = served.stop();
    let clock = Arc::new(TestClock::default());
    clock.set("2026-12-01T03:00:00Z");
    let open = hold(&strangers, clock).await;
    let server = json!({
        "engine": "postgres", "host": "127.0.0.1", "port": address.port(), "database": "d", "user": "u",
        "transport": "plain", "caFile": "",
    });
    mypage_engine::keep(&*open.terminal().core.journal, serde_json::from_value(server).unwrap()).await.unwrap();
    open.close().await;
    let into = strangers.folder("backups");
    let (code, made) = strangers.with_json(&["backup", "--out", into.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{made}");
    rogue.set_nonblocking(true).unwrap();
    while rogue.accept().is_ok() {}

    let mine = TestFolder::new();
    let (code, said) = mine.with_json(&["restore", made["path"].as_str().unwrap(), "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let mine = mine.serve();
    // Spans, facts and lines of Mypage of a real day.
    let customer = mine.customer_with(100).await;
    let (status, mypage) = mine.get(&format!("/mypages/{customer}")).await;
    assert_eq!(status, 200, "{mypage}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_untouched(&rogue);
    let mine = mine.stop();
    assert!(mine.run(&["export", "histories", "--out", mine.file("out.csv").to_str().unwrap()]).status.success());
    assert_untouched(&rogue);
}

const SLOW_HEADS: usize = 1_100;
/// A second's worth of requests, which once used up the limit of all callers.
const WITHOUT_TOKEN: u32 = 5_500;
const GOOD_REQUESTS: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn slow_heads_and_a_flood_without_the_token_refuse_nothing_to_a_good_caller() {
    let served = TestFolder::new().serve();
    let address = served.base.trim_start_matches("http://").to_owned();
    let slow = {
        let address = address.clone();
        tokio::task::spawn_blocking(move || -> Vec<TcpStream> {
            let half = |_| {
                let mut stream = TcpStream::connect(&address).ok()?;
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nX:");
                Some(stream)
            };
            (0..SLOW_HEADS).filter_map(half).collect()
        })
    };
    let (ended, refused) = (Arc::new(AtomicBool::default()), Arc::new(AtomicU32::default()));
    let flood = (0..2).map(|_| {
        let (address, ended, refused) = (address.clone(), ended.clone(), refused.clone());
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) || refused.load(Ordering::Relaxed) < WITHOUT_TOKEN {
                let Ok(mut stream) = TcpStream::connect(&address) else { continue };
                let _ = stream.write_all(b"GET /contexts HTTP/1.1\r\nHost: x\r\n\r\n");
                let mut answer = [0; 12];
                if stream.read_exact(&mut answer).is_ok() && answer.ends_with(b"401") {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    let flood: Vec<_> = flood.collect();
    let mut times = Vec::new();
    let begun = Instant::now();
    while times.len() < GOOD_REQUESTS || refused.load(Ordering::Relaxed) < WITHOUT_TOKEN {
        let asked = Instant::now();
        let (status, answer) = served.post("/checkIns", json!({ "smokingAreaId": "1" })).await;
        assert_eq!(status, 201, "{answer}");
        times.push(asked.elapsed());
    }
    let took = begun.elapsed();
    ended.store(true, Ordering::Relaxed);
    for thread in flood {
        thread.join().unwrap();
    }
    times.sort();
    let strangers = refused.load(Ordering::Relaxed);
    eprintln!(
        "{} good requests in {took:.1?}, {strangers} without the token; p50 {:?}, p99 {:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    // The slow heads took no more connections than there may be, and the process has files left.
    let files = served.open_files();
    assert!(files < 512 + 128, "{files} open files");
    drop(slow.await.unwrap());
    assert!(times[times.len() * 99 / 100] < Duration::from_secs(5), "{times:?}");
}
