use nosmoke_domain::ids::{AreaId, CustomerId, EventId, VisitId};
use nosmoke_ports::search_keys::{keys, query};
use nosmoke_ports::{CustomerRow, InsideRow, Profile, SearchQuery, Write};
use nosmoke_store::SqliteJournal;
use sqlx::Connection;
use tempfile::TempDir;

use crate::support::{at, customer, file, id, journal, open, read_journal, run};

const PEOPLE: &[(&str, &str, &str)] = &[
    ("김민수", "010-1234-5678", "NS-0391"),
    ("김민서", "010-2222-9999", ""),
    ("이수민", "+82 10-7777-1234", "NS-0392"),
    ("50%_할인", "", ""),
    ("O'Brien", "", "ns-7"),
    ("José García", "010-1234-4821", "00000391"),
];

fn put(tx: &mut dyn Write, n: u128, (name, phone, card): (&str, &str, &str), minutes: i64) {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let profile = Profile {
        customer_id: customer(n),
        revision: 1,
        event_id: EventId(id(n)),
        base_revision: 0,
        bases: Vec::new(),
        name: given(name),
        phone: given(phone),
        card: given(card),
        registered_at: at(minutes),
        consent_on: None,
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
        ("1234", vec!["José García", "이수민", "김민수"]),
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
        ("jose", vec!["José García"]),
        ("GARCI\u{301}A", vec!["José García"]),
        ("1234 민", vec!["이수민", "김민수"]),
        ("민수 5678", vec!["김민수"]),
        ("5678 ㄱㅁㅅ", vec!["김민수"]),
        ("ㄱㅁㅅ 9999", vec!["김민서"]),
        ("수민 5678", vec![]),
        ("이 ns-0392 1234", vec!["이수민"]),
        ("00000391 4821", vec!["José García"]),
        ("% 할인", vec!["50%_할인"]),
        ("% _ 인", vec!["50%_할인"]),
        ("% 민", vec![]),
    ] {
        let rows = find(&journal, SearchQuery { limit: 10, ..query(text) }).await;
        assert_eq!(names(&rows), expected, "{text}");
    }
}

#[tokio::test]
async fn phones_are_found_by_their_ending_and_cards_by_any_of_several_numbers() {
    let (_folder, journal) = people().await;
    for (ending, expected) in [("5678", vec!["김민수"]), ("1234", vec!["이수민"]), ("010", vec![])] {
        let query = SearchQuery { phone_ending: ending.into(), limit: 10, ..SearchQuery::default() };
        assert_eq!(names(&find(&journal, query).await), expected, "{ending}");
    }
    let found = |cards: &'static [&str]| {
        let cards: Vec<String> = cards.iter().map(|card| (*card).to_owned()).collect();
        read_journal(&journal, move |tx| tx.customers_by_cards(&cards, 2))
    };
    assert_eq!(names(&found(&["NS0392", "NS0391", "NS7", "\""]).await), ["O'Brien", "김민수"]);
    assert_eq!(names(&found(&["", "NS039"]).await), Vec::<&str>::new());
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
    assert_eq!(names(&rows), ["김민서", "José García", "O'Brien", "이수민", "김민수"]);
    assert_eq!(rows[0].last_visit, Some((at(100), AreaId(id(50)))));
    assert_eq!(rows[4].last_visit, Some((at(-50), AreaId(id(50)))));
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
    assert_eq!(found, [customer(1), customer(3), customer(4), customer(5), customer(6)]);
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
    for text in ["", "홍길", "홍 길동"] {
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
    assert_eq!((&rows[1].standing, rows[1].inside), (&None, None));
}

#[tokio::test]
async fn customers_with_a_phone_come_with_their_namesakes_first_and_without_the_erased() {
    let (_folder, journal) = journal().await;
    run(&journal, |tx| {
        put(tx, 1, ("김민수", "010-1234-5678", ""), 1);
        put(tx, 2, ("김 민수", "+82 10 1234 5678", ""), 2);
        put(tx, 3, ("김민지", "01012345678", ""), 3);
        put(tx, 4, ("김민수", "010-1234-5679", ""), 4);
        put(tx, 5, ("김민수", "", ""), 5);
        put(tx, 6, ("김민수", "010-1234-5678", ""), 6);
        let erased = Profile { erased: true, ..tx.profile(customer(6))?.unwrap() };
        tx.put_profile(&erased, &keys(None, None, None))?;
        let walk_in = Profile { customer_id: customer(7), name: None, phone: None, card: None, ..erased };
        tx.put_profile(&Profile { erased: false, ..walk_in }, &keys(None, None, None))
    })
    .await
    .unwrap();
    let with_phone = async |name: &'static str, phone: &'static str, except: Option<u128>, limit| {
        let rows = read_journal(&journal, move |tx| {
            tx.with_phone(&keys(Some(name), Some(phone), None), except.map(customer), limit)
        })
        .await;
        rows.into_iter().map(|row| row.profile.customer_id).collect::<Vec<_>>()
    };
    let all = [customer(2), customer(1), customer(3)];
    assert_eq!(with_phone("김민수", "010 1234 5678", None, 10).await, all);
    assert_eq!(with_phone("김민수", "010 1234 5678", None, 2).await, all[..2]);
    assert_eq!(with_phone("김민지", "010.1234.5678", None, 10).await, [customer(3), customer(2), customer(1)]);
    assert_eq!(with_phone("김민수", "+82 10 1234 5678", Some(2), 10).await, all[1..]);
    assert!(with_phone("김민수", "", None, 10).await.is_empty());
    assert!(with_phone("김민수", "5678", None, 10).await.is_empty());
}

/// A program of an earlier version has stored other keys, under which a customer wouldn't be found any more.
#[tokio::test]
async fn keys_of_an_earlier_form_are_made_again_when_the_journal_is_opened() {
    let (folder, journal) = people().await;
    journal.close().await;
    let mut earlier = file(folder.path()).await;
    for sql in [
        "UPDATE profile SET name_key = 'jose' || char(769) || 'garci' || char(769) || 'a' WHERE name = 'José García'",
        "UPDATE setting SET value = '1' WHERE key = 'search_form'",
    ] {
        assert_eq!(sqlx::query(sql).execute(&mut earlier).await.unwrap().rows_affected(), 1, "{sql}");
    }
    earlier.close().await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    let rows = find(&journal, SearchQuery { limit: 10, ..query("jose garcia") }).await;
    assert_eq!(names(&rows), ["José García"]);
}
