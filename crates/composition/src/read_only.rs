//! Opens a data folder read-only, also while another process has it open.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Extent, StoreError, Worker, read};
use nosmoke_store::{Broken, Flaw, StoreBeside};

use crate::options::Environment;

/// Most facts verified in one transaction.
const VERIFY_BATCH: usize = 2_000;
/// How long an export waits for the projectors of the program that has the folder open.
const FOLD_TIMEOUT: Duration = Duration::from_secs(60);
const FOLD_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A data folder opened read-only; another process may have it open for writing.
#[derive(Debug)]
pub struct ReadOnlyFolder {
    store: StoreBeside,
    environment: Environment,
}

/// The result of verifying a folder's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of facts verified.
    pub facts: u64,
    pub broken: Vec<Broken>,
}

impl ReadOnlyFolder {
    /// Opens a data folder read-only.
    ///
    /// # Errors
    /// `not_set_up` if there is no journal; `newer_version`, `storage_corrupt`, or an error of the store.
    pub async fn open(environment: Environment, folder: &Path) -> Result<Self, AppError> {
        if !folder.join("journal.db").exists() {
            return Err(AppError::new(ErrorCode::NotSetUp));
        }
        let store = StoreBeside::open(folder, environment.clock.clone()).await?;
        Ok(Self { store, environment })
    }

    /// Returns the count, heads and digest of all facts, and the terminal of each incarnation.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn extent(&self) -> Result<(Extent, BTreeMap<IncarnationId, TerminalId>), AppError> {
        let journal = self.store.journal();
        let extent = read::<_, StoreError>(&*journal, |tx| {
            let mut terminals = tx.terminals()?;
            terminals.extend(
                tx.incarnations()?.into_iter().map(|incarnation| (incarnation.incarnation, incarnation.terminal_id)),
            );
            Ok((tx.extent()?, terminals))
        })
        .await?;
        Ok(extent)
    }

    /// Verifies every page of the journal file, and every fact's bytes against its hash chain.
    ///
    /// # Errors
    /// `storage_corrupt`, or an error of the store.
    pub async fn verify(&self) -> Result<Verified, AppError> {
        let journal = self.store.journal();
        journal.check_file().await?;
        let own = read::<_, StoreError>(&*journal, |tx| Ok(tx.origin()?.map(|origin| origin.incarnation))).await?;
        // A missing previous fact in another terminal's chain is no damage: after a fork the fact may exist at a third
        // terminal.
        let harmless = |broken: &Broken| broken.flaw == Flaw::Link && Some(broken.incarnation) != own;
        let (mut from, mut verified) = (None, Verified { facts: 0, broken: Vec::new() });
        loop {
            let block = journal.verify_chain(from, VERIFY_BATCH).await?;
            verified.facts += block.checked;
            verified.broken.extend(block.broken.into_iter().filter(|broken| !harmless(broken)));
            from = block.next;
            if from.is_none() {
                return Ok(verified);
            }
        }
    }

    /// Returns queries over the projections as they are now. Whatever needs a running terminal (waiting for workers,
    /// the connection's state) is missing.
    ///
    /// # Errors
    /// An error of one of the stores.
    pub async fn queries(&self) -> Result<Queries, AppError> {
        let (clock, ids) = (self.environment.clock.clone(), self.environment.ids.clone());
        let ports = Ports {
            journal: self.store.journal(),
            mypage: self.store.mypage().await?,
            clock,
            ids,
            traces: Traces::default(),
        };
        Ok(Terminal::new(ports).await?.queries)
    }

    /// Waits until the projectors of the program that has the folder open have passed all facts that are recorded now,
    /// then returns [`Self::queries`]. `None` if that takes longer than `FOLD_TIMEOUT`.
    ///
    /// # Errors
    /// An error of one of the stores.
    pub async fn queries_when_folded(&self) -> Result<Option<Queries>, AppError> {
        let (journal, queries) = (self.store.journal(), self.queries().await?);
        let target = read::<_, StoreError>(&*journal, |tx| tx.last_change()).await?;
        let until = Instant::now() + FOLD_TIMEOUT;
        loop {
            let point = read::<_, StoreError>(&*journal, |tx| tx.checkpoint(Worker::Point)).await?;
            if point >= target && queries.mypage.checkpoint().await? >= target {
                return Ok(Some(queries));
            }
            if Instant::now() > until {
                return Ok(None);
            }
            tokio::time::sleep(FOLD_POLL_INTERVAL).await;
        }
    }

    pub async fn close(self) {
        self.store.close().await;
    }
}
