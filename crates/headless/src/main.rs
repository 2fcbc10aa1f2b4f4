//! `nosmoke`: a terminal without a window, and commands for scripts, which work on a data folder.

mod args;
mod client;
mod contexts;
mod digest;
mod error;
mod export;
mod folder_args;
mod import;
mod import_args;
mod import_report;
mod rebuild;
mod serve;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use nosmoke_composition::Environment;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    // Logs go to the error output: warnings by default, more with `RUST_LOG`. They never contain personal data.
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let environment = Environment::of_system("nosmoke", env!("CARGO_PKG_VERSION"));
    let done = match Args::parse().command {
        Command::Serve(args) => serve::serve(environment, args).await,
        Command::Export(args) => export::export(environment, args).await,
        Command::Import(args) => import::import(environment, args).await,
        Command::Rebuild(args) => rebuild::rebuild(environment, args).await,
        Command::Verify(folder) => verify::verify(environment, folder).await,
        Command::Digest(folder) => digest::digest(environment, folder).await,
        Command::Contexts(args) => contexts::contexts(args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("nosmoke: {failed}");
            failed.exit_code()
        }
    }
}
