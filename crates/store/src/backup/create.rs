//! Creates a backup while commands go on.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::StoreError;
use sqlx::sqlite::SqliteConnection;

use super::files::{Medium, Partial, Source, hash, unwritable};
use super::lock::lock;
use super::manifest::{ACCESS, FORMAT, JOURNAL, LOCKED_ACCESS, LOCKED_FORMAT, LOCKED_JOURNAL, MANIFEST};
use super::progress::Progress;
use super::{BackupError, Manifest, Passphrase, Remarks, StoredFile, Tell};
use crate::check::{integrity, interrupt_unless};
use crate::error::{corrupt, from_sqlx};
use crate::folder::private_file;
use crate::journal::{Head, ReadingJournal, SqliteJournal, count_facts, heads, verify_all};
use crate::open::{close, connect_to_copy, open_read_only};
use crate::pool::blocking;
use crate::staged::PARTIAL;

/// The phases of a backup: copying, hashing, reading every page, reading every chain.
const PHASES: u64 = 4;
/// A killed backup leaves a partial folder, which is removed when it is this old.
const PARTIAL_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const SEOUL_SECONDS: i32 = 9 * 60 * 60;

/// Fields of the manifest that the caller provides.
#[derive(Debug, Clone)]
pub struct About {
    pub facility_name: String,
    /// The program's version.
    pub version: String,
    pub at: DateTime<Utc>,
    pub terminal_id: Option<TerminalId>,
    /// The number of a scheduled backup.
    pub scheduled: Option<u64>,
    /// Locks the backup.
    pub passphrase: Option<Passphrase>,
}

/// Creates a folder `nosmoke-YYYYMMDD-HHMMSS` (Asia/Seoul) in `into`. The folder gets that name only after its content
/// was checked, and holds the journal as it was when the backup began.
///
/// # Errors
/// `Cancelled`, `Unwritable`, `DiskFull`, or another error of the store; then nothing is left in `into`.
pub async fn back_up(
    journal: &SqliteJournal,
    into: &Path,
    about: About,
    tell: Tell,
) -> Result<(PathBuf, Manifest, Remarks), BackupError> {
    back_up_file(journal.database().path(), into, about, tell).await
}

/// Like [`back_up`], of a journal that another process may have open.
///
/// # Errors
/// As for [`back_up`].
pub async fn back_up_beside(
    journal: &ReadingJournal,
    into: &Path,
    about: About,
    tell: Tell,
) -> Result<(PathBuf, Manifest, Remarks), BackupError> {
    back_up_file(journal.path(), into, about, tell).await
}

async fn back_up_file(
    journal: &Path,
    into: &Path,
    about: About,
    tell: Tell,
) -> Result<(PathBuf, Manifest, Remarks), BackupError> {
    let name = format!("nosmoke-{}", stamp(about.at));
    let target = free_name(into, &name);
    remove_old_partials(into);
    let (part, medium) = (into.join(partial_name(&name, &about)), Medium::default());
    let partial = medium.folder(part.clone())?;
    // A journal in clear never lies on the medium of a locked backup, not even deleted.
    let clear = about.passphrase.as_ref().map(|_| clear_copy(journal)).transpose()?;
    let copy = clear.as_ref().map_or(&part, |(_, folder)| folder).join(JOURNAL);
    let file = if clear.is_some() { private_file(&copy)? } else { medium.file(&copy)? };

    let progress = copy_journal(journal, &copy, file, tell).await?;
    progress.next_phase()?;
    let passphrase = about.passphrase;
    let journal_name = if passphrase.is_none() { JOURNAL } else { LOCKED_JOURNAL };
    let keep = Kept { part: &part, medium: &medium, passphrase: passphrase.as_ref(), progress: &progress };
    let mut files = vec![keep.file(&copy, journal_name).await?];
    let access = copy.with_file_name(ACCESS);
    let (beside, private) = (journal.with_file_name(ACCESS), clear.is_some());
    if copy_access_log(&beside, &access, private, &medium).await? {
        files.push(keep.file(&access, if private { LOCKED_ACCESS } else { ACCESS }).await?);
    }
    progress.next_phase()?;
    let (facts, heads) = check(&copy, &progress).await?;
    let manifest = Manifest {
        format: if journal_name == JOURNAL { FORMAT } else { LOCKED_FORMAT },
        version: about.version,
        facility_name: about.facility_name,
        created_at: about.at,
        files,
        facts,
        heads,
        terminal_id: about.terminal_id,
        scheduled: about.scheduled,
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::Failed(error.to_string()))?;
    medium.write_durably(&part.join(MANIFEST), &json)?;
    medium.sync(&part)?;
    partial.keep_as(&target)?;
    medium.sync(into)?;
    Ok((target, manifest, medium.remarks()))
}

