//! Test doubles of ports, which fail, panic or hang on demand.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use nosmoke_application::contexts::PointCalls;
use nosmoke_application::terminal::{Running, Terminal};
use nosmoke_application::tokens::Tokens;
use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::{
    Clock, Fetched, Incoming, Journal, Log, LogError, LogView, Outgoing, Partition, PointPort, PointRefusal, Priority,
    Read, ReadUnit, StoreError, SystemClock, TokenFiles, Topic, Write, WriteUnit, Written,
};
use nosmoke_runtime::contexts::context_of;
use tokio::sync::oneshot;

/// The files of a terminal's tokens, in memory.
#[derive(Debug, Default)]
pub struct MemoryTokens {
    tokens: Mutex<Option<String>>,
    owner: Mutex<Option<String>>,
}

impl MemoryTokens {
    /// Makes the tokens of a terminal whose owner has this secret.
    ///
    /// # Panics
    /// Never: there is no list of tokens that could be unreadable.
    pub fn owned(terminal: &Terminal, secret: &str) -> Arc<Tokens> {
        let files = Self { owner: Mutex::new(Some(secret.to_owned())), ..Self::default() };
        Arc::new(Tokens::open(terminal.core.clone(), Arc::new(files)).unwrap())
    }
}

impl TokenFiles for MemoryTokens {
    fn tokens(&self) -> Result<Option<String>, StoreError> {
        Ok(self.tokens.lock().unwrap().clone())
    }

    fn put_tokens(&self, text: &str) -> Result<(), StoreError> {
        *self.tokens.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }

    fn owner(&self) -> Result<Option<String>, StoreError> {
        Ok(self.owner.lock().unwrap().clone())
    }

    fn put_owner(&self, secret: &str) -> Result<(), StoreError> {
        *self.owner.lock().unwrap() = Some(secret.to_owned());
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Behaviour {
    #[default]
    Normal,
    Fails,
    Panics,
    /// Panics on a thread of the store, inside the unit of work, after the unit has done its work.
    PanicsInside,
    Hangs,
}

/// Sets a double's behaviour from outside, and counts the calls to it.
#[derive(Debug, Clone, Default)]
pub struct FaultSwitch(Arc<(Mutex<Behaviour>, AtomicU32)>);

impl FaultSwitch {
    pub fn set(&self, behaviour: Behaviour) {
        *self.0.0.lock().unwrap() = behaviour;
    }

    pub fn calls(&self) -> u32 {
        self.0.1.load(Ordering::SeqCst)
    }

    /// Counts a call and behaves as set; returns false if the call must fail.
    async fn let_through(&self) -> bool {
        self.0.1.fetch_add(1, Ordering::SeqCst);
        let behaviour = *self.0.0.lock().unwrap();
        match behaviour {
            Behaviour::Normal | Behaviour::PanicsInside => true,
            Behaviour::Fails => false,
            Behaviour::Panics => panic!("a double panics"),
            Behaviour::Hangs => std::future::pending().await,
        }
    }

    pub fn is(&self, behaviour: Behaviour) -> bool {
        *self.0.0.lock().unwrap() == behaviour
    }
}

/// A journal with switchable faults, to be used by a single context.
#[derive(Debug)]
pub struct FaultyJournal(pub Arc<dyn Journal>, pub FaultSwitch);

#[async_trait]
impl Journal for FaultyJournal {
    async fn write_unit(&self, priority: Priority, mut unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        if !self.1.let_through().await {
            return Err(StoreError::Failed("a double fails".into()));
        }
        let switch = self.1.clone();
        let unit = move |tx: &mut dyn Write| {
            let done = unit(tx);
            assert!(!switch.is(Behaviour::PanicsInside), "a double panics inside");
            done
        };
        self.0.write_unit(priority, Box::new(unit)).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        if !self.1.let_through().await {
            return Err(StoreError::Failed("a double fails".into()));
        }
        let switch = self.1.clone();
        let unit = move |tx: &mut dyn Read| {
            unit(tx);
            assert!(!switch.is(Behaviour::PanicsInside), "a double panics inside");
        };
        self.0.read_unit(Box::new(unit)).await
    }
}

/// Where a [`HaltingJournal`] halts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HaltAt {
    /// Before the first unit that writes is queued.
    Write,
    /// After this many units that read.
    Reads(usize),
}

/// The halt of a [`HaltingJournal`], from outside.
#[derive(Debug)]
pub struct Halt {
    reached: oneshot::Receiver<()>,
    go_on: oneshot::Sender<()>,
}

impl Halt {
    /// Waits until the journal halts, does something, and lets the journal go on.
    pub async fn meanwhile(self, work: impl Future<Output = ()>) {
        self.reached.await.unwrap();
        work.await;
        self.go_on.send(()).unwrap();
    }
}

/// A journal that halts once, so that a test can do something in between.
#[derive(Debug)]
pub struct HaltingJournal {
    journal: Arc<dyn Journal>,
    at: HaltAt,
    reads: AtomicUsize,
    halt: Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

impl HaltingJournal {
    pub fn new(journal: Arc<dyn Journal>, at: HaltAt) -> (Arc<Self>, Halt) {
        let (reaches, reached) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel();
        let halt = Mutex::new(Some((reaches, goes_on)));
        (Arc::new(Self { journal, at, reads: AtomicUsize::new(0), halt }), Halt { reached, go_on })
    }

