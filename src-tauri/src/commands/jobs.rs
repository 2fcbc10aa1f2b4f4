//! Commands that open a dialog and start long work. `None` means that the dialog was dismissed.

use nosmoke_ports::contract::{AppError, ExportInput, ImportPreview, Job};
use tauri::{AppHandle, State};
use uuid::Uuid;

use super::input;
use crate::dialogs::{self, Kind};
use crate::shell::Shell;

const CSV: Kind<'_> = Kind { name: "CSV", extensions: &["csv"] };

#[tauri::command]
pub(crate) async fn export_histories(
    app: AppHandle,
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<Option<Job>, AppError> {
    let input = self::input::<ExportInput>(input)?;
    let Some(path) = dialogs::pick_save(&app, &shell.export_name(&input).await?, CSV).await else { return Ok(None) };
    shell.export(input, path).await.map(Some)
}

#[tauri::command]
pub(crate) async fn export_customers(app: AppHandle, shell: State<'_, Shell>) -> Result<Option<Job>, AppError> {
    let Some(path) = dialogs::pick_save(&app, "nosmoke-customers.csv", CSV).await else { return Ok(None) };
    shell.export_customers(path).await.map(Some)
}

#[tauri::command]
pub(crate) async fn preview_import(app: AppHandle, shell: State<'_, Shell>) -> Result<Option<ImportPreview>, AppError> {
    let Some(path) = dialogs::pick_open(&app, CSV).await else { return Ok(None) };
    shell.preview_import(path).await.map(Some)
}

#[tauri::command]
pub(crate) async fn run_import(shell: State<'_, Shell>, preview_id: serde_json::Value) -> Result<Job, AppError> {
    shell.run_import(self::input::<Uuid>(preview_id)?).await
}

#[tauri::command]
pub(crate) async fn back_up(app: AppHandle, shell: State<'_, Shell>) -> Result<Option<Job>, AppError> {
    let Some(folder) = dialogs::pick_folder(&app).await else { return Ok(None) };
    shell.back_up(folder).await.map(Some)
}

#[tauri::command]
pub(crate) async fn restore(app: AppHandle, shell: State<'_, Shell>) -> Result<Option<Job>, AppError> {
    let Some(folder) = dialogs::pick_folder(&app).await else { return Ok(None) };
    shell.restore(folder).map(Some)
}

#[tauri::command]
pub(crate) async fn cancel_job(shell: State<'_, Shell>, job_id: serde_json::Value) -> Result<(), AppError> {
    shell.jobs.cancel(self::input::<Uuid>(job_id)?);
    Ok(())
}
