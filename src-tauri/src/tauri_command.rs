//! The only Tauri command, `call`; it dispatches to the table of calls.

use nosmoke_ports::contract::AppError;
use nosmoke_window::{Shell, answer};
use tauri::State;
use tauri::ipc::{Invoke, Response};

pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![call]
}

/// Runs the call with this name. `clicked_at` is when the key or button was pressed, in ms since 1970.
#[tauri::command]
async fn call(
    shell: State<'_, Shell>,
    name: String,
    input: serde_json::Value,
    clicked_at: Option<f64>,
) -> Result<Response, AppError> {
    answer(shell.inner(), &name, input, clicked_at).await.map(Response::new)
}
