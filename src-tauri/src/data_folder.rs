//! The locations of the data folder and of its mark, the file that tells the folder from its copies.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};

/// Returns `NOSMOKE_DATA_DIR` if it is set, else the user's data folder for this program.
pub(crate) fn choose(app: &AppHandle) -> tauri::Result<PathBuf> {
    match std::env::var_os("NOSMOKE_DATA_DIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => app.path().app_data_dir(),
    }
}

/// Returns the folder of the marks. It is local to this machine and outside the data folder, so that no copy of a data
/// folder includes its mark.
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
