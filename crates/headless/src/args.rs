//! The command line; its doc comments are the texts of `--help`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use nosmoke_ports::contract::AccessReason;
use uuid::Uuid;

pub use crate::backup_args::{BackupArgs, RestoreArgs, ScheduleArgs};
pub use crate::folder_args::{Folder, Tongue};
pub use crate::import_args::ImportArgs;
pub use crate::kafka_args::KafkaArgs;
pub use crate::token_args::TokensArgs;

const EXIT_CODES: &str = "\
Exit codes, the same for all commands:
  0  done, also if there was nothing to do
  1  failed; the reason is on the error output
  2  the command line is invalid
  3  another program has the data folder open
  4  the data or the backup is damaged
  5  a file or folder is missing, or isn't what it should be
  6  not permitted by the operating system or to the person who works at the terminal
  7  the disk is full

With --json, the standard output has one JSON object whatever happens: the result, or
{\"error\": {\"code\", \"params\", \"message\"}}.
Texts are Korean or English, as the locale (LANG) says.

Only one program at a time can open a data folder. Meanwhile, reading commands (export, backup, digest, verify, imports,
diagnostics) still work; writing ones (import, imports take-back, rebuild, tokens, contexts stop and start) use that program's
gateway, or are refused if it has none. restore is always refused.

To detect copied data folders, a mark of each is kept in the user's configuration folder; NOSMOKE_MARKS_DIR overrides it.
RUST_LOG makes the error output more detailed.";

#[derive(Debug, Parser)]
#[command(name = "nosmoke", version, about = "A terminal of Nosmoke Desk without a window", after_help = EXIT_CODES)]
pub struct Args {
    /// Print one JSON object, also for an error.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the REST gateway until SIGTERM or SIGINT. A new data folder is set up automatically.
    Serve(Box<ServeArgs>),
    /// Write customers or histories to a file, CSV or .xlsx, also while another program has the folder open.
    Export(ExportArgs),
    /// Register the customers of a list: CSV, .xlsx or .xls.
    ///
    /// Prints JSON: how the list was read, which columns weren't, and each line that was left out with its reason. Importing the
    /// same file again adds nobody. An import that breaks off prints what it did, and ends with 1.
    Import(ImportArgs),
    /// List the imports of this terminal, or take one back. Prints JSON.
    ///
    /// Taking an import back erases the customers that it added, while nobody of them has come. If it breaks off, the same
    /// command goes on with it.
    Imports(ImportsArgs),
    /// Make a backup, also while another program has the folder open. Prints the path of the backup.
    ///
    /// The backup is a folder nosmoke-YYYYMMDD-HHMMSS, which gets its name after it was verified. For backups at an hour of each
    /// day see the options of serve.
    Backup(BackupArgs),
    /// Replace the data of a folder by a backup, which is verified first. The previous data is kept in the folder.
    ///
    /// The folder is created if it is missing. The terminal then continues as a new one, so the old PC must be out of use. A
    /// restore that is interrupted has either changed nothing, or is completed when the folder is opened.
    Restore(RestoreArgs),
    /// Rebuild derived data from the facts.
    Rebuild(RebuildArgs),
    /// Check every page and the hash of every fact, also while another program has the folder open. Prints JSON.
    Verify(Folder),
    /// Print the number of facts, the head of each incarnation, and the digest of all facts, as JSON. Equal sets of
    /// facts print equal lines.
    Digest(Folder),
    /// Show the contexts of the running program, or stop and start one.
    Contexts(ContextsArgs),
    /// List, make, rotate and revoke the tokens with which other programs use the gateway. Prints JSON.
    ///
    /// A token has a name, under which its records are shown, and scopes. D/gateway.token is the owner's and permits all.
    Tokens(TokensArgs),
    /// Write the file that support asks for: a ZIP with logs, versions, settings, counts and measures. It names no person,
    /// and has no key, token or password. Works also if the folder is damaged, or if another program has it open.
    Diagnostics(DiagnosticsArgs),
}

#[derive(Debug, Arguments)]
pub struct ServeArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// Address to listen on; loopback only. Port 0 takes a free port, which is printed. The token is in
    /// D/gateway.token.
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Say that this computer's clock is right, although it is before this terminal's newest fact or over 60 days after it.
    #[arg(long)]
    pub clock_is_right: bool,
    #[command(flatten)]
    pub cluster: KafkaArgs,
    /// A PostgreSQL server for Mypage's read model, for this run only; it isn't saved in the data folder. Other users
    /// of this machine can see passwords on a command line: set NOSMOKE_MYPAGE_URL instead. The server's certificate and
    /// name are checked, unless ?sslmode=... in the URL says otherwise (disable, for a server without TLS).
    #[arg(
        long,
        value_name = "postgres://USER:PASSWORD@HOST:PORT/DB",
        env = "NOSMOKE_MYPAGE_URL",
        hide_env_values = true
    )]
    pub mypage_url: Option<String>,
    /// The terminal's name, which other terminals show.
    #[arg(long, value_name = "N")]
    pub terminal_name: Option<String>,
    /// Receiver of spans by OTLP over HTTP, such as http://127.0.0.1:4318; saved in the data folder.
    #[arg(long, value_name = "URL")]
    pub otlp: Option<String>,
    /// Receiver of spans in Zipkin's format, such as http://127.0.0.1:9411; saved in the data folder.
    #[arg(long, value_name = "URL")]
    pub zipkin: Option<String>,
    /// The facility to take part in, by its pairing code in FILE. Without FILE, the first terminal founds a facility and
    /// makes it; give the same FILE to each other terminal, with a new data folder. Without this option the folder is a
    /// facility of its own, which hears no other terminal.
    #[arg(long, value_name = "FILE")]
    pub facility_key: Option<PathBuf>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    Customers,
    Histories,
}

