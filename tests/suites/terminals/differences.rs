//! Terminals that have read as far as each other and yet hold different facts, because a file was changed behind its back.

use serde_json::{Value, json};

use super::*;
use crate::look::tamper;

/// Two terminals that agree, with two customers whose facts both recorded, of which one is changed in the second's file while
/// it is stopped.
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
    let place = b.stop();
    change_file(&place, &change(&customers));
    let b = place.start();
    online(&b);
    Pair { a, b, customers }
}

fn change_file(place: &Place, sql: &str) {
    tokio::runtime::Runtime::new().unwrap().block_on(tamper(&place.data, sql));
}

/// The digest, counted when the journal is next opened.
const COUNTED_ANEW: &str = "DELETE FROM tally;";

fn blob(id: &Value) -> String {
    format!("x'{}'", id.as_str().unwrap().replace('-', ""))
}

/// What both terminals say of each other once they have found it.
fn found(pair: &Pair) -> [Value; 2] {
    [&pair.a, &pair.b].map(|terminal| {
        until("the difference is found", PATIENCE, || {
            let view = terminal.view();
            let alarm = view["alarms"].as_array().unwrap().iter().find(|it| it["kind"] == "digestDiffers").cloned();
            alarm.map(|alarm| alarm["difference"].clone()).filter(|difference| !difference.is_null())
        })
    })
}

#[test]
fn a_fact_removed_from_a_file_is_found_on_both_sides_with_its_customer() {
    let broker = broker();
    let pair = pair(&broker, |customers| {
        let of = blob(&customers[0]);
        format!(
            "DELETE FROM fact WHERE change_seq = (SELECT change_seq FROM fact WHERE customer_id = {of} \
             AND type = 'CheckedOut'); {COUNTED_ANEW}"
        )
    });
    let [of_a, of_b] = found(&pair);
    for (difference, here, there) in [(&of_a, 3, 2), (&of_b, 2, 3)] {
        assert_eq!(difference["customer"]["customerId"], pair.customers[0], "{difference}");
        assert_eq!(difference["customer"]["name"], "홍○동");
        assert_eq!((&difference["customer"]["here"], &difference["customer"]["there"]), (&json!(here), &json!(there)));
        assert_eq!((&difference["alteredHere"], &difference["alteredThere"]), (&json!(false), &json!(false)));
    }
    let told = super::records::documented(&broker, &pair.a.place.prefix)["Digest"];
    assert!((2..10).contains(&told), "{told} digests were told");
}

#[test]
fn a_fact_whose_bytes_were_changed_is_told_as_a_changed_file() {
    let broker = broker();
    // The hash that stands beside it is another's too, or nobody would have looked.
    let pair = pair(&broker, |customers| {
        let of = blob(&customers[1]);
        format!(
            "UPDATE fact SET hash = randomblob(32), bytes = CAST(replace(CAST(bytes AS TEXT), '\":320', '\":920') AS BLOB) \
             WHERE customer_id = {of} AND type = 'Earned'; {COUNTED_ANEW}"
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
fn a_count_that_was_changed_is_no_customers_difference_and_its_end_is_forgotten() {
    let broker = broker();
    let pair = pair(&broker, |_| "UPDATE tally SET digest = zeroblob(32);".into());
    let [of_a, of_b] = found(&pair);
    assert_eq!((&of_a["customer"], &of_b["customer"]), (&Value::Null, &Value::Null));
    assert_eq!((&of_a["alteredHere"], &of_a["alteredThere"]), (&json!(false), &json!(true)));
    assert_eq!((&of_b["alteredHere"], &of_b["alteredThere"]), (&json!(true), &json!(false)));

    // Counted right again, the two agree, and nothing is left of it.
    let Pair { a, b, .. } = pair;
    let place = b.stop();
    change_file(&place, COUNTED_ANEW);
    let b = place.start();
    online(&b);
    agreed(&[&a, &b]);
    until("nothing differs", PATIENCE, || {
        let quiet = |it: &Terminal| it.view()["alarms"].as_array().unwrap().is_empty();
        [&a, &b].into_iter().all(quiet).then_some(())
    });
}
