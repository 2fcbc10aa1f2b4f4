//! A thousand visits over real HTTP while point hangs. Afterwards point earns their points, while the program is
//! killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::WAIT_TIMEOUT;
use crate::inspection::dump_all;
use crate::terminals::process::copy;

const VISITS: usize = 1_000;
const CONCURRENT_VISITS: usize = 32;
/// The time within which a payment must be refused. The program waits 0.3 s for point; the rest allows for a loaded
/// machine.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// A process of the program `served`; dropping this value kills the process.
struct ServedTerminal {
    data: PathBuf,
    child: Child,
    rest: Client,
}

/// An HTTP client with the gateway's address and token.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl ServedTerminal {
    fn start(root: &TempDir, options: &[&str]) -> Self {
        let data = root.path().join("data");
        let mut command = Command::new(env!("CARGO_BIN_EXE_served"));
        command.arg(&data).arg(root.path().join("marks")).args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://127.0.0.1:"), "the gateway doesn't start: {line}");
        let token = std::fs::read_to_string(data.join("gateway.token")).unwrap().trim().to_owned();
        let http = reqwest::Client::builder().no_proxy().timeout(WAIT_TIMEOUT).build().unwrap();
        Self { data, child, rest: Client { http, base: line.trim().to_owned(), token } }
    }

    /// Kills the process with SIGKILL.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for ServedTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    async fn ask(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        assert_eq!(status == 503, response.headers().contains_key("retry-after"), "{path}: {status}");
        (status, response.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, Value::Null).await.1
    }

    async fn until(&self, what: &str, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.get(path).await;
            if is_so(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < WAIT_TIMEOUT, "never: {what}: {answer}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until every context except point has processed all changes, so that nothing more is written.
    async fn until_passed(&self) {
        let waits = |it: &Value| !it["checkpoint"].is_null() && it["name"] != "point" && it["lag"] != 0;
        let passed = |all: &Value| !all.as_array().unwrap().iter().any(waits);
        self.until("all contexts but point have processed all changes", "/contexts", passed).await;
    }
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("{field} in {answer}")).to_owned()
}

struct Visit {
    path: String,
    earn: String,
    customer: String,
}

/// Checks a walk-in customer in and out.
async fn visit(rest: Client) -> Visit {
    let (status, entered) = rest.ask(Method::POST, "/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
    assert_eq!(status, 201, "{entered}");
    let path = format!("/checkIns/{}", text(&entered, "id"));
    let (status, left) = rest.ask(Method::PUT, &path, json!({ "point": 100 })).await;
    assert_eq!((status, &left["status"]), (200, &json!("CHECKED_OUT")), "{left}");
    Visit { path, earn: text(&left, "earnId"), customer: text(&entered, "customerId") }
}

async fn visits(rest: &Client) -> Vec<Visit> {
    let (mut under_way, mut done) = (JoinSet::new(), Vec::new());
    for _ in 0..VISITS {
        if under_way.len() == CONCURRENT_VISITS {
            done.push(under_way.join_next().await.unwrap().unwrap());
        }
        under_way.spawn(visit(rest.clone()));
    }
    done.extend(under_way.join_all().await);
    done
}

/// Counts the visits with this status.
async fn count_with_status(rest: &Client, visits: &[Visit], status: &str) -> usize {
    let mut count = 0;
    for visit in visits {
        count += usize::from(rest.get(&visit.path).await["status"] == status);
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_thousand_visits_over_http_while_point_hangs_earn_once_despite_kills() {
    let root = tempfile::Builder::new().prefix("nosmoke-hanging-").tempdir().unwrap();
    let program = ServedTerminal::start(&root, &["--point-hangs"]);
    let rest = program.rest.clone();
    let visits = visits(&rest).await;
    assert_eq!(count_with_status(&rest, &visits, "CHECKED_OUT").await, VISITS);

    // Payments are refused within the timeout and record nothing: first with point's circuit breaker closed, then with
    // it open.
    rest.until_passed().await;
    let untouched = dump_all(&program.data).await;
    assert!(untouched["journal.db fact"].len() >= 2 * VISITS, "{:?}", untouched.keys());
    for reason in ["timeout", "timeout", "timeout", "open"] {
        let begun = Instant::now();
        let body = json!({ "customerId": visits[0].customer, "point": 100 });
        let (status, problem) = rest.ask(Method::POST, "/pays", body).await;
        assert!(begun.elapsed() < REFUSAL_TIMEOUT, "{:?}", begun.elapsed());
        let found = (status, problem["code"].as_str(), problem["reason"].as_str());
        assert_eq!(found, (503, Some("point_unavailable"), Some(reason)));
    }
    assert!(dump_all(&program.data).await == untouched, "a refused payment has changed a database");
    assert_eq!(count_with_status(&rest, &visits, "CHECKED_OUT").await, VISITS);
    program.kill();

    // With the real point, the visits earn points from point's checkpoint on, even after another kill.
    let program = ServedTerminal::start(&root, &[]);
    program.rest.until("some have earned", &visits[VISITS / 10].path, |it| it["status"] == "EARNED").await;
    program.kill();
    copy(&root.path().join("data"), &root.path().join("killed"));
    let facts = dump_all(&root.path().join("killed")).await["journal.db fact"].len();
    assert!((2 * VISITS + 1..3 * VISITS).contains(&facts), "{facts} facts: not killed half-way");
    let program = ServedTerminal::start(&root, &[]);
    let rest = &program.rest;
    let mut earned = BTreeSet::new();
    for visit in &visits {
        let read = rest.until("it has earned", &visit.path, |it| it["status"] == "EARNED").await;
        assert_eq!((&read["earnId"], &read["point"]), (&json!(visit.earn), &json!(100)));
        let page = rest.get(&format!("/earns?customerId={}", visit.customer)).await;
        let items = page["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["id"], &items[0]["status"]), (1, &json!(visit.earn), &json!("EARNED")));
        assert!(earned.insert(&visit.earn));
    }
    // Each visit has earned once: the payment that was refused before now succeeds and leaves a balance of 0.
    for visit in visits.iter().step_by(100) {
        let body = json!({ "customerId": visit.customer, "point": 100 });
        let (status, paid) = rest.ask(Method::POST, "/pays", body).await;
        assert_eq!((status, &paid["balance"]), (201, &json!(0)), "{paid}");
    }
}