#[derive(Debug, Arguments)]
pub struct ExportArgs {
    pub what: What,
    #[command(flatten)]
    pub folder: Folder,
    /// The file to write: a workbook if its name ends in .xlsx, else CSV. It is written completely or not at all. A link or a
    /// device is written through; - is the standard output, as CSV.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Export histories from this day on (YYYY-MM-DD, in Seoul).
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Export histories up to and including this day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Why names are shown, for the access log: customer_request, not_seen, audit, accounting, moving, incident or other,
    /// which is the default.
    #[arg(long, value_name = "REASON")]
    pub reason: Option<AccessReason>,
    /// Language of column names and values; by default the data folder's.
    #[arg(long)]
    pub language: Option<Tongue>,
}

#[derive(Debug, Arguments)]
pub struct ImportsArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// What to do with an import; if omitted, all are listed.
    #[arg(requires = "id")]
    pub act: Option<ImportAct>,
    /// The id of the import, as in the list.
    pub id: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportAct {
    /// Erases the customers that the import added.
    TakeBack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rebuilt {
    /// Mypage's read model.
    Mypage,
}

#[derive(Debug, Arguments)]
pub struct RebuildArgs {
    pub what: Rebuilt,
    #[command(flatten)]
    pub folder: Folder,
}

#[derive(Debug, Arguments)]
pub struct ContextsArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// What to do with a context; if omitted, all contexts are shown.
    #[arg(requires = "name")]
    pub act: Option<Act>,
    /// check_in, point, pay, penalty, mypage, publisher or consumer.
    pub name: Option<String>,
    /// Reason of a stop, up to 80 characters, shown on the services screen; must not contain personal data.
    #[arg(long, value_name = "TEXT", requires = "act")]
    pub reason: Option<String>,
}

#[derive(Debug, Arguments)]
pub struct DiagnosticsArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// The ZIP file to write. It is written completely or not at all.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Act {
    /// Stops the context: its tasks end and calls to it are refused; the others keep running.
    Stop,
    /// Starts the context, which continues from its checkpoint.
    Start,
}
