//! Who did what, and what an erasure erases and leaves.

use chrono::TimeDelta;
use nosmoke_application::settings::keeping::keep;
use nosmoke_domain::fact::{Approver, Recorder, VisitVoided};
use nosmoke_domain::ids::{StaffId, TerminalId, TokenId};
use nosmoke_domain::words::{Role, VoidReason};
use nosmoke_ports::contract::{
    AccessAct, Actor, ActorRef, ErasureInput, FactKind, JobKind, JobState, Keeping, Language, Outcome, Stays,
    UnseenInput, WhoEntry, WhoFilter, WhoInput, WhoMark, WhoPage,
};
use nosmoke_ports::{Access, AccessBy};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::other_terminal::Other;
use crate::support::{Desk, csv_rows, job};

async fn who(desk: &Desk, filter: WhoFilter) -> WhoPage {
    let input = WhoInput { filter, cursor: None, limit: 200 };
    desk.terminal.queries.who_did_what(input).await.unwrap()
}

fn kinds(page: &WhoPage) -> Vec<FactKind> {
    page.entries.iter().map(|entry| entry.kind).collect()
}

async fn given_by(desk: &Desk, caller: nosmoke_application::permission::Caller, command: Value) -> Outcome {
    let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
    desk.terminal.commands.record(caller, request).await.unwrap()
}

#[tokio::test]
async fn facts_are_found_by_person_kind_day_and_mark() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let (staff, supervisor) = (desk.staff(Role::Staff).await, desk.staff(Role::Supervisor).await);
    let staff_id = match staff.by {
        nosmoke_application::permission::By::Staff(id) => id,
        by => panic!("{by:?}"),
    };
    let visit = desk.check_in(customer).await;
    desk.check_out(visit).await;
    desk.settle().await;
    let imposed = given_by(&desk, staff, json!({ "type": "imposePenalty", "customerId": customer })).await;
    let Outcome::PenaltyImposed { penalty_id, .. } = imposed else { panic!("{imposed:?}") };
    let with_points = json!({ "type": "imposePenalty", "customerId": customer, "points": 3 });
    given_by(&desk, supervisor, with_points).await;
    given_by(&desk, supervisor, json!({ "type": "voidPenalty", "penaltyId": penalty_id, "reason": "mistaken" })).await;
    let approved = nosmoke_application::permission::Caller { approver: Some(staff_id), ..supervisor };
    given_by(&desk, approved, json!({ "type": "imposePenalty", "customerId": customer })).await;

    let all = who(&desk, WhoFilter::default()).await;
    assert_eq!(
        kinds(&all),
        [
            FactKind::PenaltyImposed,
            FactKind::PenaltyVoided,
            FactKind::PenaltyImposed,
            FactKind::PenaltyImposed,
            FactKind::Earned,
            FactKind::CheckedOut,
            FactKind::CheckedIn,
        ]
    );
    let marks: Vec<&[WhoMark]> = all.entries.iter().map(|entry| entry.marks.as_slice()).collect();
    assert_eq!(marks[..4], [&[WhoMark::Approval][..], &[WhoMark::Correction], &[WhoMark::Override], &[]]);
    assert_eq!(all.entries[0].customer.name.as_deref(), Some("홍길동"));
    assert_eq!(all.entries[0].terminal_name.as_deref(), Some("단말 1"));
    assert_eq!(all.entries[4].by, Actor::Program);

    let by = Some(ActorRef::Staff { staff_id });
    let of_staff = who(&desk, WhoFilter { by, ..WhoFilter::default() }).await;
    assert_eq!(of_staff.entries.len(), 2, "recorded one, approved another");
    let kind = Some(FactKind::PenaltyVoided);
    assert_eq!(who(&desk, WhoFilter { kind, ..WhoFilter::default() }).await.entries.len(), 1);
    assert_eq!(who(&desk, WhoFilter { marked: true, ..WhoFilter::default() }).await.entries.len(), 3);
    let by = Some(ActorRef::Program);
    assert_eq!(kinds(&who(&desk, WhoFilter { by, ..WhoFilter::default() }).await), [FactKind::Earned]);
    for (to, count) in [("1999-12-31", 0), ("2300-01-01", 7)] {
        assert_eq!(who(&desk, WhoFilter { to: Some(to.into()), ..WhoFilter::default() }).await.entries.len(), count);
    }
    for (terminal_id, count) in [(all.entries[0].terminal_id, 7), (TerminalId(Uuid::new_v4()), 0)] {
        let terminal_id = Some(terminal_id);
        assert_eq!(who(&desk, WhoFilter { terminal_id, ..WhoFilter::default() }).await.entries.len(), count);
    }
    let from = Some("2300-01-01".to_owned());
    assert_eq!(who(&desk, WhoFilter { from, ..WhoFilter::default() }).await.entries.len(), 0);

    let mut input = WhoInput { filter: WhoFilter::default(), cursor: None, limit: 3 };
    let mut paged = Vec::new();
    loop {
        let page = desk.terminal.queries.who_did_what(input.clone()).await.unwrap();
        paged.extend(page.entries);
        if page.next.is_none() {
            break;
        }
        input.cursor = page.next;
    }
    assert_eq!(paged, all.entries);

    let out = desk.folder.path().join("who.csv");
    let (queries, path) = (desk.terminal.queries.clone(), out.clone());
    let exported = job(&desk, JobKind::Export, |progress| {
        let filter = WhoFilter::default();
        nosmoke_application::jobs::export_who_did_what(queries, filter, Language::En, path, progress)
    })
    .await;
    assert_eq!(exported.state, JobState::Done);
    assert_eq!(csv_rows(&out).len(), 7);
    assert!(!std::fs::read_to_string(&out).unwrap().contains("홍길동"));
}

