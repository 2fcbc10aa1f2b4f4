//! Cards have one form, however they come in: registered, revised, imported, through the gateway, or searched.

use nosmoke_application::commands::save_preferences;
use nosmoke_application::csv::read_list;
use nosmoke_application::jobs::check_against;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{
    CustomerHit, CustomerPage, CustomerSearch, ErrorCode, ImportChoices, Outcome, Preferences, ScannerSetting,
};
use nosmoke_ports::{Priority, search_keys, write};
use serde_json::json;

use crate::rest::Rest;
use crate::support::Desk;

async fn register(desk: &Desk, name: &str, phone: &str, card: &str) -> CustomerId {
    let profile = json!({ "name": name, "phone": phone, "card": card });
    match desk.give(json!({ "type": "registerCustomer", "profile": profile })).await.unwrap() {
        Outcome::CustomerSaved { customer_id, .. } => customer_id,
        other => panic!("{other:?}"),
    }
}

async fn revise(desk: &Desk, customer: CustomerId, card: &str) -> Outcome {
    desk.settle().await;
    let revision = desk.card(customer).await.revision;
    let profile = json!({ "name": "김민수", "card": card });
    let command =
        json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": revision, "profile": profile });
    desk.give(command).await.unwrap()
}

async fn search(desk: &Desk, text: &str) -> CustomerPage {
    // A query waits for the projections up to a second.
    desk.settle().await;
    let search = CustomerSearch { text: text.into(), limit: 20, cursor: None };
    desk.terminal.queries.search(search).await.unwrap()
}

fn names(hits: &[CustomerHit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.customer.name.as_deref().unwrap_or_default()).collect()
}

/// Sets what this terminal's scanner sends before each card.
async fn with_prefix(desk: &Desk, prefix: &str) {
    let scanner = ScannerSetting { prefix: prefix.to_owned().try_into().unwrap(), ..ScannerSetting::default() };
    save_preferences(&*desk.terminal.core.journal, Preferences { scanner, ..Preferences::default() }).await.unwrap();
}

/// A card as scanners, keyboards and lists give it.
const AS_GIVEN: [&str; 8] = [
    "NS-2204",
    " NS-2204\r\n",
    "\u{feff}NS\u{200b}-2\u{0}2\u{2}04\u{ad}",
    "ＮＳ－２２０４",
    "]C1NS-2204",
    "~NS-2204",
    "~]C1NS-2204",
    "ㅜㄴ-2204",
];

#[tokio::test]
async fn a_card_is_kept_in_one_form_by_the_desk_and_the_gateway() {
    let desk = Desk::new().await;
    with_prefix(&desk, "~").await;
    let rest = Rest::serve(&desk.terminal).await;
    let customer = register(&desk, "김민수", "", "").await;
    for given in AS_GIVEN {
        revise(&desk, customer, "").await;

        let taken = register(&desk, "먼저", "", given).await;
        desk.settle().await;
        assert_eq!(desk.card(taken).await.card.as_deref(), Some("NS-2204"), "{given:?}");
        let (status, problem) = rest.post("/customers", json!({ "name": "둘", "card": given })).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("card_taken")), "{given:?}");
        desk.give(json!({ "type": "eraseCustomer", "customerId": taken })).await.unwrap();

        let (status, saved) = rest.post("/customers", json!({ "name": "먼저", "card": given })).await;
        assert_eq!(status, 201, "{given:?} {saved}");
        let id: CustomerId = serde_json::from_value(saved["id"].clone()).unwrap();
        desk.settle().await;
        assert_eq!(desk.card(id).await.card.as_deref(), Some("NS-2204"), "{given:?}");
        desk.give(json!({ "type": "eraseCustomer", "customerId": id })).await.unwrap();

        revise(&desk, customer, given).await;
        desk.settle().await;
        assert_eq!(desk.card(customer).await.card.as_deref(), Some("NS-2204"), "{given:?}");
        for text in AS_GIVEN.iter().chain(&["ns 2204", "NS2204"]) {
            let page = search(&desk, text).await;
            assert_eq!((page.by_card, names(&page.hits)), (true, vec!["김민수"]), "{text:?}");
        }
    }
    rest.stop().await;
}

#[tokio::test]
async fn a_card_of_nothing_but_invisible_characters_is_no_card() {
    let desk = Desk::new().await;
    let customer = register(&desk, "김민수", "", "\u{200b}\u{feff} \t").await;
    assert_eq!(desk.card(customer).await.card, None);
    let long = json!({ "name": "이", "card": "\u{200b}".repeat(65) });
    let refused = desk.refused(json!({ "type": "registerCustomer", "profile": long })).await;
    assert_eq!(refused, ErrorCode::TooLong);
}

