//! The calls that screens can make, and the table by which they are dispatched.

mod call;
mod dialogs;
mod noted;
mod picks;
mod record;
mod table;

use nosmoke_ports::contract::AppError;

use crate::shell::Shell;

use call::Call;

/// Runs the call with this name and returns its answer as JSON. `clicked_at` is when the key or button was pressed, in
/// ms since 1970.
///
/// # Errors
/// `not_authorised`, `invalid_input`, or an error of the call itself.
pub async fn answer(
    shell: &Shell,
    name: &str,
    input: serde_json::Value,
    clicked_at: Option<f64>,
) -> Result<String, AppError> {
    let call = Call { shell: shell.clone(), clicked_at };
    table::answer(&call, name, input).await
}
