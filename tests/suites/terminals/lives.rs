//! Folders that were copied, put back, or worked alone; clocks that lie.

use serde_json::{Value, json};

use super::process::copy;
use super::*;

fn alarm(terminal: &Terminal, kind: &str) -> Option<Value> {
    terminal.view()["alarms"].as_array().unwrap().iter().find(|alarm| alarm["kind"] == kind).cloned()
}

fn lives(terminal: &Terminal, of: &str) -> usize {
    let view = terminal.view();
    let terminals = view["terminals"].as_array().unwrap();
    terminals.iter().find(|it| it["terminalId"] == of).map_or(0, |it| it["incarnations"].as_array().unwrap().len())
}

/// Changes what the only mark of a place says, as a clone of the whole machine or a mark that lagged would have it.
fn forge_mark(place: &Place, change: impl FnOnce(&mut Value)) {
    let marks = place.marks();
    let mut files: Vec<_> = std::fs::read_dir(&marks).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    assert_eq!(files.len(), 1, "{files:?}");
    let mut mark: Value = serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
    change(&mut mark);
    std::fs::write(&files[0], mark.to_string()).unwrap();
}

/// Two terminals that agree on a customer, who has earned so many points at the first.
fn two_agreed(broker: &Broker, points: i64) -> (Terminal, Terminal, Value) {
    let terminals = facility(broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, points);
    agreed(&[&a, &b]);
    (a, b, customer)
}

#[test]
fn two_terminals_that_worked_alone_join_and_have_everything() {
    let broker = broker();
    let prefix = prefix();
    let mut places = Vec::new();
    let mut customers = Vec::new();
    for (name, who) in [("단말 1", "홍길동"), ("단말 2", "김민수")] {
        let alone = Place::new(name, "", &prefix).start();
        let customer = register(&alone, who);
        earn(&alone, &customer, 100);
        pay(&alone, &customer, 30).unwrap();
        customers.push(customer);
        let mut place = alone.stop();
        place.servers = broker.servers();
        places.push(place);
    }
    let terminals: Vec<Terminal> = places.into_iter().map(Place::start).collect();
    let [a, b] = terminals.as_slice() else { panic!() };
    [a, b].into_iter().for_each(online);
    let accounts = agreed(&[a, b]);
    assert!(accounts.as_object().unwrap().values().all(|account| account["balance"] == 70));
    // Each has a facility key of its own: facts are shared, names aren't.
    let card = |terminal: &Terminal, customer: &Value| terminal.ask(json!({ "do": "card", "customer": customer }));
    assert_eq!(card(b, &customers[0])["customer"]["name"], Value::Null);
    assert_eq!(card(b, &customers[0])["customer"]["unknownHere"], true);
    assert!(b.view()["sealedProfiles"].as_u64().unwrap() > 0);
    assert_eq!(pay(b, &customers[0], 20).unwrap()["balance"], 50);

    let code = a.ask(json!({ "do": "pairing" }))["code"].clone();
    b.ask(json!({ "do": "accept", "code": code }));
    for (terminal, customer, name) in [(b, &customers[0], "홍길동"), (a, &customers[1], "김민수")] {
        until("the name is known", PATIENCE, || (card(terminal, customer)["customer"]["name"] == name).then_some(()));
    }
    agreed(&[a, b]);
}

#[test]
fn a_copied_data_folder_begins_another_life() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    let mut place = a.stop();
    let copy = place.copy_to("copy");
    let original = std::mem::replace(&mut place.data, copy);
    let copied = place.start();
    online(&copied);
    assert!(alarm(&copied, "newLife").is_some());
    // It holds nothing; the rest is where it was.
    let shown = points(&copied, &customer);
    assert_eq!((&shown["balance"], &shown["payableHere"]), (&json!(100), &json!(0)));
    assert_eq!(pay(&copied, &customer, 1).unwrap_err()["code"], "held_elsewhere");
    let mut place = copied.stop();
    place.data = original;
    let back = place.start();
    online(&back);
    assert!(alarm(&back, "newLife").is_none());
    pay(&back, &customer, 40).unwrap();
    let accounts = agreed(&[&back, &b]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 60);
}

