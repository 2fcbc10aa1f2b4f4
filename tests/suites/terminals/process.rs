//! Starts terminals as processes and exchanges requests with them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// The longest wait for an answer, long enough for a loaded machine.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// The configuration of one terminal: data folder, marks, name and connection.
pub struct TerminalConfig {
    root: TempDir,
    /// The data folder in use; a test may have made copies of it.
    pub data: PathBuf,
    pub name: String,
    pub servers: String,
    pub prefix: String,
    pub options: Vec<String>,
}

impl TerminalConfig {
    pub fn new(name: &str, servers: &str, prefix: &str) -> Self {
        let root = tempfile::Builder::new().prefix("nosmoke-terminal-").tempdir().unwrap();
        let data = root.path().join("data");
        let (name, servers, prefix) = (name.to_owned(), servers.to_owned(), prefix.to_owned());
        Self { root, data, name, servers, prefix, options: Vec::new() }
    }

    pub fn join(mut self, code: &str) -> Self {
        self.options.extend(["--join".into(), code.into()]);
        self
    }

    pub fn clock_ms(mut self, off: i64) -> Self {
        self.options.extend(["--clock-ms".into(), off.to_string()]);
        self
    }

    /// Lets the process's time pass faster: with a rate of 10, two minutes of silence take twelve seconds.
    pub fn fast(mut self, rate: u32) -> Self {
        self.options.extend(["--uptime-rate".into(), rate.to_string()]);
        self
    }

    /// Lets the terminal behave like an older program that doesn't know this type of fact.
    pub fn before(mut self, fact_type: &str) -> Self {
        self.options.extend(["--before".into(), fact_type.into()]);
        self
    }

    pub fn start(self) -> Terminal {
        Terminal::start(self)
    }

    /// The folder with the terminal's marks.
    pub fn marks(&self) -> PathBuf {
        self.root.path().join("marks")
    }

    /// Copies the data folder.
    pub fn copy_to(&self, name: &str) -> PathBuf {
        let to = self.root.path().join(name);
        copy(&self.data, &to);
        to
    }
}

/// Copies a folder recursively.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[derive(Default)]
struct Answers {
    answers: Mutex<BTreeMap<u64, Result<Value, Value>>>,
    ready: Mutex<Option<String>>,
    changed: Condvar,
}

/// A running terminal process; dropping it kills the process.
pub struct Terminal {
    pub config: TerminalConfig,
    pub id: String,
    child: Child,
    input: Mutex<Option<ChildStdin>>,
    answers: Arc<Answers>,
    next: AtomicU64,
}

impl Terminal {
    fn start(config: TerminalConfig) -> Self {
        let errors = std::fs::File::create(config.root.path().join("errors")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_terminal"));
        command.arg(&config.data).arg(config.root.path().join("marks"));
        command.args([&config.servers, &config.prefix, &config.name]).args(&config.options);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let answers = Arc::new(Answers::default());
        let received = answers.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                // A line cut off by a kill is ignored.
                let Ok(Ok(line)) = line.map(|line| serde_json::from_str::<Value>(&line)) else { return };
                if let Some(id) = line["ready"].as_str() {
                    *received.ready.lock().unwrap() = Some(id.to_owned());
                } else {
                    let answer = line.get("ok").cloned().ok_or_else(|| line["error"].clone());
                    received.answers.lock().unwrap().insert(line["id"].as_u64().unwrap(), answer);
                }
                received.changed.notify_all();
            }
        });
        let mut terminal =
            Self { config, id: String::new(), child, input: Mutex::new(Some(input)), answers, next: AtomicU64::new(1) };
        let begun = Instant::now();
        terminal.id = loop {
            let ready = terminal.answers.ready.lock().unwrap();
            let (ready, _) = terminal.answers.changed.wait_timeout(ready, Duration::from_millis(100)).unwrap();
            if let Some(id) = ready.clone() {
                break id;
            }
            drop(ready);
            let ended = terminal.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < ANSWER_TIMEOUT, "{ended:?} {}", terminal.errors());
        };
        terminal
    }

    /// Returns the process's error output.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(self.config.root.path().join("errors")).unwrap_or_default()
    }

    /// The memory that the process occupies.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    /// The size of the files in the data folder.
    pub fn folder_bytes(&self) -> u64 {
        let files = std::fs::read_dir(&self.config.data).unwrap();
        files.filter_map(|file| file.ok()?.metadata().ok()).map(|it| it.len()).sum()
    }

    /// Sends a request without waiting, and returns the id for [`Terminal::answered`].
    pub fn send(&self, mut request: Value) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        request["id"] = id.into();
        if let Some(input) = self.input.lock().unwrap().as_mut() {
            // Ignore an error: the process may have been killed.
            let _ = input.write_all(format!("{request}\n").as_bytes());
        }
        id
    }

    /// Returns the answer to a request if it has arrived.
    pub fn answered(&self, id: u64) -> Option<Result<Value, Value>> {
        self.answers.answers.lock().unwrap().get(&id).cloned()
    }

    pub fn try_ask(&self, request: Value) -> Result<Value, Value> {
        let (id, begun) = (self.send(request.clone()), Instant::now());
        let mut answers = self.answers.answers.lock().unwrap();
        loop {
            if let Some(answer) = answers.remove(&id) {
                return answer;
            }
            assert!(
                begun.elapsed() < ANSWER_TIMEOUT,
                "{}: no answer to {request}\n{}",
                self.config.name,
                self.errors()
            );
            answers = self.answers.changed.wait_timeout(answers, Duration::from_millis(100)).unwrap().0;
        }
    }

    pub fn ask(&self, request: Value) -> Value {
        self.try_ask(request.clone()).unwrap_or_else(|error| panic!("{}: {request}: {error}", self.config.name))
    }

    /// Gives a command with a new idempotency key.
    pub fn try_give(&self, command: Value) -> Result<Value, Value> {
        self.try_ask(json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command }))
    }

    pub fn give(&self, command: Value) -> Value {
        self.try_give(command.clone()).unwrap_or_else(|error| panic!("{}: {command}: {error}", self.config.name))
    }

    pub fn view(&self) -> Value {
        self.ask(json!({ "do": "view" }))
    }

    /// Kills the process with SIGKILL.
    pub fn kill(mut self) -> TerminalConfig {
        self.end();
        self.into_config()
    }

    /// Asks the terminal to stop, and waits until the process has ended.
    pub fn stop(mut self) -> TerminalConfig {
        self.send(json!({ "do": "stop" }));
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < ANSWER_TIMEOUT, "{} doesn't stop: {}", self.config.name, self.errors());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.into_config()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn into_config(mut self) -> TerminalConfig {
        let nowhere = TerminalConfig {
            root: tempfile::tempdir().unwrap(),
            data: PathBuf::new(),
            name: String::new(),
            servers: String::new(),
            prefix: String::new(),
            options: Vec::new(),
        };
        std::mem::replace(&mut self.config, nowhere)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.end();
    }
}
