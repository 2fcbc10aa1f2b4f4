//! The system's file dialogs, opened from here only: a screen never names a path.
//!
//! No test can press a button in them, so a debug build takes the answer from the environment where it is given.

use std::path::PathBuf;

use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// A kind of file, as the dialog offers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind<'a> {
    pub(crate) name: &'a str,
    pub(crate) extensions: &'a [&'a str],
}

/// Where to save; `None` when cancelled. `NOSMOKE_PICK_SAVE` may name a file, or a folder that takes the suggested name.
pub(crate) async fn pick_save<R: Runtime>(app: &AppHandle<R>, suggested_name: &str, kind: Kind<'_>) -> Option<PathBuf> {
    if let Some(path) = given("NOSMOKE_PICK_SAVE") {
        return Some(if path.is_dir() { path.join(suggested_name) } else { path });
    }
    let dialog = app.dialog().file().add_filter(kind.name, kind.extensions).set_file_name(suggested_name);
    answer(dialog, FileDialogBuilder::save_file).await
}

/// Which file to read; `None` when cancelled.
pub(crate) async fn pick_open<R: Runtime>(app: &AppHandle<R>, kind: Kind<'_>) -> Option<PathBuf> {
    if let Some(path) = given("NOSMOKE_PICK_OPEN") {
        return Some(path);
    }
    answer(app.dialog().file().add_filter(kind.name, kind.extensions), FileDialogBuilder::pick_file).await
}

/// Which folder to use; `None` when cancelled.
pub(crate) async fn pick_folder<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    if let Some(path) = given("NOSMOKE_PICK_FOLDER") {
        return Some(path);
    }
    answer(app.dialog().file(), FileDialogBuilder::pick_folder).await
}

type Told = Box<dyn FnOnce(Option<FilePath>) + Send>;

async fn answer<R: Runtime>(
    dialog: FileDialogBuilder<R>,
    open: impl FnOnce(FileDialogBuilder<R>, Told),
) -> Option<PathBuf> {
    let (tell, told) = oneshot::channel();
    open(dialog, Box::new(move |path| drop(tell.send(path))));
    told.await.ok().flatten()?.into_path().ok()
}

fn given(variable: &str) -> Option<PathBuf> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}
