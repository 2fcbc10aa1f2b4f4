//! Calls that first open a file dialog. They return `None` if the dialog was cancelled.

use nosmoke_ports::contract::{
    AccessFilter, AppError, BackupScheduleView, ErrorCode, ExportCustomersInput, ExportInput, ExportPeriodInput,
    ImportPreview, Job, PickedPicture, WhoFilter,
};
use uuid::Uuid;

use super::call::Call;
use super::picks::{pick_folder, pick_open, pick_save};
use super::pictures::read_picture;
use crate::host::FileKind;
use crate::shell::Shell;

/// The first one is added to a name that has none of them.
const TABLE: FileKind = FileKind { name: "CSV, XLSX", extensions: &["csv", "xlsx", "txt", "CSV", "XLSX", "TXT"] };
const CSV: FileKind = FileKind { name: "CSV", extensions: &["csv", "txt", "CSV", "TXT"] };
/// The kind of a list is recognised by its content; its name only decides what the dialog shows first.
const LIST: FileKind =
    FileKind { name: "CSV, XLSX", extensions: &["csv", "xlsx", "xls", "txt", "tsv", "CSV", "XLSX", "XLS", "TXT"] };
const PEM: FileKind = FileKind { name: "PEM", extensions: &["pem", "crt", "cer", "key"] };
const ZIP: FileKind = FileKind { name: "ZIP", extensions: &["zip"] };
const PICTURE: FileKind =
    FileKind { name: "PNG, JPEG, SVG", extensions: &["png", "jpg", "jpeg", "svg", "PNG", "JPG", "JPEG", "SVG"] };
const CODE: FileKind = FileKind { name: "Nosmoke Desk", extensions: &["txt"] };

pub(super) async fn export_histories(call: &Call, input: ExportInput) -> Result<Option<Job>, AppError> {
    let name = call.shell.export_name(&input).await?;
    let Some(path) = pick_save(call, &name, TABLE).await else { return Ok(None) };
    call.shell.export(input, path).await.map(Some)
}

pub(super) async fn export_customers(call: &Call, input: ExportCustomersInput) -> Result<Option<Job>, AppError> {
    if input.reason.is_none() {
        return Err(AppError::new(ErrorCode::ReasonNeeded));
    }
    let Some(path) = pick_save(call, "nosmoke-customers.csv", TABLE).await else { return Ok(None) };
    call.shell.export_customers(input, path).await.map(Some)
}

pub(super) async fn export_access_log(call: &Call, filter: AccessFilter) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-access-log.csv", TABLE).await else { return Ok(None) };
    call.shell.export_access_log(filter, path).await.map(Some)
}

pub(super) async fn export_who_did_what(call: &Call, filter: WhoFilter) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-who-did-what.csv", TABLE).await else { return Ok(None) };
    call.shell.export_who_did_what(filter, path).await.map(Some)
}

pub(super) async fn export_day(call: &Call, day: String) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-day.csv", TABLE).await else { return Ok(None) };
    call.shell.export_day(day, path).await.map(Some)
}

pub(super) async fn export_period(call: &Call, input: ExportPeriodInput) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-report.csv", TABLE).await else { return Ok(None) };
    call.shell.export_period(input, path).await.map(Some)
}

pub(super) async fn preview_import(call: &Call) -> Result<Option<ImportPreview>, AppError> {
    let Some(path) = pick_open(call, LIST).await else { return Ok(None) };
    call.shell.preview_import(path).await.map(Some)
}

/// Saves the bad lines of the preview with this id.
pub(super) async fn save_bad_lines(call: &Call, preview_id: Uuid) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-not-imported.csv", CSV).await else { return Ok(None) };
    call.shell.save_bad_lines(preview_id, path).await.map(Some)
}

pub(super) async fn back_up(call: &Call, passphrase: Option<String>) -> Result<Option<Job>, AppError> {
    let Some(folder) = pick_folder(call).await else { return Ok(None) };
    call.shell.back_up(folder, passphrase).await.map(Some)
}

/// Chooses the folder of the scheduled backups.
pub(super) async fn choose_backup_folder(call: &Call) -> Result<Option<BackupScheduleView>, AppError> {
    let Some(folder) = pick_folder(call).await else { return Ok(None) };
    call.shell.choose_backup_folder(&folder).await.map(Some)
}

pub(super) async fn restore(call: &Call, passphrase: Option<String>) -> Result<Option<Job>, AppError> {
    let Some(folder) = pick_folder(call).await else { return Ok(None) };
    call.shell.restore(folder, passphrase).await.map(Some)
}

pub(super) async fn save_diagnostics(call: &Call) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call, "nosmoke-diagnostics.zip", ZIP).await else { return Ok(None) };
    call.shell.save_diagnostics(path).map(Some)
}

pub(super) async fn pick_pem(call: &Call) -> Result<Option<String>, AppError> {
    Ok(pick_open(call, PEM).await.map(|path| path.display().to_string()))
}

pub(super) async fn pick_plan_picture(call: &Call) -> Result<Option<PickedPicture>, AppError> {
    pick_open(call, PICTURE).await.map(|path| read_picture(&path)).transpose()
}

pub(super) async fn save_pairing(call: &Call) -> Result<Option<String>, AppError> {
    match pick_save(call, "nosmoke-pairing.txt", CODE).await {
        Some(path) => call.shell.write_pairing(path).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn open_pairing(call: &Call) -> Result<Option<String>, AppError> {
    pick_open(call, CODE).await.map(|path| Shell::read_pairing(&path)).transpose()
}
