//! A real Kafka broker for tests and for trying replication by hand: one node on loopback ports, with a temporary
//! folder.
//!
//! A test can freeze, kill and restart the broker on the same data and ports. The broker ends when the process that
//! started it ends, even by a crash: a shell script between the two kills the broker once the script's input closes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of tests")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

mod certificates;
pub mod jars;
mod properties;
mod tools;
mod topics;

pub use certificates::Certificates;

/// The SCRAM user with all rights.
pub const USER: &str = "desk";
pub const PASSWORD: &str = "desk-password";
/// A user who may log in with SCRAM but has no rights.
pub const GUEST: &str = "guest";
pub const GUEST_PASSWORD: &str = "guest-password";

const START_TIMEOUT: Duration = Duration::from_secs(180);

/// Which listeners the broker opens besides the plain one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    pub tls: bool,
    pub scram: bool,
}

/// A listener of the broker; each has its own port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    Plain,
    /// SCRAM-SHA-512 without TLS.
    Scram,
    Tls,
    ScramTls,
    /// Requires a client certificate.
    MutualTls,
    /// Presents an expired certificate.
    Expired,
    /// Presents a certificate for another host name.
    Elsewhere,
    /// TLS with SASL/PLAIN only.
    LoginTls,
    /// Without TLS; the broker names an address of it that nobody can reach.
    Away,
}

impl Listener {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Scram => "SCRAM",
            Self::Tls => "TLS",
            Self::ScramTls => "SCRAMTLS",
            Self::MutualTls => "MUTUAL",
            Self::Expired => "EXPIRED",
            Self::Elsewhere => "ELSEWHERE",
            Self::LoginTls => "LOGINTLS",
            Self::Away => "AWAY",
        }
    }

    fn protocol(self) -> &'static str {
        match self {
            Self::Plain | Self::Away => "PLAINTEXT",
            Self::Scram => "SASL_PLAINTEXT",
            Self::ScramTls | Self::LoginTls => "SASL_SSL",
            Self::Tls | Self::MutualTls | Self::Expired | Self::Elsewhere => "SSL",
        }
    }

    fn keystore(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Scram | Self::Away => None,
            Self::Tls | Self::ScramTls | Self::LoginTls | Self::MutualTls => Some("server"),
            Self::Expired => Some("expired"),
            Self::Elsewhere => Some("elsewhere"),
        }
    }
}

/// A broker; dropping this value ends its process.
#[derive(Debug)]
pub struct Broker {
    folder: TempDir,
    ports: properties::Ports,
    certificates: Option<Certificates>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    shell: Child,
    /// The input of the shell script that watches over the broker; closing this input ends the broker.
    input: Option<ChildStdin>,
    pid: u32,
}

impl Broker {
    /// Starts a broker within seconds; the first start also downloads Kafka.
    ///
    /// # Panics
    /// When the broker can't be started; the message has the reason.
    pub fn start(options: Options) -> Self {
        Self::try_start(options).unwrap_or_else(|error| panic!("no Kafka broker: {error}"))
    }

    /// # Errors
    /// Returns the reason as text if the broker can't be started.
    pub fn try_start(options: Options) -> Result<Self, String> {
        // Another process may take a port between our look at it and the broker's start.
        let in_use = |reason: &String| reason.contains("Address already in use");
        let first = Self::start_on_free_ports(options);
        if first.as_ref().is_err_and(in_use) { Self::start_on_free_ports(options) } else { first }
    }

