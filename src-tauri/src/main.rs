//! The program with the window: Tauri around the screens and their calls (crate `nosmoke-window`).

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod data_folder;
mod host;
mod tauri_command;
#[cfg(target_os = "linux")]
mod web_view;

use std::process::ExitCode;
use std::sync::Arc;

use nosmoke_composition::Environment;
use nosmoke_window::Shell;
use tauri::{App, Manager};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use host::Window;

fn main() -> ExitCode {
    // Logs go to the error output: warnings by default, more with `RUST_LOG`. They never contain personal data.
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri_command::handler())
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
    let environment = Environment::of_system("nosmoke-desk", env!("CARGO_PKG_VERSION"));
    app.manage(Shell::new(Arc::new(Window(app.handle().clone())), folder, marks, environment));
    if let Some(window) = app.get_webview_window("main") {
        #[cfg(target_os = "linux")]
        web_view::adjust(&window)?;
        window.set_focus()?;
    }
    Ok(())
}
