//! A terminal whose points were taken over comes back: its incarnation ends, nothing is lost or doubled, and it goes on.

use serde_json::json;

use super::*;

/// Whether a terminal says that its points were taken over, and by whom.
fn taken_over_by(terminal: &Terminal) -> Option<String> {
    let view = terminal.view();
    let alarm = view["alarms"].as_array().unwrap().iter().find(|alarm| alarm["kind"] == "takenOver")?;
    Some(alarm["terminalName"].as_str().unwrap().to_owned())
}

/// Waits until a terminal knows that a customer has this balance.
fn has(terminal: &Terminal, customer: &Value, balance: i64) {
    until(&format!("{balance} P at {}", terminal.config.name), WAIT_TIMEOUT, || {
        (points(terminal, customer)["balance"] == balance).then_some(())
    });
}

#[test]
fn a_terminal_that_was_taken_over_goes_on_and_takes_nothing_away() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let (customer, other) = (register(&a, "홍길동"), register(&a, "김하늘"));
    for customer in [&customer, &other] {
        earn(&a, customer, 100);
    }
    let payment = pay(&a, &customer, 40).unwrap()["paymentId"].clone();
    agreed(&[&a, &b]);
    // Terminal 1 goes offline. What it records then is unknown to terminal 2.
    let mut config = a.stop();
    let servers = std::mem::take(&mut config.servers);
    let a = config.start();
    earn(&a, &customer, 50);
    let area = area(&a);
    let visit = a.give(json!({ "type": "checkIn", "customerId": other, "areaId": area }))["visitId"].clone();
    let lost = a.id.clone();
    let mut config = a.stop();
    let b = b.stop().fast(10).start();
    online(&b);
    reclaim(&b, &lost);
    pay(&b, &customer, 60).expect("all that terminal 2 knew of");
    // After days, terminal 1 comes back.
    config.servers = servers;
    let a = config.start();
    online(&a);
    assert_eq!(until("it learns that it was taken over", WAIT_TIMEOUT, || taken_over_by(&a)), "단말 2");
    has(&b, &customer, 50);
    assert_eq!(points(&a, &customer)["payableHere"], 50, "what it held besides is its own");
    // It still voids its payments, and the visit that began before is checked out.
    a.give(json!({ "type": "voidPayment", "paymentId": payment, "reason": "wrong_amount" }));
    a.give(json!({ "type": "checkOut", "visitId": visit, "points": 7 }));
    has(&b, &customer, 90);
    pay(&a, &customer, 90).expect("all is payable here, without asking");
    has(&b, &other, 107);
    pay(&b, &other, 107).expect("terminal 1 gives again");
    let accounts = agreed(&[&a, &b]);
    for customer in [&customer, &other] {
        let account = &accounts[customer.as_str().unwrap()];
        assert_eq!((&account["balance"], &account["writtenOff"]), (&json!(0), &json!(0)));
    }
    assert_eq!(incarnations_of(&b, &a.id), 2);
    // It stays so after a restart, also from the same folder's mark.
    let a = a.stop().start();
    online(&a);
    assert_eq!(incarnations_of(&b, &a.id), 2);
    agreed(&[&a, &b]);
}

#[test]
fn a_retired_terminal_gets_nothing_and_is_taken_over_though_it_is_heard() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    earn(a, &customer, 100);
    has(b, &customer, 100);
    earn(b, &customer, 30);
    has(a, &customer, 130);
    b.give(json!({ "type": "retireTerminal", "terminalId": a.id, "retired": true }));
    until("terminal 1 is shown as retired", WAIT_TIMEOUT, || {
        let view = a.view();
        let here = view["terminals"].as_array().unwrap().iter().find(|it| it["here"] == true).unwrap().clone();
        (here["retired"] == true).then_some(())
    });
    let refused = pay(a, &customer, 120).unwrap_err();
    assert_eq!(refused["code"], "held_elsewhere", "nobody gives to a retired terminal");
    pay(b, &customer, 60).expect("a retired terminal still gives");
    until("terminal 2 has read all", WAIT_TIMEOUT, || b.try_ask(json!({ "do": "reclaim", "terminal": a.id })).ok());
    assert_eq!(points(b, &customer)["payableHere"], 70, "at once, though it is heard");
    until("it learns that it was taken over", WAIT_TIMEOUT, || taken_over_by(a));
    b.give(json!({ "type": "retireTerminal", "terminalId": a.id, "retired": false }));
    has(a, &customer, 70);
    until("it gets points again", WAIT_TIMEOUT, || pay(a, &customer, 70).ok());
    agreed(&[a, b]);
}
