//! Opening balances: points and penalty points of a list of customers, recorded once and taken back with the import.

use nosmoke_application::csv::{CustomerFile, read_list};
use nosmoke_application::jobs::{
    batches, check_against, check_take_back, counts, import_batch, import_customers, imports, take_back_import,
};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::points::Delta;
use nosmoke_domain::words::{AdjustReason, PenaltyCode};
use nosmoke_ports::contract::{
    AppError, ContextName, CustomerSearch, ErrorCode, ImportChoices, ImportCounts, Job, JobKind, JobState, LineAction,
    MypageFilter,
};
use nosmoke_ports::{StoreError, read};
use nosmoke_runtime::measures::Node;
use serde_json::json;

use crate::support::{Desk, job};

const LIST: &str =
    "이름,전화,포인트,패널티 점수\n김민수,010-1,1200,10\n박서준,010-2,,40\n한지민,010-3,50,\n이도윤,010-4,0,\n";

async fn compared(desk: &Desk, text: &str, choices: ImportChoices) -> CustomerFile {
    let file = read_list(text.as_bytes(), choices).unwrap();
    check_against(&*desk.terminal.core.journal, file).await.unwrap()
}

async fn run(desk: &Desk, file: CustomerFile) -> Job {
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    job(desk, JobKind::Import, |progress| import_customers(bus, authority, file, progress)).await
}

async fn import(desk: &Desk, text: &str, choices: ImportChoices) -> ImportCounts {
    let ended = run(desk, compared(desk, text, choices).await).await;
    assert_eq!((ended.state, ended.error), (JobState::Done, None));
    desk.settle().await;
    ended.imported.unwrap_or_default()
}

async fn take_back(desk: &Desk) -> Result<(), AppError> {
    let import_id = imports(&*desk.terminal.core.journal).await.unwrap()[0].import_id;
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    check_take_back(&desk.terminal, authority, import_id).await?;
    let ended = job(desk, JobKind::TakeBackImport, |progress| async move {
        take_back_import(bus, authority, import_id, progress).await.map(|()| None)
    });
    let ended = ended.await.error.map_or(Ok(()), Err);
    desk.settle().await;
    ended
}

async fn find(desk: &Desk, name: &str) -> CustomerId {
    let search = CustomerSearch { text: name.into(), limit: 1, cursor: None };
    desk.terminal.queries.search(search).await.unwrap().hits.remove(0).customer.customer_id
}

/// The balance and the outstanding penalty points of somebody.
async fn owned(desk: &Desk, name: &str) -> (i64, i64) {
    let card = desk.card(find(desk, name).await).await;
    (card.points.balance, card.verdict.outstanding)
}

fn update() -> ImportChoices {
    ImportChoices { duplicates: Some(LineAction::Update), ..ImportChoices::default() }
}

async fn payloads(desk: &Desk, customer: CustomerId) -> Vec<Payload> {
    let facts = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| tx.facts_after(customer, 0)).await;
    facts.unwrap().into_iter().map(|change| change.recorded.fact.payload).collect()
}

#[tokio::test]
async fn f06_opening_points_are_a_correction_and_penalty_points_a_penalty() {
    let desk = Desk::new().await;
    let choices = ImportChoices { penalty_code: Some(PenaltyCode::REPEAT), ..ImportChoices::default() };
    let file = compared(&desk, LIST, choices.clone()).await;
    let expected = ImportCounts { added: 4, points: 1250, penalty_points: 50, ..ImportCounts::default() };
    assert_eq!((counts(&file), file.penalty_code), (expected, Some(PenaltyCode::REPEAT)));
    assert_eq!(desk.facts().await, 0, "a preview records nothing");
    assert_eq!(import(&desk, LIST, choices).await, expected);
    assert_eq!(owned(&desk, "김민수").await, (1200, 10));
    assert_eq!(owned(&desk, "박서준").await, (0, 40));
    assert_eq!(owned(&desk, "한지민").await, (50, 0));
    let customer = find(&desk, "김민수").await;
    let facts = payloads(&desk, customer).await;
    let [Payload::PointsAdjusted(adjusted), Payload::PenaltyImposed(imposed)] = facts.as_slice() else {
        panic!("{facts:?}")
    };
    assert_eq!((adjusted.reason, adjusted.points()), (AdjustReason::MIGRATION, Delta::new(1200).unwrap()));
    assert_eq!((imposed.code, imposed.points().get()), (PenaltyCode::REPEAT, 10));
    assert_eq!(payloads(&desk, find(&desk, "이도윤").await).await, []);
    let lines = desk.lines(customer, MypageFilter::All).await;
    assert_eq!((lines[0].2, lines[1].3), (1200, 10), "{lines:?}");
    assert_eq!(desk.pay(customer, 1200).await.map(drop), Ok(()));
}

