//! Points arrive where the customer stands: what the terminals that are heard hold can be paid at any of them.

use serde_json::json;

use super::*;

/// Waits until a terminal shows this balance and has heard every other terminal that is running.
fn knows(terminal: &Terminal, customer: &Value, balance: i64, others: &[&Terminal]) {
    until("the balance is known", WAIT_TIMEOUT, || (points(terminal, customer)["balance"] == balance).then_some(()));
    hear_each_other(&[&[terminal], others].concat());
}

/// Two terminals; a customer has 100 points at the second one, and the first one knows.
fn earned_at_the_second(broker: &Broker) -> ([Terminal; 2], Value) {
    let terminals = facility(broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(knowing(&b, &customer), &customer, 100);
    knows(&a, &customer, 100, &[&b]);
    ([a, b], customer)
}

#[test]
fn points_are_paid_where_the_customer_stands_though_inside_elsewhere() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    earn(knowing(b, &customer), &customer, 100);
    let area = area(b);
    let visit = b.give(json!({ "type": "checkIn", "customerId": customer, "areaId": area }))["visitId"].clone();
    knows(a, &customer, 100, &[b]);
    pay(a, &customer, 60).expect("inside at the other terminal");
    b.give(json!({ "type": "checkOut", "visitId": visit, "points": 100 }));
    knows(a, &customer, 140, &[b]);
    pay(a, &customer, 140).expect("after the check-out there");
    agreed(&[a, b]);
}

/// Waits until a terminal knows a customer, and returns the terminal.
fn knowing<'a>(terminal: &'a Terminal, customer: &Value) -> &'a Terminal {
    until("the customer is known", WAIT_TIMEOUT, || (!points(terminal, customer).is_null()).then_some(()));
    terminal
}

#[test]
fn a_holder_that_is_off_keeps_nobody_from_getting_what_the_others_hold() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]);
    let [a, b, c] = <[Terminal; 3]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    for terminal in [&b, &c] {
        earn(knowing(terminal, &customer), &customer, 100);
        knows(&a, &customer, points(terminal, &customer)["balance"].as_i64().unwrap(), &[&b, &c]);
    }
    knows(&a, &customer, 200, &[&b, &c]);
    agreed(&[&a, &b, &c]);
    let c = c.kill();
    pay(&a, &customer, 80).expect("what the one that is on holds");
    earn(&b, &customer, 100);
    knows(&a, &customer, 220, &[&b]);
    pay(&a, &customer, 120).expect("again, though the one that is off never answered");
    until("the one that is off isn't heard any more", WAIT_TIMEOUT, || {
        let refused = pay(&a, &customer, 100).expect_err("held by the one that is off");
        (refused["code"] == "held_elsewhere").then_some(())
    });
    let c = c.start();
    online(&c);
    knows(&a, &customer, 100, &[&b, &c]);
    until("the one that was off gives again", WAIT_TIMEOUT, || pay(&a, &customer, 100).ok());
    agreed(&[&a, &b, &c]);
}

#[test]
fn s06_a_request_repeated_in_parallel_has_one_answer_while_points_are_asked_for() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    knowing(b, &customer);
    for round in 1..=20 {
        earn(b, &customer, 100);
        knows(a, &customer, 100, &[b]);
        let command = json!({ "type": "pay", "customerId": customer, "points": 100 });
        let request = json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command });
        let sent = [(); 3].map(|()| a.send(request.clone()));
        let answers = sent.map(|id| until("each has an answer", WAIT_TIMEOUT, || a.answered(id)));
        assert!(answers[0].is_ok(), "{round}: {answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{round}: {answers:?}");
        assert_eq!(points(a, &customer)["balance"], 0, "{round}: paid once");
        knows(b, &customer, 0, &[a]);
    }
    agreed(&[a, b]);
}

