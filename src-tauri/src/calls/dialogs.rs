//! Calls that open a file dialog first. `None` means that it was dismissed.

use nosmoke_ports::contract::{AppError, ExportInput, ImportPreview, Job};

use super::call::Call;
use crate::dialogs::{Kind, pick_folder, pick_open, pick_save};
use crate::shell::Shell;

const CSV: Kind<'_> = Kind { name: "CSV", extensions: &["csv"] };
const PEM: Kind<'_> = Kind { name: "PEM", extensions: &["pem", "crt", "cer", "key"] };
const CODE: Kind<'_> = Kind { name: "Nosmoke Desk", extensions: &["txt"] };

pub(super) async fn export_histories(call: &Call, input: ExportInput) -> Result<Option<Job>, AppError> {
    let name = call.shell.export_name(&input).await?;
    let Some(path) = pick_save(call.shell.app(), &name, CSV).await else { return Ok(None) };
    call.shell.export(input, path).await.map(Some)
}

pub(super) async fn export_customers(call: &Call) -> Result<Option<Job>, AppError> {
    let Some(path) = pick_save(call.shell.app(), "nosmoke-customers.csv", CSV).await else { return Ok(None) };
    call.shell.export_customers(path).await.map(Some)
}

pub(super) async fn preview_import(call: &Call) -> Result<Option<ImportPreview>, AppError> {
    let Some(path) = pick_open(call.shell.app(), CSV).await else { return Ok(None) };
    call.shell.preview_import(path).await.map(Some)
}

pub(super) async fn back_up(call: &Call) -> Result<Option<Job>, AppError> {
    let Some(folder) = pick_folder(call.shell.app()).await else { return Ok(None) };
    call.shell.back_up(folder).await.map(Some)
}

pub(super) async fn restore(call: &Call) -> Result<Option<Job>, AppError> {
    let Some(folder) = pick_folder(call.shell.app()).await else { return Ok(None) };
    call.shell.restore(folder).map(Some)
}

pub(super) async fn pick_pem(call: &Call) -> Result<Option<String>, AppError> {
    Ok(pick_open(call.shell.app(), PEM).await.map(|path| path.display().to_string()))
}

pub(super) async fn save_pairing(call: &Call) -> Result<Option<String>, AppError> {
    match pick_save(call.shell.app(), "nosmoke-pairing.txt", CODE).await {
        Some(path) => call.shell.write_pairing(path).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn open_pairing(call: &Call) -> Result<Option<String>, AppError> {
    pick_open(call.shell.app(), CODE).await.map(|path| Shell::read_pairing(&path)).transpose()
}
