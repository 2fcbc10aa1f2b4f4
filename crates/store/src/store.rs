//! An open data folder: the journal, the read model made from it, and the spans.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_ports::mypage_source;
use nosmoke_ports::{Clock, Journal, MypageStore, Priority, Read, SpanStore, StoreError, Worker, Write, read, write};

use crate::folder::{JOURNAL, MYPAGE};
use crate::{Folder, ReadingJournal, SPANS_MAX, SqliteJournal, SqliteMypage, SqliteSpans};

/// The stores of one data folder, which is locked for this process until [`Store::close`].
#[derive(Debug)]
pub struct Store {
    journal: Arc<SqliteJournal>,
    mypage: Arc<SqliteMypage>,
    spans: Arc<SqliteSpans>,
}

impl Store {
    /// Opens a folder, made where it is missing. Work that doesn't grow with history.
    ///
    /// # Errors
    /// `InUse`, `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let folder = Arc::new(Folder::open(path)?);
        let journal = Arc::new(SqliteJournal::open(folder.clone(), clock).await?);
        // Facts that this program has learnt to understand count from now on.
        write::<_, StoreError>(&*journal, Priority::Command, |tx| tx.understand()).await?;
        let bounds = |tx: &mut dyn Read| Ok((tx.last_change()?, tx.checkpoint(Worker::Mypage)?));
        let (last_change, understood) = read::<_, StoreError>(&*journal, bounds).await?;
        let mypage = Arc::new(SqliteMypage::open(folder.clone(), journal.store_id(), last_change).await?);
        if understood < last_change {
            mypage.go_back(understood).await?;
            let unbounded = |tx: &mut dyn Write| {
                mypage_source::begin_anew(tx)?;
                tx.put_checkpoint(Worker::Mypage, i64::MAX)
            };
            write::<_, StoreError>(&*journal, Priority::Command, unbounded).await?;
        }
        let spans = Arc::new(SqliteSpans::open(folder, SPANS_MAX).await);
        Ok(Self { journal, mypage, spans })
    }

    pub fn journal(&self) -> Arc<dyn Journal> {
        self.journal.clone()
    }

    pub fn mypage(&self) -> Arc<dyn MypageStore> {
        self.mypage.clone()
    }

    pub fn spans(&self) -> Arc<dyn SpanStore> {
        self.spans.clone()
    }

    /// The journal with what only SQLite's has: chain verification, counts, backup.
    pub fn sqlite_journal(&self) -> &SqliteJournal {
        &self.journal
    }

    /// Ends after what waits, closes the files and frees the folder; what is asked later is `Closed`.
    pub async fn close(&self) {
        self.spans.close().await;
        self.mypage.close().await;
        self.journal.close().await;
    }
}

/// Both stores of a data folder that another process may have open, to read them only: no lock is taken, nothing is made.
#[derive(Debug)]
pub struct StoreBeside {
    journal: Arc<ReadingJournal>,
    mypage: PathBuf,
}

impl StoreBeside {
    /// # Errors
    /// `Corrupt` where the folder has no journal of this program's version, `Newer`, `EngineTooOld`, `Failed`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let journal = Arc::new(ReadingJournal::open(&path.join(JOURNAL), clock).await?);
        Ok(Self { journal, mypage: path.join(MYPAGE) })
    }

    pub fn journal(&self) -> Arc<ReadingJournal> {
        self.journal.clone()
    }

    /// The customer center's read model as far as it was followed.
    ///
    /// # Errors
    /// `Corrupt` where it is missing or of another journal, `Newer`, `Failed`.
    pub async fn mypage(&self) -> Result<Arc<dyn MypageStore>, StoreError> {
        Ok(Arc::new(SqliteMypage::open_to_read(&self.mypage, self.journal.store_id()).await?))
    }

    pub async fn close(&self) {
        self.journal.close().await;
    }
}
