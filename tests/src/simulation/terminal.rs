//! A simulated terminal: the real command bus, workers and replicator over its own journal file.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use nosmoke_application::commands::Shortage;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::fact::{Catalogue, FactType};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_domain::point::PointsRequest;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Priority, StoreError, Worker, Write, write};
use nosmoke_replication::Replicator;
use nosmoke_replication::incarnations::copy_detection;
use nosmoke_replication::incarnations::restore::leave_to_manager;

use super::clock::{SeededIds, SkewedClock};
use super::crashing_journal::CrashingJournal;
use super::faults::Fault;
use super::inline::InlineJournal;
use super::invariants::{Broken, Invariant};
use super::journal_mirror::JournalMirror;
use super::memory_mypage::MemoryMypage;
use super::simulated_marks::SimulatedMarks;
use super::wire::Wire;

/// Runs a future to its end. Only one that opens a file ever has to wait, for a thread of SQLite's driver; all others
/// are ready at the first poll.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        std::thread::park();
    }
}

/// The catalogue of fact types of an older program, which doesn't know corrections of points, nor new levels for a
/// customer.
pub(super) const OLDER: Catalogue = Catalogue::before(&[FactType::PointsAdjusted, FactType::LevelsRevised]);

#[derive(Debug)]
pub(super) struct Node {
    pub(super) config: NodeConfig,
    pub(super) journal: Arc<CrashingJournal>,
    pub(super) terminal: Terminal,
    pub(super) replicator: Replicator,
    pub(super) retired: bool,
    /// The request that a command of this terminal waits for.
    pub(super) asked: Option<(Shortage, PointsRequest)>,
    /// A backup of the terminal's journal file.
    pub(super) backup: Option<PathBuf>,
    pub(super) mirror: JournalMirror,
    /// When something was last recorded here or given to this terminal of a customer, by its process time.
    pub(super) active: BTreeMap<CustomerId, Duration>,
}

/// The parts of a terminal that survive a crash, such as the path of its journal.
#[derive(Debug, Clone)]
pub(super) struct NodeConfig {
    pub(super) number: usize,
    pub(super) file: PathBuf,
    pub(super) terminal_id: TerminalId,
    pub(super) clock: Arc<SkewedClock>,
    pub(super) ids: Arc<SeededIds>,
    pub(super) wire: Arc<Wire>,
    pub(super) fault: Option<Fault>,
    /// The types of facts that the terminal's program knows.
    pub(super) catalogue: Catalogue,
    pub(super) marks: SimulatedMarks,
    pub(super) mypage: Arc<MemoryMypage>,
}

impl Deref for Node {
    type Target = NodeConfig;

    fn deref(&self) -> &NodeConfig {
        &self.config
    }
}

impl Node {
    pub(super) fn open(config: NodeConfig) -> Result<Self, StoreError> {
        let (journal, terminal, replicator) = start(&config)?;
        let (retired, asked, backup, mirror, active) = Default::default();
        Ok(Self { config, journal, terminal, replicator, retired, asked, backup, mirror, active })
    }

    /// Crashes the terminal and restarts it on the same journal file.
    pub(super) fn reopen(&mut self) -> Result<(), StoreError> {
        self.journal.end();
        (self.journal, self.terminal, self.replicator) = start(&self.config)?;
        self.asked = None;
        self.active.clear();
        Ok(())
    }

    /// Updates the terminal's mark, as the program does shortly after a commit.
    pub(super) fn mark(&self) -> Result<(), Broken> {
        match block_on(copy_detection::update_mark(&*self.journal, &self.marks)) {
            Err(error) if !self.journal.has_crashed() => Err(Broken::new(Invariant::Works, error)),
            _ => Ok(()),
        }
    }

    /// Restarts the terminal as a newer program on the same journal file.
    pub(super) fn upgrade(&mut self) -> Result<(), StoreError> {
        self.config.catalogue = Catalogue::default();
        self.mirror = JournalMirror::default();
        self.reopen()
    }
}

fn start(config: &NodeConfig) -> Result<(Arc<CrashingJournal>, Terminal, Replicator), StoreError> {
    let NodeConfig { clock, ids, wire, .. } = config.clone();
    wire.hang_up();
    clock.process_begins();
    let journal = open(&config.file, clock.clone())?;
    // Decode facts of unknown type again, as the program does at every start; this has an effect only after an upgrade.
    if config.catalogue.is_whole() && config.fault != Some(Fault::LearnsNothing) {
        let unit = |tx: &mut dyn Write| {
            tx.understand()?;
            let bound = tx.checkpoint(Worker::Mypage)?;
            tx.put_checkpoint(Worker::Mypage, i64::MAX)?;
            Ok::<_, StoreError>(bound)
        };
        config.mypage.go_back(block_on(write(&journal, Priority::Command, unit))?.0);
    }
    let failed = |error: AppError| StoreError::Failed(error.to_string());
    block_on(copy_detection::detect_copy(&journal, &config.marks, ids.clone(), clock.now())).map_err(failed)?;
    block_on(copy_detection::update_mark(&journal, &config.marks)).map_err(failed)?;
    block_on(leave_to_manager(&journal)).map_err(failed)?;
    let journal = Arc::new(CrashingJournal::new(journal, config.fault));
    let ports = Ports {
        journal: journal.clone(),
        mypage: config.mypage.clone(),
        access: Arc::new(()),
        clock: clock.clone(),
        ids,
        traces: Traces::default(),
    };
    let terminal = block_on(Terminal::new(ports))?;
    terminal.core.connection.configured(clock.now());
    let mut replicator = Replicator::new(&terminal.core, wire, "0.0.0".into());
    replicator.catalogue = config.catalogue;
    Ok((journal, terminal, replicator))
}

/// Opens a journal. A missing file is copied from an empty journal, because running all migrations for each would be
/// slow.
pub(super) fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<InlineJournal, StoreError> {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let failed = |error: std::io::Error| StoreError::Failed(error.to_string());
    if !file.exists() {
        match EMPTY.get() {
            Some(empty) => std::fs::write(file, empty).map_err(failed)?,
            None => {
                drop(block_on(InlineJournal::open(file, clock.clone()))?);
                EMPTY.get_or_init(|| std::fs::read(file).unwrap_or_default());
            }
        }
    }
    block_on(InlineJournal::open(file, clock))
}
