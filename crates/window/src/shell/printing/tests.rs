//! Slips from the calls of the screens to the bytes at a printer.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use nosmoke_composition::Environment;
use nosmoke_ports::contract::Closing;
use serde_json::Value;

use super::*;
use crate::calls::answer;
use crate::host::Event;
use crate::testing::FakeHost;

async fn call(shell: &Shell, name: &str, input: Value) -> Result<Value, AppError> {
    answer(shell, name, input, None).await.map(|json| serde_json::from_str(&json).unwrap())
}

/// A facility with a customer who has 1,000 P, and that customer's id.
async fn desk(folder: &Path) -> (Arc<FakeHost>, Shell, String) {
    let host = Arc::new(FakeHost::default());
    let shell = Shell::new(host.clone(), Some(folder.join("data")), None, Environment::of_system("test", "0"));
    call(&shell, "start", Value::Null).await.unwrap();
    let set_up = json!({
        "facilityName": "한빛역", "terminalName": "단말", "areas": [{ "name": "옥상" }], "managerName": "박", "pin": "135790",
    });
    call(&shell, "set_up", set_up).await.unwrap();
    let profile = json!({ "name": "추가람", "card": "22040391" });
    let saved = record(&shell, "1", json!({ "type": "registerCustomer", "profile": profile })).await;
    let customer = saved["customerId"].as_str().unwrap().to_owned();
    let adjust = json!({ "type": "adjustPoints", "customerId": customer, "points": 1_000, "reason": "goodwill" });
    record(&shell, "2", adjust).await;
    (host, shell, customer)
}

async fn record(shell: &Shell, key: &str, command: Value) -> Value {
    call(shell, "record", json!({ "idempotencyKey": key, "command": command })).await.unwrap()
}

async fn pay(shell: &Shell, customer: &str, key: &str, points: u64) -> String {
    let paid = record(shell, key, json!({ "type": "pay", "customerId": customer, "points": points })).await;
    paid["paymentId"].as_str().unwrap().to_owned()
}

async fn set_printer(shell: &Shell, address: &str) {
    let place = json!({ "type": "network", "address": address });
    let setting = json!({ "place": place, "roll": "mm58", "hangul": "cp949" });
    call(shell, "save_printer", setting).await.unwrap();
}

/// A USB printer that isn't there: each slip fails at once.
async fn set_missing_printer(shell: &Shell) {
    let place = json!({ "type": "usb", "path": "/dev/usb/lp99" });
    let setting = json!({ "place": place, "roll": "mm58", "hangul": "cp949" });
    call(shell, "save_printer", setting).await.unwrap();
}

async fn is_reprint(shell: &Shell, slip: &Value) -> bool {
    let view = call(shell, "slip_view", slip.clone()).await.unwrap();
    view["blocks"].to_string().contains("다시 인쇄")
}

