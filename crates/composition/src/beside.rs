//! A data folder beside whoever has it open: to read it only.

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

use crate::means::Means;

/// Facts checked at once.
const BLOCK: usize = 2_000;
/// How long an export waits for the program that has the folder open to fold what was recorded.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(50);

/// A folder that another process may have open meanwhile.
#[derive(Debug)]
pub struct Beside {
    store: StoreBeside,
    means: Means,
}

/// What was found in a folder's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Facts checked.
    pub facts: u64,
    pub broken: Vec<Broken>,
}

impl Beside {
    /// # Errors
    /// `not_set_up` where no program has made a journal there; `newer_version`, `storage_corrupt`; the store's.
    pub async fn open(means: Means, folder: &Path) -> Result<Self, AppError> {
        if !folder.join("journal.db").exists() {
            return Err(AppError::new(ErrorCode::NotSetUp));
        }
        let store = StoreBeside::open(folder, means.clock.clone()).await?;
        Ok(Self { store, means })
    }

    /// All facts in a few numbers, and whose life each incarnation is.
    ///
    /// # Errors
    /// The store's.
    pub async fn extent(&self) -> Result<(Extent, BTreeMap<IncarnationId, TerminalId>), AppError> {
        let journal = self.store.journal();
        let extent = read::<_, StoreError>(&*journal, |tx| {
            let mut terminals = tx.terminals()?;
            terminals.extend(tx.lives()?.into_iter().map(|life| (life.incarnation, life.terminal_id)));
            Ok((tx.extent()?, terminals))
        })
        .await?;
        Ok(extent)
    }

    /// Reads every page, and checks every fact's bytes against its chain.
    ///
    /// # Errors
    /// `storage_corrupt`, the store's.
    pub async fn verify(&self) -> Result<Verified, AppError> {
        let journal = self.store.journal();
        journal.check_file().await?;
        let own = read::<_, StoreError>(&*journal, |tx| Ok(tx.origin()?.map(|origin| origin.incarnation))).await?;
        // Where another terminal's chain forked, a part of it may be elsewhere still.
        let harmless = |broken: &Broken| broken.flaw == Flaw::Link && Some(broken.incarnation) != own;
        let (mut from, mut verified) = (None, Verified { facts: 0, broken: Vec::new() });
        loop {
            let block = journal.verify_chain(from, BLOCK).await?;
            verified.facts += block.checked;
            verified.broken.extend(block.broken.into_iter().filter(|broken| !harmless(broken)));
            from = block.next;
            if from.is_none() {
                return Ok(verified);
            }
        }
    }

    /// Queries over what is folded so far; what needs a running terminal (waiting, the link) isn't there.
    ///
    /// # Errors
    /// The stores'.
    pub async fn queries(&self) -> Result<Queries, AppError> {
        let (clock, ids) = (self.means.clock.clone(), self.means.ids.clone());
        let ports = Ports {
            journal: self.store.journal(),
            mypage: self.store.mypage().await?,
            clock,
            ids,
            traces: Traces::default(),
        };
        Ok(Terminal::new(ports).await?.queries)
    }

    /// [`Self::queries`], once the program that has the folder open has folded what is recorded by now. `None` when that
    /// takes too long, or nobody folds.
    ///
    /// # Errors
    /// The stores'.
    pub async fn queries_when_folded(&self) -> Result<Option<Queries>, AppError> {
        let (journal, queries) = (self.store.journal(), self.queries().await?);
        let target = read::<_, StoreError>(&*journal, |tx| tx.last_change()).await?;
        let until = Instant::now() + PATIENCE;
        loop {
            let point = read::<_, StoreError>(&*journal, |tx| tx.checkpoint(Worker::Point)).await?;
            if point >= target && queries.mypage.checkpoint().await? >= target {
                return Ok(Some(queries));
            }
            if Instant::now() > until {
                return Ok(None);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub async fn close(self) {
        self.store.close().await;
    }
}