    async fn halt(&self) {
        let halt = self.halt.lock().unwrap().take();
        if let Some((reaches, goes_on)) = halt {
            reaches.send(()).unwrap();
            goes_on.await.unwrap();
        }
    }
}

#[async_trait]
impl Journal for HaltingJournal {
    async fn write_unit(&self, priority: Priority, unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        if self.at == HaltAt::Write {
            self.halt().await;
        }
        self.journal.write_unit(priority, unit).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        let read = self.journal.read_unit(unit).await;
        if self.at == HaltAt::Reads(self.reads.fetch_add(1, Ordering::SeqCst) + 1) {
            self.halt().await;
        }
        read
    }
}

/// A point port with switchable faults; accepts every call while it behaves normally.
#[derive(Debug)]
pub struct FaultyPoint(pub FaultSwitch);

#[async_trait]
impl PointPort for FaultyPoint {
    async fn enter(&self) -> Result<(), PointRefusal> {
        if self.0.let_through().await { Ok(()) } else { Err(PointRefusal::Failing("a double fails".into())) }
    }
}

/// A log (a stand-in for Kafka) in memory, with one partition per topic.
#[derive(Debug, Default)]
pub struct MemoryLog {
    pub publishing: FaultSwitch,
    pub fetching: FaultSwitch,
    messages: Arc<Mutex<Vec<Incoming>>>,
    positions: Mutex<BTreeMap<Partition, i64>>,
    /// The key of the present connection.
    key: Mutex<Option<Arc<dyn Authenticator>>>,
}

impl MemoryLog {
    /// Returns another connection to the same log, for another terminal.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self { messages: self.messages.clone(), ..Self::default() }
    }

    /// Counts the distinct facts that were published.
    pub fn facts(&self) -> usize {
        let messages = self.messages.lock().unwrap();
        let facts = messages.iter().filter(|message| message.partition.topic == Topic::Facts);
        facts.filter_map(|message| message.value.clone()).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Counts the messages of a topic, duplicates included.
    pub fn count(&self, topic: Topic) -> usize {
        self.messages.lock().unwrap().iter().filter(|message| message.partition.topic == topic).count()
    }

    fn key(&self) -> Arc<dyn Authenticator> {
        self.key.lock().unwrap().clone().expect("the log is open")
    }

    fn next(&self, partition: Partition) -> i64 {
        let messages = self.messages.lock().unwrap();
        i64::try_from(messages.iter().filter(|message| message.partition == partition).count()).unwrap()
    }
}

fn partition(topic: Topic) -> Partition {
    Partition { topic, number: 0 }
}

#[async_trait]
impl Log for MemoryLog {
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        *self.key.lock().unwrap() = Some(key.clone());
        let partitions = Topic::ALL.map(|topic| (partition(topic), 0..self.next(partition(topic))));
        Ok(LogView { cluster_id: "memory".into(), partitions: partitions.into() })
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        *self.positions.lock().unwrap() = positions.iter().copied().collect();
        Ok(())
    }

    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        if !self.fetching.let_through().await {
            return Err(LogError::Failed("a double fails".into()));
        }
        let fetched = {
            let mut positions = self.positions.lock().unwrap();
            let messages = self.messages.lock().unwrap();
            let new = |it: &&Incoming| positions.get(&it.partition).is_some_and(|from| it.offset >= *from);
            let messages: Vec<Incoming> = messages.iter().filter(new).take(max_messages).cloned().collect();
            for message in &messages {
                positions.insert(message.partition, message.offset + 1);
            }
            messages
        };
        if fetched.is_empty() {
            tokio::time::sleep(timeout.min(Duration::from_millis(10))).await;
        }
        let positions = self.positions.lock().unwrap().clone();
        let ends = positions.into_iter().filter(|(partition, next)| self.next(*partition) == *next).collect();
        let key = self.key();
        let mut read = Fetched { ends, ..Fetched::default() };
        for message in fetched {
            match message.admitted(&*key) {
                Ok(message) => read.messages.push(message),
                Err(stranger) => read.strangers.push(stranger),
            }
        }
        Ok(read)
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        if !self.publishing.let_through().await {
            return Err(LogError::Failed("a double fails".into()));
        }
        let count = messages.len();
        let ours = self.key();
        for message in messages {
            let authentication = message.authentication(&*ours);
            let Outgoing { topic, key, value, mut headers } = message;
            headers.extend(authentication);
            let (partition, key) = (partition(topic), Some(key.into_bytes()));
            let (offset, appended_at) = (self.next(partition), SystemClock.now());
            self.messages.lock().unwrap().push(Incoming { partition, offset, key, value, headers, appended_at });
        }
        Ok(count)
    }

    async fn close(&self) {}
}

/// Separate journal ports for some contexts, so that the faults of a port affect one context only.
pub type Journals = BTreeMap<ContextName, Arc<dyn Journal>>;

/// Starts a terminal. The tasks of a context use the context's own journal port if `journals` has one.
pub fn start_with_journals(terminal: &Terminal, journals: &Journals) -> Running {
    let workers_of = |worker| {
        let mut workers = terminal.workers.clone();
        if let Some(journal) = journals.get(&context_of(worker)) {
            workers.core.journal = journal.clone();
        }
        workers
    };
    terminal.start_with(workers_of, |_| ())
}

/// Returns the terminal with another port to the context point.
#[must_use]
pub fn with_point(mut terminal: Terminal, port: Arc<dyn PointPort>) -> Terminal {
    let calls = PointCalls::new(port, terminal.core.clock.clone(), terminal.core.measures.clone());
    terminal.commands.point = Arc::new(calls);
    terminal
}
