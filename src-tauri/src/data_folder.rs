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

/// Where data folders are marked: a folder of this machine that no copy of the data folder takes along.
pub(crate) fn marks(app: &AppHandle) -> tauri::Result<PathBuf> {
    let folder = if cfg!(target_os = "windows") {
        app.path().app_local_data_dir()?
    } else if cfg!(target_os = "macos") {
        app.path().app_cache_dir()?
    } else {
        app.path().app_config_dir()?
    };
    Ok(folder.join("marks"))
}
