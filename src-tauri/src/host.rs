//! What the screens need from their host: Tauri's events and the system's file dialogs.

use std::path::PathBuf;

use nosmoke_ports::contract::Zoom;
use nosmoke_window::{Event, FileKind, Host};
use tauri::{AppHandle, Emitter, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

pub(crate) struct Window(pub(crate) AppHandle);

#[async_trait::async_trait]
impl Host for Window {
    fn emit(&self, event: Event) {
        match event.payload() {
            // An error means that the window is closed.
            Ok(payload) => drop(self.0.emit(event.name(), payload)),
            Err(error) => tracing::error!(%error, "an event isn't JSON"),
        }
    }

    fn set_zoom(&self, zoom: Zoom) {
        let Some(window) = self.0.get_webview_window("main") else { return };
        if let Err(error) = window.set_zoom(zoom.factor()) {
            tracing::warn!(%error, "the screens keep their size");
        }
    }

    async fn pick_save(&self, suggested_name: &str, kind: FileKind) -> Option<PathBuf> {
        let dialog = self.0.dialog().file().add_filter(kind.name, kind.extensions).set_file_name(suggested_name);
        answer(dialog, FileDialogBuilder::save_file).await
    }

    async fn pick_open(&self, kind: FileKind) -> Option<PathBuf> {
        answer(self.0.dialog().file().add_filter(kind.name, kind.extensions), FileDialogBuilder::pick_file).await
    }

    async fn pick_folder(&self) -> Option<PathBuf> {
        answer(self.0.dialog().file(), FileDialogBuilder::pick_folder).await
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
