//! The program with the window: Tauri around the screens and their calls (crate `nosmoke-window`).

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod cannot_start;
mod closing;
mod folders;
mod freeze;
mod host;
mod navigation;
mod printing;
mod second_start;
mod tauri_command;
#[cfg(target_os = "linux")]
mod web_view;
mod window_place;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use nosmoke_composition::{Environment, start_logs};
use nosmoke_window::Shell;
use tauri::{App, Manager, WebviewWindowBuilder};

use cannot_start::CannotStart;
use folders::Folders;
use host::Window;

fn main() -> ExitCode {
    let context = tauri::generate_context!();
    let identifier = context.config().identifier.clone();
    let folders = Folders::of_user(&identifier);
    start_logs("nosmoke-desk", folders.data.as_deref());
    match run(context, &identifier, folders) {
        Ok(code) => code,
        Err(reason) => reason.say(),
    }
}

fn run(context: tauri::Context, identifier: &str, folders: Folders) -> Result<ExitCode, CannotStart> {
    // Tauri would panic without a display.
    #[cfg(target_os = "linux")]
    gtk::init().map_err(|_| CannotStart::Display)?;
    let mut builder = tauri::Builder::default();
    let second_start = folders.data.as_deref().and_then(|folder| second_start::plugin(identifier, folder));
    let has_bus = second_start.is_some() || !cfg!(target_os = "linux");
    if let Some(plugin) = second_start {
        // The first one: a second start ends here.
        builder = builder.plugin(plugin);
    }
    let web_view = folders.for_web_view().map_err(|error| CannotStart::Folder(error.to_string()))?;
    let app = builder
        // Before the other plugins, whose scripts then find the frozen prototype.
        .plugin(freeze::plugin())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(window_place::plugin(folders.config.as_deref()))
        .invoke_handler(tauri_command::handler())
        .on_window_event(closing::on_window_event)
        .build(context)
        .map_err(|error| CannotStart::Window(error.to_string()))?;
    manage_shell(&app, &folders, has_bus);
    open_window(&app, web_view).map_err(|error| CannotStart::Window(error.to_string()))?;
    let code = app.run_return(closing::on_run_event);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn manage_shell(app: &App, Folders { data, marks, .. }: &Folders, has_bus: bool) {
    let mut environment = Environment::of_system("nosmoke-desk", env!("CARGO_PKG_VERSION"));
    environment.clock = nosmoke_window::clock();
    let host = Arc::new(Window { app: app.handle().clone(), has_bus });
    app.manage(Shell::new(host, data.clone(), marks.clone(), environment));
}

/// Opens the window that `tauri.conf.json` describes. Tauri itself would open it with a folder of its own, and panic if that
/// can't be created.
fn open_window(app: &App, web_view_folder: PathBuf) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.first() else { return Err(tauri::Error::WindowNotFound) };
    let window = WebviewWindowBuilder::from_config(app, config)?
        .data_directory(web_view_folder)
        .on_navigation(navigation::is_allowed)
        .on_new_window(|url, _| navigation::refuse_window(&url))
        .on_document_title_changed(|window, title| {
            // The page's title is in the chosen language.
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(%error, "the window's title can't be changed");
            }
        })
        .build()?;
    #[cfg(target_os = "linux")]
    web_view::adjust(&window)?;
    window.show()?;
    window.set_focus()?;
    window_place::keep_visible(window);
    Ok(())
}
