//! The customer center's database, on a real PostgreSQL: equal to the desks' state, whatever comes twice, late or together.

mod equal;
mod together;
mod upgrades;

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use nosmoke_center::{Batch, CenterStore, Done, Place, Written};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Sealed, decode};
use nosmoke_domain::ids::{CustomerId, FacilityId};
use nosmoke_domain::point::Account;
use nosmoke_mypage_postgres::Settings;
use nosmoke_ports::{EntryRow, Priority, StoreError, SumChanges, Write, read, write};
use nosmoke_postgres::{PASSWORD, USER};
use nosmoke_reading::same_person::joined;
use nosmoke_reading::state::load;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::mypage_store::shared;
use crate::support::Desk;

/// A database of its own on the shared server.
struct Database {
    url: String,
}

impl Database {
    async fn new() -> Self {
        let name = format!("center_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&shared().url()).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(create).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        Self { url: format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{name}?sslmode=disable", shared().port()) }
    }

    async fn try_open(&self) -> Result<CenterStore, StoreError> {
        CenterStore::open(&Settings::from_url(&self.url).unwrap()).await
    }

    async fn open(&self) -> CenterStore {
        self.try_open().await.unwrap()
    }

    /// Runs SQL beside the instances.
    async fn sql(&self, text: &'static str) {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql("SET search_path = nosmoke_center").execute(&mut connection).await.unwrap();
        sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn count(&self, text: &'static str) -> i64 {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql("SET search_path = nosmoke_center").execute(&mut connection).await.unwrap();
        sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap()
    }
}

/// An instance's reader of one partition.
#[derive(Debug, Clone)]
struct Partition {
    store: CenterStore,
    place: Place,
}

impl Partition {
    async fn take(store: &CenterStore, number: i32) -> Self {
        let place = store.take_over(("nosmoke.facts.v1", number), "test").await.unwrap();
        Self { store: store.clone(), place }
    }

    fn batch(&self, facts: &[Sealed]) -> Batch {
        let next = self.place.next + i64::try_from(facts.len()).unwrap();
        Batch { place: self.place.clone(), next, last: None, facts: facts.to_vec(), received_at: DateTime::UNIX_EPOCH }
    }

    async fn write(&mut self, facts: &[Sealed]) -> Done {
        let batch = self.batch(facts);
        match self.store.write(&batch).await.unwrap() {
            Written::Done(done) => {
                self.place.next = batch.next;
                done
            }
            Written::Fenced => panic!("fenced at {:?}", self.place),
        }
    }
}

/// Does all work that waits for any instance.
async fn work_off(store: &CenterStore) {
    while store.work_off().await.unwrap() {}
}

/// The facts of a desk's journal, also those that it received, in the order of their arrival there.
async fn facts(desk: &Desk) -> Vec<Sealed> {
    desk.settle().await;
    let journal = &*desk.terminal.core.journal;
    write::<_, StoreError>(journal, Priority::Background, |tx: &mut dyn Write| tx.mark_all_pending()).await.unwrap();
    let pending = |own| read::<_, StoreError>(journal, move |tx| tx.pending_facts(own, 0, 100_000));
    let (own, others) = (pending(true).await.unwrap(), pending(false).await.unwrap());
    let sealed = own.into_iter().chain(others).map(|it| {
        let fact = decode(&it.bytes).unwrap();
        (it.change_seq, Sealed { fact, bytes: it.bytes, previous: it.previous, hash: it.hash })
    });
    sealed.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn customers(facts: &[Sealed]) -> BTreeSet<CustomerId> {
    facts.iter().map(|sealed| sealed.fact.customer_id).collect()
}

fn facility(facts: &[Sealed]) -> FacilityId {
    facts[0].fact.origin.facility_id
}

/// Checks that the center has of a facility what a desk has that knows these facts: states, lines, links, sums and digest.
async fn assert_equal(store: &CenterStore, desk: &Desk, facts: &[Sealed]) {
    desk.settle().await;
    let facility = facility(facts);
    let journal = &*desk.terminal.core.journal;
    let mut lines = Vec::new();
    for customer in customers(facts) {
        let here = store.customer(facility, customer).await.unwrap().unwrap();
        let (visits, account, mut person) = read::<_, StoreError>(journal, move |tx| {
            let visits = load::<Visits>(tx, customer)?.state;
            let person = joined(tx, customer, &visits.links)?;
            Ok((visits, load::<Account>(tx, customer)?.state, person))
        })
        .await
        .unwrap();
        person.insert(customer);
        assert_eq!(here.visits, visits, "visits of {customer}");
        assert_eq!(here.account, account, "account of {customer}");
        assert_eq!(store.person(facility, customer).await.unwrap(), person, "links of {customer}");
        let there = desk_lines(desk, customer).await;
        assert_eq!(store.lines(facility, customer).await.unwrap(), there, "lines of {customer}");
        lines.extend(there);
    }
    assert_eq!(store.sums(facility).await.unwrap(), SumChanges::between(&[], &lines));
    let extent = read::<_, StoreError>(journal, |tx| tx.extent()).await.unwrap();
    assert_eq!(store.tally(facility).await.unwrap(), (extent.facts, extent.digest));
}

/// A customer's lines at a desk, as the center has them: nothing there waits for point.
async fn desk_lines(desk: &Desk, customer: CustomerId) -> Vec<EntryRow> {
    let all = desk.terminal.workers.mypage.export_block(Some(customer), None, None, None, usize::MAX).await.unwrap();
    let mut rows = all.rows;
    rows.iter_mut().for_each(|row| row.accrued_after = row.accrued_after.map(|_| 0));
    rows.sort_by_key(|row| (row.at, row.entry_id));
    rows
}
