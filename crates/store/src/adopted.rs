//! What a journal from a backup may bring along: rows, and nothing that is obeyed. Its schema must be one that this program
//! makes, without triggers and views; its settings that let data out of this PC, and its waits after wrong PINs, are replaced
//! by this PC's; it brings no facility key; and staff and the recovery code here stay as they are if the backup's are older
//! (ADR 0031, 0036).

use std::fs;
use std::path::Path;

use nosmoke_ports::setting::of_this_pc;
use nosmoke_ports::{RESTORED_FROM, ReferenceKind, StoreError};

use crate::error::corrupt;
use crate::journal_key::{self, KEY_NUMBER_SETTING, KEY_SETTING};
use crate::migrate::{self, Precaution, Step, connect_migrated, newest};
use crate::open::{Database, Durability, close, open_read_only};
use crate::pool::blocking;
use crate::sqlite::{Connection, params};
use crate::words::{self, SEARCH_FORM};

/// A table, an index, a trigger or a view: its kind, its name, the table, and the SQL that made it.
type Made = (String, String, String, Option<String>);

/// Refuses a journal whose schema isn't that of a fresh one of the same version. `scratch` is a folder for a temporary
/// file.
///
/// # Errors
/// `Corrupt` with the name of the first difference; `Newer` if a newer version of the program wrote the journal.
pub(crate) async fn check_schema(journal: &Path, scratch: &Path) -> Result<(), StoreError> {
    check_schema_of(journal, scratch, migrate::JOURNAL).await
}

/// The same for a file with other migrations.
///
/// # Errors
/// As for [`check_schema`].
pub(crate) async fn check_schema_of(file: &Path, scratch: &Path, steps: &[Step]) -> Result<(), StoreError> {
    let path = file.to_owned();
    let (version, found) = blocking(move || {
        let mut db = open_read_only(&path)?;
        Ok((newest(&mut db)?, made(&mut db)?))
    })
    .await?;
    let version = version.ok_or_else(|| corrupt("it has no schema of this program"))?;
    let last = steps.iter().position(|step| step.version == version);
    let steps = match last.and_then(|last| steps.get(..=last)) {
        Some(steps) => steps,
        None if steps.iter().all(|step| step.version < version) => {
            return Err(StoreError::Newer(format!("schema version {version}")));
        }
        None => return Err(corrupt(format!("no version of this program has the schema {version}"))),
    };
    let fresh = scratch.join("fresh.db");
    let database = Database::at(&fresh, Durability::Nothing)?;
    close(connect_migrated(&database, steps, Precaution::None).await?).await?;
    let path = fresh.clone();
    let expected = blocking(move || made(&mut open_read_only(&path)?)).await;
    let _ = fs::remove_file(&fresh);
    let expected = expected?;
    let foreign = found.iter().find(|made| !expected.contains(made));
    if let Some((kind, name, table, _)) = foreign {
        return Err(corrupt(format!("it has a {kind} {name} on {table} that this program doesn't make")));
    }
    match expected.iter().find(|made| !found.contains(made)) {
        Some((kind, name, ..)) => Err(corrupt(format!("it lacks the {kind} {name}"))),
        None => Ok(()),
    }
}

fn made(db: &mut Connection) -> Result<Vec<Made>, StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    db.rows(sql, params![], |row| {
        let sql = row.optional(3, |column| column.text().map(str::to_owned))?;
        Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned(), sql))
    })
}

/// Leaves in a restored journal only what it may bring. `replaced` is the journal that was here, if there was one. Does
/// the same again after a crash.
///
/// # Errors
/// `Corrupt` if no restore of this program prepared the journal; an error of the store.
pub(crate) fn adopt(restored: &Path, replaced: Option<&Path>) -> Result<(), StoreError> {
    let here = replaced.map(Here::read).and_then(|here| {
        // A damaged journal is a reason to restore.
        here.inspect_err(|error| tracing::warn!(%error, "the settings of the replaced journal can't be read")).ok()
    });
    let mut db = Database::at(restored, Durability::Full)?.open_to_write()?;
    db.execute("BEGIN IMMEDIATE", params![])?;
    let adopted = adopt_in_tx(&mut db, here.unwrap_or_default());
    let end = if adopted.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = if db.in_transaction() { db.execute(end, params![]).map(|_| ()) } else { Ok(()) };
    adopted.and(ended)
    // Closing the only connection then moves the write-ahead log into the file.
}

