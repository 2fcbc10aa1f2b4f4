//! What the screens can call. Each command is a few lines: it hands its argument to a use case and returns the answer.

mod start;

use tauri::ipc::Invoke;

#[allow(clippy::wildcard_imports, reason = "each command brings hidden macros along, which the dispatch needs")]
use start::*;

include!("../command_list.rs");

macro_rules! dispatch {
    ($($name:ident),* $(,)?) => { tauri::generate_handler![$($name),*] };
}

pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    every_command!(dispatch)
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
