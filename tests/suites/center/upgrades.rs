//! Instances of several versions beside each other.

use nosmoke_domain::fact::{Catalogue, FactType, Payload, Sealed};
use nosmoke_ports::StoreError;

use super::{Database, Partition, assert_equal, facts, work_off};
use crate::other_terminal::Other;
use crate::support::Desk;

/// The facts as a program reads them that doesn't know some types.
fn as_read_before(facts: &[Sealed], lacking: &'static [FactType]) -> Vec<Sealed> {
    let read =
        |sealed: &Sealed| Sealed { fact: Catalogue::before(lacking).decode(&sealed.bytes).unwrap(), ..sealed.clone() };
    facts.iter().map(read).collect()
}

#[tokio::test]
async fn facts_of_an_unknown_type_wait_for_the_upgrade() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.visit(customer).await;
    desk.pay(customer, 50).await.unwrap();
    let facts = facts(&desk).await;
    let older = as_read_before(&facts, &[FactType::Earned, FactType::Paid]);
    let mut partition = Partition::take(&database.open().await, 0).await;
    partition.write(&older).await;
    let before = partition.store.customer(super::facility(&facts), customer).await.unwrap().unwrap();
    assert_eq!((before.account.not_understood, before.facts), (3, facts.len() as u64));
    assert_eq!(database.count("SELECT count(*) FROM waiting").await, 3);
    partition.store.close().await;
    let newer = database.open().await;
    work_off(&newer).await;
    assert_equal(&newer, &desk, &facts).await;
    assert_eq!(database.count("SELECT count(*) FROM waiting").await, 0);
}

#[tokio::test]
async fn a_type_whose_name_no_text_of_the_database_can_hold_stops_nothing() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let customer = desk.customer("홍길동").await;
    let hostile = Payload::Unknown { name: "A\0B".into(), version: 1 };
    let fact = Other::of(&desk).await.fact(&desk, customer, hostile);
    let mut partition = Partition::take(&database.open().await, 0).await;
    assert_eq!(partition.write(&[fact]).await.added, 1);
    assert_eq!(database.count("SELECT count(*) FROM waiting").await, 1);
}

#[tokio::test]
async fn an_instance_older_than_the_schema_stops_and_says_so() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let facts = facts(&desk).await;
    let partition = Partition::take(&database.open().await, 0).await;
    database.sql("INSERT INTO _sqlx_migrations SELECT 29990101000000, 'later', now(), true, '\\x00', 1").await;
    let refused =
        [partition.store.write(&partition.batch(&facts)).await.unwrap_err(), database.try_open().await.unwrap_err()];
    for error in refused {
        let StoreError::Newer(detail) = &error else { panic!("{error:?}") };
        assert!(detail.contains("29990101000000") && detail.contains("update this instance"), "{detail}");
    }
    assert_eq!(partition.store.tally(super::facility(&facts)).await.unwrap().0, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_together_migrate_once() {
    let database = Database::new().await;
    let (one, two, three) = tokio::join!(database.try_open(), database.try_open(), database.try_open());
    for opened in [one, two, three] {
        opened.unwrap();
    }
}
