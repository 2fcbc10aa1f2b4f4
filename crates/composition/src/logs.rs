//! The programs' logs: warnings on the error output, and more in a file for each day in `logs` of the data folder. They
//! never contain personal data.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

/// One file a day, by UTC.
const FILES_KEPT: usize = 14;
/// What the files hold when `RUST_LOG` doesn't say otherwise: warnings of everything, and what our own crates tell.
const IN_FILES: &str = "warn,nosmoke=info";

static STATE: OnceLock<LogState> = OnceLock::new();

/// Whether this process writes log files, for the file that support asks for.
#[derive(Debug, Default)]
pub struct LogState {
    /// Why there is no log file; `None` if there is one, or if none is wanted.
    pub problem: Option<String>,
    /// Log entries that couldn't be written, because the disk is full for example.
    lost: AtomicU64,
}

impl LogState {
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

/// The state of this process's log files; the default one before [`start_logs`].
pub fn log_state() -> &'static LogState {
    STATE.get_or_init(LogState::default)
}

/// The folder with the log files of a data folder.
pub fn log_folder(data_folder: &Path) -> PathBuf {
    data_folder.join("logs")
}

/// Starts logging of this process; `data_folder` is `None` for commands that don't write log files. `RUST_LOG` makes both
/// outputs more detailed. If the files can't be written, that is said on the error output, and the program goes on without
/// them. Panics are logged with their place but without their message, which may name a person.
pub fn start_logs(program: &str, data_folder: Option<&Path>) {
    let opened = data_folder.map(|folder| open(&log_folder(folder), program));
    let (file, problem) = match opened {
        Some(Ok(file)) => (Some(file), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let console = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    let console = fmt::layer().with_writer(io::stderr).with_filter(console);
    let file = file.map(|file| {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(IN_FILES));
        fmt::layer().with_ansi(false).with_writer(Mutex::new(file)).with_filter(filter)
    });
    let _ = STATE.set(LogState { problem, lost: AtomicU64::new(0) });
    // Fails only if a test has set another subscriber before.
    let _ = tracing_subscriber::registry().with(console).with(file).try_init();
    if let Some(problem) = &log_state().problem {
        tracing::warn!(problem, "there is no log file");
    }
    log_panics();
}

fn log_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a thread panicked");
        before(panic);
    }));
}

fn open(folder: &Path, program: &str) -> Result<LogFile, String> {
    let failed = |detail: String| format!("{}: {detail}", folder.display());
    make_folder(folder).map_err(|error| failed(error.to_string()))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(program)
        .filename_suffix("log")
        .max_log_files(FILES_KEPT)
        .build(folder)
        .map_err(|error| failed(reason(&error)))?;
    Ok(LogFile { files, has_complained: AtomicBool::new(false) })
}

/// Returns the innermost error, which has the system's message.
fn reason(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => reason(source),
        None => error.to_string(),
    }
}

/// Creates a folder that only this user can access, with the data folder above it if that is missing.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // Says at once that a folder of another user, on a read-only or on a full disk, can't be written.
    let probe = folder.join(".probe");
    fs::write(&probe, b"?")?;
    fs::remove_file(probe)
}

/// Loses an entry that can't be written, instead of passing the error on: a full disk costs the log, not the program.
struct LogFile {
    files: RollingFileAppender,
    has_complained: AtomicBool,
}

impl Write for LogFile {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        match self.files.write_all(entry) {
            Ok(()) => self.has_complained.store(false, Ordering::Relaxed),
            Err(error) => {
                log_state().lost.fetch_add(1, Ordering::Relaxed);
                if !self.has_complained.swap(true, Ordering::Relaxed) {
                    let _ = writeln!(io::stderr(), "the log file can't be written: {error}");
                }
            }
        }
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.files.flush();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_log_file_is_kept_for_fourteen_days() {
        let folder = tempfile::tempdir().unwrap();
        let logs = log_folder(&folder.path().join("data"));
        make_folder(&logs).unwrap();
        for day in 1..=20 {
            fs::write(logs.join(format!("nosmoke-desk.2020-01-{day:02}.log")), "old").unwrap();
        }
        fs::write(logs.join("another.log"), "kept").unwrap();
        let mut file = open(&logs, "nosmoke-desk").unwrap();
        file.write_all(b"a line\n").unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names.len(), FILES_KEPT + 1, "{names:?}");
        assert!(names.contains(&"another.log".to_owned()));
        assert!(!names.iter().any(|name| name.contains(".probe") || name.contains("2020-01-01")), "{names:?}");
    }

    #[test]
    fn without_a_log_folder_the_reason_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("data");
        fs::write(&in_the_way, "a file").unwrap();
        let problem = open(&log_folder(&in_the_way), "nosmoke-desk").err().unwrap();
        assert!(problem.contains("data/logs: "), "{problem}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_loses_the_entry_and_not_the_program() {
        // `/dev/full` fails each write as a full disk does.
        let files = RollingFileAppender::builder().rotation(Rotation::NEVER).filename_prefix("full").build("/dev");
        let mut file = LogFile { files: files.unwrap(), has_complained: AtomicBool::new(false) };
        let before = log_state().lost();
        for _ in 0..2 {
            assert_eq!(file.write(b"an entry\n").unwrap(), 9);
        }
        assert_eq!(log_state().lost(), before + 2);
    }
}
