//! `nosmoke`: a terminal without a window, and what scripts do with a data folder.

mod args;
mod client;
mod contexts;
mod digest;
mod error;
mod export;
mod import;
mod rebuild;
mod serve;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use nosmoke_composition::Means;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    // Warnings go to the error output; `RUST_LOG` asks for more. Logs never hold personal data.
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let means = Means::of_system("nosmoke", env!("CARGO_PKG_VERSION"));
    let done = match Args::parse().command {
        Command::Serve(args) => serve::serve(means, args).await,
        Command::Export(args) => export::export(means, args).await,
        Command::Import(args) => import::import(means, args).await,
        Command::Rebuild(args) => rebuild::rebuild(means, args).await,
        Command::Verify(folder) => verify::verify(means, folder).await,
        Command::Digest(folder) => digest::digest(means, folder).await,
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
