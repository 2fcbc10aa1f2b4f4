//! Who counts as inside an area, how everyone leaves one, and which names mean the same area.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use nosmoke_application::commands::{Membership, set_up};
use nosmoke_application::workers::Workers;
use nosmoke_domain::ids::{AreaId, CustomerId, VisitId};
use nosmoke_ports::contract::{AppError, ErrorCode, MypageFilter, Outcome, SetUpInput};
use nosmoke_ports::{Clock, InsideRow, Pace, Priority, RandomIds, StoreError, Worker, Write, read, write};
use nosmoke_replication::Replicator;
use nosmoke_runtime::Step;
use nosmoke_tests::doubles::{HaltAt, HaltingJournal, MemoryLog};
use serde_json::json;

use crate::support::Desk;

/// The names of one area, as people and keyboards write it.
const ALIKE: [&str; 7] = [
    "정문 A동",
    " 정문  A동 ",
    "정문 a동",
    "정문\u{3000}Ａ동",
    "\u{110c}\u{1165}\u{11bc}\u{1106}\u{116e}\u{11ab} A\u{1103}\u{1169}\u{11bc}",
    "정문\u{a0}A동",
    "정문\tA동\n",
];

async fn enter(desk: &Desk, customer: CustomerId, area: &str) -> Result<(VisitId, AreaId), AppError> {
    let command = json!({ "type": "checkIn", "customerId": customer, "areaId": area });
    match desk.give(command).await? {
        Outcome::CheckedIn { visit_id, area_id, .. } => Ok((visit_id, area_id)),
        other => panic!("{other:?}"),
    }
}

async fn enter_roof(desk: &Desk, customer: CustomerId) -> Result<VisitId, ErrorCode> {
    enter(desk, customer, "옥상").await.map(|(visit, _)| visit).map_err(|error| error.code)
}

async fn customers<const N: usize>(desk: &Desk) -> [CustomerId; N] {
    let mut customers = Vec::new();
    for number in 0..N {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    customers.try_into().unwrap()
}

async fn inside(desk: &Desk, area: AreaId) -> Vec<CustomerId> {
    let rows = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| tx.inside(Some(area))).await.unwrap();
    rows.iter().map(|row| row.customer_id).collect()
}

async fn statuses(desk: &Desk, customer: CustomerId) -> Vec<(String, i64)> {
    let lines = desk.lines(customer, MypageFilter::Visits).await;
    lines.into_iter().map(|(_, status, points, _)| (status, points)).collect()
}

fn status(status: &str, points: i64) -> (String, i64) {
    (status.to_owned(), points)
}

#[tokio::test]
async fn f01_an_area_full_of_a_customer_s_own_forgotten_visit_admits_that_customer() {
    let desk = Desk::new().await;
    let [first, second, third] = customers(&desk).await;
    for customer in [first, second] {
        enter_roof(&desk, customer).await.unwrap();
    }
    desk.settle().await;
    desk.clock.pass(TimeDelta::hours(13));
    assert_eq!(enter_roof(&desk, third).await, Err(ErrorCode::AreaFull));
    enter_roof(&desk, first).await.unwrap();
    assert_eq!(enter_roof(&desk, first).await, Err(ErrorCode::AlreadyInside));
    assert_eq!(enter_roof(&desk, third).await, Err(ErrorCode::AreaFull), "the customer came in again");
    desk.settle().await;
    assert_eq!(statuses(&desk, first).await, [status("CLOSED", 0), status("CHECKED_IN", 0)]);
}

#[tokio::test]
async fn what_this_terminal_recorded_counts_before_the_projector_runs() {
    let desk = Desk::new().await;
    let roof = desk.areas().await[1].area_id;
    let [first, second, third] = customers(&desk).await;
    let visit = enter_roof(&desk, first).await.unwrap();
    enter_roof(&desk, second).await.unwrap();
    assert_eq!(enter_roof(&desk, third).await, Err(ErrorCode::AreaFull));
    desk.check_out(visit).await;
    assert_eq!(enter_roof(&desk, third).await.map(drop), Ok(()), "the check-out made room");
    assert_eq!(enter_roof(&desk, first).await, Err(ErrorCode::AreaFull));
    desk.give(json!({ "type": "voidVisit", "visitId": visit, "reason": "mistaken" })).await.unwrap();
    let mut expected = inside(&desk, roof).await;
    desk.settle().await;
    let mut projected = inside(&desk, roof).await;
    expected.sort_unstable();
    projected.sort_unstable();
    assert_eq!(expected, projected, "the projector derives the same rows");
    assert_eq!(projected.len(), 2);
}