/// Waits until it is noted that the slip is on paper.
async fn until_reprint(shell: &Shell, slip: &Value) {
    let began = Instant::now();
    while !is_reprint(shell, slip).await {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until_failed(shell: &Shell) -> Value {
    let began = Instant::now();
    loop {
        let waiting = waiting(shell).await;
        if !waiting[0]["fault"].is_null() {
            return waiting;
        }
        assert!(began.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How often the access log has each act about this customer, by its count of rows.
async fn logged(shell: &Shell, customer: &str, act: &str) -> usize {
    let filter = json!({ "customerId": customer, "act": act });
    let input = json!({ "filter": filter, "limit": 100 });
    let began = Instant::now();
    loop {
        // Rows are written a moment later.
        let rows = call(shell, "access_log", input.clone()).await.unwrap()["rows"].as_array().unwrap().len();
        if rows > 0 || began.elapsed() > Duration::from_secs(2) {
            return rows;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_is_a_reprint_once_one_was_on_paper_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, shell, customer) = desk(folder.path()).await;
    set_missing_printer(&shell).await;
    let payment = pay(&shell, &customer, "3", 300).await;
    let slip = json!({ "type": "receipt", "paymentId": payment });
    // Neither shown nor failed is printed.
    assert!(!is_reprint(&shell, &slip).await);
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    until_failed(&shell).await;
    assert!(!is_reprint(&shell, &slip).await);
    // In part, by a printer that ends the connection on the way.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    set_printer(&shell, &listener.local_addr().unwrap().to_string()).await;
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The question, and the first bytes of the slip; what is left unread resets the connection.
        stream.read_exact(&mut [0; 8]).unwrap();
    });
    call(&shell, "retry_slip", json!(1)).await.unwrap();
    let failed = until_failed(&shell).await;
    assert_eq!((&failed[0]["fault"], &failed[0]["partly"]), (&json!("cutOff"), &json!(true)));
    until_reprint(&shell, &slip).await;
    // A balance is of its moment, however often it is printed.
    assert!(!is_reprint(&shell, &json!({ "type": "balance", "customerId": customer })).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_that_is_asked_for_twice_while_it_waits_is_a_reprint_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, shell, customer) = desk(folder.path()).await;
    // It takes one slip after the other, when it is told to.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    set_printer(&shell, &listener.local_addr().unwrap().to_string()).await;
    let payment = pay(&shell, &customer, "3", 300).await;
    let slip = json!({ "type": "receipt", "paymentId": payment });
    for _ in 0..2 {
        call(&shell, "print_slip", slip.clone()).await.unwrap();
    }
    let read = move || {
        let mut bytes = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
        text(&bytes).contains("다시 인쇄")
    };
    let reprints = tokio::task::spawn_blocking(move || [read(), read()]).await.unwrap();
    assert_eq!(reprints, [false, true]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_access_log_has_what_the_systems_dialog_prints_and_not_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (host, shell, customer) = desk(folder.path()).await;
    let payment = pay(&shell, &customer, "3", 300).await;
    let slip = json!({ "type": "receipt", "paymentId": payment });
    call(&shell, "slip_view", slip.clone()).await.unwrap();
    assert_eq!(logged(&shell, &customer, "cardOpened").await, 1);
    let page = json!({ "slip": slip, "page": { "widthMm": 58, "heightMm": 100 } });
    host.cancels.store(true, Ordering::SeqCst);
    call(&shell, "print_page", page.clone()).await.unwrap();
    assert_eq!(logged(&shell, &customer, "printed").await, 0);
    assert!(!is_reprint(&shell, &slip).await);
    host.cancels.store(false, Ordering::SeqCst);
    call(&shell, "print_page", page).await.unwrap();
    assert_eq!(logged(&shell, &customer, "printed").await, 1);
    until_reprint(&shell, &slip).await;
    assert_eq!(host.pages.lock().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_asks_about_slips_that_are_not_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let (host, shell, customer) = desk(folder.path()).await;
    set_missing_printer(&shell).await;
    call(&shell, "print_slip", json!({ "type": "balance", "customerId": customer })).await.unwrap();
    until_failed(&shell).await;
    assert!(!shell.may_close());
    assert!(host.events().contains(&Event::Closing(Closing { job: None, unsaved: false, slips: 1 })));
    // A screen that hangs is closed by itself only if nothing would be lost.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(host.closed(), 0);
}

/// A printer on this computer: its address, and what each connection brings.
fn printer() -> (String, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, arrived) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut bytes = Vec::new();
            stream.unwrap().read_to_end(&mut bytes).unwrap();
            sender.send(bytes).unwrap();
        }
    });
    (address, arrived)
}

/// The text of a slip that was sent as text.
fn text(bytes: &[u8]) -> String {
    encoding_rs::EUC_KR.decode(bytes).0.into_owned()
}

async fn waiting(shell: &Shell) -> Value {
    call(shell, "printer", Value::Null).await.unwrap()["waiting"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_says_the_same_whenever_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let (host, shell, customer) = desk(folder.path()).await;
    let (address, arrived) = printer();
    set_printer(&shell, &address).await;
    let first = pay(&shell, &customer, "3", 300).await;
    // Slips have the figures of their millisecond.
    tokio::time::sleep(Duration::from_millis(5)).await;
    pay(&shell, &customer, "4", 200).await;
    let slip = json!({ "type": "receipt", "paymentId": first });
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    let receipt = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
    for part in ["한빛역", "결제 영수증", "추○람", "300 P", "700 P"] {
        assert!(receipt.contains(part), "{part}: {receipt}");
    }
    assert!(!receipt.contains("추가람") && !receipt.contains("500 P") && !receipt.contains("다시 인쇄"));
    until_reprint(&shell, &slip).await;
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    let again = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
    assert!(again.contains("다시 인쇄") && again.contains("700 P"));
    assert!(host.events().contains(&Event::Printer(())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_has_the_whole_name_and_the_notice_of_a_penalty_how_to_appeal() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, shell, customer) = desk(folder.path()).await;
    let (address, arrived) = printer();
    set_printer(&shell, &address).await;
    let slip = json!({ "type": "card", "customerId": customer });
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    let card = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
    assert!(card.contains("추가람") && card.contains("22040391"));
    let impose = json!({ "type": "imposePenalty", "customerId": customer, "code": "BASIC" });
    let imposed = record(&shell, "3", impose).await;
    let slip = json!({ "type": "penalty", "penaltyId": imposed["penaltyId"] });
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    let notice = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
    for part in ["비흡연구역 흡연", "10점", "이의가 있으면", "추○람"] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
    let page = call(&shell, "slip_entries", json!({ "limit": 10 })).await.unwrap();
    assert_eq!((page["entries"].as_array().unwrap().len(), &page["next"]), (1, &Value::Null));
    assert_eq!(page["entries"][0]["kind"], "penaltyImposed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_printer_that_is_away_holds_up_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, shell, customer) = desk(folder.path()).await;
    set_missing_printer(&shell).await;
    let payment = pay(&shell, &customer, "3", 100).await;
    let slip = json!({ "type": "receipt", "paymentId": payment });
    call(&shell, "print_slip", slip.clone()).await.unwrap();
    pay(&shell, &customer, "4", 100).await;
    let began = Instant::now();
    while waiting(&shell).await[0]["fault"].is_null() {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let failed = waiting(&shell).await;
    let [failed] = failed.as_array().unwrap().as_slice() else { panic!("{failed}") };
    assert!(failed["at"].as_i64().unwrap() > 1_700_000_000_000);
    assert_eq!((&failed["kind"], &failed["whose"]), (&json!("receipt"), &json!("추○람")));
    assert_eq!((&failed["id"], &failed["fault"]), (&json!(1), &json!("noDevice")));
    assert_eq!(failed["partly"], false);
    // Printed again, on the printer that is set now, with what is true now.
    let void = json!({ "type": "voidPayment", "paymentId": payment, "reason": "mistaken" });
    record(&shell, "5", void).await;
    let (address, arrived) = printer();
    set_printer(&shell, &address).await;
    call(&shell, "retry_slip", json!(1)).await.unwrap();
    let slip = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
    assert!(slip.contains("100 P") && slip.contains("취소") && !slip.contains("다시 인쇄"), "{slip}");
    let began = Instant::now();
    while waiting(&shell).await != json!([]) {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_wrong_address_is_refused_and_the_earlier_printer_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, shell, _) = desk(folder.path()).await;
    set_printer(&shell, "192.0.2.1").await;
    let place = json!({ "type": "usb", "path": "/dev/sda" });
    let wrong = json!({ "place": place, "roll": "mm80", "hangul": "picture" });
    let error = call(&shell, "save_printer", wrong).await.unwrap_err();
    assert_eq!((error.code, &error.params["reason"]), (ErrorCode::PrinterAddress, &json!("device")));
    let kept = call(&shell, "printer", Value::Null).await.unwrap();
    assert_eq!(kept["setting"]["place"], json!({ "type": "network", "address": "192.0.2.1" }));
}
