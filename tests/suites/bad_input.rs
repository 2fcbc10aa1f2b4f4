//! Bad input for every command is refused with a stable code and records nothing.

use nosmoke_application::commands::{Membership, set_up};
use nosmoke_application::queries::Place;
use nosmoke_ports::contract::ErrorCode::{self, *};
use nosmoke_ports::contract::Outcome;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Desk;

/// Values that aren't valid amounts, each with the error code that it must get.
fn no_amounts() -> Vec<(Value, ErrorCode)> {
    vec![
        (json!(0), OutOfRange),
        (json!(-1), OutOfRange),
        (json!(9_007_199_254_740_992_u64), OutOfRange),
        (json!(u64::MAX), OutOfRange),
        (json!(1e300), OutOfRange),
        (json!("99999999999999999999999999999999999999999999"), OutOfRange),
        (json!(1.5), NotWhole),
        (json!("1.5"), NotWhole),
        (json!(""), NotWhole),
        (json!("육십"), NotWhole),
        (json!(true), NotWhole),
        (json!([1]), NotWhole),
        (json!({}), NotWhole),
    ]
}

fn with(mut command: Value, field: &str, value: &Value) -> Value {
    command[field] = value.clone();
    command
}

#[tokio::test]
async fn every_number_of_every_command_is_checked() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let penalty = desk.penalty(customer, 10).await;
    let visit = desk.check_in(customer).await;
    desk.settle().await;
    let commands = [
        json!({ "type": "pay", "customerId": customer }),
        json!({ "type": "checkOut", "visitId": visit }),
        json!({ "type": "imposePenalty", "customerId": customer }),
        json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "service" }),
    ];
    for command in commands {
        for (number, code) in no_amounts() {
            let command = with(command.clone(), "points", &number);
            assert_eq!(desk.refused(command.clone()).await, code, "{command}");
        }
    }
    let adjust = json!({ "type": "adjustPoints", "customerId": customer, "reason": "correction" });
    for (number, code) in no_amounts().into_iter().filter(|(number, _)| *number != json!(-1)) {
        let command = with(adjust.clone(), "points", &number);
        assert_eq!(desk.refused(command.clone()).await, code, "{command}");
    }
    for (command, field, number) in [
        (json!({ "type": "checkOut", "visitId": visit }), "points", 1_000_001),
        (json!({ "type": "imposePenalty", "customerId": customer }), "points", 1_001),
        (json!({ "type": "saveArea", "name": "넓은 곳" }), "capacity", 100_001),
    ] {
        assert_eq!(desk.refused(with(command, field, &json!(number))).await, OutOfRange);
    }
}

#[tokio::test]
async fn every_unknown_id_is_refused() {
    let desk = Desk::new().await;
    let (id, area) = (Uuid::new_v4(), desk.area.area_id);
    let profile = json!({ "name": "이름" });
    for (command, code) in [
        (json!({ "type": "checkIn", "customerId": id, "areaId": area }), UnknownCustomer),
        (json!({ "type": "checkIn", "areaId": id }), UnknownArea),
        (json!({ "type": "checkOut", "visitId": id }), UnknownVisit),
        (json!({ "type": "checkOutArea", "areaId": id }), UnknownArea),
        (json!({ "type": "closeVisit", "visitId": id, "reason": "forgotten" }), UnknownVisit),
        (json!({ "type": "voidVisit", "visitId": id, "reason": "mistaken" }), UnknownVisit),
        (json!({ "type": "pay", "customerId": id, "points": 1 }), UnknownCustomer),
        (json!({ "type": "voidPayment", "paymentId": id, "reason": "mistaken" }), UnknownPayment),
        (json!({ "type": "adjustPoints", "customerId": id, "points": 1, "reason": "other" }), UnknownCustomer),
        (json!({ "type": "imposePenalty", "customerId": id }), UnknownCustomer),
        (json!({ "type": "deductPenalty", "penaltyId": id, "ground": "waiver", "points": 1 }), UnknownPenalty),
        (json!({ "type": "voidPenalty", "penaltyId": id, "reason": "mistaken" }), UnknownPenalty),
        (json!({ "type": "linkCustomers", "customerId": id, "otherId": id }), UnknownCustomer),
        (json!({ "type": "eraseCustomer", "customerId": id }), UnknownCustomer),
        (json!({ "type": "reviseCustomer", "customerId": id, "baseRevision": 1, "profile": profile }), UnknownCustomer),
        (json!({ "type": "saveArea", "areaId": id, "name": "구역" }), UnknownArea),
        (json!({ "type": "retireArea", "areaId": id }), UnknownArea),
    ] {
        assert_eq!(desk.refused(command.clone()).await, code, "{command}");
    }
}

