//! Runs `nosmoke` as a process, and sends requests to `nosmoke serve`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longest wait of a test for an answer or an effect, on a loaded machine.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// A temporary data folder with a folder for its mark.
pub struct TestFolder {
    root: TempDir,
    pub data: PathBuf,
    pub options: Vec<String>,
    environment: Vec<(String, String)>,
}

impl TestFolder {
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("nosmoke-").tempdir().unwrap();
        let data = root.path().join("data");
        Self { root, data, options: Vec::new(), environment: Vec::new() }
    }

    pub fn with(mut self, options: &[&str]) -> Self {
        self.options.extend(options.iter().map(|it| (*it).to_owned()));
        self
    }

    pub fn in_environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Creates the command for this data folder, with `words` as its arguments.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nosmoke"));
        command.args(words).arg("--data-dir").arg(&self.data).env("NOSMOKE_MARKS_DIR", self.file("marks"));
        command.env("LC_ALL", "C.UTF-8").env_remove("NOSMOKE_MYPAGE_URL").envs(self.environment.iter().cloned());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command line, which must succeed, and parses its output as JSON.
    pub fn json(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {errors}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}: {errors}"))
    }

    /// Runs a command line with `--json`; returns the exit code and the one object that it printed.
    pub fn with_json(&self, words: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[words, &["--json"]].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        let parsed = serde_json::from_str(&said);
        (output.status.code(), parsed.unwrap_or_else(|error| panic!("{words:?}: {error}: {said}")))
    }

    /// Makes a folder beside the data folder.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.file(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub fn serve(self) -> Served {
        Served::start(self)
    }
}

/// A running `nosmoke serve`; killed when dropped.
pub struct Served {
    pub folder: TestFolder,
    pub base: String,
    pub token: String,
    pub http: reqwest::Client,
    child: Child,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(folder: TestFolder) -> Self {
        let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
        let errors = std::fs::File::create(folder.file("errors")).unwrap();
        let mut child = command.args(&folder.options).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said = || std::fs::read_to_string(folder.file("errors")).unwrap();
        assert!(line.starts_with("http://127.0.0.1:"), "it doesn't start: {line} {}", said());
        let token = std::fs::read_to_string(folder.data.join("gateway.token")).unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_TIMEOUT).build().unwrap();
        Self { folder, base: line.trim().to_owned(), token, http, child }
    }

    /// Kills the process with SIGKILL, and returns its folder.
    pub fn kill(mut self) -> TestFolder {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::replace(&mut self.folder, TestFolder::new())
    }

    /// Returns the process's command line, as every user of the machine can see it.
    pub fn seen(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/cmdline", self.child.id())).unwrap()
    }

    /// Returns how many files and sockets the process has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// Sends a signal to the process and waits for its end; returns how long that took, and the exit code.
    pub fn end(&mut self, signal: &str) -> (Duration, Option<i32>) {
        let begun = Instant::now();
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let code = self.child.wait().unwrap().code();
        (begun.elapsed(), code)
    }

    pub fn stop(mut self) -> TestFolder {
        assert_eq!(self.end("-TERM").1, Some(0));
        std::mem::replace(&mut self.folder, TestFolder::new())
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Creates a walk-in customer with `point` earned points, and returns the id.
    pub async fn customer_with(&self, point: u64) -> String {
        let (status, entered) = self.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
        assert_eq!(status, 201, "{entered}");
        let path = format!("/checkIns/{}", text(&entered, "id"));
        let (status, left) = self.put(&path, json!({ "point": point })).await;
        assert_eq!(status, 200, "{left}");
        self.until(&path, "status", "EARNED").await;
        text(&entered, "customerId")
    }

    /// Waits until a field of the response has a value, and returns the response.
    pub async fn until(&self, path: &str, field: &str, value: impl Into<Value>) -> Value {
        let (value, begun) = (value.into(), Instant::now());
        loop {
            let (_, answer) = self.get(path).await;
            if answer[field] == value {
                return answer;
            }
            assert!(begun.elapsed() < ANSWER_TIMEOUT, "{path} never read {value}: {answer}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Sends a request; returns the status and the body as JSON (null if the body is empty).
pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() })
}

pub fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("{field} in {answer}")).to_owned()
}