#[test]
fn a_machine_cloned_whole_forks_its_chain_and_no_point_is_made() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    let place = a.stop();
    // Its mark goes with it and says that nothing has changed.
    let clone = Place::new("단말 1", "", &place.prefix);
    copy(&place.data, &clone.data);
    copy(&place.marks(), &clone.marks());
    let identity = {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(&clone.data).unwrap();
        format!("{}:{}", metadata.dev(), metadata.ino())
    };
    forge_mark(&clone, |mark| mark["folder"] = identity.into());
    // Without a link both spend what is held.
    let (mut place, servers) = (place, broker.servers());
    place.servers = String::new();
    let (a, c) = (place.start(), clone.start());
    pay(&a, &customer, 80).unwrap();
    pay(&c, &customer, 70).unwrap();
    let online_again = |terminal: Terminal| {
        let mut place = terminal.stop();
        place.servers = servers.clone();
        place.start()
    };
    let (a, c) = (online_again(a), online_again(c));
    for terminal in [&a, &b, &c] {
        until("the fork is seen", PATIENCE, || alarm(terminal, "forked"));
    }
    let accounts = agreed(&[&a, &b, &c]);
    let account = &accounts[customer.as_str().unwrap()];
    // 100 earned, 150 paid: what was paid beyond is written off, and shown.
    assert_eq!((&account["balance"], &account["writtenOff"]), (&json!(0), &json!(50)));
    for terminal in [&a, &c] {
        let other = register(terminal, "다음 고객");
        earn(terminal, &other, 10);
    }
    agreed(&[&a, &b, &c]);
    assert_eq!(lives(&b, &a.id), 3, "both who saw their life forked began another");
}

#[test]
fn an_older_journal_put_back_begins_another_life_and_loses_nothing() {
    let broker = broker();
    for noticed_by_the_mark in [true, false] {
        let (a, b, customer) = two_agreed(&broker, 300);
        let place = a.stop();
        let older = place.copy_to("older");
        let a = place.start();
        online(&a);
        pay(&a, &customer, 100).unwrap();
        earn(&a, &customer, 50);
        agreed(&[&a, &b]);
        let mut place = a.stop();
        for entry in std::fs::read_dir(&place.data).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        copy(&older, &place.data);
        let a = if noticed_by_the_mark {
            // By it alone: nothing is read back.
            let servers = std::mem::take(&mut place.servers);
            let alone = place.start();
            assert!(alarm(&alone, "newLife").is_some());
            let mut place = alone.stop();
            place.servers = servers;
            place.start()
        } else {
            forge_mark(&place, |mark| mark["seq"] = 0.into());
            place.start()
        };
        until("another life has begun", PATIENCE, || alarm(&a, "newLife"));
        online(&a);
        let accounts = agreed(&[&a, &b]);
        assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250, "nothing recorded is lost");
        assert_eq!(points(&a, &customer)["payableHere"], 0);
        // A manager reclaims what the old life held, now that the log was read.
        a.ask(json!({ "do": "reclaim", "terminal": a.id }));
        assert_eq!(points(&a, &customer)["payableHere"], 250);
        assert_eq!(pay(&a, &customer, 250).unwrap()["balance"], 0);
        agreed(&[&a, &b]);
    }
}

#[test]
fn a_lost_terminal_is_reclaimed_from_once_it_is_silent() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    until("B has heard A", PATIENCE, || {
        let view = b.view();
        let heard = view["terminals"].as_array().unwrap().iter().any(|it| it["lastHeardAt"].is_i64());
        heard.then_some(())
    });
    let lost = a.id.clone();
    let refused = b.try_ask(json!({ "do": "reclaim", "terminal": lost })).unwrap_err();
    assert_eq!((&refused["code"], &refused["params"]["terminalName"]), (&json!("terminal_alive"), &json!("단말 1")));
    drop(a.kill());
    // Three minutes pass at B.
    let b = b.stop().clock_ms(180_000).start();
    online(&b);
    b.ask(json!({ "do": "reclaim", "terminal": lost }));
    assert_eq!(points(&b, &customer)["payableHere"], 100);
    assert_eq!(pay(&b, &customer, 100).unwrap()["balance"], 0);
}

#[test]
fn clocks_that_lie_are_told_and_change_no_balance() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let hour = 3_600_000;
    let first = Place::new("단말 1", &servers, &prefix).clock_ms(2 * hour).start();
    let code = first.ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let join = |name: &str, off| Place::new(name, &servers, &prefix).join(&code).clock_ms(off).start();
    let (behind, ahead) = (join("단말 2", -24 * hour), join("단말 3", 10 * 365 * 24 * hour));
    let right = join("단말 4", 0);
    let all = [&first, &behind, &ahead, &right];
    all.into_iter().for_each(online);
    let customer = register(&first, "홍길동");
    earn(&first, &customer, 400);
    for terminal in [&behind, &ahead, &right] {
        until("it is known", PATIENCE, || (points(terminal, &customer)["balance"].as_i64() > Some(0)).then_some(()));
        pay(terminal, &customer, 50).unwrap();
        earn(terminal, &customer, 10);
    }
    let accounts = agreed(&all);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 280);
    for (terminal, off) in all.into_iter().zip([2 * hour, -24 * hour, 10 * 365 * 24 * hour]) {
        let told = until("the clock is told to be off", PATIENCE, || terminal.view()["clockOffMs"].as_i64());
        assert!((told - off).abs() < 60_000, "{told} instead of {off}");
    }
    until("others' clocks are told at the right one", PATIENCE, || {
        let view = right.view();
        let off = view["terminals"].as_array().unwrap().iter().filter(|it| it["clockOffMs"].is_i64()).count();
        (off == 3 && view["clockOffMs"].is_null()).then_some(())
    });
}
