use nosmoke_domain::ids::{AreaId, EventId, NoteId, PenaltyId, VisitId};
use nosmoke_domain::point::{StandingChange, StandingCopy};
use nosmoke_domain::points::{Points, Sum};
use nosmoke_domain::rules::Levels;
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::{
    Context, InsideRow, Note, PenaltyRow, Profile, Reference, ReferenceKind, Remembered, Saved, SearchKeys,
    StandingRow, StoreError, Worker,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{at, customer, file, id, journal, read_journal, run};

fn profile(revision: i64, event: u128) -> Profile {
    Profile {
        customer_id: customer(7),
        revision,
        event_id: EventId(id(event)),
        base_revision: revision - 1,
        bases: Vec::new(),
        name: Some(format!("김민수 {revision}.{event}")),
        phone: Some("010-1234-5678".into()),
        card: Some("NS-0391".into()),
        registered_at: at(0),
        consent_on: None,
        erased: false,
    }
}

fn keys() -> SearchKeys {
    SearchKeys { card: "NS0391".into(), ..SearchKeys::default() }
}

#[tokio::test]
async fn an_answer_is_stored_until_its_key_expires() {
    let (_folder, journal) = journal().await;
    let first = Remembered { body: [1; 32], outcome: r#"{"type":"done"}"#.into() };
    let given = first.clone();
    run(&journal, move |tx| tx.remember("key", &given, at(0))).await.unwrap();
    let given = first.clone();
    let twice = run(&journal, move |tx| tx.remember("key", &given, at(1))).await;
    assert!(matches!(twice, Err(StoreError::Failed(_))));
    assert_eq!(read_journal(&journal, |tx| tx.remembered("key")).await, Some(first));
    run(&journal, |tx| tx.forget_before(at(0))).await.unwrap();
    assert!(read_journal(&journal, |tx| tx.remembered("key")).await.is_some());
    run(&journal, |tx| tx.forget_before(at(1))).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.remembered("key")).await, None);
}

#[tokio::test]
async fn the_profile_with_the_higher_revision_and_event_id_wins_in_any_order() {
    for order in [[(1, 5), (2, 3), (2, 4)], [(2, 4), (2, 3), (1, 5)], [(2, 3), (2, 4), (1, 5)]] {
        let (_folder, journal) = journal().await;
        for (revision, event) in order {
            run(&journal, move |tx| tx.put_profile(&profile(revision, event), &keys())).await.unwrap();
        }
        assert_eq!(read_journal(&journal, |tx| tx.profile(customer(7))).await, Some(profile(2, 4)), "{order:?}");
    }
}

#[tokio::test]
async fn an_erased_profile_has_no_details_and_stays_erased() {
    let (_folder, journal) = journal().await;
    run(&journal, |tx| {
        let erased = Profile { erased: true, ..profile(2, 4) };
        tx.put_profile(&profile(3, 3), &keys())?;
        tx.put_profile(&erased, &keys())?;
        tx.put_profile(&profile(9, 9), &keys())
    })
    .await
    .unwrap();
    let blank = Profile { name: None, phone: None, card: None, erased: true, ..profile(2, 4) };
    assert_eq!(read_journal(&journal, |tx| tx.profile(customer(7))).await, Some(blank));
    assert_eq!(read_journal(&journal, |tx| tx.profile_by_card("NS0391")).await, None);
}

#[tokio::test]
async fn of_two_profiles_with_the_same_card_the_first_registered_is_found() {
    let (_folder, journal) = journal().await;
    run(&journal, |tx| {
        tx.put_profile(&Profile { customer_id: customer(8), registered_at: at(1), ..profile(1, 1) }, &keys())?;
        tx.put_profile(&profile(1, 2), &keys())
    })
    .await
    .unwrap();
    let found = read_journal(&journal, |tx| tx.profile_by_card("NS0391")).await;
    assert_eq!(found.map(|profile| profile.customer_id), Some(customer(7)));
    assert_eq!(read_journal(&journal, |tx| tx.profile_by_card("")).await, None);
}

#[tokio::test]
async fn the_reference_document_with_the_higher_revision_wins() {
    let (_folder, journal) = journal().await;
    let area = |revision, event| Reference {
        kind: ReferenceKind::Area,
        id: id(50),
        revision,
        event_id: EventId(id(event)),
        base_revision: 0,
        bases: Vec::new(),
        body: json!({ "name": format!("정문 {revision}.{event}") }),
    };
    for (revision, event) in [(1, 9), (2, 3), (2, 2), (1, 8)] {
        run(&journal, move |tx| tx.put_reference(&area(revision, event))).await.unwrap();
    }
    assert_eq!(read_journal(&journal, |tx| tx.references(ReferenceKind::Area)).await, [area(2, 3)]);
    assert_eq!(read_journal(&journal, |tx| tx.reference(ReferenceKind::Staff, id(50))).await, None);
}

#[tokio::test]
async fn notes_are_read_by_id_and_erased_with_the_customer() {
    let (_folder, journal) = journal().await;
    let note = |n, of, text: &str| Note { note_id: NoteId(id(n)), customer_id: customer(of), text: text.into() };
    run(&journal, move |tx| {
        tx.put_note(&note(1, 7, "하나"))?;
        tx.put_note(&note(2, 7, "둘"))?;
        tx.put_note(&note(3, 8, "셋"))
    })
    .await
    .unwrap();
    let ids = [NoteId(id(3)), NoteId(id(9)), NoteId(id(1))];
    assert_eq!(read_journal(&journal, move |tx| tx.notes(&ids)).await, [note(3, 8, "셋"), note(1, 7, "하나")]);
    run(&journal, |tx| tx.remove_notes_and_quarantined(customer(7))).await.unwrap();
    assert_eq!(read_journal(&journal, move |tx| tx.notes(&ids)).await, [note(3, 8, "셋")]);
}

