//! Rules that a manager changes at one terminal, and what the others make of them.

use super::*;

fn standing(terminal: &Terminal, customer: &Value) -> Value {
    let card = terminal.try_ask(json!({ "do": "card", "customer": customer }));
    card.map_or(Value::Null, |card| card["verdict"]["standing"].clone())
}

fn publish(terminal: &Terminal, warn_at: &str, prohibit_at: &str) -> Value {
    let editor = terminal.ask(json!({ "do": "rules_editor" }));
    let mut form = editor["form"].clone();
    form["warnAt"] = warn_at.into();
    form["levels"][0]["at"] = prohibit_at.into();
    let base = editor["inForce"]["id"].clone();
    terminal
        .give(json!({ "type": "publishRules", "base": base, "form": form, "reason": "기준 완화", "toPresent": true }))
}

fn in_force(terminal: &Terminal) -> (Value, Value) {
    let editor = terminal.ask(json!({ "do": "rules_editor" }));
    (editor["inForce"]["generation"].clone(), editor["inForce"]["id"].clone())
}

#[test]
fn a_raised_threshold_releases_a_customer_at_another_terminal() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [first, second] = [&terminals[0], &terminals[1]];
    let customer = register(first, "홍길동");
    first.give(json!({ "type": "imposePenalty", "customerId": customer, "points": 50 }));
    until("the ban is known at the other terminal", WAIT_TIMEOUT, || {
        (standing(second, &customer) == "PROHIBITED").then_some(())
    });

    publish(first, "60", "80");
    until("the customer is released at the other terminal", WAIT_TIMEOUT, || {
        (standing(second, &customer) == "ALLOWED").then_some(())
    });
    agreed(&[first, second]);
    assert_eq!(in_force(second), in_force(first));
    let area = area(second);
    second.give(json!({ "type": "checkIn", "customerId": customer, "areaId": area }));
}