#[tokio::test]
async fn every_text_is_checked() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let long = |characters: usize| "가".repeat(characters);
    let register = |profile: Value| json!({ "type": "registerCustomer", "profile": profile });
    for (command, code) in [
        (register(json!({ "name": "" })), Empty),
        (register(json!({ "name": " \t\u{3000}" })), Empty),
        (register(json!({ "name": long(201) })), TooLong),
        (register(json!({ "name": long(10_000) })), TooLong),
        (register(json!({ "name": "이름", "phone": long(41) })), TooLong),
        (register(json!({ "name": "이름", "card": long(65) })), TooLong),
        (register(json!({ "name": "이\u{0}름" })), InvalidText),
        (register(json!({ "name": 7 })), InvalidInput),
        (register(json!({ "name": "이름", "nickname": "별명" })), InvalidInput),
        (json!({ "type": "saveFacility", "name": "" }), Empty),
        (json!({ "type": "saveTerminal", "name": long(201) }), TooLong),
        (json!({ "type": "saveArea", "name": "" }), Empty),
        (json!({ "type": "saveArea", "name": "옥상" }), AreaNameTaken),
        (json!({ "type": "imposePenalty", "customerId": customer, "note": long(501) }), TooLong),
        (json!({ "type": "unheardOf" }), InvalidInput),
        (json!({ "type": "pay", "customerId": "홍길동", "points": 1 }), InvalidInput),
        (json!({ "type": "imposePenalty", "customerId": customer, "code": "MILD" }), InvalidInput),
        (json!(null), InvalidInput),
    ] {
        assert_eq!(desk.refused(command.clone()).await, code, "{command}");
    }
    assert_eq!(desk.give_with_key("", register(json!({ "name": "이름" }))).await.unwrap_err().code, Empty);
    assert_eq!(desk.give_with_key(&long(129), register(json!({ "name": "이름" }))).await.unwrap_err().code, TooLong);
    // Texts of exactly the longest allowed length are accepted.
    desk.give(register(json!({ "name": long(200), "phone": long(40), "card": long(64) }))).await.unwrap();
}

