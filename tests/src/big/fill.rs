//! Writes a feed into the files of an empty folder. One thread adds facts to the journal; another one derives the rows of
//! everybody whose story has ended, and writes Mypage's store.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Hash, Novelty, Recorded, Sealed, seal};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{Change, SystemClock};
use nosmoke_store::Store;
use uuid::Uuid;

use super::derive::{CustomerRows, Finished, derive};
use super::feed::{Event, Feed, Happened};
use super::journal_file::{JournalFile, Life};
use super::mypage_file::MypageFile;
use super::setting::{BEGIN_MS, SPAN_MS, Setting, Size, time};
use super::story::Person;

/// Finished people who wait to be derived.
const WAITING: usize = 4_096;

/// Fills a folder that [`super::set_up`] made and closed, and has the program index the names in it.
///
/// # Panics
/// When SQLite fails, for example on a full disk; the folder is unusable then.
pub async fn fill(folder: &Path, setting: &Setting, size: Size) {
    write_files(folder, setting, size);
    Store::open(folder, Arc::new(SystemClock)).await.expect("a folder of the program").close().await;
}

fn write_files(folder: &Path, setting: &Setting, size: Size) {
    let (finished, finishing) = mpsc::sync_channel(WAITING);
    let (derived, deriving) = mpsc::channel();
    let (last, last_change) = mpsc::channel();
    thread::scope(|scope| {
        let mypage = scope.spawn(move || -> rusqlite::Result<()> {
            let mut file = MypageFile::open(&folder.join("mypage.db"))?;
            let as_of = time(BEGIN_MS + SPAN_MS);
            derive_all(&mut file, (setting.last_rules(), as_of), &finishing, &derived)?;
            drop(derived);
            file.end(last_change.recv().expect("the feed has ended"))
        });
        let journal = move || -> rusqlite::Result<()> {
            let file = JournalFile::open(&folder.join("journal.db"))?;
            let mut recording = Recording::new(setting, file, deriving);
            for event in Feed::new(setting, size) {
                recording.record(event, &finished)?;
            }
            let _ = last.send(recording.file.last_change);
            recording.end(finished)
        };
        journal().expect("the journal can be written");
        mypage.join().expect("no panic").expect("Mypage's store can be written");
    });
}

fn derive_all(
    file: &mut MypageFile,
    (rules, as_of): (&Rules, DateTime<Utc>),
    finished: &Receiver<Finished>,
    derived: &Sender<Vec<CustomerRows>>,
) -> rusqlite::Result<()> {
    for person in finished {
        let (customers, lines) = derive(person, rules, as_of);
        file.add(&lines)?;
        let _ = derived.send(customers);
    }
    Ok(())
}

/// A person whose story goes on.
#[derive(Debug)]
struct Present {
    customers: Vec<Person>,
    facts: Vec<Change>,
    /// The last fact of each customer.
    tips: HashMap<CustomerId, EventId>,
    subjects: HashSet<(CustomerId, Uuid)>,
}

struct Recording {
    file: JournalFile,
    lives: Vec<Life>,
    hash: Hash,
    present: HashMap<u64, Present>,
    derived: Receiver<Vec<CustomerRows>>,
}

impl Recording {
    fn new(setting: &Setting, file: JournalFile, derived: Receiver<Vec<CustomerRows>>) -> Self {
        let first = Life { origin: setting.origin(0), facts: 0, before: 0 };
        Self { file, lives: vec![first], hash: Hash::ZERO, present: HashMap::new(), derived }
    }

    fn record(&mut self, event: Event, finished: &SyncSender<Finished>) -> rusqlite::Result<()> {
        match event {
            Event::Life(origin) => {
                self.lives.push(Life { origin, facts: 0, before: self.file.last_change });
                self.hash = Hash::ZERO;
            }
            Event::Began { person, customers } => {
                let (facts, tips, subjects) = (Vec::new(), HashMap::new(), HashSet::new());
                self.present.insert(person, Present { customers, facts, tips, subjects });
            }
            Event::Happened(happened) => {
                let Happened { person, happening, is_last } = *happened;
                if let Some(note) = &happening.note {
                    self.file.add_note(note)?;
                }
                self.add(person, happening.draft)?;
                if is_last {
                    let Present { customers, facts, .. } = self.present.remove(&person).expect("a person who began");
                    // The other thread never waits for this one, so neither waits for ever.
                    let _ = finished.send(Finished { customers, facts });
                    self.put_derived()?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, person: u64, draft: Draft) -> rusqlite::Result<()> {
        let life = self.lives.last_mut().expect("the first life");
        let present = self.present.get_mut(&person).expect("a person who began");
        life.facts += 1;
        let customer = draft.customer_id;
        let after = present.tips.insert(customer, draft.event_id).into_iter().collect();
        let sealed = seal(draft, life.origin, life.facts, self.hash, after);
        self.hash = sealed.hash;
        let is_new = sealed.fact.subject().is_none_or(|subject| present.subjects.insert((customer, subject)));
        let novelty = if is_new { Novelty::New } else { Novelty::Repeats };
        self.file.add_fact(&sealed, novelty)?;
        let Sealed { fact, hash, .. } = sealed;
        let (change_seq, received_at) = (self.file.last_change, fact.recorded_at);
        present.facts.push(Change { change_seq, received_at, recorded: Recorded { fact, hash, novelty } });
        Ok(())
    }

    fn put_derived(&mut self) -> rusqlite::Result<()> {
        while let Ok(customers) = self.derived.try_recv() {
            customers.iter().try_for_each(|rows| self.file.add_customer(rows))?;
        }
        Ok(())
    }

    /// Finishes the people whose stories broke off, and the file.
    fn end(mut self, finished: SyncSender<Finished>) -> rusqlite::Result<()> {
        let mut present: Vec<_> = self.present.drain().collect();
        present.sort_unstable_by_key(|(person, _)| *person);
        for (_, Present { customers, facts, .. }) in present {
            let _ = finished.send(Finished { customers, facts });
        }
        drop(finished);
        while let Ok(customers) = self.derived.recv() {
            customers.iter().try_for_each(|rows| self.file.add_customer(rows))?;
        }
        self.file.end(&self.lives)
    }
}
