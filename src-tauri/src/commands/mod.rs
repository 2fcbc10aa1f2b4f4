//! What the screens can call. Each command is a few lines: it hands its argument to a use case and returns the answer.

mod customers;
mod desk;
mod gateway;
mod jobs;
mod mypage;
mod services;
mod session;
mod sync;
mod traces;

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde::de::DeserializeOwned;
use tauri::ipc::Invoke;

#[allow(clippy::wildcard_imports, reason = "each command brings hidden macros along, which the dispatch needs")]
use {customers::*, desk::*, gateway::*, jobs::*, mypage::*, services::*, session::*, sync::*, traces::*};

include!("../command_list.rs");

macro_rules! dispatch {
    ($($name:ident),* $(,)?) => { tauri::generate_handler![$($name),*] };
}

pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    every_command!(dispatch)
}

/// Parses what a screen sent. Tauri's own parsing would answer with a text instead of a code.
fn input<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, AppError> {
    serde_json::from_value(value)
        .map_err(|error| AppError::with(ErrorCode::InvalidInput, serde_json::json!({ "detail": error.to_string() })))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    macro_rules! names {
        ($($name:ident),* $(,)?) => { [$(stringify!($name)),*] };
    }

    #[test]
    fn the_capability_allows_every_command_and_nothing_else_of_the_app() {
        let capability: serde_json::Value = serde_json::from_str(include_str!("../../capabilities/desk.json")).unwrap();
        let allowed: BTreeSet<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|permission| permission.as_str().unwrap().to_owned())
            .filter(|permission| !permission.contains(':'))
            .collect();
        let listed: BTreeSet<String> =
            every_command!(names).iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
        assert_eq!(allowed, listed);
    }
}
