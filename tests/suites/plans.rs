//! The plans of the sites: drawn by managers, sent to the other terminals in pieces, whatever order they come in and
//! whatever a liar puts among them.

use chrono::TimeDelta;
use data_encoding::BASE64;
use nosmoke_domain::ids::PlanId;
use nosmoke_domain::site::{PICTURE_MAX_BYTES, PIECE_MAX_BYTES, piece_id};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ErrorCode, Outcome, PlanPictureState, PlanView};
use nosmoke_ports::{
    Clock, DocumentKey, Incoming, Merged, Partition, Priority, RandomIds, Read, ReferenceKind, StoreError, Topic,
    Write, read, write,
};
use nosmoke_replication::FacilityKey;
use nosmoke_replication::wire::{ReadDocument, outgoing, read_document};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Desk;

const KINDS: [ReferenceKind; 3] = [ReferenceKind::Area, ReferenceKind::Plan, ReferenceKind::PlanPiece];

/// A PNG with this many bytes, as far as its header says.
fn picture(bytes: usize, seed: u8) -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x02\x58".to_vec();
    picture.extend((0..=250).cycle().take(bytes - picture.len()).map(|byte: u8| byte ^ seed));
    picture
}

fn save(desk: &Desk, change: Value) -> Value {
    let mut command = json!({
        "type": "savePlan", "baseRevision": 0, "name": "본관 1층", "width": 800, "height": 600,
        "shapes": [
            {
                "kind": "area", "x": 10, "y": 20, "width": 100, "height": 80, "area": desk.area.area_id,
                "label": null, "at": { "latitude": 37_566_500, "longitude": 126_978_000 },
            },
            { "kind": "entrance", "x": 300, "y": 0, "width": 40, "height": 20, "area": null, "label": "정문", "at": null },
        ],
        "picture": { "type": "keep" },
    });
    command.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    command
}

fn replace(bytes: &[u8]) -> Value {
    json!({ "type": "replace", "data": BASE64.encode(bytes) })
}

async fn drawn(desk: &Desk, change: Value) -> (PlanId, i64) {
    match desk.give(save(desk, change)).await.unwrap() {
        Outcome::PlanSaved { plan_id, revision } => (plan_id, revision),
        other => panic!("{other:?}"),
    }
}

async fn plans(desk: &Desk) -> Vec<PlanView> {
    desk.terminal.queries.plans().await.unwrap()
}

async fn shown(desk: &Desk, plan_id: PlanId) -> Option<Vec<u8>> {
    let picture = desk.terminal.queries.plan_picture(plan_id).await.unwrap();
    picture.map(|picture| BASE64.decode(picture.data.as_bytes()).unwrap())
}

async fn key(desk: &Desk) -> FacilityKey {
    read::<_, StoreError>(&*desk.terminal.core.journal, FacilityKey::read).await.unwrap().unwrap()
}

/// The messages with which a terminal publishes its reference documents of some kinds.
async fn messages(desk: &Desk, kinds: &'static [ReferenceKind]) -> Vec<Incoming> {
    let (key, now) = (key(desk).await, desk.clock.now());
    let unit = move |tx: &mut dyn Read| {
        let here = tx.origin()?.unwrap().terminal_id;
        let mut messages = Vec::new();
        for kind in kinds {
            for reference in tx.references(*kind)? {
                let document = DocumentKey::Reference(*kind, reference.id);
                let (sent, _) = outgoing(tx, document, here, &key, &RandomIds, now)?.unwrap();
                messages.push(Incoming {
                    partition: Partition { topic: Topic::Reference, number: 0 },
                    offset: 0,
                    key: Some(sent.key.into_bytes()),
                    value: sent.value,
                    headers: sent.headers,
                    appended_at: now,
                });
            }
        }
        Ok::<_, StoreError>(messages)
    };
    read(&*desk.terminal.core.journal, unit).await.unwrap()
}

/// Lets a terminal read a message; `None` if it goes to the quarantine.
async fn deliver(desk: &Desk, message: &Incoming) -> Option<Merged> {
    let Ok(ReadDocument::Document(document)) = read_document(message, &key(desk).await) else { return None };
    let unit = move |tx: &mut dyn Write| tx.receive_document(&document);
    Some(write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap().0)
}

