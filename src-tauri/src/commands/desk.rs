use nosmoke_application::contract::{AppError, Occupancy, Outcome, RecentInput, RecentRecord, SyncChip};
use tauri::State;

use super::input;
use crate::shell::Shell;

/// The one way in for everything that records.
#[tauri::command]
pub(crate) async fn record(shell: State<'_, Shell>, input: serde_json::Value) -> Result<Outcome, AppError> {
    let terminal = shell.terminal().await?;
    let recorder = terminal.queries.recorder().await?;
    terminal.gateway.record(recorder, input).await
}

#[tauri::command]
pub(crate) async fn occupancy(shell: State<'_, Shell>) -> Result<Occupancy, AppError> {
    shell.terminal().await?.queries.occupancy().await
}

#[tauri::command]
pub(crate) async fn recent_records(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<Vec<RecentRecord>, AppError> {
    let input = self::input::<RecentInput>(input)?;
    shell.terminal().await?.queries.recent_records(input).await
}

#[tauri::command]
pub(crate) async fn sync_chip(shell: State<'_, Shell>) -> Result<SyncChip, AppError> {
    shell.terminal().await?.queries.sync_chip().await
}
