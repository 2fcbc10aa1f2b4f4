use nosmoke_ports::contract::{
    AppError, Chart, MypageEngine, MypageEngineInput, MypageEngineTrial, MypageInput, MypagePage,
};
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

#[tauri::command]
pub(crate) async fn mypage_engine(shell: State<'_, Shell>) -> Result<MypageEngine, AppError> {
    shell.mypage_engine().await
}

#[tauri::command]
pub(crate) async fn try_mypage_engine(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<MypageEngineTrial, AppError> {
    shell.try_mypage_engine(self::input::<MypageEngineInput>(input)?).await
}

#[tauri::command]
pub(crate) async fn save_mypage_engine(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<MypageEngine, AppError> {
    shell.save_mypage_engine(self::input::<MypageEngineInput>(input)?).await
}
