use nosmoke_ports::contract::{AppError, Job, Preferences, Session, SetUpInput, Start};
use tauri::State;

use super::input;
use crate::shell::Shell;

/// What the program found when it started.
#[tauri::command]
pub(crate) async fn start(shell: State<'_, Shell>) -> Result<Start, AppError> {
    Ok(shell.start().await)
}

#[tauri::command]
pub(crate) async fn set_up(shell: State<'_, Shell>, input: serde_json::Value) -> Result<Session, AppError> {
    shell.set_up(self::input::<SetUpInput>(input)?).await
}

/// Fills the demonstration facility, in a data folder of its own, and goes there.
#[tauri::command]
pub(crate) async fn open_demonstration(shell: State<'_, Shell>) -> Result<Job, AppError> {
    shell.open_demonstration()
}

/// Deletes the demonstration and goes back.
#[tauri::command]
pub(crate) async fn leave_demonstration(shell: State<'_, Shell>) -> Result<Start, AppError> {
    shell.leave_demonstration().await
}

#[tauri::command]
pub(crate) async fn save_preferences(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<Preferences, AppError> {
    shell.save_preferences(self::input::<Preferences>(input)?).await
}
