use nosmoke_ports::contract::{AppError, ContextName, ServicesView};
use nosmoke_runtime::measures::Node;
use tauri::State;

use super::input;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn services(shell: State<'_, Shell>) -> Result<ServicesView, AppError> {
    shell.terminal().await?.services().await
}

#[tauri::command]
pub(crate) async fn stop_context(
    shell: State<'_, Shell>,
    name: serde_json::Value,
    reason: serde_json::Value,
) -> Result<(), AppError> {
    let (name, reason) = (input::<ContextName>(name)?, input::<Option<String>>(reason)?);
    let terminal = shell.terminal().await?;
    let recorder = terminal.queries.recorder().await?;
    terminal.stop_context(recorder, Node::Screen, name, reason).await
}

#[tauri::command]
pub(crate) async fn start_context(shell: State<'_, Shell>, name: serde_json::Value) -> Result<(), AppError> {
    let name = input::<ContextName>(name)?;
    let terminal = shell.terminal().await?;
    let recorder = terminal.queries.recorder().await?;
    terminal.start_context(recorder.role, name).await
}
