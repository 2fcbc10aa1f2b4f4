use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::contract::{
    AppError, Connection, ConnectionInput, ConnectionTrial, Invitation, Job, JoinInput, Pairing, QuarantinePage,
    Session, SyncView,
};
use nosmoke_replication::joining::pairing;
use tauri::{AppHandle, State};

use super::input;
use crate::dialogs::{Kind, pick_open, pick_save};
use crate::shell::Shell;

const PEM: Kind<'_> = Kind { name: "PEM", extensions: &["pem", "crt", "cer", "key"] };
const CODE: Kind<'_> = Kind { name: "Nosmoke Desk", extensions: &["txt"] };

#[tauri::command]
pub(crate) async fn sync_view(shell: State<'_, Shell>) -> Result<SyncView, AppError> {
    shell.terminal().await?.queries.sync_view().await
}

#[tauri::command]
pub(crate) async fn quarantine(shell: State<'_, Shell>, after: Option<i64>) -> Result<QuarantinePage, AppError> {
    shell.terminal().await?.queries.quarantine(after).await
}

/// Tries the link again at once, with clients made anew.
#[tauri::command]
pub(crate) async fn retry_sync(shell: State<'_, Shell>) -> Result<(), AppError> {
    shell.terminal().await?.core.link.retry();
    Ok(())
}

#[tauri::command]
pub(crate) async fn connection(shell: State<'_, Shell>) -> Result<Connection, AppError> {
    shell.connection().await
}

#[tauri::command]
pub(crate) async fn try_connection(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<ConnectionTrial, AppError> {
    shell.try_connection(self::input::<ConnectionInput>(input)?).await
}

#[tauri::command]
pub(crate) async fn save_connection(shell: State<'_, Shell>, input: serde_json::Value) -> Result<Connection, AppError> {
    shell.save_connection(self::input::<ConnectionInput>(input)?).await
}

/// The path of a certificate or key; null when the dialog was dismissed. Only its path is told, and the file stays where it is.
#[tauri::command]
pub(crate) async fn pick_pem(app: AppHandle) -> Result<Option<String>, AppError> {
    Ok(pick_open(&app, PEM).await.map(|path| path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn pairing(shell: State<'_, Shell>) -> Result<Pairing, AppError> {
    pairing::pairing(&*shell.terminal().await?.core.journal).await
}

/// Null when the dialog was dismissed.
#[tauri::command]
pub(crate) async fn save_pairing(app: AppHandle, shell: State<'_, Shell>) -> Result<Option<String>, AppError> {
    match pick_save(&app, "nosmoke-pairing.txt", CODE).await {
        Some(path) => shell.write_pairing(path).await.map(Some),
        None => Ok(None),
    }
}

/// The code of a file; null when the dialog was dismissed.
#[tauri::command]
pub(crate) async fn open_pairing(app: AppHandle) -> Result<Option<String>, AppError> {
    pick_open(&app, CODE).await.map(|path| Shell::read_pairing(&path)).transpose()
}

/// What a code says, before it is used.
#[tauri::command]
pub(crate) async fn read_pairing(code: String) -> Result<Invitation, AppError> {
    pairing::invitation(&code)
}

#[tauri::command]
pub(crate) async fn accept_pairing(shell: State<'_, Shell>, code: String) -> Result<(), AppError> {
    shell.accept_pairing(&code).await
}

#[tauri::command]
pub(crate) async fn join(shell: State<'_, Shell>, input: serde_json::Value) -> Result<Session, AppError> {
    shell.join(self::input::<JoinInput>(input)?).await
}

#[tauri::command]
pub(crate) async fn reclaim(shell: State<'_, Shell>, terminal_id: TerminalId) -> Result<Job, AppError> {
    shell.reclaim(terminal_id).await
}
