//! The one Tauri command.

use nosmoke_ports::contract::AppError;
use tauri::State;
use tauri::ipc::{Invoke, Response};

use super::call::Call;
use super::table;
use crate::shell::Shell;

pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![call]
}

/// Answers a call of a screen by its name. `clicked_at` is when the key or the button was pressed, in ms since 1970.
#[tauri::command]
async fn call(
    shell: State<'_, Shell>,
    name: String,
    input: serde_json::Value,
    clicked_at: Option<f64>,
) -> Result<Response, AppError> {
    let call = Call { shell: shell.inner().clone(), clicked_at };
    table::answer(&call, &name, input).await.map(Response::new)
}