async fn send_all(from: &Desk, to: &Desk) {
    for message in messages(from, &KINDS).await {
        assert!(deliver(to, &message).await.is_some());
    }
}

#[tokio::test]
async fn s10_a_plan_drawn_at_one_terminal_is_seen_at_another() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let drawing = picture(3 * PIECE_MAX_BYTES, 1);
    let facts = one.facts().await;
    let (plan_id, revision) = drawn(&one, json!({ "picture": replace(&drawing) })).await;
    assert_eq!((revision, one.facts().await), (1, facts), "a plan is no fact");
    send_all(&one, &other).await;
    assert_eq!(plans(&other).await, plans(&one).await);
    let plan = plans(&other).await.remove(0);
    assert_eq!((plan.name.as_str(), plan.shapes.len()), ("본관 1층", 2));
    assert_eq!(plan.shapes[0].area, Some(one.area.area_id));
    assert_eq!(shown(&other, plan_id).await, Some(drawing));
}

#[tokio::test]
async fn s10_the_largest_picture_fits_into_messages_and_comes_back_whole() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let drawing = picture(PICTURE_MAX_BYTES, 2);
    let (plan_id, _) = drawn(&one, json!({ "picture": replace(&drawing) })).await;
    let sent = messages(&one, &KINDS).await;
    assert!(sent.iter().all(|message| message.value.as_ref().unwrap().len() <= 64 * 1024));
    send_all(&one, &other).await;
    assert_eq!(shown(&other, plan_id).await, Some(drawing));
    let full = vec![save(&one, json!({}))["shapes"][0].clone(); 100];
    let labelled = |mut shape: Value| {
        shape["label"] = json!("\u{10ffff}".repeat(40));
        shape
    };
    let shapes: Vec<_> = full.into_iter().map(labelled).collect();
    drawn(&one, json!({ "planId": plan_id, "baseRevision": 1, "name": "\u{10ffff}".repeat(200), "shapes": shapes }))
        .await;
    send_all(&one, &other).await;
    assert_eq!(plans(&other).await[0].shapes.len(), 100);
}

#[tokio::test]
async fn s10_a_picture_is_shown_once_all_pieces_have_come_in_any_order_and_twice() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let drawing = picture(2 * PIECE_MAX_BYTES + 9, 3);
    let (plan_id, _) = drawn(&one, json!({ "picture": replace(&drawing) })).await;
    let mut sent = messages(&one, &KINDS).await;
    // The pieces come before their plan, the last first, and each twice.
    sent.reverse();
    let missing = sent.remove(0);
    for message in &sent {
        deliver(&other, message).await.unwrap();
        assert_eq!(deliver(&other, message).await, Some(Merged::Same));
    }
    assert_eq!(shown(&other, plan_id).await, None);
    let state = plans(&other).await.remove(0).picture;
    assert_eq!(state, Some(PlanPictureState { pieces: 3, have: 2 }), "the shapes are shown before");
    deliver(&other, &missing).await.unwrap();
    assert_eq!(shown(&other, plan_id).await, Some(drawing));
}

#[tokio::test]
async fn s10_a_liar_s_piece_takes_the_place_of_no_other() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let drawing = picture(PIECE_MAX_BYTES + 9, 4);
    let (plan_id, _) = drawn(&one, json!({ "picture": replace(&drawing) })).await;
    let genuine = messages(&one, &KINDS).await;
    let piece = genuine.iter().find(|it| it.key.as_ref().unwrap().starts_with(b"plan_piece/")).unwrap();
    let event_id = Uuid::now_v7();
    let lie = |data: String| {
        let body = json!({ "revision": 9, "event_id": event_id, "base_revision": 8, "body": { "data": data } });
        Incoming { value: Some(body.to_string().into_bytes()), ..piece.clone() }
    };
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for data in [BASE64.encode(&picture(PIECE_MAX_BYTES, 9)), BASE64.encode(svg), "?".into(), "A".repeat(10 << 20)] {
        assert_eq!(deliver(&other, &lie(data)).await, None);
    }
    for message in &genuine {
        deliver(&other, message).await.unwrap();
    }
    assert_eq!(shown(&other, plan_id).await, Some(drawing));
    // A plan of a liar that names a piece which is no picture shows its shapes alone.
    let svg_id = piece_id(svg);
    let plan = genuine.iter().find(|it| it.key.as_ref().unwrap().starts_with(b"plan/")).unwrap();
    let mut value: Value = serde_json::from_slice(plan.value.as_ref().unwrap()).unwrap();
    value["revision"] = json!(7);
    value["body"]["picture"] = json!({ "bytes": svg.len(), "pieces": [svg_id] });
    deliver(&other, &Incoming { value: Some(value.to_string().into_bytes()), ..plan.clone() }).await.unwrap();
    let body =
        json!({ "revision": 1, "event_id": event_id, "base_revision": 0, "body": { "data": BASE64.encode(svg) } });
    let (key, value) = (Some(format!("plan_piece/{svg_id}").into_bytes()), Some(body.to_string().into_bytes()));
    deliver(&other, &Incoming { key, value, ..plan.clone() }).await.unwrap();
    assert_eq!(shown(&other, plan_id).await, None);
    assert_eq!(plans(&other).await[0].picture, Some(PlanPictureState { pieces: 1, have: 1 }));
}

