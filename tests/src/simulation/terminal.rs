//! A simulated terminal: the real gateway, workers and exchange over a journal file of its own.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::fact::{Catalogue, FactType};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::contract::{AppError, ContextName, MypageCounts};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{
    Clock, EntryRow, ExportCursor, MypageStore, MypageTotals, PageCursor, PageQuery, Priority, ProjectionBatch,
    SeriesPoint, StoreError, write,
};
use nosmoke_replication::Exchange;
use nosmoke_replication::lives::mark;
use nosmoke_replication::lives::restore::leave_to_manager;

use super::clock::{Lying, Seeded};
use super::faults::Fault;
use super::inline::InlineJournal;
use super::invariants::{Broken, Invariant};
use super::known::Known;
use super::mortal::Mortal;
use super::place::Place;
use super::wire::Wire;

/// Runs what is ready at once; opening a file alone waits, for a thread of SQLite's driver.
pub(super) fn now<F: Future>(future: F) -> F::Output {
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

/// An older program doesn't know that points can be corrected.
pub(super) const OLDER: Catalogue = Catalogue::before(&[FactType::PointsAdjusted]);

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kept: Kept,
    pub(super) mortal: Arc<Mortal>,
    pub(super) terminal: Terminal,
    pub(super) exchange: Exchange,
    pub(super) retired: bool,
    /// A copy of its journal's file.
    pub(super) backup: Option<PathBuf>,
    pub(super) known: Known,
}

/// What a terminal keeps through a crash besides its file.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) number: usize,
    pub(super) file: PathBuf,
    pub(super) terminal_id: TerminalId,
    pub(super) clock: Arc<Lying>,
    pub(super) ids: Arc<Seeded>,
    pub(super) wire: Arc<Wire>,
    pub(super) fault: Option<Fault>,
    /// What its program knows.
    pub(super) catalogue: Catalogue,
    pub(super) place: Place,
}

impl Deref for Node {
    type Target = Kept;

    fn deref(&self) -> &Kept {
        &self.kept
    }
}

impl Node {
    pub(super) fn open(kept: Kept) -> Result<Self, StoreError> {
        let (mortal, terminal, exchange) = start(&kept)?;
        let (retired, backup, known) = Default::default();
        Ok(Self { kept, mortal, terminal, exchange, retired, backup, known })
    }

    /// Dies and starts again on the same file.
    pub(super) fn reopen(&mut self) -> Result<(), StoreError> {
        (self.mortal, self.terminal, self.exchange) = start(&self.kept)?;
        Ok(())
    }

    /// Marks how far it has come, as the program does a little after a commit.
    pub(super) fn mark(&self) -> Result<(), Broken> {
        match now(mark::follow(&*self.mortal, &self.place)) {
            Err(error) if !self.mortal.is_dead() => Err(Broken::new(Invariant::Works, error)),
            _ => Ok(()),
        }
    }

    /// Starts again as a newer program on the same file.
    pub(super) fn upgrade(&mut self) -> Result<(), StoreError> {
        self.kept.catalogue = Catalogue::default();
        self.known = Known::default();
        self.reopen()
    }
}

fn start(kept: &Kept) -> Result<(Arc<Mortal>, Terminal, Exchange), StoreError> {
    let Kept { clock, ids, wire, .. } = kept.clone();
    wire.hang_up();
    let journal = open(&kept.file, clock.clone())?;
    // As the program does with every start: one that knows no more than before learns nothing.
    if kept.catalogue.is_whole() && kept.fault != Some(Fault::LearnsNothing) {
        now(write::<_, StoreError>(&journal, Priority::Command, |tx| tx.understand()))?;
    }
    let failed = |error: AppError| StoreError::Failed(error.to_string());
    now(mark::recognise(&journal, &kept.place, ids.clone(), clock.now())).map_err(failed)?;
    now(leave_to_manager(&journal)).map_err(failed)?;
    let mortal = Arc::new(Mortal::new(Arc::new(journal), kept.fault));
    let ports = Ports {
        journal: mortal.clone(),
        mypage: Arc::new(NoMypage),
        clock: clock.clone(),
        ids,
        traces: Traces::default(),
    };
    let terminal = now(Terminal::new(ports))?;
    terminal.core.contexts.close(ContextName::Mypage);
    terminal.core.link.configured(clock.now());
    let mut exchange = Exchange::new(&terminal.core, wire, "0.0.0".into());
    exchange.catalogue = kept.catalogue;
    Ok((mortal, terminal, exchange))
}

/// Opens a journal, made from one that is empty where it is missing: migrating is slow.
pub(super) fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<InlineJournal, StoreError> {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let failed = |error: std::io::Error| StoreError::Failed(error.to_string());
    if !file.exists() {
        match EMPTY.get() {
            Some(empty) => std::fs::write(file, empty).map_err(failed)?,
            None => {
                drop(now(InlineJournal::open(file, clock.clone()))?);
                EMPTY.get_or_init(|| std::fs::read(file).unwrap_or_default());
            }
        }
    }
    now(InlineJournal::open(file, clock))
}

/// Mypage isn't what is simulated: its context is stopped.
#[derive(Debug)]
struct NoMypage;

#[async_trait]
impl MypageStore for NoMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        Ok(0)
    }

    async fn apply(&self, _: ProjectionBatch) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn page(&self, _: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn counts(
        &self,
        _: CustomerId,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        Err(StoreError::Closed)
    }

    async fn totals_at(&self, _: CustomerId, _: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        Ok(Vec::new())
    }

    async fn totals_before(&self, _: CustomerId, _: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        Ok(MypageTotals::default())
    }

    async fn series(
        &self,
        _: CustomerId,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
        _: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        Ok(Vec::new())
    }

    async fn visits_since(&self, _: CustomerId, _: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(0)
    }

    async fn count_for_export(
        &self,
        _: Option<CustomerId>,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn export_block(
        &self,
        _: Option<CustomerId>,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
        _: Option<ExportCursor>,
        _: usize,
    ) -> Result<Vec<EntryRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
