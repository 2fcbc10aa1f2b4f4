//! A real PostgreSQL server for tests: Debian's binaries on a loopback port, with a temporary folder, without fsync.
//!
//! A test can freeze, kill and restart the server on the same data and port. The server ends when the process that
//! started it ends, even by a crash: a shell script between the two ends the server once the script's input closes.
//! PostgreSQL refuses to run as root, so if the tests run as root, the server runs as the user `postgres`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of tests")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use nosmoke_broker::Certificates;
use tempfile::TempDir;

/// The name of the superuser.
pub const USER: &str = "desk";
pub const PASSWORD: &str = "desk-password";
pub const DATABASE: &str = "postgres";

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A server. Its process ends when this value is dropped, and at the latest with this process.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    port: u16,
    certificates: Certificates,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    shell: Child,
    /// The input of the shell script that watches over the server; closing this input ends the server.
    input: Option<ChildStdin>,
    pid: u32,
}

impl Server {
    /// Starts a server that requires a password and offers TLS. Takes a second or two.
    ///
    /// # Panics
    /// When the server can't be started; the message has the reason.
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|error| panic!("no PostgreSQL server: {error}"))
    }

    fn try_start() -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        let folder = tempfile::Builder::new().prefix("nosmoke-postgres-").tempdir().map_err(words)?;
        let certificates = Certificates::make(&folder.path().join("tls"))?;
        let (certificate, key) = certificates.server();
        for (from, name) in [(certificate, "server.pem"), (key, "server.key")] {
            fs::copy(from, folder.path().join(name)).map_err(words)?;
        }
        fs::write(folder.path().join("password"), PASSWORD).map_err(words)?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).map_err(words)?.port();
        let mut server = Self { folder, port, certificates, running: None };
        server.change_owner()?;
        server.init_database()?;
        server.run()?;
        Ok(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// The superuser's connection URL.
    pub fn url(&self) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{DATABASE}?sslmode=disable", self.port)
    }

    /// Ends the server at once with SIGQUIT: it writes no checkpoint and closes all connections. Keeps its folder for
    /// [`Self::start_again`].
    pub fn kill(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        if let Some(mut input) = running.input.take() {
            let _ = input.write_all(b"keep\n");
        }
        let _ = running.shell.wait();
    }

    /// Restarts a killed server on the same data and port.
    ///
    /// # Panics
    /// When the server doesn't start.
    pub fn start_again(&mut self) {
        self.run().unwrap_or_else(|error| panic!("PostgreSQL did not come up again: {error}"));
    }

    /// Suspends the server's processes with SIGSTOP: connections stay open, but queries get no answer.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Returns the server's log since its first start.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Sends a signal to the server's main process and to each of its child processes: they form no process group,
    /// which could be signalled at once.
    fn signal(&self, name: &str) {
        let pid = self.running.as_ref().expect("the server runs").pid.to_string();
        let is_child = |process: &Path| {
            let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
            // In `/proc/<pid>/stat`, the state and the parent's id follow the name in brackets.
            stat.rsplit_once(')').is_some_and(|(_, rest)| rest.split_whitespace().nth(1) == Some(&pid))
        };
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let children = processes.filter(|process| is_child(process));
        let names = children.filter_map(|process| Some(process.file_name()?.to_str()?.to_owned()));
        let _ = Command::new("kill").arg(format!("-{name}")).arg(&pid).args(names).stderr(Stdio::null()).status();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Makes the user that the server runs as the owner of the server's files.
    fn change_owner(&self) -> Result<(), String> {
        let Some((user, group)) = other_user()? else { return Ok(()) };
        for path in ["", "server.pem", "server.key", "password"] {
            chown(self.folder.path().join(path), Some(user), Some(group)).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn init_database(&self) -> Result<(), String> {
        let mut words = command("initdb")?;
        words.extend(["--no-sync", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"].map(str::to_owned));
        words.push(format!("--username={USER}"));
        words.push(format!("--pwfile={}", self.folder.path().join("password").display()));
        words.push(format!("--pgdata={}", self.data().display()));
        let answer = Command::new(&words[0]).args(&words[1..]).current_dir(self.folder.path()).output();
        let answer = answer.map_err(|error| format!("{}: {error}", words[0]))?;
        if answer.status.success() {
            return Ok(());
        }
        Err(format!("{}{}", String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr)))
    }

    fn run(&mut self) -> Result<(), String> {
        let log = self.folder.path().join("server.log");
        let log = File::options().create(true).append(true).open(log).map_err(|error| error.to_string())?;
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        let mut words = command("postgres")?;
        words.extend(["-D".to_owned(), self.data().display().to_string(), "-p".to_owned(), self.port.to_string()]);
        for (setting, value) in [
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("unix_socket_directories", String::new()),
            ("fsync", "off".to_owned()),
            ("ssl", "on".to_owned()),
            ("ssl_cert_file", file("server.pem")),
            ("ssl_key_file", file("server.key")),
        ] {
            words.extend(["-c".to_owned(), format!("{setting}={value}")]);
        }
        let mut shell = Command::new("sh")
            .args(["-c", WATCHDOG_SCRIPT, "sh"])
            .arg(self.folder.path())
            .args(words)
            .current_dir(self.folder.path())
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
        while !self.is_ready(pid) {
            let gone = !Path::new("/proc").join(pid.to_string()).exists();
            if gone || begin.elapsed() > START_TIMEOUT {
                return Err(self.said());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Returns true once `postmaster.pid` names this process and says `ready`. An open port isn't enough, because it
    /// may be open earlier; and the file may be that of a server killed before, so the process id is compared.
    fn is_ready(&self, pid: u32) -> bool {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let is_current = file.lines().next().is_some_and(|first| first == pid.to_string());
        let ready = is_current && file.lines().nth(7).is_some_and(|state| state.trim() == "ready");
        ready && TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The shell script between a test and the server: starts the server, prints the server's process id, waits until the
/// script's input closes, and ends the server. It then deletes the folder, unless it has read the word `keep`.
const WATCHDOG_SCRIPT: &str = r#"folder=$1; shift
exec 3<&0
"$@" </dev/null >&2 & child=$!
echo $child
exec >/dev/null
trap '' INT TERM HUP
read -r word <&3 || word=
kill -CONT $child $(cat /proc/$child/task/*/children 2>/dev/null) 2>/dev/null
kill -QUIT $child 2>/dev/null
wait $child 2>/dev/null
[ "$word" = keep ] || rm -rf "$folder""#;

/// Returns the user and group to run the server as; `None` if the server runs as the user of this process.
fn other_user() -> Result<Option<(u32, u32)>, String> {
    if fs::metadata("/proc/self").map_err(|error| error.to_string())?.uid() != 0 {
        return Ok(None);
    }
    let id = |what: &str| {
        let answer = Command::new("id").args([what, "postgres"]).output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        text.parse::<u32>().map_err(|_| "there is no user postgres (npm run setup)".to_owned())
    };
    Ok(Some((id("-u")?, id("-g")?)))
}

/// Returns the command line that runs one of PostgreSQL's programs, as another user if this process is root.
fn command(program: &str) -> Result<Vec<String>, String> {
    let path = newest(program)?.display().to_string();
    Ok(match other_user()? {
        None => vec![path],
        Some((user, group)) => {
            let as_user = ["setpriv", &format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", "--"];
            as_user.iter().map(|word| (*word).to_owned()).chain([path]).collect()
        }
    })
}

/// Finds a program of the newest installed PostgreSQL; Debian has one folder for each version.
fn newest(program: &str) -> Result<PathBuf, String> {
    let folders =
        fs::read_dir("/usr/lib/postgresql").map_err(|_| "PostgreSQL isn't installed (npm run setup)".to_owned())?;
    let versions = folders.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut versions: Vec<u32> = versions.collect();
    versions.sort_unstable();
    let path = |version: &u32| Path::new("/usr/lib/postgresql").join(version.to_string()).join("bin").join(program);
    let found = versions.iter().rev().map(path).find(|path| path.exists());
    found.ok_or_else(|| format!("{program} of PostgreSQL isn't installed (npm run setup)"))
}