#[tokio::test]
async fn who_is_known_from_facts_alone_is_offered_by_id() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.staff(Role::Supervisor).await;
    let (token, staff, approver) = (Uuid::new_v4(), StaffId(Uuid::new_v4()), StaffId(Uuid::new_v4()));
    let mut other = Other::of(&desk).await;
    for recorded_by in [
        Recorder::Token { id: TokenId::Named(token), role: Role::Staff },
        Recorder::Staff { id: staff, role: Role::Staff },
        Recorder::Program,
    ] {
        other.recorded_by = recorded_by;
        let approved = (recorded_by == Recorder::Program).then_some(Approver { id: approver, role: Role::Supervisor });
        other.approved_by = approved;
        let voided = VisitVoided { visit_id: Uuid::new_v4().into(), reason: VoidReason::MISTAKEN };
        other.record(&desk, customer, voided).await;
    }
    let offered = desk.terminal.queries.recorders().await.unwrap();
    let unknown = |staff_id| Actor::Staff { staff_id, name: None };
    assert!(offered.contains(&unknown(staff)) && offered.contains(&unknown(approver)), "{offered:?}");
    assert!(offered.contains(&Actor::Token { token_id: TokenId::Named(token), name: None }), "{offered:?}");
    let is_named = |actor: &Actor| !matches!(actor, Actor::Staff { name: None, .. } | Actor::Token { name: None, .. });
    let places: Vec<bool> = offered.iter().map(is_named).collect();
    assert_eq!(places, [true, true, false, false, false, false, true], "{offered:?}");
    for (by, facts) in
        [(ActorRef::Token { token_id: TokenId::Named(token) }, 1), (ActorRef::Staff { staff_id: approver }, 1)]
    {
        assert_eq!(who(&desk, WhoFilter { by: Some(by), ..WhoFilter::default() }).await.entries.len(), facts);
    }
}

#[tokio::test]
async fn what_departs_from_the_rules_is_marked_as_an_override() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    desk.give(json!({ "type": "checkOut", "visitId": visit, "points": 5 })).await.unwrap();
    desk.settle().await;
    desk.penalty(customer, 60).await;
    desk.settle().await;
    let area_id = desk.areas().await[0].area_id;
    let admitted = json!({ "type": "checkIn", "customerId": customer, "areaId": area_id, "admission": "medical" });
    desk.give(admitted).await.unwrap();
    let all = who(&desk, WhoFilter::default()).await;
    let is_marked = |entry: &WhoEntry| entry.marks.contains(&WhoMark::Override);
    let overrides: Vec<FactKind> = all.entries.iter().filter(|it| is_marked(it)).map(|it| it.kind).collect();
    assert_eq!(overrides, [FactKind::CheckedIn, FactKind::PenaltyImposed, FactKind::CheckedOut]);
    assert_eq!(all.entries.last().map(|first| (first.kind, is_marked(first))), Some((FactKind::CheckedIn, false)));
}

