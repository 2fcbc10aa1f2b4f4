//! The empty folder: set up by the program itself, so that its schema, documents and settings are the store's own.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use nosmoke_application::commands::{Membership, set_up as found};
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::SetUpInput;
use nosmoke_ports::{Ids, Journal, Priority, Read, ReferenceKind, StoreError, SystemClock, Write, read, write};
use nosmoke_reading::reference::{self, StaffBody};
use nosmoke_store::Store;
use serde_json::json;
use uuid::Uuid;

use super::draw::Draw;
use super::setting::{BEGIN_MS, LIVES, SPAN_MS, Setting, time};

/// Beyond the numbers of all people.
const FACILITY: u64 = u64::MAX;
const COLLEAGUES: [(&str, Role); 4] =
    [("이도윤", Role::Supervisor), ("최하은", Role::Staff), ("정우진", Role::Staff), ("강채원", Role::Staff)];

/// Ids that only the seed decides. Secrets are made of them too, but nobody has anything to protect here.
#[derive(Debug)]
struct SeededIds {
    seed: u64,
    next: AtomicU64,
}

impl SeededIds {
    fn draw(&self) -> Draw {
        Draw::of_person(self.seed, FACILITY - self.next.fetch_add(1, Ordering::Relaxed))
    }
}

impl Ids for SeededIds {
    fn ordered(&self, now: DateTime<Utc>) -> Uuid {
        self.draw().ordered(now.timestamp_millis())
    }

    fn random(&self) -> Uuid {
        self.draw().random()
    }
}

/// Sets up an empty folder with areas, staff and two rule sets, and closes it. Returns what its stories need.
///
/// # Panics
/// When the folder can't be set up, for example because it isn't empty.
pub async fn set_up(folder: &Path, seed: u64) -> Setting {
    let store = Store::open(folder, Arc::new(SystemClock)).await.expect("an empty folder");
    let setting = facility(&*store.journal(), seed).await;
    store.close().await;
    setting
}

async fn facility(journal: &dyn Journal, seed: u64) -> Setting {
    let ids = Arc::new(SeededIds { seed, next: AtomicU64::new(0) });
    let now = time(BEGIN_MS);
    let areas = ["동문 흡연구역", "서문 흡연구역", "옥상 정원", "북측 임시부스"].map(|name| json!({ "name": name }));
    let input = SetUpInput {
        facility_name: "한빛역 환승센터".into(),
        terminal_name: "단말 1".into(),
        areas: serde_json::from_value(areas.into()).unwrap(),
        manager_name: "박서연".into(),
        pin: "135790".into(),
    };
    let manager = found(journal, ids.clone(), now, Membership::founding(&*ids), input).await.unwrap();
    let mut staff = vec![Recorder::Staff { id: manager.staff_id, role: Role::Manager }];
    let colleagues: Vec<_> = COLLEAGUES.iter().map(|(name, role)| (StaffId(ids.random()), *name, *role)).collect();
    staff.extend(colleagues.iter().map(|(id, _, role)| Recorder::Staff { id: *id, role: *role }));
    let first = read::<_, StoreError>(journal, |tx| reference::rules(tx)).await.unwrap();
    let second = Rules {
        generation: first.generation + 1,
        points_per_visit: Points::new(120).expect("a few points"),
        ..first.clone()
    };
    let (set, documents) = (second.clone(), ids.clone());
    let unit = move |tx: &mut dyn Write| {
        for (id, name, role) in &colleagues {
            let body = StaffBody { name: (*name).into(), role: *role, pin_hash: None, retired: false };
            reference::put(tx, &*documents, now, (ReferenceKind::Staff, id.0), &body)?;
        }
        reference::put(tx, &*documents, now, (ReferenceKind::Rules, documents.random()), &set)
    };
    write::<_, StoreError>(journal, Priority::Command, unit).await.unwrap();
    let known = |tx: &mut dyn Read| Ok((tx.origin()?, reference::areas(tx)?));
    let (origin, areas) = read::<_, StoreError>(journal, known).await.unwrap();
    let first_origin = origin.expect("the folder is set up");
    let later = (1..LIVES).map(|_| ids.random().into());
    Setting {
        first: first_origin,
        areas: areas.into_iter().map(|(id, _)| id).collect(),
        staff,
        rules: vec![(BEGIN_MS, first), (BEGIN_MS + SPAN_MS / 2, second)],
        lives: [first_origin.incarnation].into_iter().chain(later).collect(),
    }
}
