use nosmoke_application::contract::{AppError, Chart, MypageInput, MypagePage};
use tauri::State;

use super::input;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn mypage(shell: State<'_, Shell>, input: serde_json::Value) -> Result<MypagePage, AppError> {
    let input = self::input::<MypageInput>(input)?;
    shell.terminal().await?.queries.mypage(input).await
}

#[tauri::command]
pub(crate) async fn chart(shell: State<'_, Shell>, input: serde_json::Value) -> Result<Chart, AppError> {
    let input = self::input::<MypageInput>(input)?;
    shell.terminal().await?.queries.chart(input).await
}