/// The place and the way in which the files of a backup are kept.
struct Kept<'a> {
    part: &'a Path,
    medium: &'a Medium,
    passphrase: Option<&'a Passphrase>,
    progress: &'a Arc<Progress>,
}

impl Kept<'_> {
    /// Hashes a copy; if the backup is locked, locks it into the backup's folder first.
    async fn file(&self, copy: &Path, name: &str) -> Result<StoredFile, BackupError> {
        let (blake3, bytes) = match self.passphrase {
            None => {
                let source = Source { path: copy.to_owned(), bytes_max: u64::MAX };
                hash(source, None, self.progress.clone()).await?
            }
            Some(passphrase) => {
                let target = self.part.join(name);
                let file = self.medium.file(&target)?;
                lock(copy.to_owned(), (file, target), passphrase.clone(), self.progress.clone()).await?
            }
        };
        Ok(StoredFile { name: name.into(), bytes, blake3 })
    }
}

/// Copies the access log; false if there is none, or none that can be read: a backup of the journal doesn't fail for it.
async fn copy_access_log(log: &Path, copy: &Path, private: bool, medium: &Medium) -> Result<bool, BackupError> {
    if !log.exists() {
        return Ok(false);
    }
    let file = if private { private_file(copy)? } else { medium.file(copy)? };
    let copied = async {
        let mut connection = connect_to_copy(log).await?;
        let vacuumed = sqlx::query("VACUUM INTO ?")
            .bind(copy.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await
            .map_err(|error| from_sqlx(&error));
        close(connection).await?;
        vacuumed.map(|_| ())
    };
    match copied.await {
        Ok(()) => {}
        Err(StoreError::DiskFull) => return Err(StoreError::DiskFull.into()),
        Err(error) => {
            tracing::warn!(%error, "the backup is made without the access log");
            drop(file);
            std::fs::remove_file(copy).map_err(|error| unwritable(copy, &error))?;
            return Ok(false);
        }
    }
    let synced = tokio::task::spawn_blocking(move || file.sync_all()).await;
    let synced = synced.map_err(|error| StoreError::Failed(error.to_string()))?;
    synced.map_err(|error| unwritable(copy, &error))?;
    Ok(true)
}

/// A folder in the data folder for the copy that is then locked. If the program is killed, the next opening removes it.
fn clear_copy(journal: &Path) -> Result<(Partial, PathBuf), BackupError> {
    let folder = journal.parent().unwrap_or(Path::new("."));
    let folder = folder.join(format!("{}{}{}", PARTIAL.0, uuid::Uuid::new_v4().simple(), PARTIAL.1));
    Ok((Partial::create(folder.clone())?, folder))
}

/// Copies one state of the journal, without deleted rows. Returns the progress callback with the total, which is known
/// only now.
async fn copy_journal(journal: &Path, copy: &Path, file: File, tell: Tell) -> Result<Arc<Progress>, BackupError> {
    let mut connection = connect_to_copy(journal).await?;
    let pages: i64 = pragma(&mut connection, "PRAGMA page_count").await?;
    let page_bytes: i64 = pragma(&mut connection, "PRAGMA page_size").await?;
    let bytes = u64::try_from(pages.saturating_mul(page_bytes)).unwrap_or_default();
    let progress = Progress::new(tell, bytes, PHASES);
    let (reporter, growing) = (progress.clone(), copy.to_owned());
    let copied = move || reporter.report(std::fs::metadata(&growing).map_or(0, |found| found.len()));
    interrupt_unless(&mut connection, copied).await?;
    let vacuumed = sqlx::query("VACUUM INTO ?")
        .bind(copy.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .map_err(|error| progress.or_cancelled(from_sqlx(&error)));
    close(connection).await?;
    vacuumed?;
    // On an external disk this may take a minute, which the tasks of the desk must not wait for.
    let synced = tokio::task::spawn_blocking(move || file.sync_all()).await;
    let synced = synced.map_err(|error| StoreError::Failed(error.to_string()))?;
    synced.map_err(|error| unwritable(copy, &error))?;
    Ok(progress)
}

async fn pragma(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, StoreError> {
    sqlx::query_scalar(sql).fetch_one(connection).await.map_err(|error| from_sqlx(&error))
}

/// Checks every page and every hash chain of a copied journal, in two phases. Returns the number of facts and the
/// heads.
pub(super) async fn check(copy: &Path, progress: &Arc<Progress>) -> Result<(u64, Vec<Head>), BackupError> {
    let reporter = progress.clone();
    integrity(copy, move || reporter.report(0)).await.map_err(|error| progress.or_cancelled(error))?;
    progress.next_phase()?;
    let (path, reporter) = (copy.to_owned(), progress.clone());
    let chains = move || {
        let mut db = open_read_only(&path)?;
        let (facts, heads) = (count_facts(&mut db)?, heads(&mut db)?);
        let checked = verify_all(&mut db, |checked| match reporter.report_share(checked, facts) {
            true => Ok(()),
            false => Err(StoreError::Failed("the check was cancelled".into())),
        })?;
        if checked == facts {
            Ok((facts, heads))
        } else {
            Err(corrupt(format!("only {checked} of {facts} facts are part of a hash chain")))
        }
    };
    blocking(chains).await.map_err(|error| progress.or_cancelled(error))
}

/// Formats a time for a folder's name.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    let seoul = FixedOffset::east_opt(SEOUL_SECONDS).map(|offset| at.with_timezone(&offset).naive_local());
    seoul.unwrap_or(at.naive_utc()).format("%Y%m%d-%H%M%S").to_string()
}

/// Only one scheduled backup of a terminal runs at a time, so the next one knows that a partial folder with its name is dead.
fn partial_name(name: &str, about: &About) -> String {
    match about.terminal_id.filter(|_| about.scheduled.is_some()) {
        Some(terminal) => format!(".{name}{}", scheduled_ending(terminal)),
        None => format!(".{name}-{}.partial", uuid::Uuid::new_v4().simple()),
    }
}

/// The end of the name of a scheduled backup's partial folder.
pub(super) fn scheduled_ending(terminal: TerminalId) -> String {
    format!("-scheduled-{}.partial", terminal.0.simple())
}

fn free_name(into: &Path, name: &str) -> PathBuf {
    let mut target = into.join(name);
    let mut number = 2;
    while target.exists() {
        target = into.join(format!("{name}-{number}"));
        number += 1;
    }
    target
}

/// Removes old partial folders, best effort. Newer ones may belong to another terminal that backs up into the same
/// folder.
fn remove_old_partials(into: &Path) {
    let Ok(entries) = std::fs::read_dir(into) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old = entry
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > PARTIAL_KEPT));
        let is_scheduled = name.contains("-scheduled-");
        if old && name.starts_with(".nosmoke-") && name.ends_with(".partial") && !is_scheduled {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
