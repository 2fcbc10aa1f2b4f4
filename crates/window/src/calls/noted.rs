//! What a call leaves in the access log, from its act, its input and its answer.

use std::collections::BTreeSet;

use nosmoke_application::permission::{Act, Logged};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Access, AccessBy};
use serde::Serialize;
use serde_json::Value;

use crate::shell::Shell;

/// The person of a call's input: the input itself, or its `customerId`.
pub(super) fn person(act: Act, input: &Value) -> Option<CustomerId> {
    let Logged::Person(_) = act.logged() else { return None };
    input.as_str().or_else(|| input.get("customerId")?.as_str())?.parse().ok()
}

/// Notes a call in the access log.
pub(super) async fn note<T: Serialize>(
    shell: &Shell,
    act: Act,
    person: Option<CustomerId>,
    answer: &Result<T, AppError>,
) {
    let logged = act.logged();
    let is_refused = matches!(answer, Err(error) if error.code == ErrorCode::NotAuthorised);
    let count = match (logged, answer) {
        _ if is_refused => 1,
        (Logged::Refusals | Logged::Itself(_), _) => return,
        (Logged::Each(_), _) | (Logged::Person(_), Ok(_)) => 1,
        (Logged::List(_), Ok(answer)) => named(answer),
        // Nothing was shown.
        (Logged::Person(_) | Logged::List(_), Err(_)) => return,
    };
    if count == 0 {
        return;
    }
    let Ok(terminal) = shell.terminal().await else { return };
    let by = terminal.queries.caller().await.map_or(AccessBy::Nobody, |caller| caller.by.into());
    terminal.core.access.note(Access::done(by, logged.act()).of(person).counting(count).ended(answer));
}

/// Counts the people whom an answer names: the objects with a customer's id and a name.
fn named(answer: &impl Serialize) -> u32 {
    let mut people = BTreeSet::new();
    if let Ok(value) = serde_json::to_value(answer) {
        collect(&value, &mut people);
    }
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

fn collect(value: &Value, people: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, people)),
        Value::Object(fields) => {
            if let (Some(Value::String(id)), Some(Value::String(_))) = (fields.get("customerId"), fields.get("name")) {
                people.insert(id.clone());
            }
            fields.values().for_each(|item| collect(item, people));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answers_people_are_counted_once_and_only_with_a_name() {
        let hit =
            |id: &str, name: Option<&str>| json!({ "customer": { "customerId": id, "name": name, "tag": "ab12" } });
        let answer = json!({ "hits": [hit("a", Some("김")), hit("b", None), hit("a", Some("김"))], "next": null });
        assert_eq!(named(&answer), 1);
        assert_eq!(named(&json!({ "state": "online", "pending": 3 })), 0);
    }
}
