//! The desk's window: an open data folder (`nosmoke-composition`), what its screens can call, and its file dialogs.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod calls;
mod data_folder;
mod dialogs;
mod shell;
#[cfg(target_os = "linux")]
mod web_view;

use std::process::ExitCode;

use tauri::{App, Manager};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use shell::Shell;

fn main() -> ExitCode {
    // Warnings go to the error output; `RUST_LOG` asks for more. Logs never hold personal data.
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(calls::handler())
        .setup(|app| Ok(set_up(app)?))
        .run(tauri::generate_context!());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nosmoke-desk: {error}");
            ExitCode::FAILURE
        }
    }
}

fn set_up(app: &mut App) -> tauri::Result<()> {
    let (folder, marks) = (data_folder::choose(app.handle())?, data_folder::marks(app.handle())?);
    app.manage(Shell::new(app.handle().clone(), folder, marks));
    if let Some(window) = app.get_webview_window("main") {
        #[cfg(target_os = "linux")]
        web_view::adjust(&window)?;
        window.set_focus()?;
    }
    Ok(())
}
