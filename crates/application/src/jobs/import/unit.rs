//! An import as a unit: what it did, whom it added and what they brought along, so that it can be taken back. Kept as settings of this terminal,
//! without personal data; written in the transactions of the import itself, so that it is right also if that breaks off.

use nosmoke_ports::contract::{AppError, ErrorCode, ImportCounts, ImportView, UtcMs};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Read, ReadSettings, StoreError, Write, WriteSettings, read};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::opening::Brought;

const IMPORTS: &str = "imports";
/// The number of imports that are remembered; older ones can't be taken back.
const REMEMBERED: usize = 30;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Unit {
    pub(super) import_id: Uuid,
    pub(super) file_name: String,
    pub(super) hash: String,
    pub(super) at: UtcMs,
    pub(super) counts: ImportCounts,
    pub(super) complete: bool,
    pub(super) taken_back_at: Option<UtcMs>,
    /// How many of the customers that it added were erased by taking it back.
    #[serde(default)]
    pub(super) erased: u32,
    /// The number of batches that were recorded.
    pub(super) steps: u32,
    /// The number of settings with what it brought.
    pub(super) batches: u32,
}

/// Returns the imports of this terminal, the latest first.
///
/// # Errors
/// An error of the store.
pub async fn imports(journal: &dyn Journal) -> Result<Vec<ImportView>, AppError> {
    let units = read::<_, StoreError>(journal, |tx| units(tx)).await?;
    Ok(units.into_iter().rev().map(view).collect())
}

/// Returns one import of this terminal.
///
/// # Errors
/// `unknown_import`, or an error of the store.
pub async fn import_of(journal: &dyn Journal, import_id: Uuid) -> Result<ImportView, AppError> {
    let found = read::<_, StoreError>(journal, move |tx| find(tx, import_id)).await?;
    found.map(view).ok_or_else(|| AppError::new(ErrorCode::UnknownImport))
}

/// Returns when a file with this hash was imported, unless that was taken back.
///
/// # Errors
/// An error of the store.
pub async fn imported_before(journal: &dyn Journal, hash: &str) -> Result<Option<UtcMs>, AppError> {
    let units = read::<_, StoreError>(journal, |tx| units(tx)).await?;
    let found = units.into_iter().rev().find(|unit| unit.hash == hash && unit.taken_back_at.is_none());
    Ok(found.filter(|unit| unit.counts.added + unit.counts.updated > 0).map(|unit| unit.at))
}

fn view(unit: Unit) -> ImportView {
    let Unit { import_id, file_name, at, counts, complete, taken_back_at, erased, .. } = unit;
    ImportView { import_id, file_name, at, counts, complete, taken_back_at, erased }
}

pub(super) fn find(tx: &mut dyn Read, import_id: Uuid) -> Result<Option<Unit>, StoreError> {
    Ok(units(tx)?.into_iter().find(|unit| unit.import_id == import_id))
}

fn units(tx: &mut dyn ReadSettings) -> Result<Vec<Unit>, StoreError> {
    Ok(setting::read(tx, IMPORTS)?.unwrap_or_default())
}

/// Writes a unit's present state, and forgets the oldest one beyond [`REMEMBERED`].
pub(super) fn put(tx: &mut dyn Write, unit: &Unit) -> Result<(), StoreError> {
    let mut all = units(tx)?;
    match all.iter_mut().find(|it| it.import_id == unit.import_id) {
        Some(it) => *it = unit.clone(),
        None => all.push(unit.clone()),
    }
    while all.len() > REMEMBERED {
        let forgotten = all.remove(0);
        forget_brought(tx, &forgotten)?;
    }
    setting::put(tx, IMPORTS, &all)
}

/// Appends a batch to what a unit brought.
pub(super) fn add_batch(tx: &mut dyn Write, unit: &mut Unit, brought: &[Brought]) -> Result<(), StoreError> {
    if !brought.is_empty() {
        setting::put(tx, &batch_key(unit.import_id, unit.batches), &brought)?;
        unit.batches += 1;
    }
    put(tx, unit)
}

/// Returns one batch of what a unit brought.
pub(super) fn batch(tx: &mut dyn ReadSettings, unit: &Unit, at: u32) -> Result<Vec<Brought>, StoreError> {
    Ok(setting::read(tx, &batch_key(unit.import_id, at))?.unwrap_or_default())
}

/// Settings can't be deleted; an empty list takes next to no room.
pub(super) fn forget_batch(tx: &mut dyn WriteSettings, unit: &Unit, at: u32) -> Result<(), StoreError> {
    setting::put(tx, &batch_key(unit.import_id, at), &Vec::<Brought>::new())
}

pub(super) fn forget_brought(tx: &mut dyn WriteSettings, unit: &Unit) -> Result<(), StoreError> {
    (0..unit.batches).try_for_each(|at| forget_batch(tx, unit, at))
}

fn batch_key(import_id: Uuid, at: u32) -> String {
    format!("import/{import_id}/{at}")
}
