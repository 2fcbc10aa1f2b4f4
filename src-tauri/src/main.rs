//! The desk's window. Everything is wired together here and nowhere else.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod data_folder;
#[expect(dead_code, reason = "for the commands that export, import and back up")]
mod dialogs;
#[cfg(target_os = "linux")]
mod web_view;

use std::process::ExitCode;

use tauri::{App, Manager};

fn main() -> ExitCode {
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
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
    let _folder = data_folder::choose(app.handle())?;
    if let Some(window) = app.get_webview_window("main") {
        #[cfg(target_os = "linux")]
        web_view::adjust(&window)?;
        window.set_focus()?;
    }
    Ok(())
}
