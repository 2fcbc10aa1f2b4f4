//! Rules that a manager edits, previews and publishes, and that reach present standings.

mod editing;
mod present_standings;
mod preview;

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{AppError, Outcome, RulesForm};
use serde_json::json;

use crate::support::Desk;

/// Publishes the set in force with a change.
pub(crate) async fn publish(
    desk: &Desk,
    to_present: bool,
    change: impl FnOnce(&mut RulesForm),
) -> Result<u64, AppError> {
    let editor = desk.terminal.queries.rules_editor().await.unwrap();
    let mut form = editor.form;
    change(&mut form);
    let base = editor.in_force.id;
    let command =
        json!({ "type": "publishRules", "base": base, "form": form, "reason": "기준 변경", "toPresent": to_present });
    match desk.give(command).await? {
        Outcome::RulesPublished { generation } => Ok(generation),
        other => panic!("{other:?}"),
    }
}

/// Replaces the levels by one level without an end.
fn levels(warn_at: &str, prohibit_at: &str) -> impl FnOnce(&mut RulesForm) {
    let (warn_at, prohibit_at) = (warn_at.to_owned(), prohibit_at.to_owned());
    move |form| {
        form.warn_at = warn_at;
        form.levels.truncate(1);
        form.levels[0].at = prohibit_at;
    }
}

async fn standing(desk: &Desk, customer: CustomerId) -> Standing {
    desk.card(customer).await.verdict.standing
}