#[tokio::test]
async fn projections_are_read_back_as_written() {
    let (_folder, journal) = journal().await;
    let saved = Saved { change_seq: 4, state: br#"{"open":{}}"#.to_vec() };
    let levels = Levels::without_end(Points::new(20).unwrap(), Points::new(40).unwrap());
    let outstanding = Sum(i128::from(i64::MAX) * 3);
    let change = StandingChange { from: at(9), standing: Standing::Warned, outstanding: Sum(25) };
    let copy =
        StandingCopy { standing: Standing::Prohibited, outstanding, levels, changes: vec![change], as_of: at(3) };
    let standing = StandingRow { customer_id: customer(7), copy };
    let penalty = PenaltyRow {
        penalty_id: PenaltyId(id(60)),
        customer_id: customer(7),
        imposed_at: at(1),
        code: PenaltyCode::REPEAT,
        points: 20,
        outstanding: 10,
        educated: true,
        area_id: Some(AreaId(id(50))),
        imposed_change_seq: 2,
    };
    let later = PenaltyRow { penalty_id: PenaltyId(id(61)), imposed_at: at(2), ..penalty.clone() };
    let put = (saved.clone(), standing.clone(), penalty.clone(), later.clone());
    run(&journal, move |tx| {
        let (saved, standing, penalty, later) = &put;
        tx.put_snapshot(Context::Point, customer(7), saved)?;
        tx.put_checkpoint(Worker::Point, 4)?;
        tx.put_standing(standing)?;
        tx.put_penalty(&PenaltyRow { outstanding: 20, ..penalty.clone() })?;
        tx.put_penalty(penalty)?;
        tx.put_penalty(later)
    })
    .await
    .unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.snapshot(Context::Point, customer(7))).await, Some(saved));
    assert_eq!(read_journal(&journal, |tx| tx.snapshot(Context::CheckIn, customer(7))).await, None);
    assert_eq!(
        read_journal(&journal, |tx| Ok((tx.checkpoint(Worker::Point)?, tx.checkpoint(Worker::Earning)?))).await,
        (4, 0)
    );
    assert_eq!(read_journal(&journal, |tx| tx.standing(customer(7))).await, Some(standing));
    assert_eq!(read_journal(&journal, |tx| tx.open_penalties(customer(7))).await, [later.clone(), penalty]);
    run(&journal, |tx| tx.remove_penalty(PenaltyId(id(60)))).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.open_penalties(customer(7))).await, [later]);
}

/// A command stores who is inside, and the projector derives the same again.
#[tokio::test]
async fn customers_inside_are_written_only_when_they_change() {
    let (folder, journal) = journal().await;
    let row = |n, minutes| InsideRow {
        visit_id: VisitId(id(n)),
        customer_id: customer(7),
        area_id: AreaId(id(50)),
        since: at(minutes),
    };
    run(&journal, move |tx| tx.put_inside(customer(7), &[row(1, 5), row(2, 3)])).await.unwrap();
    let mut beside = file(folder.path()).await;
    // It changes with each commit of another connection that wrote something.
    let mut version =
        async || -> i64 { sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut beside).await.unwrap() };
    let before = version().await;
    run(&journal, move |tx| tx.put_inside(customer(7), &[row(1, 5), row(2, 3)])).await.unwrap();
    assert_eq!(version().await, before);
    run(&journal, move |tx| tx.put_inside(customer(7), &[row(1, 5)])).await.unwrap();
    assert_ne!(version().await, before);
}

#[tokio::test]
async fn customers_inside_are_replaced_by_customer_and_read_oldest_first() {
    let (_folder, journal) = journal().await;
    let row = |n, of, area, minutes| InsideRow {
        visit_id: VisitId(id(n)),
        customer_id: customer(of),
        area_id: AreaId(id(area)),
        since: at(minutes),
    };
    run(&journal, move |tx| {
        tx.put_inside(customer(7), &[row(1, 7, 50, 5)])?;
        tx.put_inside(customer(8), &[row(2, 8, 51, 3)])?;
        tx.put_inside(customer(9), &[row(3, 9, 50, 1)])
    })
    .await
    .unwrap();
    let ids = |rows: Vec<InsideRow>| -> Vec<Uuid> { rows.iter().map(|row| row.visit_id.0).collect() };
    assert_eq!(ids(read_journal(&journal, |tx| tx.inside(None)).await), [id(3), id(2), id(1)]);
    assert_eq!(ids(read_journal(&journal, |tx| tx.inside(Some(AreaId(id(50))))).await), [id(3), id(1)]);
    let area = AreaId(id(50));
    assert_eq!(ids(read_journal(&journal, move |tx| tx.longest_inside(area, 1)).await), [id(3)]);
    for (except, limit, count) in [(None, 9, 2), (None, 1, 1), (Some(customer(9)), 9, 1), (Some(customer(8)), 9, 2)] {
        assert_eq!(read_journal(&journal, move |tx| tx.count_inside(area, except, limit)).await, count, "{except:?}");
    }
    run(&journal, |tx| tx.put_inside(customer(9), &[])).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.inside_of(customer(9))).await, []);
    assert_eq!(read_journal(&journal, move |tx| tx.inside_of(customer(7))).await, [row(1, 7, 50, 5)]);
}