/// Kills one of the two terminals, or both, while a payment waits for points: the same command given again with its key is
/// done once, whatever had been given or recorded by then.
#[test]
fn a_payment_killed_while_it_waits_for_points_is_made_once_when_repeated() {
    const ROUNDS: u64 = 6;
    let broker = broker();
    let mut random = fastrand::Rng::with_seed(5);
    let ([mut a, mut b], customer) = earned_at_the_second(&broker);
    for round in 1..=ROUNDS {
        let command = json!({ "type": "pay", "customerId": customer, "points": 100 });
        let request = json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command });
        a.send(request.clone());
        std::thread::sleep(Duration::from_millis(random.u64(0..60)));
        if round % 3 != 1 {
            b = b.kill().start();
        }
        if round % 3 != 2 {
            a = a.kill().start();
        }
        for terminal in [&a, &b] {
            online(terminal);
        }
        let paid = until("the payment is made", WAIT_TIMEOUT, || a.try_ask(request.clone()).ok());
        assert_eq!(a.ask(request.clone()), paid, "{round}: repeated once more");
        assert_eq!(points(&a, &customer)["balance"], 0, "{round}: paid once");
        knows(&b, &customer, 0, &[&a]);
        earn(&b, &customer, 100);
        knows(&a, &customer, 100, &[&b]);
    }
    let accounts = agreed(&[&a, &b]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 100);
    for terminal in [&a, &b] {
        assert!(!terminal.errors().contains("panicked"), "{}", terminal.errors());
    }
}

#[test]
fn a_correction_takes_points_that_another_terminal_holds() {
    let broker = broker();
    let (terminals, customer) = earned_at_the_second(&broker);
    let [a, b] = &terminals;
    a.give(json!({ "type": "adjustPoints", "customerId": customer, "points": -70, "reason": "correction" }));
    assert_eq!(points(a, &customer)["balance"], 30);
    agreed(&[a, b]);
}

#[test]
fn a_terminal_whose_point_is_stopped_gives_nothing_and_says_so() {
    let broker = broker();
    let (terminals, customer) = earned_at_the_second(&broker);
    let [a, b] = &terminals;
    b.ask(json!({ "do": "stop_context", "context": "point" }));
    until("the other says that it doesn't give", WAIT_TIMEOUT, || {
        let begun = Instant::now();
        let refused = pay(a, &customer, 50).err()?;
        (refused["code"] == "held_elsewhere" && begun.elapsed() < Duration::from_secs(1)).then_some(())
    });
    b.ask(json!({ "do": "start_context", "context": "point" }));
    until("it gives again", WAIT_TIMEOUT, || pay(a, &customer, 50).ok());
    agreed(&[a, b]);
}

#[test]
fn two_terminals_that_pay_the_same_points_at_once_both_get_an_answer_and_one_pays() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]);
    let [a, b, c] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    for terminal in [b, c] {
        knowing(terminal, &customer);
    }
    for round in 0..5 {
        for terminal in [a, b, c] {
            earn(terminal, &customer, 50);
            agreed(&[a, b, c]);
        }
        knows(a, &customer, 150, &[b, c]);
        knows(b, &customer, 150, &[a, c]);
        let request = |terminal: &Terminal| {
            let command = json!({ "type": "pay", "customerId": customer, "points": 120 });
            terminal.send(json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command }))
        };
        let sent = [(a, request(a)), (b, request(b))];
        let answers = sent.map(|(terminal, id)| until("an answer", WAIT_TIMEOUT, || terminal.answered(id)));
        let paid = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(paid <= 1, "{round}: {answers:?}");
        if paid == 0 {
            agreed(&[a, b, c]);
            pay(a, &customer, 120).unwrap_or_else(|error| panic!("{round}: the next try pays: {error}"));
        }
        agreed(&[a, b, c]);
        pay(c, &customer, 30).unwrap_or_else(|error| panic!("{round}: the rest is payable anywhere: {error}"));
        agreed(&[a, b, c]);
    }
}
