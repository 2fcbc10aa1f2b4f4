//! Terminals with copied or restored folders, terminals that worked offline, and terminals with wrong clocks.

use serde_json::{Value, json};

use super::process::copy;
use super::*;

fn alarm(terminal: &Terminal, kind: &str) -> Option<Value> {
    terminal.view()["alarms"].as_array().unwrap().iter().find(|alarm| alarm["kind"] == kind).cloned()
}

/// Changes the only mark of a terminal. Imitates a clone of the whole machine, or a mark that wasn't updated in time.
fn forge_mark(config: &TerminalConfig, change: impl FnOnce(&mut Value)) {
    let marks = config.marks();
    let mut files: Vec<_> = std::fs::read_dir(&marks).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    assert_eq!(files.len(), 1, "{files:?}");
    let mut mark: Value = serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
    change(&mut mark);
    std::fs::write(&files[0], mark.to_string()).unwrap();
}

/// Starts two terminals and waits until they agree. A customer has earned this many points at the first.
fn two_agreed(broker: &Broker, points: i64) -> (Terminal, Terminal, Value) {
    let terminals = facility(broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, points);
    agreed(&[&a, &b]);
    (a, b, customer)
}

#[test]
fn two_terminals_that_worked_offline_connect_and_share_all_facts() {
    let broker = broker();
    let prefix = prefix();
    let first = TerminalConfig::new("단말 1", "", &prefix).start();
    let second = TerminalConfig::new("단말 2", "", &prefix).join(&code_of(&first)).start();
    second.give(json!({ "type": "saveArea", "name": "옥상" }));
    let mut configs = Vec::new();
    let mut customers = Vec::new();
    for (alone, who) in [(first, "홍길동"), (second, "김민수")] {
        let customer = register(&alone, who);
        earn(&alone, &customer, 100);
        pay(&alone, &customer, 30).unwrap();
        customers.push(customer);
        let mut config = alone.stop();
        config.servers = broker.servers();
        configs.push(config);
    }
    let terminals: Vec<Terminal> = configs.into_iter().map(TerminalConfig::start).collect();
    let [a, b] = terminals.as_slice() else { panic!() };
    [a, b].into_iter().for_each(online);
    let accounts = agreed(&[a, b]);
    assert!(accounts.as_object().unwrap().values().all(|account| account["balance"] == 70));
    let card = |terminal: &Terminal, customer: &Value| terminal.ask(json!({ "do": "card", "customer": customer }));
    for (terminal, customer, name) in [(b, &customers[0], "홍길동"), (a, &customers[1], "김민수")] {
        until("the name is known", WAIT_TIMEOUT, || {
            (card(terminal, customer)["customer"]["name"] == name).then_some(())
        });
    }
    hear_each_other(&[a, b]);
    assert_eq!(pay(b, &customers[0], 20).unwrap()["balance"], 50);
    agreed(&[a, b]);
}

#[test]
fn a_copied_data_folder_begins_another_incarnation() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    let mut config = a.stop();
    let copy = config.copy_to("copy");
    let original = std::mem::replace(&mut config.data, copy);
    let copied = config.start();
    online(&copied);
    assert!(alarm(&copied, "newIncarnation").is_some());
    // The copied terminal holds no points, because they remain with the original.
    let shown = points(&copied, &customer);
    assert_eq!((&shown["balance"], &shown["payableHere"]), (&json!(100), &json!(0)));
    assert_eq!(pay(&copied, &customer, 1).unwrap_err()["code"], "held_elsewhere");
    let mut config = copied.stop();
    config.data = original;
    let back = config.start();
    online(&back);
    assert!(alarm(&back, "newIncarnation").is_none());
    pay(&back, &customer, 40).unwrap();
    let accounts = agreed(&[&back, &b]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 60);
}

#[test]
fn a_cloned_machine_forks_its_chain_and_creates_no_points() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    let config = a.stop();
    // On a cloned machine the folder and the journal have the inodes of before. Here each of the two has one of them, so
    // nothing shows which is the clone; the mark is copied too.
    let clone = TerminalConfig::new("단말 1", "", &config.prefix);
    copy(&config.data, &clone.data);
    copy(&config.marks(), &clone.marks());
    let [journal, cloned, aside] =
        [config.data.join("journal.db"), clone.data.join("journal.db"), clone.data.join("journal.aside")];
    for (from, to) in [(&journal, &aside), (&cloned, &journal), (&aside, &cloned)] {
        std::fs::rename(from, to).unwrap();
    }
    // The original and the clone spend the same points while both are offline.
    let (mut config, servers) = (config, broker.servers());
    config.servers = String::new();
    let (a, c) = (config.start(), clone.start());
    pay(&a, &customer, 80).unwrap();
    pay(&c, &customer, 70).unwrap();
    let online_again = |terminal: Terminal| {
        let mut config = terminal.stop();
        config.servers = servers.clone();
        config.start()
    };
    let (a, c) = (online_again(a), online_again(c));
    for terminal in [&a, &b, &c] {
        until("the fork is seen", WAIT_TIMEOUT, || alarm(terminal, "forked"));
    }
    let accounts = agreed(&[&a, &b, &c]);
    let account = &accounts[customer.as_str().unwrap()];
    // 100 points were earned and 150 paid: the excess of 50 is written off and shown.
    assert_eq!((&account["balance"], &account["writtenOff"]), (&json!(0), &json!(50)));
    for terminal in [&a, &c] {
        let other = register(terminal, "다음 고객");
        earn(terminal, &other, 10);
    }
    agreed(&[&a, &b, &c]);
    assert_eq!(incarnations_of(&b, &a.id), 3, "both who saw their incarnation forked began another");
}