#[tokio::test]
async fn commands_given_twice_or_out_of_order_are_refused() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    let refused = desk.refusal(enter.clone()).await;
    assert_eq!((refused.code, &refused.params["areaName"]), (AlreadyInside, &json!("453!#FEQ")));
    desk.settle().await;
    assert_eq!(desk.refused(json!({ "type": "retireArea", "areaId": desk.area.area_id })).await, AreaOccupied);
    desk.check_out(visit).await;
    let close = json!({ "type": "closeVisit", "visitId": visit, "reason": "forgotten" });
    assert_eq!(desk.refused(close).await, AlreadyCheckedOut);
    desk.settle().await;

    let Outcome::Paid { payment_id, .. } = desk.pay(customer, 30).await.unwrap() else { panic!() };
    let void = json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" });
    desk.give(void.clone()).await.unwrap();
    assert_eq!(desk.refused(void).await, AlreadyVoided);

    let penalty = desk.penalty(customer, 10).await;
    assert_eq!(desk.deduct(penalty, "service", Some(11)).await.unwrap_err().code, MoreThanOutstanding);
    assert_eq!(desk.deduct(penalty, "service", None).await.unwrap_err().code, PointsNeeded);
    assert_eq!(desk.deduct(penalty, "education", Some(5)).await.unwrap_err().code, PointsNotAllowed);
    desk.deduct(penalty, "education", None).await.unwrap();
    assert_eq!(desk.deduct(penalty, "education", None).await.unwrap_err().code, EducationAlreadyDeducted);
    desk.deduct(penalty, "service", Some(5)).await.unwrap();
    assert_eq!(desk.deduct(penalty, "service", Some(1)).await.unwrap_err().code, NothingOutstanding);
    let void = json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" });
    desk.give(void.clone()).await.unwrap();
    assert_eq!(desk.refused(void).await, AlreadyVoided);

    let other = desk.customer("홍길순").await;
    let link = |a, b| json!({ "type": "linkCustomers", "customerId": a, "otherId": b });
    assert_eq!(desk.refused(link(customer, customer)).await, SameCustomer);
    desk.give(link(customer, other)).await.unwrap();
    assert_eq!(desk.refused(link(other, customer)).await, AlreadyLinked);

    let revise =
        json!({ "type": "reviseCustomer", "customerId": other, "baseRevision": 1, "profile": { "name": "홍" } });
    desk.give(revise.clone()).await.unwrap();
    assert_eq!(desk.refused(revise).await, RevisedMeanwhile);

    desk.give(json!({ "type": "eraseCustomer", "customerId": customer })).await.unwrap();
    assert_eq!(desk.refused(json!({ "type": "eraseCustomer", "customerId": customer })).await, CustomerErased);
    // Both ids are the same person.
    assert!(desk.card(other).await.erased);
    assert_eq!(desk.refused(enter).await, CustomerErased);
    assert_eq!(desk.refused(json!({ "type": "pay", "customerId": customer, "points": 1 })).await, CustomerErased);
}

#[tokio::test]
async fn a_full_area_refuses_a_check_in() {
    let desk = Desk::new().await;
    let small = desk.areas().await.remove(1);
    for name in ["가", "나"] {
        let customer = desk.customer(name).await;
        desk.give(json!({ "type": "checkIn", "customerId": customer, "areaId": small.area_id })).await.unwrap();
        desk.settle().await;
    }
    let third = desk.customer("다").await;
    let refused = desk.refusal(json!({ "type": "checkIn", "customerId": third, "areaId": small.area_id })).await;
    assert_eq!((refused.code, &refused.params["capacity"]), (AreaFull, &json!(2)));
}

#[tokio::test]
async fn a_card_number_belongs_to_one_customer() {
    let desk = Desk::new().await;
    let register =
        |name: &str| json!({ "type": "registerCustomer", "profile": { "name": name, "card": "NS-2204-0178" } });
    desk.give(register("김민수")).await.unwrap();
    let refused = desk.refusal(register("오재현")).await;
    assert_eq!((refused.code, &refused.params["name"]), (CardTaken, &json!("김민수")));
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_answer_and_records_once() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let pay = json!({ "type": "pay", "customerId": customer, "points": 60 });
    let first = desk.give_with_key("key", pay.clone()).await.unwrap();
    let facts = desk.facts().await;
    let desk = desk.restart().await;
    assert_eq!(desk.give_with_key("key", pay.clone()).await.unwrap(), first);
    assert_eq!(desk.facts().await, facts);
    let other = json!({ "type": "pay", "customerId": customer, "points": 61 });
    assert_eq!(desk.give_with_key("key", other).await.unwrap_err().code, KeyReused);
}

#[tokio::test]
async fn an_empty_folder_can_be_set_up_once() {
    let desk = Desk::new().await;
    let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
    let session = desk.terminal.queries.session(place).await.unwrap().unwrap();
    assert_eq!((session.facility.name.as_str(), session.staff.name.as_str()), ("한빛역 환승센터", "박서연"));
    let input = serde_json::from_value(json!({
        "facilityName": "또", "terminalName": "또", "areas": [{ "name": "또" }], "managerName": "또", "pin": "000000",
    }))
    .unwrap();
    let core = &desk.terminal.core;
    let again = {
        let membership = Membership::founding(&*core.ids);
        set_up(&*core.journal, core.ids.clone(), core.clock.now(), membership, input)
    };
    assert_eq!(again.await.unwrap_err().code, AlreadySetUp);
}
