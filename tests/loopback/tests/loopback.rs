//! The program itself, over HTTP.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

const ORIGIN: &str = "http://localhost:1420";

struct Program {
    child: Child,
    port: u64,
    token: String,
}

impl Program {
    fn start(words: &[&str]) -> Self {
        Self::start_in(None, words)
    }

    /// Starts the program on a folder that stays.
    fn start_in(root: Option<&Path>, words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nosmoke-loopback"));
        if let Some(root) = root {
            command.arg("--data-dir").arg(root.join("data")).env("NOSMOKE_MARKS_DIR", root.join("marks"));
        }
        command.args(words).env_remove("NOSMOKE_DATA_DIR").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address: Value = serde_json::from_str(&line).unwrap();
        let token = address["token"].as_str().unwrap().to_owned();
        Self { child, port: address["port"].as_u64().unwrap(), token }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        Client::new().request(method, format!("http://127.0.0.1:{}{path}", self.port))
    }

    async fn call(&self, name: &str, input: Value) -> (StatusCode, Value) {
        let request = self.request(Method::POST, &format!("/calls/{name}")).bearer_auth(&self.token);
        let response = request.json(&json!({ "input": input })).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    async fn events(&self, after: &str) -> Value {
        let request = self.request(Method::GET, &format!("/events{after}")).bearer_auth(&self.token);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn set_up(&self) -> Value {
        let input = json!({
            "facilityName": "역", "terminalName": "단말", "areas": [{ "name": "옥상" }], "managerName": "박", "pin": "135790",
        });
        self.call("start", Value::Null).await;
        self.call("set_up", input).await.1
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_request_without_the_token_is_refused() {
    let program = Program::start(&["--clock", "2026-03-11T01:47:00Z"]);
    for (method, path) in [(Method::POST, "/calls/start"), (Method::GET, "/events"), (Method::POST, "/clock")] {
        for token in ["", "wrong", &program.token[1..]] {
            let request = program.request(method.clone(), path).bearer_auth(token).json(&json!({ "input": null }));
            assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path} with {token:?}");
        }
        let without = program.request(method, path).json(&json!({ "input": null }));
        assert_eq!(without.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_browser_may_call_from_one_origin_alone() {
    let allowed = async |program: &Program, origin: &str| {
        let request = program.request(Method::OPTIONS, "/calls/start").header("origin", origin);
        let response = request.header("access-control-request-method", "POST").send().await.unwrap();
        response.headers().get("access-control-allow-origin").map(|it| it.to_str().unwrap().to_owned())
    };
    let program = Program::start(&["--origin", ORIGIN]);
    assert_eq!(allowed(&program, ORIGIN).await.as_deref(), Some(ORIGIN));
    assert_ne!(allowed(&program, "http://localhost:1421").await.as_deref(), Some("http://localhost:1421"));
    assert_eq!(allowed(&Program::start(&[]), ORIGIN).await, None);
}

#[tokio::test]
async fn calls_are_those_of_the_windows_table() {
    let program = Program::start(&[]);
    let (status, start) = program.call("start", Value::Null).await;
    assert_eq!((status, &start["state"]), (StatusCode::OK, &json!("setUp")));
    let (status, error) = program.call("format_disk", Value::Null).await;
    assert_eq!((status, &error["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_input")));
    let (_, error) = program.call("occupancy", Value::Null).await;
    assert_eq!(error["code"], "not_set_up");
    assert_eq!(program.set_up().await["session"]["staff"]["role"], "manager");
    let (_, occupancy) = program.call("occupancy", Value::Null).await;
    assert_eq!(occupancy["areas"][0]["area"]["name"], "옥상");
}

#[tokio::test]
async fn events_are_polled_by_their_numbers() {
    let program = Program::start(&[]);
    program.set_up().await;
    let first = program.events("").await;
    let command = json!({ "type": "checkIn", "areaId": "옥상" });
    let (_, outcome) = program.call("record", json!({ "idempotencyKey": "1", "command": command })).await;
    let mut after = first["last"].clone();
    let named = loop {
        let polled = program.events(&format!("?after={after}")).await;
        after = polled["last"].clone();
        let events = polled["events"].as_array().unwrap().clone();
        if let Some(event) = events.into_iter().find(|it| it["payload"]["customers"][0].is_string()) {
            break event;
        }
    };
    assert_eq!(named["name"], "changed");
    assert_eq!(named["payload"]["customers"], json!([outcome["customerId"]]));
}

#[tokio::test]
async fn only_a_clock_that_was_asked_for_can_be_set() {
    let set = async |program: &Program| {
        let request = program.request(Method::POST, "/clock").bearer_auth(&program.token);
        request.json(&1_800_000_000_000_i64).send().await.unwrap().status()
    };
    assert_eq!(set(&Program::start(&[])).await, StatusCode::NOT_FOUND);
    let program = Program::start(&["--clock", "2026-03-11T01:47:00Z"]);
    program.set_up().await;
    assert_eq!(set(&program).await, StatusCode::NO_CONTENT);
    assert_eq!(program.call("occupancy", Value::Null).await.1["asOf"], 1_800_000_000_000_i64);
}

#[test]
fn the_program_ends_with_its_input() {
    let mut program = Program::start(&[]);
    drop(program.child.stdin.take());
    assert!(program.child.wait().unwrap().success());
}

#[tokio::test]
async fn a_wait_outlives_a_kill_and_a_clock_that_is_set() {
    let root = tempfile::tempdir().unwrap();
    let program = Program::start_in(Some(root.path()), &["--clock", "2026-03-11T01:47:00Z"]);
    let staff_id = program.set_up().await["session"]["staff"]["staffId"].clone();
    program.call("lock", Value::Null).await;
    for left in (0..5).rev() {
        let (_, error) = program.call("sign_in", json!({ "staffId": staff_id, "pin": "999999" })).await;
        assert_eq!((&error["code"], &error["params"]["triesLeft"]), (&json!("wrong_pin"), &json!(left)));
    }
    let wait_ms = async |program: &Program| {
        let (_, screen) = program.call("lock_screen", Value::Null).await;
        screen["staff"][0]["waitMs"].as_u64().unwrap()
    };
    tokio::time::sleep(Duration::from_millis(11_500)).await;
    let left = wait_ms(&program).await;
    assert!((15_000..19_000).contains(&left), "{left}");
    drop(program);
    for clock in ["2036-03-11T01:47:00Z", "2016-03-11T01:47:00Z"] {
        let program = Program::start_in(Some(root.path()), &["--clock", clock]);
        program.call("start", Value::Null).await;
        let after = wait_ms(&program).await;
        assert!(after.abs_diff(left) <= 10_000, "{after} of {left}");
        let (_, error) = program.call("sign_in", json!({ "staffId": staff_id, "pin": "135790" })).await;
        assert_eq!(error["code"], "pin_wait");
    }
}