#[test]
fn an_older_journal_put_back_begins_a_new_incarnation_and_loses_nothing() {
    let broker = broker();
    for noticed_by_the_mark in [true, false] {
        let (a, b, customer) = two_agreed(&broker, 300);
        let config = a.stop();
        let older = config.copy_to("older");
        let a = config.start();
        online(&a);
        pay(&a, &customer, 100).unwrap();
        earn(&a, &customer, 50);
        agreed(&[&a, &b]);
        let mut config = a.stop();
        for entry in std::fs::read_dir(&config.data).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        copy(&older, &config.data);
        let a = if noticed_by_the_mark {
            // Start offline first, so that only the mark can reveal the old folder: nothing is read back from Kafka.
            let servers = std::mem::take(&mut config.servers);
            let alone = config.start();
            assert!(alarm(&alone, "newIncarnation").is_some());
            let mut config = alone.stop();
            config.servers = servers;
            config.start()
        } else {
            forge_mark(&config, |mark| mark["seq"] = 0.into());
            config.start()
        };
        until("another incarnation has begun", WAIT_TIMEOUT, || alarm(&a, "newIncarnation"));
        online(&a);
        let accounts = agreed(&[&a, &b]);
        assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250, "nothing recorded is lost");
        assert_eq!(points(&a, &customer)["payableHere"], 0);
        // Once the terminal has read the log, a manager reclaims the points of the terminal's old incarnation.
        let a = a.stop().fast(10).start();
        online(&a);
        reclaim(&a, &a.id);
        assert_eq!(points(&a, &customer)["payableHere"], 250);
        assert_eq!(pay(&a, &customer, 250).unwrap()["balance"], 0);
        agreed(&[&a, &b]);
    }
}

#[test]
fn a_lost_terminal_can_be_reclaimed_from_once_it_is_silent() {
    let broker = broker();
    let (a, b, customer) = two_agreed(&broker, 100);
    hear_each_other(&[&a, &b]);
    let lost = a.id.clone();
    let refused = b.try_ask(json!({ "do": "reclaim", "terminal": lost })).unwrap_err();
    assert_eq!((&refused["code"], &refused["params"]["terminalName"]), (&json!("terminal_alive"), &json!("단말 1")));
    drop(a.kill());
    // A wrong clock doesn't make a terminal silent.
    let b = b.stop().clock_ms(180_000).fast(10).start();
    online(&b);
    let begun = Instant::now();
    reclaim(&b, &lost);
    assert!(begun.elapsed() > Duration::from_secs(10), "nothing must be heard for two minutes, at this rate 12 s");
    assert_eq!(points(&b, &customer)["payableHere"], 100);
    assert_eq!(pay(&b, &customer, 100).unwrap()["balance"], 0);
}

#[test]
fn wrong_clocks_are_reported_and_change_no_balance() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let hour = 3_600_000;
    let first = TerminalConfig::new("단말 1", &servers, &prefix).clock_ms(2 * hour).start();
    let code = first.ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let join = |name: &str, off| TerminalConfig::new(name, &servers, &prefix).join(&code).clock_ms(off).start();
    let (behind, ahead) = (join("단말 2", -24 * hour), join("단말 3", 10 * 365 * 24 * hour));
    let right = join("단말 4", 0);
    let all = [&first, &behind, &ahead, &right];
    all.into_iter().for_each(online);
    let customer = register(&first, "홍길동");
    earn(&first, &customer, 400);
    for terminal in [&behind, &ahead, &right] {
        until("it is known", WAIT_TIMEOUT, || {
            (points(terminal, &customer)["balance"].as_i64() > Some(0)).then_some(())
        });
        hear_each_other(&[&first, terminal]);
        pay(terminal, &customer, 50).expect("the holder gives");
        earn(terminal, &customer, 10);
    }
    let accounts = agreed(&all);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 280);
    for (terminal, off) in all.into_iter().zip([2 * hour, -24 * hour, 10 * 365 * 24 * hour]) {
        let reported = until("the wrong clock is reported", WAIT_TIMEOUT, || terminal.view()["clockOffMs"].as_i64());
        assert!((reported - off).abs() < 60_000, "{reported} instead of {off}");
    }
    until("the other clocks are reported at the terminal with the right one", WAIT_TIMEOUT, || {
        let view = right.view();
        let off = view["terminals"].as_array().unwrap().iter().filter(|it| it["clockOffMs"].is_i64()).count();
        (off == 3 && view["clockOffMs"].is_null()).then_some(())
    });
}
