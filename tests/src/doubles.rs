//! Ports that fail, panic or hang when they are told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use nosmoke_application::contexts::PointCalls;
use nosmoke_application::terminal::{Running, Terminal};
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::{
    Clock, Fetched, Incoming, Journal, Log, LogError, LogView, Outgoing, Partition, PointPort, PointRefusal, Priority,
    Read, ReadUnit, StoreError, SystemClock, Topic, Unit, Write, Written,
};
use nosmoke_runtime::contexts::context_of;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Well,
    Fails,
    Panics,
    /// In a thread of the store, inside the unit, once it has done what it does.
    PanicsInside,
    Hangs,
}

/// What a double does now, and how often it was asked.
#[derive(Debug, Clone, Default)]
pub struct Moods(Arc<(Mutex<Mood>, AtomicU32)>);

impl Moods {
    pub fn turn(&self, mood: Mood) {
        *self.0.0.lock().unwrap() = mood;
    }

    pub fn calls(&self) -> u32 {
        self.0.1.load(Ordering::SeqCst)
    }

    /// False where it fails.
    async fn let_through(&self) -> bool {
        self.0.1.fetch_add(1, Ordering::SeqCst);
        let mood = *self.0.0.lock().unwrap();
        match mood {
            Mood::Well | Mood::PanicsInside => true,
            Mood::Fails => false,
            Mood::Panics => panic!("a double panics"),
            Mood::Hangs => std::future::pending().await,
        }
    }

    pub fn is(&self, mood: Mood) -> bool {
        *self.0.0.lock().unwrap() == mood
    }
}

/// The journal, as one context reaches it.
#[derive(Debug)]
pub struct MoodyJournal(pub Arc<dyn Journal>, pub Moods);

#[async_trait]
impl Journal for MoodyJournal {
    async fn write_unit(&self, priority: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        if !self.1.let_through().await {
            return Err(StoreError::Failed("a double fails".into()));
        }
        let moods = self.1.clone();
        let unit = move |tx: &mut dyn Write| {
            let done = unit(tx);
            assert!(!moods.is(Mood::PanicsInside), "a double panics inside");
            done
        };
        self.0.write_unit(priority, Box::new(unit)).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        if !self.1.let_through().await {
            return Err(StoreError::Failed("a double fails".into()));
        }
        let moods = self.1.clone();
        let unit = move |tx: &mut dyn Read| {
            unit(tx);
            assert!(!moods.is(Mood::PanicsInside), "a double panics inside");
        };
        self.0.read_unit(Box::new(unit)).await
    }
}

/// A point that takes every call while it is well.
#[derive(Debug)]
pub struct MoodyPoint(pub Moods);

#[async_trait]
impl PointPort for MoodyPoint {
    async fn enter(&self) -> Result<(), PointRefusal> {
        if self.0.let_through().await { Ok(()) } else { Err(PointRefusal::Failing("a double fails".into())) }
    }
}

/// A log in memory, one partition a topic.
#[derive(Debug, Default)]
pub struct MemoryLog {
    pub publishing: Moods,
    pub fetching: Moods,
    records: Arc<Mutex<Vec<Incoming>>>,
    positions: Mutex<BTreeMap<Partition, i64>>,
}

impl MemoryLog {
    /// The same log, as another terminal reaches it.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self { records: self.records.clone(), ..Self::default() }
    }

    /// Different facts that were published.
    pub fn facts(&self) -> usize {
        let records = self.records.lock().unwrap();
        let facts = records.iter().filter(|record| record.partition.topic == Topic::Facts);
        facts.filter_map(|record| record.value.clone()).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Records of a topic, repeated ones too.
    pub fn count(&self, topic: Topic) -> usize {
        self.records.lock().unwrap().iter().filter(|record| record.partition.topic == topic).count()
    }

    fn next(&self, partition: Partition) -> i64 {
        let records = self.records.lock().unwrap();
        i64::try_from(records.iter().filter(|record| record.partition == partition).count()).unwrap()
    }
}

fn partition(topic: Topic) -> Partition {
    Partition { topic, number: 0 }
}

#[async_trait]
impl Log for MemoryLog {
    async fn open(&self) -> Result<LogView, LogError> {
        let partitions = Topic::ALL.map(|topic| (partition(topic), 0..self.next(partition(topic))));
        Ok(LogView { cluster_id: "memory".into(), partitions: partitions.into() })
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        *self.positions.lock().unwrap() = positions.iter().copied().collect();
        Ok(())
    }

    async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        if !self.fetching.let_through().await {
            return Err(LogError::Failed("a double fails".into()));
        }
        let fetched = {
            let mut positions = self.positions.lock().unwrap();
            let records = self.records.lock().unwrap();
            let new = |it: &&Incoming| positions.get(&it.partition).is_some_and(|from| it.offset >= *from);
            let records: Vec<Incoming> = records.iter().filter(new).take(max_records).cloned().collect();
            for record in &records {
                positions.insert(record.partition, record.offset + 1);
            }
            records
        };
        if fetched.is_empty() {
            tokio::time::sleep(patience.min(Duration::from_millis(10))).await;
        }
        let positions = self.positions.lock().unwrap().clone();
        let ends = positions.into_iter().filter(|(partition, next)| self.next(*partition) == *next).collect();
        Ok(Fetched { records: fetched, ends })
    }

    async fn publish(&self, records: Vec<Outgoing>) -> Result<usize, LogError> {
        if !self.publishing.let_through().await {
            return Err(LogError::Failed("a double fails".into()));
        }
        let count = records.len();
        for Outgoing { topic, key, value, headers } in records {
            let (partition, key) = (partition(topic), Some(key.into_bytes()));
            let (offset, appended_at) = (self.next(partition), SystemClock.now());
            self.records.lock().unwrap().push(Incoming { partition, offset, key, value, headers, appended_at });
        }
        Ok(count)
    }

    async fn close(&self) {}
}

/// Journals of contexts that have one of their own: what goes wrong with it is that context's alone.
pub type Journals = BTreeMap<ContextName, Arc<dyn Journal>>;

/// Starts a terminal, the tasks of each context on its own journal where it has one.
pub fn start_apart(terminal: &Terminal, journals: &Journals) -> Running {
    let workers_of = |worker| {
        let mut workers = terminal.workers.clone();
        if let Some(journal) = journals.get(&context_of(worker)) {
            workers.core.journal = journal.clone();
        }
        workers
    };
    terminal.start_with(workers_of, |_| ())
}

/// The terminal, calling another point than its own.
#[must_use]
pub fn with_point(mut terminal: Terminal, port: Arc<dyn PointPort>) -> Terminal {
    let calls = PointCalls::new(port, terminal.core.clock.clone(), terminal.core.measures.clone());
    terminal.commands.point = Arc::new(calls);
    terminal
}