#[tokio::test]
async fn a_list_gives_cards_in_the_same_form() {
    let desk = Desk::new().await;
    with_prefix(&desk, "~").await;
    register(&desk, "박서준", "", "NS-1").await;
    let list = "이름,카드\n김민수,\u{200b}ＮＳ－２\n이나,]C1NS-3\n한지민,~ㅜㄴ-1\n최가람,ㅜㄴ-4\n";
    let file = read_list(list.as_bytes(), ImportChoices::default()).unwrap();
    let file = check_against(&*desk.terminal.core.journal, file).await.unwrap();
    let cards: Vec<_> = file.rows.iter().map(|row| row.profile.card.as_deref().unwrap()).collect();
    assert_eq!(cards, ["NS-2", "NS-3", "NS-1", "NS-4"]);
    let problems: Vec<_> = file.rows.iter().map(|row| row.problem.as_ref().map(|problem| problem.code)).collect();
    assert_eq!(problems, [None, None, Some(ErrorCode::CardTaken), None]);
}

#[tokio::test]
async fn a_prefix_that_could_begin_a_card_is_taken_off_by_screens_only() {
    let desk = Desk::new().await;
    let customer = register(&desk, "김민수", "", "~77").await;
    with_prefix(&desk, "~").await;
    // Saved again without a change, the card is what it was.
    revise(&desk, customer, "~77").await;
    assert_eq!(desk.card(customer).await.card.as_deref(), Some("~77"));
    for scanned in ["~77", "77"] {
        assert_eq!(names(&search(&desk, scanned).await.hits), ["김민수"], "{scanned}");
    }
    with_prefix(&desk, "NS").await;
    revise(&desk, customer, "NS-1").await;
    assert_eq!(desk.card(customer).await.card.as_deref(), Some("NS-1"));
}

#[tokio::test]
async fn a_card_with_other_leading_zeros_is_offered() {
    let desk = Desk::new().await;
    register(&desk, "김민수", "010-1111-0391", "00000391").await;
    register(&desk, "이나", "", "0391").await;
    let page = search(&desk, "00391").await;
    assert!(!page.by_card);
    assert_eq!((names(&page.hits), names(&page.similar)), (vec![], vec!["이나", "김민수"]));
    let page = search(&desk, "391").await;
    assert_eq!((names(&page.hits), names(&page.similar)), (vec!["김민수"], vec!["이나", "김민수"]));
    let page = search(&desk, "]C10391").await;
    assert_eq!((page.by_card, names(&page.similar)), (true, vec![]));
    for text in ["", "91", "3910", "김민수"] {
        assert_eq!(names(&search(&desk, text).await.similar), Vec::<&str>::new(), "{text}");
    }
}

#[tokio::test]
async fn a_card_that_is_also_the_end_of_phones_shows_all_of_them() {
    let desk = Desk::new().await;
    register(&desk, "김민수", "010-5555-6666", "4821").await;
    register(&desk, "이나", "010-1234-4821", "").await;
    register(&desk, "한지민", "+82 10-9999-4821", "NS-1").await;
    register(&desk, "최가람", "010-4821-0000", "").await;
    let page = search(&desk, "4821").await;
    assert!(page.by_card);
    assert_eq!(names(&page.hits)[0], "김민수");
    let mut others = names(&page.hits)[1..].to_vec();
    others.sort_unstable();
    assert_eq!(others, ["이나", "한지민"]);
    let one = CustomerSearch { text: "4821".into(), limit: 1, cursor: None };
    assert_eq!(names(&desk.terminal.queries.search(one).await.unwrap().hits), ["김민수"]);
}

#[tokio::test]
async fn a_card_stored_in_another_form_is_still_found() {
    let desk = Desk::new().await;
    let customer = register(&desk, "김민수", "", "NS-2204").await;
    let unit = move |tx: &mut dyn nosmoke_ports::Write| {
        let stored = tx.profile(customer)?.unwrap();
        let card = Some("]C1ns\u{200b}-2204".to_owned());
        let other = nosmoke_ports::Profile { card: card.clone(), revision: stored.revision + 1, ..stored };
        tx.put_profile(&other, &search_keys::keys(other.name.as_deref(), None, card.as_deref()))
    };
    write(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    for text in ["NS-2204", "]C1NS-2204", "ㅜㄴ-2204"] {
        assert_eq!(names(&search(&desk, text).await.hits), ["김민수"], "{text}");
    }
    let taken = json!({ "type": "registerCustomer", "profile": { "name": "이나", "card": "NS2204" } });
    assert_eq!(desk.refused(taken).await, ErrorCode::CardTaken);
}