#[tokio::test]
async fn f09_opening_penalty_points_prohibit() {
    let desk = Desk::new().await;
    import(&desk, LIST, ImportChoices::default()).await;
    let customer = find(&desk, "박서준").await;
    let entering = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(entering).await, ErrorCode::Prohibited);
}

#[tokio::test]
async fn a_list_imported_twice_brings_nothing_twice() {
    let desk = Desk::new().await;
    import(&desk, LIST, ImportChoices::default()).await;
    let facts = desk.facts().await;
    let file = compared(&desk, LIST, ImportChoices::default()).await;
    assert_eq!(counts(&file), ImportCounts { skipped: 4, ..ImportCounts::default() });
    run(&desk, file).await;
    // Also where it updates whoever is here.
    let file = compared(&desk, LIST, update()).await;
    assert_eq!((counts(&file).points, counts(&file).penalty_points), (0, 0));
    assert!(file.rows[..3].iter().all(|row| row.has_opening) && !file.rows[3].has_opening);
    assert_eq!(import(&desk, LIST, update()).await, ImportCounts { skipped: 4, ..ImportCounts::default() });
    // And where the list was compared before somebody else imported it.
    let fresh = read_list(LIST.as_bytes(), ImportChoices::default()).unwrap();
    let mut stale = compared(&desk, LIST, update()).await;
    for (row, fresh) in stale.rows.iter_mut().zip(fresh.rows) {
        row.opening = fresh.opening;
    }
    let ended = run(&desk, stale).await;
    assert_eq!(ended.imported.unwrap(), ImportCounts { skipped: 4, ..ImportCounts::default() });
    assert_eq!(desk.facts().await, facts);
}

#[tokio::test]
async fn a_person_who_is_here_with_facts_gets_what_the_list_says_on_top_once() {
    let desk = Desk::new().await;
    let known = desk.customer("김민수").await;
    desk.visit(known).await;
    desk.penalty(known, 5).await;
    let list = "이름,포인트,벌점\n김민수,200,10\n김민수,200,10\n";
    // Left as it is unless somebody chooses otherwise.
    import(&desk, list, ImportChoices::default()).await;
    assert_eq!(owned(&desk, "김민수").await, (100, 5));
    let done = import(&desk, list, update()).await;
    assert_eq!((done.updated, done.skipped, done.points, done.penalty_points), (1, 1, 200, 10));
    assert_eq!(owned(&desk, "김민수").await, (300, 15));
    // Of a later list only what is new counts.
    import(&desk, list, update()).await;
    assert_eq!(owned(&desk, "김민수").await, (300, 15));
    // Carried over by hand counts too.
    let other = desk.customer("박서준").await;
    let by_hand = json!({ "type": "adjustPoints", "customerId": other, "points": 70, "reason": "migration" });
    desk.give(by_hand).await.unwrap();
    import(&desk, "이름,포인트,벌점\n박서준,70,20\n", update()).await;
    assert_eq!(owned(&desk, "박서준").await, (70, 20));
}

#[tokio::test]
async fn an_import_killed_between_two_batches_is_finished_by_another() {
    let desk = Desk::new().await;
    let file = compared(&desk, LIST, ImportChoices::default()).await;
    let parts = batches(file, uuid::Uuid::new_v4(), 2).unwrap();
    let (bus, authority) = (&desk.terminal.commands, desk.authority().await);
    for _ in 0..2 {
        // Twice, as when the answer to the first was lost.
        let done = import_batch(bus, authority, parts[0].clone()).await.unwrap();
        assert_eq!((done.added, done.points, done.penalty_points), (2, 1200, 50));
    }
    let desk = desk.restart().await;
    let done = import(&desk, LIST, ImportChoices::default()).await;
    assert_eq!((done.added, done.skipped, done.points, done.penalty_points), (2, 2, 50, 0));
    assert_eq!((owned(&desk, "김민수").await, owned(&desk, "한지민").await), ((1200, 10), (50, 0)));
}

