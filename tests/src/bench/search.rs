//! The latency of a search among many customers: for texts with many hits, and for one without hits.

use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_ports::contract::CustomerSearch;
use nosmoke_ports::search_keys::keys;
use nosmoke_ports::{Clock, Priority, Profile, StoreError, SystemClock, Write, write};
use nosmoke_tests::big::{FAMILIES, SYLLABLES};
use uuid::Uuid;

use crate::facility::Facility;
use crate::measure::in_turn;
use crate::table::{Limit, Table};

const FEW: u32 = 1_000;
const MANY: u32 = 100_000;
const REGISTRATION_BATCH: u32 = 1_000;
const ROUNDS: usize = 41;

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Search among 100,000 customers, to 1,000");
    let (few, many) = (Facility::new().await, Facility::new().await);
    for (facility, count) in [(&few, FEW), (&many, MANY)] {
        for batch in 0..count / REGISTRATION_BATCH {
            register(facility, batch).await;
        }
    }
    for (name, text) in [
        ("everyone, last seen first", ""),
        ("a family name", "김"),
        ("initials", "ㄱㅁㅅ"),
        ("a phone's last digits", "4821"),
        ("a name and a phone's last digits", "민수 4821"),
        ("nobody", "없는사람"),
    ] {
        let ratio = in_turn(ROUNDS, async || search(&many, text).await, async || search(&few, text).await).await;
        table.row(name, ratio, Limit::None);
    }
    few.close().await;
    many.close().await;
}

async fn search(facility: &Facility, text: &str) {
    let input = CustomerSearch { text: text.into(), limit: 50, cursor: None };
    facility.terminal.queries.search(input).await.unwrap();
}

async fn register(facility: &Facility, batch: u32) {
    let mut random = fastrand::Rng::with_seed(batch.into());
    let (now, mut profiles) = (SystemClock.now(), Vec::new());
    for number in batch * REGISTRATION_BATCH..(batch + 1) * REGISTRATION_BATCH {
        let mut of = |parts: &[&'static str]| parts[random.usize(..parts.len())];
        let name = [of(&FAMILIES), of(&SYLLABLES), of(&SYLLABLES)].concat();
        let phone = format!("010-{:04}-{:04}", random.u32(..10_000), random.u32(..10_000));
        let card = format!("NS-{number:06}");
        let keys = keys(Some(&name), Some(&phone), Some(&card));
        let profile = Profile {
            customer_id: CustomerId(Uuid::new_v4()),
            revision: 1,
            event_id: EventId(Uuid::new_v4()),
            base_revision: 0,
            bases: Vec::new(),
            name: Some(name),
            phone: Some(phone),
            card: Some(card),
            registered_at: now,
            consent_on: None,
            erased: false,
        };
        profiles.push((profile, keys));
    }
    let put = move |tx: &mut dyn Write| profiles.iter().try_for_each(|(profile, keys)| tx.put_profile(profile, keys));
    write::<_, StoreError>(&*facility.terminal.core.journal, Priority::Command, put).await.unwrap();
}
