use nosmoke_ports::contract::{AppError, GatewaySetting, GatewayView};
use tauri::State;

use super::input;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn gateway(shell: State<'_, Shell>) -> Result<GatewayView, AppError> {
    shell.gateway().await
}

#[tauri::command]
pub(crate) async fn save_gateway(shell: State<'_, Shell>, input: serde_json::Value) -> Result<GatewayView, AppError> {
    shell.save_gateway(self::input::<GatewaySetting>(input)?).await
}