#[tokio::test]
async fn an_import_taken_back_takes_back_what_it_brought() {
    let desk = Desk::new().await;
    let known = desk.customer("한지민").await;
    desk.visit(known).await;
    let list = "이름,포인트,벌점\n한지민,50,20\n새사람,70,30\n";
    import(&desk, list, update()).await;
    assert_eq!(owned(&desk, "한지민").await, (150, 20));
    let added = find(&desk, "새사람").await;
    take_back(&desk).await.unwrap();
    assert_eq!(owned(&desk, "한지민").await, (100, 0));
    let left = payloads(&desk, added).await;
    assert!(matches!(left.last(), Some(Payload::CustomerErased(_))), "{left:?}");
    let adjusted: i64 =
        left.iter().map(|it| if let Payload::PointsAdjusted(p) = it { p.points().get() } else { 0 }).sum();
    assert_eq!(adjusted, 0, "{left:?}");
    assert!(left.iter().any(|it| matches!(it, Payload::PenaltyVoided(_))), "{left:?}");
    // Afterwards the same list brings it again.
    let again = import(&desk, list, update()).await;
    assert_eq!((again.added, again.points, again.penalty_points), (1, 120, 50));
    assert_eq!(owned(&desk, "한지민").await, (150, 20));
}

#[tokio::test]
async fn an_import_whose_points_are_spent_stays_and_says_whose() {
    let desk = Desk::new().await;
    let known = desk.customer("한지민").await;
    import(&desk, "이름,포인트\n한지민,50\n새사람,70\n", update()).await;
    desk.pay(known, 20).await.unwrap();
    let facts = desk.facts().await;
    let refused = take_back(&desk).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ImportUsed);
    assert_eq!(refused.params, json!({ "name": "한지민", "customers": 1, "reason": "opening" }));
    // Somebody whom it added has come: that is said first.
    desk.check_in(find(&desk, "새사람").await).await;
    let refused = take_back(&desk).await.unwrap_err();
    assert_eq!(refused.params, json!({ "name": "새사람", "customers": 1 }));
    assert_eq!(desk.facts().await, facts + 1);
}

#[tokio::test]
async fn an_amount_that_cannot_be_read_makes_a_bad_line() {
    let desk = Desk::new().await;
    let list = "이름,포인트,벌점\n가,-5,\n나,1e9,\n다,\"1,200\",\n라,１２０,\n마,,\n바,=1+1,\n사,1000000000,\n아,5,1001\n자,7,7\n";
    let file = compared(&desk, list, ImportChoices::default()).await;
    let problems: Vec<_> = file.rows.iter().map(|row| row.problem.as_ref().map(|it| it.code)).collect();
    let (none, range) = (Some(ErrorCode::NotAnAmount), Some(ErrorCode::OutOfRange));
    assert_eq!(problems, [range, none, none, none, None, none, range, range, None]);
    let done = import(&desk, list, ImportChoices::default()).await;
    assert_eq!(done, ImportCounts { added: 2, bad: 7, points: 7, penalty_points: 7, ..ImportCounts::default() });
}

#[tokio::test]
async fn an_opening_balance_needs_point_and_a_code_of_the_rules() {
    let desk = Desk::new().await;
    let file = compared(&desk, LIST, ImportChoices::default()).await;
    let unknown = CustomerFile { penalty_code: Some("GONE".parse().unwrap()), ..file.clone() };
    assert_eq!(run(&desk, unknown).await.error.unwrap().code, ErrorCode::InvalidInput);
    let authority = desk.authority().await;
    desk.terminal.stop_context(authority, Node::Screen, ContextName::Point, None).await.unwrap();
    assert_eq!(run(&desk, file).await.error.unwrap().code, ErrorCode::PointUnavailable);
    assert_eq!(desk.facts().await, 0);
}
