//! Who seems to be here already when a customer is registered or a walk-in is named.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AlikeInput, AlikePage, Outcome};
use serde_json::json;

use crate::support::Desk;

const PHONE: &str = "010-1234-5678";

async fn register(desk: &Desk, name: &str, phone: &str) -> CustomerId {
    let profile = json!({ "name": name, "phone": phone });
    match desk.give(json!({ "type": "registerCustomer", "profile": profile })).await.unwrap() {
        Outcome::CustomerSaved { customer_id, .. } => customer_id,
        other => panic!("{other:?}"),
    }
}

async fn ask(desk: &Desk, name: &str, phone: &str, except: Option<CustomerId>) -> AlikePage {
    let input = AlikeInput { name: name.into(), phone: phone.into(), except };
    desk.terminal.queries.alike(input).await.unwrap()
}

/// The customers of an answer, with whether the name is the same too.
fn who(page: &AlikePage) -> Vec<(CustomerId, bool)> {
    page.alike.iter().map(|alike| (alike.hit.customer.customer_id, alike.same_name)).collect()
}

#[tokio::test]
async fn who_is_here_already_is_known_by_phone_and_name_in_any_form() {
    let desk = Desk::new().await;
    let minsu = register(&desk, "김민수", PHONE).await;
    let jose = register(&desk, "José García", "+82 10 9999 8888").await;
    for phone in [PHONE, "+82 10 1234 5678", "010.1234.5678", "０１０ １２３４ ５６７８", "1012345678"] {
        assert_eq!(who(&ask(&desk, " 김 민수", phone, None).await), [(minsu, true)], "{phone}");
        assert_eq!(who(&ask(&desk, "김민지", phone, None).await), [(minsu, false)], "{phone}");
    }
    for name in ["jose garcia", "JOSE\u{301} GARCI\u{301}A"] {
        assert_eq!(who(&ask(&desk, name, "01099998888", None).await), [(jose, true)], "{name}");
    }
    for (name, phone) in [("김민수", ""), ("김민수", "없음"), ("김민수", "5678"), ("김민수", "010-1234-5679")]
    {
        assert!(ask(&desk, name, phone, None).await.alike.is_empty(), "{name} {phone}");
    }
}

/// A family may share a phone: registering refuses nothing.
#[tokio::test]
async fn those_who_share_a_phone_are_all_registered_and_namesakes_come_first() {
    let desk = Desk::new().await;
    let father = register(&desk, "김민수", PHONE).await;
    let daughter = register(&desk, "김하늘", PHONE).await;
    assert_eq!(who(&ask(&desk, "김민수", PHONE, None).await), [(father, true), (daughter, false)]);
    let mut family = vec![register(&desk, "김민수", PHONE).await];
    for n in 0..4 {
        family.push(register(&desk, &format!("손님{n}"), PHONE).await);
    }
    let page = ask(&desk, "김민수", PHONE, None).await;
    assert!(page.more && page.alike.len() == 5);
    assert_eq!(page.alike.iter().filter(|alike| alike.same_name).count(), 2);
    assert!(page.alike[..2].iter().all(|alike| alike.same_name));
}

#[tokio::test]
async fn a_walk_in_an_erased_customer_and_oneself_never_count() {
    let desk = Desk::new().await;
    let check_in = json!({ "type": "checkIn", "areaId": desk.area.area_id });
    let Outcome::CheckedIn { customer_id: walk_in, .. } = desk.give(check_in).await.unwrap() else { panic!() };
    assert!(ask(&desk, "", "", None).await.alike.is_empty());
    let named = json!({ "type": "reviseCustomer", "customerId": walk_in, "baseRevision": 1,
        "profile": { "name": "김민수", "phone": PHONE } });
    assert!(ask(&desk, "김민수", PHONE, Some(walk_in)).await.alike.is_empty());
    desk.give(named).await.unwrap();
    assert_eq!(who(&ask(&desk, "김민수", PHONE, None).await), [(walk_in, true)]);
    assert!(ask(&desk, "김민수", PHONE, Some(walk_in)).await.alike.is_empty());
    let other = register(&desk, "김민수", PHONE).await;
    assert_eq!(who(&ask(&desk, "김민수", PHONE, Some(walk_in)).await), [(other, true)]);
    desk.give(json!({ "type": "eraseCustomer", "customerId": other })).await.unwrap();
    assert!(ask(&desk, "김민수", PHONE, Some(walk_in)).await.alike.is_empty());
}
