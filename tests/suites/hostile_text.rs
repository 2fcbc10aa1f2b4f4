//! Hostile texts (formulas, markup, control characters) are stored byte for byte, are found by search, and are executed
//! nowhere.

use nosmoke_application::csv::cell::unguard;
use nosmoke_application::csv::{read_customers, read_limited};
use nosmoke_application::jobs::{check_against, export_customers, export_histories, import_customers};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{
    CustomerSearch, ExportInput, JobKind, JobState, Language, LineAction, MypageFilter, Outcome,
};
use serde_json::json;

use crate::support::{Desk, csv_rows, job};

const TEXTS: &[&str] = &[
    "=HYPERLINK(\"http://x\")",
    "=1+1",
    "+82 10-1234-5678",
    "-1",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'홍길동",
    "''",
    "\t=1",
    "\r=1",
    "\n=1",
    " 앞 공백",
    "뒤 공백 ",
    "\u{3000}전각 공백\u{3000}",
    "따옴표 \" 와 ' 와 `",
    "\"",
    "쉼표, 세미; 탭\t줄\n바꿈\r\n",
    "🚬👩‍👩‍👧",
    "\u{202e}거꾸로\u{202c}",
    "\u{200f}שלום",
    "e\u{301} é",
    "한\u{1112}\u{1161}\u{11ab}",
    "\u{feff}표시",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE fact;--",
    "%_\\",
    "{{name}} ${name} %s",
    "NULL",
];

async fn register(desk: &Desk, name: &str, phone: &str, card: &str) -> CustomerId {
    let profile = json!({ "name": name, "phone": phone, "card": card });
    match desk.give(json!({ "type": "registerCustomer", "profile": profile })).await.unwrap() {
        Outcome::CustomerSaved { customer_id, .. } => customer_id,
        other => panic!("{other:?}"),
    }
}

/// Registers a customer for each text, with the text as name and phone, and as card with a number that makes it unique.
async fn everybody(desk: &Desk) -> Vec<(&'static str, CustomerId)> {
    let mut everybody = Vec::new();
    for (number, text) in TEXTS.iter().enumerate() {
        let card = format!("{}{number}", text.chars().take(50).collect::<String>());
        everybody.push((*text, register(desk, text, text, &card).await));
    }
    everybody
}

fn assert_harmless(cell: &str) {
    assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']), "{cell:?} would run");
}

#[tokio::test]
async fn any_name_is_found_and_shown_exactly_as_entered() {
    let desk = Desk::new().await;
    let everybody = everybody(&desk).await;
    desk.settle().await;
    for (text, customer) in everybody {
        let search = CustomerSearch { text: text.into(), limit: 200, cursor: None };
        let hits = desk.terminal.queries.search(search).await.unwrap().hits;
        let hit = hits.iter().find(|hit| hit.customer.customer_id == customer);
        let hit = hit.unwrap_or_else(|| panic!("{text:?} isn't found by itself"));
        assert_eq!((hit.customer.name.as_deref(), hit.phone.as_deref()), (Some(text), Some(text)));
        let card = desk.card(customer).await;
        assert_eq!((card.customer.name.as_deref(), card.phone.as_deref()), (Some(text), Some(text)));
        let note = json!({ "type": "imposePenalty", "customerId": customer, "points": 1, "note": text });
        desk.give(note).await.unwrap();
        desk.settle().await;
        let shown = desk.page(customer, MypageFilter::All).await.entries;
        assert_eq!(shown[0].note.as_deref(), Some(text));
    }
    let desk = desk.restart().await;
    let all = CustomerSearch { text: String::new(), limit: 200, cursor: None };
    assert_eq!(desk.terminal.queries.search(all).await.unwrap().hits.len(), TEXTS.len());
}

#[tokio::test]
async fn any_text_in_an_exported_history_is_guarded_and_complete() {
    let desk = Desk::new().await;
    let area = json!({ "type": "saveArea", "name": "=구역()" });
    let Outcome::AreaSaved { area_id } = desk.give(area).await.unwrap() else { panic!() };
    for (text, customer) in everybody(&desk).await {
        let impose =
            json!({ "type": "imposePenalty", "customerId": customer, "points": 1, "note": text, "areaId": area_id });
        desk.give(impose).await.unwrap();
    }
    desk.settle().await;
    let folder = tempfile::tempdir().unwrap();
    let (queries, path) = (desk.terminal.queries.clone(), folder.path().join("내역.csv"));
    let input = ExportInput::default();
    let to = path.clone();
    let done = job(&desk, JobKind::Export, |progress| export_histories(queries, input, Language::En, to, progress));
    assert_eq!(done.await.state, JobState::Done);

    let bytes = std::fs::read(&path).unwrap();
    let header = csv::Reader::from_reader(&bytes[3..]).headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|it| it == name).unwrap();
    let rows = csv_rows(&path);
    assert_eq!(rows.len(), TEXTS.len());
    for (row, text) in rows.iter().zip(TEXTS) {
        for name in ["name", "phone", "note"] {
            let cell = &row[column(name)];
            assert_harmless(cell);
            assert_eq!(unguard(cell), *text, "{name}");
        }
        assert_eq!(&row[column("area")], "'=구역()");
        row.iter().for_each(assert_harmless);
    }
}

#[tokio::test]
async fn an_exported_customer_file_imports_as_the_same_customers() {
    let desk = Desk::new().await;
    let mut expected: Vec<_> = Vec::new();
    for (_, customer) in everybody(&desk).await {
        let card = desk.card(customer).await;
        expected.push((card.customer.name, card.phone, card.card));
    }
    let folder = tempfile::tempdir().unwrap();
    let (queries, path) = (desk.terminal.queries.clone(), folder.path().join("고객.csv"));
    let to = path.clone();
    let done = job(&desk, JobKind::Export, |progress| export_customers(queries, Language::Ko, to, progress));
    assert_eq!(done.await.state, JobState::Done);
    csv_rows(&path).iter().for_each(|row| row.iter().for_each(assert_harmless));

    let other = Desk::new().await;
    let file = read_customers(&read_limited(&path).unwrap()).unwrap();
    let file = check_against(&*other.terminal.core.journal, file).await.unwrap();
    let problems: Vec<_> = file.rows.iter().filter_map(|row| row.problem.clone()).collect();
    assert_eq!(problems, [], "of our own file");
    let (bus, authority) = (other.terminal.commands.clone(), other.authority().await);
    let done = job(&other, JobKind::Import, |progress| import_customers(bus, authority, file, progress));
    assert_eq!(done.await.state, JobState::Done);
    let all = CustomerSearch { text: String::new(), limit: 200, cursor: None };
    let hits = other.terminal.queries.search(all).await.unwrap().hits;
    let mut found: Vec<_> = hits.into_iter().map(|hit| (hit.customer.name, hit.phone, hit.card)).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);

    // A second import of the same file adds nobody.
    let file = read_customers(&read_limited(&path).unwrap()).unwrap();
    let file = check_against(&*other.terminal.core.journal, file).await.unwrap();
    let skipped: Vec<_> =
        file.rows.iter().map(|row| row.duplicate_of.is_some() && row.action == LineAction::Skip).collect();
    assert_eq!(skipped, vec![true; TEXTS.len()]);
}
