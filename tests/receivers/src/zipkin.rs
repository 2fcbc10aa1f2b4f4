//! A real Zipkin server on a loopback port, with its data in memory.
//!
//! The server ends when the process that started it ends, even by a crash: a shell script between the two kills the
//! server once the script's input closes.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const POM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pom.xml");
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// The shell script between a test and the server: starts the server, waits until the script's input closes, and kills
/// the server.
const WATCHDOG_SCRIPT: &str = r#""$@" & server=$!; cat >/dev/null; kill -9 $server"#;

/// A server. Its process ends when this value is dropped, and at the latest with this process.
#[derive(Debug)]
pub struct Zipkin {
    folder: TempDir,
    port: u16,
    shell: Child,
}

impl Zipkin {
    /// Starts a server within seconds; the first start also downloads Zipkin.
    ///
    /// # Panics
    /// When the server can't be started; the message has the reason.
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|error| panic!("no Zipkin server: {error}"))
    }

    fn try_start() -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        let jars = nosmoke_broker::jars::folder(POM, "zipkin")?;
        let jar = fs::read_dir(&jars).map_err(words)?.flatten().map(|entry| entry.path()).next().ok_or("no jar")?;
        let folder = tempfile::Builder::new().prefix("nosmoke-zipkin-").tempdir().map_err(words)?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).map_err(words)?.port();
        let log = File::create(folder.path().join("server.log")).map_err(words)?;
        let shell = Command::new("sh")
            .args(["-c", WATCHDOG_SCRIPT, "sh", "java", "-Xmx256m", "-XX:TieredStopAtLevel=1"])
            .args(["-Darmeria.ports[0].ip=127.0.0.1".to_owned(), format!("-Darmeria.ports[0].port={port}")])
            .args(["-Darmeria.ports[0].protocols[0]=http", "-jar"])
            .arg(jar)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().map_err(words)?)
            .stderr(log)
            .spawn()
            .map_err(words)?;
        let server = Self { folder, port, shell };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begun.elapsed() > START_TIMEOUT {
                return Err(format!("it doesn't answer:\n{}", server.said()));
            }
            sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the server's log.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }
}

impl Drop for Zipkin {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
