use nosmoke_ports::contract::{AppError, TracePage, TraceView, TracesInput, TracingSetting, TracingView};
use tauri::State;

use super::input;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn traces(shell: State<'_, Shell>, input: serde_json::Value) -> Result<TracePage, AppError> {
    shell.traces(self::input::<TracesInput>(input)?).await
}

#[tauri::command]
pub(crate) async fn trace(shell: State<'_, Shell>, trace_id: String) -> Result<TraceView, AppError> {
    shell.trace(&trace_id).await
}

#[tauri::command]
pub(crate) async fn tracing(shell: State<'_, Shell>) -> Result<TracingView, AppError> {
    shell.tracing().await
}

#[tauri::command]
pub(crate) async fn save_tracing(shell: State<'_, Shell>, input: serde_json::Value) -> Result<TracingView, AppError> {
    shell.save_tracing(self::input::<TracingSetting>(input)?).await
}