    fn start_on_free_ports(options: Options) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("nosmoke-kafka-").tempdir().map_err(|error| error.to_string())?;
        let certificates = if options.tls { Some(Certificates::make(&folder.path().join("tls"))?) } else { None };
        let listeners = properties::listeners(options);
        let mut free = properties::free_ports(listeners.len() + 1)?;
        let controller = free.pop().ok_or("no port")?;
        let ports = listeners.into_iter().zip(free).collect();
        let text = properties::text(&ports, controller, folder.path(), certificates.as_ref());
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).map_err(|e| e.to_string());
        write("server.properties", &text)?;
        write("log4j2.xml", properties::LOGGING)?;
        let mut broker = Self { folder, ports, certificates, running: None };
        broker.format(options)?;
        broker.run()?;
        Ok(broker)
    }

    /// The address of the plain listener, for `bootstrap.servers`.
    pub fn servers(&self) -> String {
        self.address(Listener::Plain)
    }

    /// The address of a listener.
    ///
    /// # Panics
    /// When the options didn't include this listener.
    pub fn address(&self, listener: Listener) -> String {
        let found = self.ports.iter().find(|(one, _)| *one == listener);
        let (_, port) = found.unwrap_or_else(|| panic!("the broker was started without {listener:?}"));
        format!("localhost:{port}")
    }

    /// # Panics
    /// When the broker was started without TLS.
    pub fn certificates(&self) -> &Certificates {
        self.certificates.as_ref().expect("the broker was started without TLS")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process id of the broker itself, not of the shell.
    ///
    /// # Panics
    /// When the broker isn't running.
    pub fn pid(&self) -> u32 {
        self.running.as_ref().expect("the broker runs").pid
    }

    /// Kills the broker with SIGKILL and keeps its folder for [`Self::start_again`].
    pub fn kill(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        signal("KILL", running.pid);
        let mut input = running.input.take();
        if let Some(input) = &mut input {
            let _ = input.write_all(b"keep\n");
        }
        drop(input);
        let _ = running.shell.wait();
    }

    /// Restarts a killed broker on the same data and ports.
    ///
    /// # Panics
    /// When the broker doesn't start.
    pub fn start_again(&mut self) {
        self.run().unwrap_or_else(|error| panic!("Kafka did not come up again: {error}"));
    }

    /// Suspends the broker's process with SIGSTOP: connections stay open, but requests get no answer.
    pub fn freeze(&self) {
        signal("STOP", self.pid());
    }

    pub fn thaw(&self) {
        signal("CONT", self.pid());
    }

    /// Returns the broker's log since its first start.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("broker.log")).unwrap_or_default()
    }

    fn java(&self) -> Result<Vec<String>, String> {
        let jars = jars::of_kafka()?;
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        Ok(vec![
            "java".to_owned(),
            "-Xmx384m".to_owned(),
            // The broker runs for about a minute, too short for Java's optimising compiler to pay off.
            "-XX:TieredStopAtLevel=1".to_owned(),
            "-XX:+UseSerialGC".to_owned(),
            format!("-Dlog4j2.configurationFile={}", file("log4j2.xml")),
            "-cp".to_owned(),
            jars.join("*").display().to_string(),
        ])
    }

    fn format(&self, options: Options) -> Result<(), String> {
        let java = self.java()?;
        let mut command = Command::new(&java[0]);
        command.args(&java[1..]).args(["kafka.tools.StorageTool", "format", "--cluster-id", &cluster_id(), "--config"]);
        command.arg(self.folder.path().join("server.properties"));
        if options.scram {
            for (name, password) in [(USER, PASSWORD), (GUEST, GUEST_PASSWORD)] {
                for mechanism in ["SCRAM-SHA-512", "SCRAM-SHA-256"] {
                    command.arg("--add-scram").arg(format!("{mechanism}=[name={name},password={password}]"));
                }
            }
        }
        let answer = command.output().map_err(|error| format!("java doesn't run: {error} (npm run setup)"))?;
        if answer.status.success() {
            return Ok(());
        }
        Err(format!("{}{}", String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr)))
    }

    fn run(&mut self) -> Result<(), String> {
        let starts = self.said().matches(STARTED).count();
        let log = self.folder.path().join("broker.log");
        let log = File::options().create(true).append(true).open(&log).map_err(|error| error.to_string())?;
        let mut shell = Command::new("sh")
            .args(["-c", WATCHDOG_SCRIPT, "sh"])
            .arg(self.folder.path())
            .args(self.java()?)
            .arg("kafka.Kafka")
            .arg(self.folder.path().join("server.properties"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("sh: {error}"))?;
        let mut line = String::new();
        BufReader::new(shell.stdout.take().ok_or("no output")?).read_line(&mut line).map_err(|e| e.to_string())?;
        let pid = line.trim().parse().map_err(|_| "the shell gave no process id".to_owned())?;
        let input = shell.stdin.take();
        self.running = Some(Running { shell, input, pid });

        let begin = Instant::now();
        while self.said().matches(STARTED).count() == starts {
            let gone = !Path::new("/proc").join(pid.to_string()).exists() && Path::new("/proc/self").exists();
            if gone || begin.elapsed() > START_TIMEOUT {
                return Err(self.said());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

const STARTED: &str = "Kafka Server started";

/// The shell script between a test and the broker: starts the broker, prints the broker's process id, waits until the
/// script's input closes, and kills the broker. It then deletes the folder, unless it has read the word `keep`.
const WATCHDOG_SCRIPT: &str = r#"folder=$1; shift
exec 3<&0
"$@" </dev/null >&2 & child=$!
echo $child
exec >/dev/null
trap '' INT TERM HUP
read -r word <&3 || word=
kill -KILL $child 2>/dev/null
wait $child 2>/dev/null
[ "$word" = keep ] || rm -rf "$folder""#;

fn signal(name: &str, pid: u32) {
    let _ = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
}

/// Returns a new cluster id: 16 bytes in Kafka's base64.
fn cluster_id() -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    let seed = now ^ (u128::from(std::process::id()) << 64);
    // 16 bytes are 22 digits, of which the last holds only two bits. The first digit is fixed, because Kafka's tools
    // would read a leading dash as an option.
    let digit = |at: u32| DIGITS[((seed >> (6 * at)) & 63) as usize] as char;
    let middle: String = (1..21).map(digit).collect();
    format!("N{middle}A")
}
