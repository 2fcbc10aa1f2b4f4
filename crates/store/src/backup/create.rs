//! Making a backup while the program goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Utc};
use nosmoke_ports::StoreError;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnection;

use super::files::{Partial, hash, unwritable, write_durably};
use super::manifest::{FORMAT, JOURNAL, MANIFEST};
use super::watch::Watch;
use super::{BackupError, Manifest, StoredFile, Tell};
use crate::check::{integrity, watch};
use crate::error::{corrupt, from_sqlx};
use crate::folder::{private_file, sync_folder};
use crate::journal::{Head, SqliteJournal, count_facts, heads, verify_all};
use crate::open::{close, read_only};
use crate::pool::once;
use crate::raw::Raw;

/// Copying, hashing, reading every page, reading every chain.
const PHASES: u64 = 4;
/// A part that a killed backup left is removed after this.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);
const SEOUL_SECONDS: i32 = 9 * 60 * 60;

/// What a manifest says besides its checksums.
#[derive(Debug, Clone)]
pub struct About {
    pub facility_name: String,
    /// The program's version.
    pub version: String,
    pub at: DateTime<Utc>,
}

/// Writes a folder `nosmoke-YYYYMMDD-HHMMSS` (Asia/Seoul) into `into`, checked before it gets that name. Commands go on
/// meanwhile; the backup holds what was recorded when it began.
///
/// # Errors
/// `Cancelled`, `Unwritable`, `DiskFull`, the store's; nothing is left in `into` then.
pub async fn back_up(
    journal: &SqliteJournal,
    into: &Path,
    about: About,
    tell: Tell,
) -> Result<(PathBuf, Manifest), BackupError> {
    let name = format!("nosmoke-{}", stamp(about.at));
    let target = free_name(into, &name);
    remove_left_behind(into);
    let part = into.join(format!(".{name}-{}.partial", uuid::Uuid::new_v4().simple()));
    let partial = Partial::make(part.clone())?;
    let copy = part.join(JOURNAL);

    let watch = copy_journal(journal, &copy, tell).await?;
    watch.next_phase()?;
    let (blake3, bytes) = hash(copy.clone(), None, watch.clone()).await?;
    watch.next_phase()?;
    let (facts, heads) = check(&copy, &watch).await?;
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

/// A copy of one state of the journal, without what was deleted from it.
async fn copy_journal(journal: &SqliteJournal, copy: &Path, tell: Tell) -> Result<Arc<Watch>, BackupError> {
    let file = private_file(copy)?;
    let mut connection = journal.database().connect_to_write().await?;
    let pages: i64 = pragma(&mut connection, "PRAGMA page_count").await?;
    let page_bytes: i64 = pragma(&mut connection, "PRAGMA page_size").await?;
    let bytes = u64::try_from(pages.saturating_mul(page_bytes)).unwrap_or_default();
    let progress = Watch::new(tell, bytes, PHASES);
    let (watched, growing) = (progress.clone(), copy.to_owned());
    let copied = move || watched.go_on(std::fs::metadata(&growing).map_or(0, |found| found.len()));
    watch(&mut connection, copied).await?;
    let vacuumed = sqlx::query("VACUUM INTO ?")
        .bind(copy.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .map_err(|error| progress.told(from_sqlx(&error)));
    close(connection).await?;
    vacuumed?;
    file.sync_all().map_err(|error| unwritable(copy, &error))?;
    Ok(progress)
}

async fn pragma(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, StoreError> {
    sqlx::query_scalar(sql).fetch_one(connection).await.map_err(|error| from_sqlx(&error))
}

/// Reads everything in a copy of a journal. Takes two phases.
pub(super) async fn check(copy: &Path, progress: &Arc<Watch>) -> Result<(u64, Vec<Head>), BackupError> {
    let watched = progress.clone();
    integrity(copy, move || watched.go_on(0)).await.map_err(|error| progress.told(error))?;
    progress.next_phase()?;
    let connection = read_only(copy).connect().await.map_err(|error| from_sqlx(&error))?;
    let watched = progress.clone();
    let chains = move |raw: &mut Raw<'_>| {
        let (facts, heads) = (count_facts(raw)?, heads(raw)?);
        let checked = verify_all(raw, |checked| match watched.go_on_by(checked, facts) {
            true => Ok(()),
            false => Err(StoreError::Failed("cancelled".into())),
        })?;
        if checked == facts {
            Ok((facts, heads))
        } else {
            Err(corrupt(format!("{checked} of {facts} facts in chains")))
        }
    };
    once(connection, chains).await.map_err(|error| progress.told(error))
}

/// A time as it stands in names of folders.
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

/// Best effort: another terminal may back up into the same folder, so only old ones go.
fn remove_left_behind(into: &Path) {
    let Ok(entries) = std::fs::read_dir(into) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old = entry
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > LEFT_BEHIND));
        if old && name.starts_with(".nosmoke-") && name.ends_with(".partial") {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
