use nosmoke_domain::ids::{AreaId, CustomerId, EventId, VisitId};
use nosmoke_domain::words::Standing;
use nosmoke_ports::search_keys::{keys, query};
use nosmoke_ports::{CustomerRow, InsideRow, Profile, SearchQuery, Write};
use nosmoke_store::SqliteJournal;
use tempfile::TempDir;

use crate::support::{at, customer, id, journal, read_journal, run};

const PEOPLE: &[(&str, &str, &str)] = &[
    ("김민수", "010-1234-5678", "NS-0391"),
    ("김민서", "010-2222-9999", ""),
    ("이수민", "+82 10-7777-1234", "NS-0392"),
    ("50%_할인", "", ""),
    ("O'Brien", "", "ns-7"),
];

fn put(tx: &mut dyn Write, n: u128, (name, phone, card): (&str, &str, &str), minutes: i64) {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let profile = Profile {
        customer_id: customer(n),
        revision: 1,
        event_id: EventId(id(n)),
        base_revision: 0,
        name: given(name),
        phone: given(phone),
        card: given(card),
        registered_at: at(minutes),
        erased: false,
    };
    tx.put_profile(&profile, &keys(Some(name), Some(phone), Some(card))).unwrap();
}

async fn people() -> (TempDir, SqliteJournal) {
    let (folder, journal) = journal().await;
    run(&journal, |tx| {
        for (n, person) in (1..).zip(PEOPLE) {
            put(tx, n, *person, i64::try_from(n).unwrap());
        }
        Ok(())
    })
    .await
    .unwrap();
    (folder, journal)
}

async fn find(journal: &SqliteJournal, query: SearchQuery) -> Vec<CustomerRow> {
    read_journal(journal, move |tx| tx.search(&query)).await
}

fn names(rows: &[CustomerRow]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.profile.name.as_deref()).collect()
}

#[tokio::test]
async fn customers_are_found_by_name_initials_phone_and_card() {
    let (_folder, journal) = people().await;
    for (text, expected) in [
        ("김민", vec!["김민서", "김민수"]),
        ("민수", vec!["김민수"]),
        ("수민", vec!["이수민"]),
        ("ㄱㅁㅅ", vec!["김민서", "김민수"]),
        ("ㅅㅁ", vec!["이수민"]),
        ("5678", vec!["김민수"]),
        ("1234", vec!["이수민", "김민수"]),
        ("010-7777", vec!["이수민"]),
        ("NS-0392", vec!["이수민"]),
        ("ns0391", vec!["김민수"]),
        ("NS-039", vec![]),
        ("obrien", vec![]),
        ("o'b", vec!["O'Brien"]),
        ("%", vec!["50%_할인"]),
        ("_", vec!["50%_할인"]),
        ("0%_", vec!["50%_할인"]),
        ("5_%", vec![]),
        ("없음", vec![]),
    ] {
        let rows = find(&journal, SearchQuery { limit: 10, ..query(text) }).await;
        assert_eq!(names(&rows), expected, "{text}");
    }
}

#[tokio::test]
async fn the_list_is_ordered_by_last_visit_and_omits_erased_customers() {
    let (_folder, journal) = people().await;
    run(&journal, |tx| {
        tx.put_last_visit(customer(2), at(100), AreaId(id(50)))?;
        tx.put_last_visit(customer(2), at(90), AreaId(id(51)))?; // earlier than the last: ignored
        tx.put_last_visit(customer(1), at(-50), AreaId(id(50)))?; // before the registration
        let erased = Profile { erased: true, ..tx.profile(customer(4))?.unwrap() };
        tx.put_profile(&erased, &keys(None, None, None))
    })
    .await
    .unwrap();
    let rows = find(&journal, SearchQuery { limit: 10, ..SearchQuery::default() }).await;
    assert_eq!(names(&rows), ["김민서", "O'Brien", "이수민", "김민수"]);
    assert_eq!(rows[0].last_visit, Some((at(100), AreaId(id(50)))));
    assert_eq!(rows[3].last_visit, Some((at(-50), AreaId(id(50)))));
}

#[tokio::test]
async fn profiles_are_read_by_id_without_the_erased() {
    let (_folder, journal) = people().await;
    run(&journal, |tx| {
        let erased = Profile { erased: true, ..tx.profile(customer(2))?.unwrap() };
        tx.put_profile(&erased, &keys(None, None, None))?;
        // Seen last, which changes the order of a search but not this one.
        tx.put_last_visit(customer(5), at(100), AreaId(id(50)))
    })
    .await
    .unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let profiles = read_journal(&journal, move |tx| tx.profiles_after(after, 2)).await;
        let Some(last) = profiles.last() else { break };
        after = Some(last.customer_id);
        found.extend(profiles.into_iter().map(|profile| profile.customer_id));
    }
    assert_eq!(found, [customer(1), customer(3), customer(4), customer(5)]);
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat_rows_with_equal_times() {
    let (_folder, journal) = journal().await;
    run(&journal, |tx| {
        for n in 1..=100 {
            put(tx, n, ("홍길동", "", ""), i64::try_from(n / 30).unwrap());
        }
        Ok(())
    })
    .await
    .unwrap();
    for text in ["", "홍길"] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let rows = find(&journal, SearchQuery { limit: 7, after, ..query(text) }).await;
            let Some(last) = rows.last() else { break };
            after = Some(last.cursor());
            seen.extend(rows.iter().map(|row| row.profile.customer_id));
        }
        let mut expected: Vec<(i64, CustomerId)> =
            (1..=100).map(|n| (-i64::try_from(n / 30).unwrap(), customer(n))).collect();
        expected.sort();
        assert_eq!(seen, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), "{text:?}");
    }
}

#[tokio::test]
async fn customers_come_in_the_requested_order_with_the_columns_of_lists() {
    let (_folder, journal) = people().await;
    let visit =
        InsideRow { visit_id: VisitId(id(70)), customer_id: customer(3), area_id: AreaId(id(50)), since: at(9) };
    run(&journal, move |tx| {
        let earlier = InsideRow { visit_id: VisitId(id(71)), since: at(8), ..visit.clone() };
        tx.put_inside(customer(3), &[visit.clone(), earlier])
    })
    .await
    .unwrap();
    let ids = [customer(3), customer(99), customer(1)];
    let rows = read_journal(&journal, move |tx| tx.customers(&ids)).await;
    assert_eq!(names(&rows), ["이수민", "김민수"]);
    assert_eq!(rows[0].inside, Some((VisitId(id(70)), AreaId(id(50)), at(9))));
    assert_eq!(rows[0].last_visit, Some((at(9), AreaId(id(50)))));
    assert_eq!((rows[1].standing, rows[1].outstanding, rows[1].inside), (Standing::Allowed, 0, None));
}
