//! Opens a data folder read-only, also while another process has it open.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::queries::Queries;
use nosmoke_application::settings::mypage_engine;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_mypage_postgres::{PostgresMypage, Settings as MypageServer};
use nosmoke_ports::contract::{AppError, ErrorCode, MypageEngine};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Extent, Journal, MypageStore, StoreError, Worker, read};
use nosmoke_store::{Broken, Flaw, Folder, ReadingJournal, StoreBeside, is_being_restored};

use crate::kept_password::{KeptPassword, Recipient};
use crate::options::Environment;

/// Most facts verified in one transaction.
const VERIFY_BATCH: usize = 2_000;
/// How long an export waits for the projectors of the program that has the folder open.
const FOLD_TIMEOUT: Duration = Duration::from_secs(60);
const FOLD_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Checks that a folder has a journal, without creating anything.
///
/// # Errors
/// `not_set_up`; `folder_unwritable` if the operating system refuses to look.
pub fn expect_data_folder(folder: &Path) -> Result<(), AppError> {
    // A restore that was interrupted has moved the journal away, and is completed by whoever opens the folder.
    if is_being_restored(folder) { Ok(()) } else { expect_journal(folder) }
}

fn expect_journal(folder: &Path) -> Result<(), AppError> {
    match folder.join("journal.db").try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(AppError::new(ErrorCode::NotSetUp)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Err(StoreError::Unwritable(format!("{}: {error}", folder.display())).into())
        }
        Err(_) => Err(AppError::new(ErrorCode::NotSetUp)),
    }
}

/// Whether a program has a data folder open.
///
/// # Errors
/// `folder_unwritable` if the operating system refuses to look.
pub fn is_in_use(folder: &Path) -> Result<bool, AppError> {
    Ok(Folder::is_in_use(folder)?)
}

/// A data folder opened read-only; another process may have it open for writing.
#[derive(Debug)]
pub struct ReadOnlyFolder {
    store: StoreBeside,
    folder: PathBuf,
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
        expect_journal(folder)?;
        let store = StoreBeside::open(folder, environment.clock.clone()).await?;
        Ok(Self { store, folder: folder.to_owned(), environment })
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

    /// Returns the journal, which refuses to write.
    pub fn journal(&self) -> Arc<dyn Journal> {
        self.store.journal()
    }

    pub(crate) fn reading_journal(&self) -> Arc<ReadingJournal> {
        self.store.journal()
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
            mypage: self.mypage().await?,
            access: self.store.access(),
            clock,
            ids,
            traces: Traces::default(),
        };
        Ok(Terminal::new(ports).await?.queries)
    }

    /// Returns the read model that the folder's setting selects.
    async fn mypage(&self) -> Result<Arc<dyn MypageStore>, AppError> {
        match read::<_, StoreError>(&*self.store.journal(), |tx| mypage_engine::kept(tx)).await? {
            MypageEngine::Sqlite => Ok(self.store.mypage().await?),
            MypageEngine::Postgres(server) => {
                let password = KeptPassword::of_mypage(&self.folder).read_for(&Recipient::database(&server))?;
                let source = Arc::new(JournalSource(self.store.journal()));
                Ok(Arc::new(PostgresMypage::beside(MypageServer::new(&server, password.as_deref()), source)))
            }
        }
    }

    /// Waits until these projectors of the program that has the folder open have passed all facts that are recorded now,
    /// then returns [`Self::queries`]. `None` if that takes longer than `FOLD_TIMEOUT`.
    ///
    /// # Errors
    /// An error of one of the stores.
    pub async fn queries_when_folded(&self, with_mypage: bool) -> Result<Option<Queries>, AppError> {
        let (journal, mypage) = (self.store.journal(), self.mypage().await?);
        let target = read::<_, StoreError>(&*journal, |tx| tx.last_change()).await?;
        let until = Instant::now() + FOLD_TIMEOUT;
        loop {
            let point = read::<_, StoreError>(&*journal, |tx| tx.checkpoint(Worker::Point)).await?;
            if point >= target && (!with_mypage || mypage.checkpoint().await? >= target) {
                // Made only now: queries wait for what was recorded when they were made.
                return Ok(Some(self.queries().await?));
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
