//! `nosmoke-loopback`: offers the calls of the program's window over HTTP, on a real data folder, until this program's
//! input closes. Prints one line of JSON with the port, the token and the folder. Used by the parity suite and by `npm
//! run dev:ui -- --real`; never shipped.

#![allow(clippy::print_stdout, reason = "a program for another program")]

mod clock;
mod events;
mod host;
mod role;
mod server;

use std::error::Error;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Parser;
use nosmoke_composition::{Environment, machine_folder};
use nosmoke_window::Shell;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use uuid::Uuid;

use clock::SetClock;
use events::Events;
use host::Loopback;
use role::RoleName;
use server::{Served, router};

#[derive(Debug, Parser)]
struct Args {
    /// The data folder; a temporary one by default.
    #[arg(long, env = "NOSMOKE_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The only origin whose pages may call from a browser (CORS), such as the dev server's.
    #[arg(long)]
    origin: Option<String>,
    /// Uses a clock that stands still at this time, until `POST /clock` sets it. The system's clock by default.
    #[arg(long)]
    clock: Option<DateTime<Utc>>,
    /// Gives this terminal's staff member another role before the program starts.
    #[arg(long)]
    role: Option<RoleName>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args = Args::parse();
    let temporary = TempDir::new()?;
    let (folder, marks) = match &args.data_dir {
        Some(folder) => (folder.clone(), machine_folder().ok_or("no folder for marks: set NOSMOKE_MARKS_DIR")?),
        None => (temporary.path().join("data"), temporary.path().join("marks")),
    };
    serve(&args, &folder, &marks).await?;
    temporary.close()?;
    Ok(())
}

async fn serve(args: &Args, folder: &Path, marks: &Path) -> Result<(), Box<dyn Error>> {
    let mut environment = Environment::of_system("nosmoke-loopback", env!("CARGO_PKG_VERSION"));
    let clock = args.clock.map(|at| Arc::new(SetClock::new(at)));
    if let Some(clock) = &clock {
        environment.clock = clock.clone();
    }
    if let Some(role) = args.role {
        role::give(&environment, folder, role.into()).await?;
    }
    let events = Arc::new(Events::default());
    let host = Arc::new(Loopback(events.clone()));
    let shell = Shell::new(host, Some(folder.to_owned()), Some(marks.to_owned()), environment);
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", json!({ "port": listener.local_addr()?.port(), "token": &token, "dataFolder": folder }));
    let served = Served { shell, events, clock, token: token.into() };
    let input_ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    tokio::select! {
        ended = axum::serve(listener, router(served, args.origin.as_deref())?) => ended?,
        _ = input_ended => {}
    }
    Ok(())
}