/// A terminal of a facility, whose exchange the test steps by hand.
struct Exchanging {
    desk: Desk,
    replicator: Replicator,
}

impl Exchanging {
    async fn new(desk: Desk, log: MemoryLog) -> Self {
        let replicator = Replicator::new(&desk.terminal.core, Arc::new(log), "test".into());
        replicator.connect().await.unwrap();
        Self { desk, replicator }
    }

    async fn publish(&self) {
        let journal = &*self.desk.terminal.core.journal;
        while read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap().facts > 0 {
            self.replicator.publish(Pace::Free).await.unwrap();
            self.consume().await;
        }
    }

    async fn consume(&self) {
        while self.replicator.consume(Duration::ZERO, Pace::Free).await.unwrap() == Step::More {}
    }
}

#[tokio::test]
async fn what_other_terminals_recorded_counts_once_the_projector_has_read_it() {
    let log = MemoryLog::default();
    let there = Exchanging::new(Desk::new().await, log.beside()).await;
    let here = Exchanging::new(there.desk.beside().await, log).await;
    let roof = there.desk.areas().await[1].area_id.to_string();
    let [guest, second] = customers(&there.desk).await;
    enter(&there.desk, guest, &roof).await.unwrap();
    enter(&there.desk, second, &roof).await.unwrap();
    there.publish().await;
    here.consume().await;
    let [first, another] = customers(&here.desk).await;
    enter(&here.desk, first, &roof).await.unwrap();
    here.desk.settle().await;
    let refused = enter(&here.desk, another, &roof).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AreaFull);
    // The customer's own visit counts at once, wherever it was recorded.
    let [moving] = customers(&there.desk).await;
    enter(&there.desk, moving, &there.desk.area.area_id.to_string()).await.unwrap();
    there.publish().await;
    here.consume().await;
    let refused = enter(&here.desk, moving, &here.desk.area.area_id.to_string()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AlreadyInside);
}

#[tokio::test]
async fn a_projector_never_replaces_newer_visits_by_older_ones() {
    let desk = Desk::new().await;
    let roof = desk.areas().await[1].area_id;
    let [first, second, third] = customers(&desk).await;
    let visit = enter_roof(&desk, first).await.unwrap();
    desk.check_out(visit).await;
    enter_roof(&desk, second).await.unwrap();

    let (journal, halt) = HaltingJournal::new(desk.terminal.core.journal.clone(), HaltAt::Write);
    let mut workers: Workers = desk.terminal.workers.clone();
    workers.core.journal = journal;
    let step = tokio::spawn(async move { workers.step(Worker::CheckIn, Pace::Free).await });
    // The projector has read the journal and hasn't written yet.
    let enters = async {
        enter_roof(&desk, first).await.unwrap();
    };
    halt.meanwhile(enters).await;
    step.await.unwrap().unwrap();
    assert_eq!(enter_roof(&desk, third).await, Err(ErrorCode::AreaFull));
    desk.settle().await;
    let mut all = inside(&desk, roof).await;
    all.sort_unstable();
    let mut expected = vec![first, second];
    expected.sort_unstable();
    assert_eq!(all, expected);
}

#[tokio::test]
async fn f02_closing_an_area_closes_forgotten_visits_without_points() {
    let desk = Desk::new().await;
    let [forgetful, late] = customers(&desk).await;
    enter_roof(&desk, forgetful).await.unwrap();
    desk.clock.pass(TimeDelta::hours(13));
    enter_roof(&desk, late).await.unwrap();
    let roof = desk.areas().await[1].area_id;
    let out = desk.give(json!({ "type": "checkOutArea", "areaId": roof })).await.unwrap();
    let out = serde_json::to_value(out).unwrap();
    assert_eq!((&out["count"], &out["closed"], &out["left"]), (&json!(1), &json!(1), &json!(0)), "{out}");
    desk.settle().await;
    assert_eq!(statuses(&desk, forgetful).await, [status("CLOSED", 0)]);
    assert_eq!(statuses(&desk, late).await, [status("EARNED", 100)]);
    assert_eq!(inside(&desk, roof).await, []);
}