fn adopt_in_tx(db: &mut Connection, here: Here) -> Result<(), StoreError> {
    if setting(db, RESTORED_FROM)?.is_none() {
        return Err(corrupt("no restore of this program prepared it"));
    }
    if let Some(key) = setting(db, KEY_SETTING)? {
        // Of an earlier version, whose backups had the key. Its number says which key may follow.
        put(db, KEY_NUMBER_SETTING, &journal_key::number_of(&key))?;
        db.execute("DELETE FROM setting WHERE key = ?1", params![KEY_SETTING])?;
    }
    for key in of_this_pc() {
        db.execute("DELETE FROM setting WHERE key = ?1", params![key])?;
    }
    // The index of a file that somebody gave us is never read: it is made again from the profiles.
    db.execute("DELETE FROM setting WHERE key = ?1", params![SEARCH_FORM])?;
    for (key, value) in &here.settings {
        put(db, key, value)?;
    }
    if here.facility.is_some() && here.facility == facility(db)? {
        for (kind, (id, revision, event_id, base_revision, body)) in here.people {
            db.execute(
                "INSERT INTO reference (kind, id, revision, event_id, base_revision, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id, \
                 base_revision = excluded.base_revision, body = excluded.body \
                 WHERE (excluded.revision, excluded.event_id) > (reference.revision, reference.event_id)",
                params![words::reference(kind), id, revision, event_id, base_revision, body],
            )?;
        }
        let newest = here.key_number.max(setting(db, KEY_NUMBER_SETTING)?.and_then(|number| number.parse().ok()));
        if let Some(newest) = newest {
            put(db, KEY_NUMBER_SETTING, &newest.to_string())?;
        }
    }
    Ok(())
}

/// A row of `reference`: id, revision, event id, base revision, body.
type ReferenceRow = (Vec<u8>, i64, Vec<u8>, i64, String);

/// What of the replaced journal stays.
#[derive(Default)]
struct Here {
    facility: Option<Vec<u8>>,
    settings: Vec<(String, String)>,
    /// Staff and the recovery code.
    people: Vec<(ReferenceKind, ReferenceRow)>,
    key_number: Option<u32>,
}

impl Here {
    fn read(journal: &Path) -> Result<Self, StoreError> {
        let mut db = open_read_only(journal)?;
        let mut settings = Vec::new();
        for key in of_this_pc() {
            settings.extend(setting(&mut db, key)?.map(|value| (key.to_owned(), value)));
        }
        let sql = "SELECT id, revision, event_id, base_revision, body FROM reference WHERE kind = ?1";
        let mut people = Vec::new();
        for kind in [ReferenceKind::Staff, ReferenceKind::Recovery] {
            people.extend(db.rows(sql, params![words::reference(kind)], |row| {
                let body = row.text(4)?.to_owned();
                Ok((kind, (row.blob(0).to_owned(), row.int(1), row.blob(2).to_owned(), row.int(3), body)))
            })?);
        }
        let key_number = setting(&mut db, KEY_NUMBER_SETTING)?.and_then(|number| number.parse().ok());
        Ok(Self { facility: facility(&mut db)?, settings, people, key_number })
    }
}

fn facility(db: &mut Connection) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT facility_id FROM origin ORDER BY life DESC LIMIT 1";
    db.row(sql, params![], |row| Ok(row.blob(0).to_owned()))
}

fn setting(db: &mut Connection, key: &str) -> Result<Option<String>, StoreError> {
    db.row("SELECT value FROM setting WHERE key = ?1", params![key], |row| row.text(0).map(str::to_owned))
}

fn put(db: &mut Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    db.execute(sql, params![key, value]).map(|_| ())
}
