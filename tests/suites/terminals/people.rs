//! Staff are the facility's: they come to a terminal that joins, and go where they are retired.

use super::*;

/// The PIN of the first terminal's manager.
const MANAGER_PIN: &str = "135790";

/// Waits until somebody of this name can sign in at a terminal, and returns the person's id.
fn known(terminal: &Terminal, name: &str) -> Value {
    until(&format!("{name} is known"), WAIT_TIMEOUT, || {
        let screen = terminal.ask(json!({ "do": "lock_screen" }));
        let staff = screen["staff"].as_array().unwrap();
        staff.iter().find(|person| person["name"] == name).map(|person| person["staffId"].clone())
    })
}

fn sign_in(terminal: &Terminal, name: &str, pin: &str) -> Value {
    let staff_id = known(terminal, name);
    terminal.ask(json!({ "do": "sign_in", "input": { "staffId": staff_id, "pin": pin } }));
    staff_id
}

#[test]
fn a_terminal_that_joins_has_the_staff_of_its_facility_with_their_pins() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let staff_id = sign_in(b, "박서연", MANAGER_PIN);
    let screen = b.ask(json!({ "do": "lock_screen" }));
    assert_eq!((&screen["waitsForStaff"], &screen["hasRecoveryCode"]), (&json!(false), &json!(true)));
    assert_eq!(screen["staff"].as_array().unwrap().len(), 1, "joining made nobody");
    // Who is added there can sign in here.
    b.ask(json!({ "do": "save_staff", "input": { "name": "이하은", "role": "staff", "pin": "1357" } }));
    assert_ne!(sign_in(a, "이하은", "1357"), staff_id);
    agreed(&[a, b]);
}

#[test]
fn who_is_retired_while_a_terminal_is_offline_is_retired_there_later() {
    let mut broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    sign_in(a, "박서연", MANAGER_PIN);
    a.ask(json!({ "do": "save_staff", "input": { "name": "이하은", "role": "staff", "pin": "1357" } }));
    let staff_id = sign_in(b, "이하은", "1357");
    agreed(&[a, b]);

    broker.kill();
    a.ask(json!({ "do": "retire_staff", "input": staff_id }));
    let customer = register(b, "홍길동");
    b.give(json!({ "type": "imposePenalty", "customerId": customer }));
    broker.start_again();
    let impose = json!({ "type": "imposePenalty", "customerId": customer });
    until("the retired one is refused", WAIT_TIMEOUT, || {
        let refused = b.try_give(impose.clone()).err()?;
        (refused["code"] == "not_signed_in").then_some(())
    });
    let refused = b.try_ask(json!({ "do": "sign_in", "input": { "staffId": staff_id, "pin": "1357" } })).unwrap_err();
    assert_eq!(refused["code"], "unknown_staff");
    // What was recorded meanwhile stands, at both.
    let accounts = agreed(&[a, b]);
    assert!(accounts[customer.as_str().unwrap()]["outstanding"].as_i64().unwrap() > 0);
}

/// Makes a token at a terminal, lets it record a check-in, and returns its id.
fn machine(terminal: &Terminal, name: &str) -> Value {
    let made = terminal.ask(json!({ "do": "make_token", "input": { "name": name, "scopes": ["enter"] } }));
    let area = area(terminal);
    let command = json!({ "type": "checkIn", "areaId": area });
    terminal.ask(json!({ "do": "record", "key": name, "token": made["secret"], "command": command }));
    made["token"]["tokenId"].clone()
}

#[test]
fn the_tokens_of_all_terminals_are_offered_for_who_did_what_by_their_names() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let (here, there) = (machine(a, "동문 회전문"), machine(b, "서문 회전문"));
    let same = machine(a, "키오스크");
    let same_there = machine(b, "키오스크");
    agreed(&[a, b]);
    let token = |id: &Value, name: Value| json!({ "kind": "token", "tokenId": id, "name": name });
    for terminal in [a, b] {
        let offered = terminal.ask(json!({ "do": "recorders" }));
        let kinds: Vec<&str> = offered.as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["staff", "token", "token", "token", "token", "token", "program"], "{offered}");
        assert_eq!(offered[1], token(&json!("owner"), Value::Null));
        assert_eq!(offered[2], token(&here, json!("동문 회전문")));
        assert_eq!(offered[3], token(&there, json!("서문 회전문")));
        assert_eq!(offered[4], token(&same, json!("키오스크 · 단말 1")));
        assert_eq!(offered[5], token(&same_there, json!("키오스크 · 단말 2")));
        let by = json!({ "kind": "token", "tokenId": there });
        let page = terminal.ask(json!({ "do": "who", "input": { "filter": { "by": by }, "limit": 10 } }));
        assert_eq!(page["entries"].as_array().unwrap().len(), 1, "{page}");
        assert_eq!(page["entries"][0]["terminalName"], "단말 2");
    }
}
