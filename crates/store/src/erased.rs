//! What stays of an erasure outside journal.db, and what must not. The ids of the erased customers are kept in a file of
//! their own, which no restore replaces: a backup from before an erasure doesn't bring the person back. And the copies
//! of the journal in the folder, from before upgrades and restores, lose the person too (ADR 0030).

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::StoreError;

use crate::error::{corrupt, from_io};
use crate::folder::{JOURNAL, replace_file};
use crate::journal_key::KEY_SETTING;
use crate::migrate::UPGRADE_COPY;
use crate::open::{Database, Durability, open_read_only};
use crate::quarantine;
use crate::sqlite::{Connection, params};
use crate::staged::ASIDE_PREFIX;
use crate::words::{SEARCH_FORM, id_list};

const FILE: &str = "erased";

/// Adds the erased customers of a journal to the folder's file. Returns those of the file whom the journal doesn't know
/// as erased: a restored backup has brought them back.
pub(crate) fn keep(folder: &Path, db: &mut Connection) -> Result<Vec<CustomerId>, StoreError> {
    let sql = "SELECT customer_id FROM profile INDEXED BY profile_erased WHERE erased = 1";
    let erased = db.rows(sql, params![], |row| Ok(CustomerId(row.id(0)?)))?;
    let kept = add(folder, erased)?;
    let sql =
        "SELECT customer_id FROM profile WHERE erased = 0 AND customer_id IN (SELECT unhex(value) FROM json_each(?1))";
    db.rows(sql, params![id_list(kept.iter().map(|id| id.0))], |row| Ok(CustomerId(row.id(0)?)))
}

/// The same for a journal that is about to be replaced, whatever its schema.
pub(crate) fn keep_before_restore(folder: &Path) -> Result<(), StoreError> {
    let journal = folder.join(JOURNAL);
    if !journal.exists() {
        return Ok(());
    }
    let sql = "SELECT customer_id FROM profile WHERE erased = 1";
    let erased = open_read_only(&journal)?.rows(sql, params![], |row| Ok(CustomerId(row.id(0)?)))?;
    add(folder, erased).map(|_| ())
}

/// Removes all erased customers from the copies of the journal that lie in the folder. A copy that can't be changed is
/// reported in the log, and left.
pub(crate) fn leave_the_copies(folder: &Path) -> Result<(), StoreError> {
    let erased = read(folder)?;
    for copy in copies(folder).map_err(|error| from_io(folder.display(), &error))? {
        if let Err(error) = remove(&copy, &erased) {
            tracing::warn!(%error, copy = %copy.display(), "a copy of the journal may still have the names of erased customers");
        }
    }
    Ok(())
}

fn remove(copy: &Path, erased: &BTreeSet<CustomerId>) -> Result<(), StoreError> {
    let mut db = Database::at(copy, Durability::Full)?.open_to_write()?;
    // Of an earlier version, which kept the facility key in the journal.
    db.execute("DELETE FROM setting WHERE key = ?1", params![KEY_SETTING])?;
    let ids = id_list(erased.iter().map(|id| id.0));
    for table in ["profile", "note"] {
        let sql = format!("DELETE FROM {table} WHERE customer_id IN (SELECT unhex(value) FROM json_each(?1))");
        db.execute(&sql, params![ids.as_str()])?;
    }
    // A copy from an earlier version has no such tables.
    let has = "SELECT 1 FROM sqlite_schema WHERE name = ?1";
    if db.row(has, params!["search_word"], |_| Ok(()))?.is_some() {
        // A program that opens the copy makes the index of words again.
        db.execute("INSERT INTO search_word (search_word) VALUES ('delete-all')", params![])?;
        db.execute("DELETE FROM searched", params![])?;
        db.execute("DELETE FROM setting WHERE key = ?1", params![SEARCH_FORM])?;
    }
    if db.row(has, params!["overtaken_edit"], |_| Ok(()))?.is_some() {
        let sql =
            "DELETE FROM overtaken_edit WHERE kind = 'profile' AND id IN (SELECT unhex(value) FROM json_each(?1))";
        db.execute(sql, params![ids.as_str()])?;
    }
    quarantine::remove_of(&mut db, |customer| erased.contains(&customer))?;
    // Closing the only connection then removes the write-ahead log.
    db.row("PRAGMA wal_checkpoint(TRUNCATE)", params![], |_| Ok(()))?;
    Ok(())
}

fn copies(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(UPGRADE_COPY.0) && name.ends_with(UPGRADE_COPY.1) {
            copies.push(path);
        } else if name.starts_with(ASIDE_PREFIX) && path.join(JOURNAL).is_file() {
            copies.push(path.join(JOURNAL));
        }
    }
    Ok(copies)
}

fn add(folder: &Path, erased: Vec<CustomerId>) -> Result<BTreeSet<CustomerId>, StoreError> {
    let before = read(folder)?;
    let all: BTreeSet<_> = before.iter().copied().chain(erased).collect();
    if all.len() > before.len() {
        let text: String = all.iter().map(|id| format!("{id}\n")).collect();
        replace_file(&folder.join(FILE), text.as_bytes())?;
    }
    Ok(all)
}

fn read(folder: &Path) -> Result<BTreeSet<CustomerId>, StoreError> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => text.lines().map(|line| line.parse().map_err(corrupt)).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(from_io(path.display(), &error)),
    }
}
