//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; the reason is on the error output
  2  the command line isn't right
  3  another program has the data folder open
  4  verify: something is damaged

A data folder is open in one program at a time. Reading commands (export, digest, verify) run beside it; writing ones
(import, rebuild, contexts stop and start) go through its gateway, or are refused where it has none.

Folders are marked in the user's configuration folder, so that a copied one is recognised; NOSMOKE_MARKS_DIR names another
place. RUST_LOG asks for more on the error output.";

#[derive(Debug, Parser)]
#[command(name = "nosmoke", version, about = "A terminal of Nosmoke Desk without a window", after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the REST gateway until SIGTERM or SIGINT. A new data folder is set up by itself.
    Serve(ServeArgs),
    /// Write customers or histories to a CSV file, also beside a running program.
    Export(ExportArgs),
    /// Register the customers of a CSV file.
    Import(ImportArgs),
    /// Make something derived anew from the facts.
    Rebuild(RebuildArgs),
    /// Check every page and the hash of every fact, also beside a running program. Prints JSON.
    Verify(Folder),
    /// Print how many facts there are, how far each life goes, and the digest of all, as JSON. Equal sets print equal lines.
    Digest(Folder),
    /// Show the contexts of the running program, or stop and start one.
    Contexts(ContextsArgs),
}

#[derive(Debug, Clone, Arguments)]
pub struct Folder {
    /// The data folder.
    #[arg(long, value_name = "D")]
    pub data_dir: PathBuf,
}

#[derive(Debug, Arguments)]
pub struct ServeArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// Where to listen; loopback only. Port 0 takes a free one, which is printed. The token is in D/gateway.token.
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Servers of a Kafka cluster, several parted by commas; kept in the data folder in place of another connection.
    #[arg(long, value_name = "HOST:PORT")]
    pub kafka: Option<String>,
    /// A prefix for the cluster's topics.
    #[arg(long, value_name = "P", requires = "kafka")]
    pub topic_prefix: Option<String>,
    /// A PostgreSQL server that keeps what Mypage shows, for this run; nothing of it is kept in the data folder. Others on this
    /// machine see a command line with its password: give it as NOSMOKE_MYPAGE_URL instead.
    #[arg(
        long,
        value_name = "postgres://USER:PASSWORD@HOST:PORT/DB",
        env = "NOSMOKE_MYPAGE_URL",
        hide_env_values = true
    )]
    pub mypage_url: Option<String>,
    /// The terminal's name, as the others show it.
    #[arg(long, value_name = "N")]
    pub terminal_name: Option<String>,
    /// Where spans go by OTLP over HTTP, as http://127.0.0.1:4318; kept in the data folder.
    #[arg(long, value_name = "URL")]
    pub otlp: Option<String>,
    /// Where spans go in Zipkin's form, as http://127.0.0.1:9411; kept in the data folder.
    #[arg(long, value_name = "URL")]
    pub zipkin: Option<String>,
    /// The facility key: read from FILE (a pairing code, or 64 hexadecimal digits), or written to it where there is no such
    /// file. Terminals with one key read each other's names; without, they exchange facts and balances alone.
    #[arg(long, value_name = "FILE")]
    pub facility_key: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    Customers,
    Histories,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    Ko,
    En,
}

#[derive(Debug, Arguments)]
pub struct ExportArgs {
    pub what: What,
    #[command(flatten)]
    pub folder: Folder,
    /// The file to write. It appears whole, or not at all.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Histories from this day on (YYYY-MM-DD, in Seoul).
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Histories up to this day, included.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Names of columns and values; the data folder's language where nothing is said.
    #[arg(long)]
    pub language: Option<Tongue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Imported {
    Customers,
}

#[derive(Debug, Arguments)]
pub struct ImportArgs {
    pub what: Imported,
    #[command(flatten)]
    pub folder: Folder,
    /// CSV with a header, UTF-8 or CP949; `name` is the only column that must be there.
    pub file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rebuilt {
    /// The customer center's read model.
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
    /// What to do with one; without it all are shown.
    #[arg(requires = "name")]
    pub act: Option<Act>,
    /// check_in, point, pay, penalty, mypage, publisher or consumer.
    pub name: Option<String>,
    /// Why one is stopped, up to 80 letters, shown to whoever looks; nothing personal.
    #[arg(long, value_name = "TEXT", requires = "act")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Act {
    /// Its tasks end and its port closes; the others go on.
    Stop,
    /// It goes on from its checkpoint.
    Start,
}
