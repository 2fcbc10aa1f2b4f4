//! Where this terminal keeps its files.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};

/// `NOSMOKE_DATA_DIR` where it is set, else the user's data folder for this program.
pub(crate) fn choose(app: &AppHandle) -> tauri::Result<PathBuf> {
    match std::env::var_os("NOSMOKE_DATA_DIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => app.path().app_data_dir(),
    }
}