#[tokio::test]
async fn a_visit_that_has_ended_does_not_stop_the_check_out_of_its_area() {
    let desk = Desk::new().await;
    let roof = desk.areas().await[1].area_id;
    let [gone, here] = customers(&desk).await;
    let visit_id = enter_roof(&desk, gone).await.unwrap();
    desk.check_out(visit_id).await;
    desk.settle().await;
    enter_roof(&desk, here).await.unwrap();
    // As for a customer whom the projector has set aside: the row of the ended visit is still there.
    let row = InsideRow { visit_id, customer_id: gone, area_id: roof, since: desk.clock.now() };
    let unit = move |tx: &mut dyn Write| tx.put_inside(gone, std::slice::from_ref(&row));
    write(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    let out = desk.give(json!({ "type": "checkOutArea", "areaId": roof })).await.unwrap();
    let out = serde_json::to_value(out).unwrap();
    assert_eq!(out["count"], json!(1), "{out}");
    assert_eq!(inside(&desk, roof).await, [], "the row of the ended visit is gone");
    desk.settle().await;
    assert_eq!(statuses(&desk, gone).await, [status("EARNED", 100)]);
}

#[tokio::test]
async fn f01_areas_that_read_alike_are_one_area() {
    let desk = Desk::new().await;
    let [customer] = customers(&desk).await;
    let mut areas = Vec::new();
    for name in ALIKE {
        let (visit, area) = enter(&desk, customer, name).await.unwrap();
        desk.check_out(visit).await;
        areas.push(area);
    }
    assert!(areas.iter().all(|area| *area == areas[0]), "{areas:?}");
    let (_, other) = enter(&desk, customer, "정문 B동").await.unwrap();
    assert_ne!(other, areas[0]);
    assert_eq!(desk.areas().await.iter().filter(|area| area.name.starts_with("정문")).count(), 2);

    for name in ALIKE {
        let second = json!({ "type": "saveArea", "name": name });
        assert_eq!(desk.refused(second).await, ErrorCode::AreaNameTaken, "{name}");
        let renamed = json!({ "type": "saveArea", "areaId": other, "name": name });
        assert_eq!(desk.refused(renamed).await, ErrorCode::AreaNameTaken, "{name}");
    }
    let spelled = json!({ "type": "saveArea", "areaId": areas[0], "name": "정문 a동", "capacity": 3 });
    desk.give(spelled).await.unwrap();
}

#[tokio::test]
async fn areas_that_read_alike_are_refused_at_the_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    let store = nosmoke_store::Store::open(folder.path(), desk.clock.clone()).await.unwrap();
    let input = SetUpInput {
        facility_name: "한빛역".into(),
        terminal_name: "단말 1".into(),
        areas: serde_json::from_value(json!([{ "name": "정문 A동" }, { "name": "정문  ａ동" }])).unwrap(),
        manager_name: "박서연".into(),
        pin: "135790".into(),
    };
    let refused =
        set_up(&*store.journal(), Arc::new(RandomIds), desk.clock.now(), Membership::founding(&RandomIds), input)
            .await
            .unwrap_err();
    assert_eq!(refused.code, ErrorCode::AreaNameTaken);
    store.close().await;
}

#[tokio::test]
async fn a_retired_area_is_refused_and_not_added_again() {
    let desk = Desk::new().await;
    let [customer] = customers(&desk).await;
    let roof = desk.areas().await[1].area_id;
    desk.give(json!({ "type": "retireArea", "areaId": roof })).await.unwrap();
    for name in ["옥상", " 옥상", roof.to_string().as_str()] {
        for customer in [json!(customer), json!(null)] {
            let mut entering = json!({ "type": "checkIn", "areaId": name });
            if customer.is_string() {
                entering["customerId"] = customer;
            }
            let refused = desk.refusal(entering).await;
            assert_eq!(serde_json::to_value(refused.code).unwrap(), json!("area_retired"), "{name}");
            assert_eq!(refused.params, json!({ "areaName": "옥상" }));
        }
    }
    assert_eq!(desk.areas().await.len(), 1);
    // A manager who wants the area again adds it.
    desk.give(json!({ "type": "saveArea", "name": "옥상" })).await.unwrap();
    let (_, area) = enter(&desk, customer, "옥상").await.unwrap();
    assert_ne!(area, roof);
}