#[tokio::test]
async fn an_erasure_is_previewed_with_linked_ids_and_what_stays() {
    let desk = Desk::new().await;
    let (one, other) = (desk.customer("홍길동").await, desk.customer("홍 길동").await);
    desk.give(json!({ "type": "linkCustomers", "customerId": one, "otherId": other })).await.unwrap();
    let visit = desk.check_in(one).await;
    desk.check_out(visit).await;
    desk.settle().await;
    desk.pay(one, 1).await.unwrap();
    desk.check_in(other).await;
    desk.penalty(other, 60).await;
    desk.settle().await;
    let opened = Access::done(AccessBy::Program, AccessAct::CardOpened).of(Some(other));
    desk.terminal.core.access.note(opened);
    desk.terminal.queries.write_access_log().await.unwrap();
    let preview = desk.terminal.queries.erasure_preview(ErasureInput { customer_id: one }).await.unwrap();
    assert_eq!(preview.ids.iter().map(|id| id.customer.customer_id).collect::<Vec<_>>(), [one, other]);
    assert_eq!(preview.ids.iter().map(|id| id.inside).collect::<Vec<_>>(), [false, true]);
    assert!(preview.prohibited);
    assert_eq!(preview.balance, 99);
    let stays: Vec<_> = preview.stays.iter().map(|line| (line.what, line.count)).collect();
    assert_eq!(stays, [(Stays::Visits, 2), (Stays::Payments, 1), (Stays::Penalties, 1), (Stays::AccessRows, 1)]);
    desk.give(json!({ "type": "eraseCustomer", "customerId": one })).await.unwrap();
    let again = desk.terminal.queries.erasure_preview(ErasureInput { customer_id: other }).await;
    assert_eq!(again.unwrap_err().code.word(), "customer_erased");
    let unknown = ErasureInput { customer_id: Uuid::new_v4().into() };
    let unknown = desk.terminal.queries.erasure_preview(unknown).await;
    assert_eq!(unknown.unwrap_err().code.word(), "unknown_customer");
}

#[tokio::test]
async fn customers_not_seen_for_years_are_listed_once_the_facility_wants_it() {
    let desk = Desk::new().await;
    let gone = desk.customer("홍길동").await;
    desk.clock.pass(TimeDelta::days(400));
    let longer_here = desk.customer("김하늘").await;
    desk.clock.pass(TimeDelta::days(700));
    let seen = desk.customer("이도윤").await;
    let unseen = async |cursor: Option<String>| {
        desk.terminal.queries.unseen_customers(UnseenInput { cursor, limit: 1 }).await.unwrap()
    };
    let off = unseen(None).await;
    assert_eq!((off.customers.len(), off.unseen_years), (0, None));
    let core = &desk.terminal.core;
    keep(core, Keeping { unseen_years: Some(3), notice: "수집 항목: 이름, 전화".into() }).await.unwrap();
    let page = unseen(None).await;
    assert_eq!(page.customers.iter().map(|hit| hit.customer.customer_id).collect::<Vec<_>>(), [gone]);
    assert_eq!(page.next, None);
    keep(core, Keeping { unseen_years: Some(1), notice: String::new() }).await.unwrap();
    let first = unseen(None).await;
    let second = unseen(first.next.clone()).await;
    assert_eq!(first.customers[0].customer.customer_id, gone);
    assert_eq!(second.customers[0].customer.customer_id, longer_here);
    assert_eq!(second.next, None);
    assert_ne!(longer_here, seen);
    for years in [0, 31] {
        let refused = keep(core, Keeping { unseen_years: Some(years), notice: String::new() }).await;
        assert_eq!(refused.unwrap_err().code.word(), "out_of_range");
    }
}

#[tokio::test]
async fn the_day_of_a_consent_is_kept_taken_back_and_erased() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let revise = async |consent: Option<&str>| {
        let revision = desk.card(customer).await.revision;
        let mut profile = json!({ "name": "홍길동" });
        if let Some(day) = consent {
            profile["consentOn"] = day.into();
        }
        let command =
            json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": revision, "profile": profile });
        desk.give(command).await
    };
    let kept = async || desk.card(customer).await.consent_on;
    assert_eq!(kept().await, None);
    revise(Some("2020-02-29")).await.unwrap();
    assert_eq!(kept().await.as_deref(), Some("2020-02-29"));
    revise(None).await.unwrap();
    assert_eq!(kept().await.as_deref(), Some("2020-02-29"), "not said again");
    assert_eq!(revise(Some("2300-01-01")).await.unwrap_err().code.word(), "out_of_range");
    assert_eq!(revise(Some("2020-02-30")).await.unwrap_err().code.word(), "invalid_input");
    revise(Some("")).await.unwrap();
    assert_eq!(kept().await, None);
    revise(Some("2020-02-29")).await.unwrap();
    desk.give(json!({ "type": "eraseCustomer", "customerId": customer })).await.unwrap();
    assert_eq!(kept().await, None);
}
