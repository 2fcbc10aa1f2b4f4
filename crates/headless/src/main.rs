//! `nosmoke`: a terminal without a window, and commands for scripts, which work on a data folder.

mod args;
mod backup;
mod backup_args;
mod client;
mod contexts;
mod diagnostics;
mod digest;
mod error;
mod export;
mod folder_args;
mod import;
mod import_args;
mod import_report;
mod imports;
mod kafka_args;
#[cfg(test)]
mod manual;
mod rebuild;
mod restore;
mod serve;
mod signals;
mod texts;
mod token_args;
mod tokens;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use nosmoke_composition::{Environment, start_logs};
use serde_json::json;

use args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let Args { json, command } = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refuse(&error),
    };
    let language = texts::language();
    // Only a program that runs for long writes log files; the others say everything on the error output.
    let log_folder = match &command {
        // A refused address makes no folder.
        Command::Serve(args) if args.listen.ip().is_loopback() => Some(args.folder.data_dir.as_path()),
        _ => None,
    };
    start_logs("nosmoke", log_folder);
    let environment = Environment::of_system("nosmoke", env!("CARGO_PKG_VERSION"));
    let done = match command {
        Command::Serve(args) => serve::serve(environment, *args, json).await,
        Command::Export(args) => export::export(environment, args, json).await,
        Command::Import(args) => import::import(environment, args).await,
        Command::Imports(args) => imports::imports(environment, args).await,
        Command::Backup(args) => backup::backup(environment, args).await,
        Command::Restore(args) => restore::restore(environment, args, language).await,
        Command::Rebuild(args) => rebuild::rebuild(environment, args).await,
        Command::Verify(folder) => verify::verify(environment, folder).await,
        Command::Digest(folder) => digest::digest(environment, folder).await,
        Command::Tokens(args) => tokens::tokens(environment, args).await,
        Command::Contexts(args) => contexts::contexts(args).await,
        Command::Diagnostics(args) => diagnostics::diagnostics(environment, args).await,
    };
    match done.and_then(|answer| answer.print(json)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            error::tell(&failed, json, language);
            failed.exit_code()
        }
    }
}

/// Ends with the help, or with what is wrong with the command line.
fn refuse(error: &clap::Error) -> ExitCode {
    let is_wrong = error.use_stderr();
    if is_wrong && std::env::args_os().any(|word| word == "--json") {
        let message = error.to_string();
        let message = message.lines().next().unwrap_or_default();
        let _ = error::say(json!({ "error": { "code": "usage", "params": {}, "message": message } }));
    }
    match error.print() {
        Ok(()) if !is_wrong => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}
