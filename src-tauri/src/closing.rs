//! Closing the window, and the end of the program after that.

use std::sync::atomic::{AtomicBool, Ordering};

use nosmoke_window::Shell;
use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

use crate::second_start;

/// Set when the program has begun to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Keeps the window open while the screen asks about what would be lost.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && let Some(shell) = window.try_state::<Shell>()
        && !shell.may_close()
    {
        api.prevent_close();
    }
}

/// When the last window is gone, ends the running job and closes the data folder before the process ends.
pub(crate) fn on_run_event(app: &AppHandle, event: RunEvent) {
    let RunEvent::ExitRequested { code: None, api, .. } = event else { return };
    api.prevent_exit();
    if ENDING.swap(true, Ordering::SeqCst) {
        return;
    }
    second_start::give_way(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.try_state::<Shell>().map(|shell| shell.inner().clone());
        if let Some(shell) = shell {
            shell.end().await;
        }
        app.exit(0);
    });
}
