//! The program `nosmoke` as a process: how long it takes, and how much memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const FIRST_ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// How often the memory of a process is read.
const LOOK_INTERVAL: Duration = Duration::from_millis(2);

/// The program that lies beside this one.
pub(crate) fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap().with_file_name("nosmoke");
    assert!(program.exists(), "{} is missing: run the bench by `npm run bench`, which builds it", program.display());
    program
}

/// `nosmoke serve` on a free port.
pub(crate) struct Serving {
    process: Child,
    address: String,
    /// From the start of the process to its first answer.
    pub(crate) took: Duration,
}

impl Serving {
    /// Starts to serve a folder. Marks are kept in `marks`, so that nothing is written outside the bench.
    pub(crate) fn start(folder: &Path, marks: &TempDir) -> Self {
        let began = Instant::now();
        let mut process = Command::new(program())
            .args(["serve", "--clock-is-right", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder)
            .env("NOSMOKE_MARKS_DIR", marks.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").expect("an address").to_owned();
        let mut serving = Self { process, address, took: Duration::ZERO };
        while !serving.answers() {
            assert!(began.elapsed() < FIRST_ANSWER_TIMEOUT, "no answer");
        }
        serving.took = began.elapsed();
        serving
    }

    fn answers(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(&self.address)?;
            write!(stream, "GET /health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map(|_| answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// The proportional set size in kB.
    pub(crate) fn pss_kb(&self) -> f64 {
        kb(&format!("/proc/{}/smaps_rollup", self.process.id()), "Pss:").expect("Linux tells it")
    }

    /// Stops it as a service manager does.
    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}

/// What one run of a program took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) took: Duration,
    /// The most physical memory, in kB.
    pub(crate) peak_kb: f64,
}

/// Runs a program that writes its answer to a file, to its end.
pub(crate) fn run(command: &mut Command, out: &Path) -> Run {
    let began = Instant::now();
    let mut process = command.stdout(File::create(out).unwrap()).stderr(Stdio::null()).spawn().unwrap();
    let (status, mut peak_kb) = (format!("/proc/{}/status", process.id()), 0.0);
    loop {
        // The kernel keeps the peak, so only what is allocated in the last milliseconds can be missed.
        peak_kb = kb(&status, "VmHWM:").unwrap_or(peak_kb);
        if let Some(ended) = process.try_wait().unwrap() {
            assert!(ended.success(), "{command:?}");
            return Run { took: began.elapsed(), peak_kb };
        }
        std::thread::sleep(LOOK_INTERVAL);
    }
}

/// Reads a number of kB from a file of `/proc`.
fn kb(file: &str, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
