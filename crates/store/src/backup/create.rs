//! Creates a backup while commands go on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Utc};
use nosmoke_ports::StoreError;
use sqlx::sqlite::SqliteConnection;

use super::files::{Partial, hash, unwritable, write_durably};
use super::manifest::{FORMAT, JOURNAL, MANIFEST};
use super::progress::Progress;
use super::{BackupError, Manifest, StoredFile, Tell};
use crate::check::{integrity, interrupt_unless};
use crate::error::{corrupt, from_sqlx};
use crate::folder::{private_file, sync_folder};
use crate::journal::{Head, SqliteJournal, count_facts, heads, verify_all};
use crate::open::{close, open_read_only};
use crate::pool::blocking;

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
) -> Result<(PathBuf, Manifest), BackupError> {
    let name = format!("nosmoke-{}", stamp(about.at));
    let target = free_name(into, &name);
    remove_old_partials(into);
    let part = into.join(format!(".{name}-{}.partial", uuid::Uuid::new_v4().simple()));
    let partial = Partial::create(part.clone())?;
    let copy = part.join(JOURNAL);

    let progress = copy_journal(journal, &copy, tell).await?;
    progress.next_phase()?;
    let (blake3, bytes) = hash(copy.clone(), None, progress.clone()).await?;
    progress.next_phase()?;
    let (facts, heads) = check(&copy, &progress).await?;
    let manifest = Manifest {
        format: FORMAT,
        version: about.version,
        facility_name: about.facility_name,
        created_at: about.at,
        files: vec![StoredFile { name: JOURNAL.into(), bytes, blake3 }],
        facts,
        heads,
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::Failed(error.to_string()))?;
    write_durably(&part.join(MANIFEST), &json)?;
    sync_folder(&part)?;
    partial.keep_as(&target)?;
    sync_folder(into)?;
    Ok((target, manifest))
}

/// Copies one state of the journal, without deleted rows. Returns the progress callback with the total, which is known
/// only now.
async fn copy_journal(journal: &SqliteJournal, copy: &Path, tell: Tell) -> Result<Arc<Progress>, BackupError> {
    let file = private_file(copy)?;
    let mut connection = journal.database().connect().await?;
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
    file.sync_all().map_err(|error| unwritable(copy, &error))?;
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
        if old && name.starts_with(".nosmoke-") && name.ends_with(".partial") {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
