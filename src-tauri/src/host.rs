//! What the screens need from their host: Tauri's events, the system's file dialogs, notifications and file manager.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use nosmoke_ports::contract::{PageSize, Zoom};
use nosmoke_window::{Event, FileKind, Host, OnPrinted};
use tauri::{AppHandle, Emitter, Manager, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::oneshot;

use crate::printing;

/// Bounds a question to the thread of the window, which stands still while a dialog of the system is open.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(200);

pub(crate) struct Window {
    pub(crate) app: AppHandle,
    /// Whether the session bus answers, through which notifications go: the plugin waits for it on a thread of ours.
    pub(crate) has_bus: bool,
}

impl Window {
    fn window(&self) -> Option<WebviewWindow> {
        self.app.get_webview_window("main")
    }
}

#[async_trait::async_trait]
impl Host for Window {
    fn emit(&self, event: Event) {
        match event.payload() {
            // An error means that the window is closed.
            Ok(payload) => drop(self.app.emit(event.name(), payload)),
            Err(error) => tracing::error!(%error, "an event isn't JSON"),
        }
    }

    fn set_zoom(&self, zoom: Zoom) {
        let Some(window) = self.window() else { return };
        if let Err(error) = window.set_zoom(zoom.factor()) {
            tracing::warn!(%error, "the screens keep their size");
        }
    }

    /// Destroys the window, which asks nobody; the program ends when its last window is gone.
    fn close(&self) {
        let Some(window) = self.window() else { return };
        if let Err(error) = window.destroy() {
            tracing::warn!(%error, "the window can't be closed");
        }
    }

    /// Without an answer in time a dialog is open, so somebody sees the window.
    fn is_hidden(&self) -> bool {
        let Some(window) = self.window() else { return true };
        let (sender, answer) = mpsc::sync_channel(1);
        let asked = self.app.run_on_main_thread(move || {
            let is_hidden = window.is_minimized().unwrap_or(false) || !window.is_visible().unwrap_or(true);
            // Nobody waits any longer after the timeout.
            let _ = sender.try_send(is_hidden);
        });
        asked.is_ok() && answer.recv_timeout(ANSWER_TIMEOUT).unwrap_or(false)
    }

    fn notify(&self, title: &str, text: &str) {
        if !self.has_bus {
            return;
        }
        if let Err(error) = self.app.notification().builder().title(title).body(text).show() {
            tracing::warn!(%error, "no notification can be shown");
        }
    }

    fn show_folder(&self, folder: &Path) -> Result<(), String> {
        // The function, not the plugin: so nothing of it can be called from a page.
        tauri_plugin_opener::open_path(folder, None::<&str>).map_err(|error| error.to_string())
    }

    fn print_page(&self, page: PageSize, to: Option<PathBuf>, printed: OnPrinted) -> Result<(), String> {
        let window = self.window().ok_or("the window is closed")?;
        printing::print(&window, page, to, printed)
    }

    async fn pick_save(&self, suggested_name: &str, kind: FileKind) -> Option<PathBuf> {
        let dialog = self.app.dialog().file().add_filter(kind.name, kind.extensions).set_file_name(suggested_name);
        answer(dialog, FileDialogBuilder::save_file).await
    }

    async fn pick_open(&self, kind: FileKind) -> Option<PathBuf> {
        answer(self.app.dialog().file().add_filter(kind.name, kind.extensions), FileDialogBuilder::pick_file).await
    }

    async fn pick_folder(&self) -> Option<PathBuf> {
        answer(self.app.dialog().file(), FileDialogBuilder::pick_folder).await
    }
}

type PathCallback = Box<dyn FnOnce(Option<FilePath>) + Send>;

async fn answer(
    dialog: FileDialogBuilder<tauri::Wry>,
    open: impl FnOnce(FileDialogBuilder<tauri::Wry>, PathCallback),
) -> Option<PathBuf> {
    let (sender, receiver) = oneshot::channel();
    open(dialog, Box::new(move |path| drop(sender.send(path))));
    receiver.await.ok().flatten()?.into_path().ok()
}
