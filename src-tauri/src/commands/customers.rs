use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AppError, CustomerCard, CustomerPage, CustomerSearch};
use tauri::State;

use super::input;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn search_customers(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<CustomerPage, AppError> {
    let input = self::input::<CustomerSearch>(input)?;
    shell.terminal().await?.queries.search(input).await
}

#[tauri::command]
pub(crate) async fn customer_card(
    shell: State<'_, Shell>,
    customer_id: serde_json::Value,
) -> Result<CustomerCard, AppError> {
    let customer_id = self::input::<CustomerId>(customer_id)?;
    shell.terminal().await?.queries.customer_card(customer_id).await
}