#[tokio::test]
async fn s10_a_plan_that_could_not_be_saved_is_not_received() {
    let one = Desk::new().await;
    let other = one.beside().await;
    drawn(&one, json!({})).await;
    let sent = messages(&one, &[ReferenceKind::Plan]).await.remove(0);
    let genuine: Value = serde_json::from_slice(sent.value.as_ref().unwrap()).unwrap();
    for (field, lie) in [
        ("width", json!(0)),
        ("name", json!("")),
        ("shapes", json!([{ "kind": "area" }])),
        ("shapes", vec![genuine["body"]["shapes"][1].clone(); 101].into()),
        ("picture", json!({ "bytes": 1, "pieces": vec![Uuid::nil(); 1_000] })),
    ] {
        let mut value = genuine.clone();
        value["body"][field] = lie;
        let message = Incoming { value: Some(value.to_string().into_bytes()), ..sent.clone() };
        assert_eq!(deliver(&other, &message).await, None, "{field}");
    }
    assert_eq!(plans(&other).await, []);
}

#[tokio::test]
async fn s10_two_managers_who_edit_at_once_lose_nothing_silently() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let (plan_id, revision) = drawn(&one, json!({})).await;
    send_all(&one, &other).await;
    send_all(&other, &one).await;
    // At one terminal, the second one is refused.
    let edit = |name: &str| json!({ "planId": plan_id, "baseRevision": revision, "name": name });
    let drawing = picture(PIECE_MAX_BYTES + 9, 5);
    let mut with_picture = edit("본관");
    with_picture["picture"] = replace(&drawing);
    drawn(&one, with_picture.clone()).await;
    assert_eq!(one.refused(save(&one, edit("별관"))).await, ErrorCode::RevisedMeanwhile);
    // At two terminals, the later one wins, and the other one keeps its texts.
    other.clock.pass(TimeDelta::seconds(1));
    drawn(&other, edit("신관")).await;
    send_all(&other, &one).await;
    assert_eq!(plans(&one).await[0].name, "신관");
    let lost = one.terminal.queries.overtaken_edits().await.unwrap().remove(0);
    let fields: Vec<_> = lost.fields.iter().map(|it| (it.field.as_str(), it.mine.as_deref().unwrap_or(""))).collect();
    assert_eq!(fields, [("name", "본관"), ("picture", "45009")]);
    assert!(lost.can_take);
    one.give(json!({ "type": "takeEdit", "kind": "plan", "editId": lost.edit_id })).await.unwrap();
    assert_eq!(plans(&one).await[0].name, "본관");
    assert_eq!(shown(&one, plan_id).await, Some(drawing.clone()));
    send_all(&one, &other).await;
    assert_eq!(shown(&other, plan_id).await, Some(drawing));
    assert_eq!(other.terminal.queries.overtaken_edits().await.unwrap(), []);
}

