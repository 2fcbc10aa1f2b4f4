//! Files and folders that the user picks in the host's dialogs. Tests can't operate these dialogs, so debug builds read
//! the answer from environment variables if they are set.

use std::path::PathBuf;

use super::call::Call;
use crate::host::FileKind;

/// Opens a dialog for a file to save; `None` if cancelled. `NOSMOKE_PICK_SAVE` may name the file, or a folder for a
/// file with the suggested name.
pub(super) async fn pick_save(call: &Call, suggested_name: &str, kind: FileKind) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_SAVE") {
        Some(path) => Some(if path.is_dir() { path.join(suggested_name) } else { path }),
        None => call.shell.host().pick_save(suggested_name, kind).await,
    }
}

/// Opens a dialog for a file to read; `None` if cancelled.
pub(super) async fn pick_open(call: &Call, kind: FileKind) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_OPEN") {
        Some(path) => Some(path),
        None => call.shell.host().pick_open(kind).await,
    }
}

/// Opens a dialog for a folder; `None` if cancelled.
pub(super) async fn pick_folder(call: &Call) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_FOLDER") {
        Some(path) => Some(path),
        None => call.shell.host().pick_folder().await,
    }
}

fn given(variable: &str) -> Option<PathBuf> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}
