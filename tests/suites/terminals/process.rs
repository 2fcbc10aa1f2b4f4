//! Terminals in processes of their own, and what is asked of them.

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

/// The longest an answer may take on a loaded machine.
const LONGEST: Duration = Duration::from_secs(60);

/// The place of one terminal: its data folder, and where it is marked.
pub struct Place {
    root: TempDir,
    /// Which copy of the data folder is used.
    pub data: PathBuf,
    pub name: String,
    pub servers: String,
    pub prefix: String,
    pub options: Vec<String>,
}

impl Place {
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

    /// As a program of before this type of fact was added.
    pub fn before(mut self, fact_type: &str) -> Self {
        self.options.extend(["--before".into(), fact_type.into()]);
        self
    }

    pub fn start(self) -> Terminal {
        Terminal::start(self)
    }

    /// Where its data folders are marked.
    pub fn marks(&self) -> PathBuf {
        self.root.path().join("marks")
    }

    /// Copies the data folder, as a disk is cloned or a copy kept.
    pub fn copy_to(&self, name: &str) -> PathBuf {
        let to = self.root.path().join(name);
        copy(&self.data, &to);
        to
    }
}

/// Copies a folder and all in it.
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
struct Said {
    answers: Mutex<BTreeMap<u64, Result<Value, Value>>>,
    ready: Mutex<Option<String>>,
    changed: Condvar,
}

/// A running terminal; dropped, it is killed.
pub struct Terminal {
    pub place: Place,
    pub id: String,
    child: Child,
    input: Mutex<Option<ChildStdin>>,
    said: Arc<Said>,
    next: AtomicU64,
}

impl Terminal {
    fn start(place: Place) -> Self {
        let errors = std::fs::File::create(place.root.path().join("errors")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_terminal"));
        command.arg(&place.data).arg(place.root.path().join("marks"));
        command.args([&place.servers, &place.prefix, &place.name]).args(&place.options);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let said = Arc::new(Said::default());
        let hears = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                // A line cut off by a kill says nothing.
                let Ok(Ok(line)) = line.map(|line| serde_json::from_str::<Value>(&line)) else { return };
                if let Some(id) = line["ready"].as_str() {
                    *hears.ready.lock().unwrap() = Some(id.to_owned());
                } else {
                    let answer = line.get("ok").cloned().ok_or_else(|| line["error"].clone());
                    hears.answers.lock().unwrap().insert(line["id"].as_u64().unwrap(), answer);
                }
                hears.changed.notify_all();
            }
        });
        let mut terminal =
            Self { place, id: String::new(), child, input: Mutex::new(Some(input)), said, next: AtomicU64::new(1) };
        let begun = Instant::now();
        terminal.id = loop {
            let ready = terminal.said.ready.lock().unwrap();
            let (ready, _) = terminal.said.changed.wait_timeout(ready, Duration::from_millis(100)).unwrap();
            if let Some(id) = ready.clone() {
                break id;
            }
            drop(ready);
            let ended = terminal.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < LONGEST, "{ended:?} {}", terminal.errors());
        };
        terminal
    }

    /// What it wrote to its error output.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(self.place.root.path().join("errors")).unwrap_or_default()
    }

    /// Asks without waiting; the answer is fetched by the number that this gives.
    pub fn send(&self, mut request: Value) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        request["id"] = id.into();
        if let Some(input) = self.input.lock().unwrap().as_mut() {
            // One that was killed doesn't listen.
            let _ = input.write_all(format!("{request}\n").as_bytes());
        }
        id
    }

    /// The answer that has come, if it has.
    pub fn answered(&self, id: u64) -> Option<Result<Value, Value>> {
        self.said.answers.lock().unwrap().get(&id).cloned()
    }

    pub fn try_ask(&self, request: Value) -> Result<Value, Value> {
        let (id, begun) = (self.send(request.clone()), Instant::now());
        let mut answers = self.said.answers.lock().unwrap();
        loop {
            if let Some(answer) = answers.remove(&id) {
                return answer;
            }
            assert!(begun.elapsed() < LONGEST, "{}: no answer to {request}\n{}", self.place.name, self.errors());
            answers = self.said.changed.wait_timeout(answers, Duration::from_millis(100)).unwrap().0;
        }
    }

    pub fn ask(&self, request: Value) -> Value {
        self.try_ask(request.clone()).unwrap_or_else(|error| panic!("{}: {request}: {error}", self.place.name))
    }

    /// Gives a command with a key of its own.
    pub fn try_give(&self, command: Value) -> Result<Value, Value> {
        self.try_ask(json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command }))
    }

    pub fn give(&self, command: Value) -> Value {
        self.try_give(command.clone()).unwrap_or_else(|error| panic!("{}: {command}: {error}", self.place.name))
    }

    pub fn view(&self) -> Value {
        self.ask(json!({ "do": "view" }))
    }

    /// As a power cut ends it.
    pub fn kill(mut self) -> Place {
        self.end();
        self.into_place()
    }

    /// Ends it in order.
    pub fn stop(mut self) -> Place {
        self.send(json!({ "do": "stop" }));
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < LONGEST, "{} doesn't stop: {}", self.place.name, self.errors());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.into_place()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn into_place(mut self) -> Place {
        let nowhere = Place {
            root: tempfile::tempdir().unwrap(),
            data: PathBuf::new(),
            name: String::new(),
            servers: String::new(),
            prefix: String::new(),
            options: Vec::new(),
        };
        std::mem::replace(&mut self.place, nowhere)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.end();
    }
}