#[tokio::test]
async fn s10_the_pieces_of_a_replaced_picture_are_emptied_when_nothing_can_need_them() {
    let desk = Desk::new().await;
    let (first, second, third) =
        (picture(PIECE_MAX_BYTES, 6), picture(PIECE_MAX_BYTES, 7), picture(PIECE_MAX_BYTES, 8));
    let (plan_id, _) = drawn(&desk, json!({ "picture": replace(&first) })).await;
    drawn(&desk, json!({ "planId": plan_id, "baseRevision": 1, "picture": replace(&second) })).await;
    let held = async || {
        let pieces = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.references(ReferenceKind::PlanPiece));
        pieces.await.unwrap().iter().filter(|it| it.body["data"] != "").count()
    };
    assert_eq!(held().await, 2);
    desk.clock.pass(TimeDelta::days(31));
    drawn(&desk, json!({ "planId": plan_id, "baseRevision": 2, "picture": replace(&third) })).await;
    assert_eq!(held().await, 2, "the first is emptied, the second was named until now");
    assert_eq!(shown(&desk, plan_id).await, Some(third));
    // The second was named a minute ago, though its piece is old: an edit that waits somewhere may need it.
    desk.clock.pass(TimeDelta::minutes(1));
    drawn(&desk, json!({ "planId": plan_id, "baseRevision": 3, "picture": replace(&picture(PIECE_MAX_BYTES, 9)) }))
        .await;
    assert_eq!(held().await, 3);
    // The same picture again brings its pieces back.
    drawn(&desk, json!({ "planId": plan_id, "baseRevision": 4, "picture": replace(&first) })).await;
    assert_eq!(shown(&desk, plan_id).await, Some(first));
}

#[tokio::test]
async fn s10_bad_plans_are_refused_with_a_reason() {
    let desk = Desk::new().await;
    let shape = |change: Value| {
        let mut shape = save(&desk, json!({}))["shapes"][0].clone();
        shape.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({ "shapes": [shape] })
    };
    for (change, code, reason) in [
        (json!({ "name": " " }), ErrorCode::Empty, Value::Null),
        (json!({ "width": 5_000 }), ErrorCode::OutOfRange, Value::Null),
        (json!({ "width": 1.5 }), ErrorCode::InvalidInput, Value::Null),
        (shape(json!({ "x": 790 })), ErrorCode::ShapeInvalid, json!("outside")),
        (shape(json!({ "area": null })), ErrorCode::ShapeInvalid, json!("area")),
        (shape(json!({ "area": Uuid::nil() })), ErrorCode::UnknownArea, Value::Null),
        (shape(json!({ "at": { "latitude": 91_000_000, "longitude": 0 } })), ErrorCode::ShapeInvalid, json!("place")),
        (shape(json!({ "label": "가".repeat(41) })), ErrorCode::TooLong, Value::Null),
        (json!({ "planId": Uuid::nil() }), ErrorCode::UnknownPlan, Value::Null),
        (json!({ "picture": replace(b"<svg/>") }), ErrorCode::NotAPicture, json!("other")),
        (json!({ "picture": { "type": "replace", "data": "?" } }), ErrorCode::NotAPicture, json!("other")),
        (
            json!({ "picture": replace(&picture(PICTURE_MAX_BYTES + 1, 0)) }),
            ErrorCode::PictureTooLarge,
            json!("stored"),
        ),
    ] {
        let refusal = desk.refusal(save(&desk, change)).await;
        assert_eq!((refusal.code, &refusal.params["reason"]), (code, &reason), "{refusal:?}");
    }
    assert_eq!(plans(&desk).await, []);
}

#[tokio::test]
async fn s10_plans_are_drawn_by_managers_and_retired_ones_are_shown_nowhere() {
    let desk = Desk::new().await;
    let (plan_id, _) = drawn(&desk, json!({})).await;
    let retire = |revision: i64| json!({ "type": "retirePlan", "planId": plan_id, "baseRevision": revision });
    let manager = desk.caller().await;
    desk.hand_to(desk.staff(Role::Supervisor).await);
    assert_eq!(desk.refused(save(&desk, json!({}))).await, ErrorCode::NotAuthorised);
    assert_eq!(desk.refused(retire(1)).await, ErrorCode::NotAuthorised);
    desk.hand_to(manager);
    assert_eq!(desk.refused(retire(9)).await, ErrorCode::RevisedMeanwhile);
    desk.give(retire(1)).await.unwrap();
    assert_eq!(plans(&desk).await, []);
    assert_eq!(desk.refused(retire(2)).await, ErrorCode::UnknownPlan);
    // Others take their place, up to a limit.
    for number in 0..20 {
        drawn(&desk, json!({ "name": format!("별관 {number:02}") })).await;
    }
    assert_eq!(desk.refused(save(&desk, json!({}))).await, ErrorCode::TooManyPlans);
}
