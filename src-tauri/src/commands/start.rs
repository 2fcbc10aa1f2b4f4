use serde_json::{Value, json};

/// What the program found when it started.
#[tauri::command]
pub(crate) async fn start() -> Value {
    json!({
        "state": "setUp",
        "preferences": { "language": "ko", "theme": "light", "sound": true },
        "version": env!("CARGO_PKG_VERSION"),
    })
}
