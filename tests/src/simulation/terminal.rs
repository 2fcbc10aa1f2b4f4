//! A simulated terminal: the real gateway, workers and exchange over a journal file of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_application::contract::MypageCounts;
use nosmoke_application::ports::{
    Clock, EntryRow, ExportCursor, MypageStore, MypageTotals, PageCursor, PageQuery, ProjectionBatch, SeriesPoint,
    StoreError, Worker,
};
use nosmoke_application::sync::Exchange;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::fact::{Hash, Recorded};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_store::InlineJournal;

use super::clock::{Lying, Seeded};
use super::faults::Fault;
use super::mortal::Mortal;
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

#[derive(Debug)]
pub(super) struct Node {
    pub(super) number: usize,
    pub(super) file: PathBuf,
    pub(super) terminal_id: TerminalId,
    pub(super) clock: Arc<Lying>,
    pub(super) ids: Arc<Seeded>,
    pub(super) wire: Arc<Wire>,
    pub(super) mortal: Arc<Mortal>,
    pub(super) terminal: Terminal,
    pub(super) exchange: Exchange,
    pub(super) retired: bool,
    pub(super) fault: Option<Fault>,
    /// A copy of its journal's file, with the number of changes that it has.
    pub(super) backup: Option<PathBuf>,
    // What the simulator knows of it, beside its own journal.
    pub(super) last_change: i64,
    pub(super) hashes: BTreeSet<Hash>,
    pub(super) facts: BTreeMap<CustomerId, Vec<Arc<Recorded>>>,
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
}

impl Node {
    pub(super) fn open(kept: Kept) -> Result<Self, StoreError> {
        let Kept { number, file, terminal_id, clock, ids, wire, fault } = kept;
        wire.hang_up();
        let (mortal, terminal) = start(&file, clock.clone(), ids.clone(), fault)?;
        let exchange = Exchange::new(&terminal, wire.clone(), "0.0.0".into());
        terminal.link.configured(clock.now());
        let (last_change, hashes, facts) = Default::default();
        Ok(Self {
            number,
            file,
            terminal_id,
            clock,
            ids,
            wire,
            mortal,
            terminal,
            exchange,
            retired: false,
            fault,
            backup: None,
            last_change,
            hashes,
            facts,
        })
    }

    /// Dies and starts again on the same file.
    pub(super) fn reopen(&mut self) -> Result<(), StoreError> {
        self.wire.hang_up();
        let (mortal, terminal) = start(&self.file, self.clock.clone(), self.ids.clone(), self.fault)?;
        self.exchange = Exchange::new(&terminal, self.wire.clone(), "0.0.0".into());
        terminal.link.configured(self.clock.now());
        (self.mortal, self.terminal) = (mortal, terminal);
        Ok(())
    }
}

fn start(
    file: &Path,
    clock: Arc<Lying>,
    ids: Arc<Seeded>,
    fault: Option<Fault>,
) -> Result<(Arc<Mortal>, Terminal), StoreError> {
    let journal = open(file, clock.clone())?;
    let mortal = Arc::new(Mortal::new(Arc::new(journal), fault));
    let ports = Ports { journal: mortal.clone(), mypage: Arc::new(NoMypage), clock, ids };
    let terminal = now(Terminal::new(ports))?;
    terminal.feed.hold(Worker::Mypage);
    Ok((mortal, terminal))
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

/// Mypage isn't what is simulated: its worker is held.
#[derive(Debug)]
struct NoMypage;

#[async_trait]
impl MypageStore for NoMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        Ok(0)
    }

    async fn apply(&self, _: ProjectionBatch) -> Result<(), StoreError> {
        Ok(())
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
