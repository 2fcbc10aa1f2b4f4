//! Terminals with equal heads but different facts, because one terminal's journal file was changed without the program.
//! They must find the difference and show an alarm.

use serde_json::{Value, json};

use super::*;
use crate::inspection::tamper;

/// Two terminals with two customers. While the second terminal was stopped, its journal file was changed.
struct Pair {
    a: Terminal,
    b: Terminal,
    customers: [Value; 2],
}

fn pair(broker: &Broker, change: impl FnOnce(&[Value; 2]) -> String) -> Pair {
    let terminals = facility(broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customers = [("홍길동", &a), ("김민수", &b)].map(|(name, at)| {
        let customer = register(at, name);
        earn(at, &customer, 320);
        customer
    });
    agreed(&[&a, &b]);
    let config = b.stop();
    change_file(&config, &change(&customers));
    let b = config.start();
    online(&b);
    Pair { a, b, customers }
}

fn change_file(config: &TerminalConfig, sql: &str) {
    tokio::runtime::Runtime::new().unwrap().block_on(tamper(&config.data, sql));
}

/// Deletes the stored digest, so that the terminal computes it again at its next start.
const DELETE_DIGEST: &str = "DELETE FROM tally;";

fn blob(id: &Value) -> String {
    format!("x'{}'", id.as_str().unwrap().replace('-', ""))
}

/// Waits until both terminals have found the difference. Returns the alarm that each shows about the other.
fn found(pair: &Pair) -> [Value; 2] {
    [&pair.a, &pair.b].map(|terminal| {
        until("the difference is found", WAIT_TIMEOUT, || {
            let view = terminal.view();
            let alarm = view["alarms"].as_array().unwrap().iter().find(|it| it["kind"] == "digestDiffers").cloned();
            alarm.map(|alarm| alarm["difference"].clone()).filter(|difference| !difference.is_null())
        })
    })
}

#[test]
fn a_fact_removed_from_a_file_is_found_by_both_terminals_with_its_customer() {
    let broker = broker();
    let pair = pair(&broker, |customers| {
        let of = blob(&customers[0]);
        format!(
            "DELETE FROM fact WHERE change_seq = (SELECT change_seq FROM fact WHERE customer_id = {of} \
             AND type = 'CheckedOut'); {DELETE_DIGEST}"
        )
    });
    let [of_a, of_b] = found(&pair);
    for (difference, here, there) in [(&of_a, 3, 2), (&of_b, 2, 3)] {
        assert_eq!(difference["customer"]["customerId"], pair.customers[0], "{difference}");
        assert_eq!(difference["customer"]["name"], "홍○동");
        assert_eq!((&difference["customer"]["here"], &difference["customer"]["there"]), (&json!(here), &json!(there)));
        assert_eq!((&difference["alteredHere"], &difference["alteredThere"]), (&json!(false), &json!(false)));
    }
    let count = super::messages::documented(&broker, &pair.a.config.prefix)["Digest"];
    assert!((2..10).contains(&count), "{count} digest messages");
}

#[test]
fn a_fact_with_changed_bytes_is_reported_as_a_changed_file() {
    let broker = broker();
    // Change the fact's hash too: the digest is made of hashes, and equal digests wouldn't reveal the changed bytes.
    let pair = pair(&broker, |customers| {
        let of = blob(&customers[1]);
        format!(
            "UPDATE fact SET hash = randomblob(32), bytes = CAST(replace(CAST(bytes AS TEXT), '\":320', '\":920') AS BLOB) \
             WHERE customer_id = {of} AND type = 'Earned'; {DELETE_DIGEST}"
        )
    });
    let [of_a, of_b] = found(&pair);
    for difference in [&of_a, &of_b] {
        assert_eq!(difference["customer"]["customerId"], pair.customers[1], "{difference}");
        assert_eq!(difference["customer"]["here"], difference["customer"]["there"]);
    }
    assert_eq!((&of_a["alteredHere"], &of_a["alteredThere"]), (&json!(false), &json!(true)));
    assert_eq!((&of_b["alteredHere"], &of_b["alteredThere"]), (&json!(true), &json!(false)));
}

#[test]
fn a_changed_digest_names_no_customer_and_its_alarm_ends_with_it() {
    let broker = broker();
    let pair = pair(&broker, |_| "UPDATE tally SET digest = zeroblob(32);".into());
    let [of_a, of_b] = found(&pair);
    assert_eq!((&of_a["customer"], &of_b["customer"]), (&Value::Null, &Value::Null));
    assert_eq!((&of_a["alteredHere"], &of_a["alteredThere"]), (&json!(false), &json!(true)));
    assert_eq!((&of_b["alteredHere"], &of_b["alteredThere"]), (&json!(true), &json!(false)));

    // After the second terminal has computed its digest again, the alarms disappear.
    let Pair { a, b, .. } = pair;
    let config = b.stop();
    change_file(&config, DELETE_DIGEST);
    let b = config.start();
    online(&b);
    agreed(&[&a, &b]);
    until("nothing differs", WAIT_TIMEOUT, || {
        let quiet = |it: &Terminal| it.view()["alarms"].as_array().unwrap().is_empty();
        [&a, &b].into_iter().all(quiet).then_some(())
    });
}
