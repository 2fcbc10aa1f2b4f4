//! Exports histories as CSV, block by block. A cancelled or failed export leaves an earlier file as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_domain::ids::{AreaId, CustomerId, NoteId};
use nosmoke_ports::contract::{AppError, ContextName, ExportInput, Language};
use nosmoke_ports::{EntryRow, ExportCursor, Profile, StoreError, Worker, read};
use nosmoke_reading::names::Names;
use nosmoke_reading::reference;

use super::Progress;
use crate::csv::{AtomicFile, CsvWriter, FileError, HistoryLine};
use crate::queries::{DayRange, Queries, day_range, status};

/// Lines read and written at once.
const BLOCK: usize = 2_000;

/// Writes every line of one customer, or of all, between two dates, oldest first.
///
/// # Errors
/// `cancelled`, `invalid_input` for a date, `file_unwritable`, `disk_full`, the stores'.
pub async fn export_histories(
    queries: Queries,
    input: ExportInput,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let range = day_range(input.from.as_deref(), input.to.as_deref())?;
    queries.core.contexts.expect_open(ContextName::Mypage)?;
    // Complete, however long the projectors need; cancelling ends the waiting too.
    while !queries.core.feed.caught_up(&[Worker::Point, Worker::Mypage]).await {
        progress.advance(0, None)?;
    }
    let customer = input.customer_id;
    let total = queries.mypage.count_for_export(customer, range.0, range.1).await?;
    progress.advance(0, Some(total))?;
    let mut csv = CsvWriter::<_, HistoryLine>::new(AtomicFile::create(&path)?, language)
        .map_err(|error| FileError::of(&path, &error))?;
    let (mut after, mut done) = (None, 0);
    while let Some(block) = block(&queries, customer, range, after).await? {
        after = block.last().map(|row| ExportCursor { at_ms: row.at.timestamp_millis(), entry_id: row.entry_id });
        done += block.len() as u64;
        csv.write(&lines(&queries, block).await?).map_err(|error| FileError::of(&path, &error))?;
        progress.advance(done, Some(total.max(done)))?;
    }
    finish(csv, &path)?;
    Ok(Some(path))
}

async fn block(
    queries: &Queries,
    customer: Option<CustomerId>,
    (from, until): DayRange,
    after: Option<ExportCursor>,
) -> Result<Option<Vec<EntryRow>>, StoreError> {
    let rows = queries.mypage.export_block(customer, from, until, after, BLOCK).await?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

fn finish(csv: CsvWriter<AtomicFile, HistoryLine>, path: &Path) -> Result<(), AppError> {
    let file = csv.finish().map_err(|error| FileError::of(path, &error))?;
    Ok(file.commit()?)
}

/// Gives rows the names that they show.
async fn lines(queries: &Queries, rows: Vec<EntryRow>) -> Result<Vec<HistoryLine>, AppError> {
    let lines = read::<_, StoreError>(&*queries.core.journal, move |tx| {
        let mut ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let profiles: BTreeMap<CustomerId, Profile> =
            tx.customers(&ids)?.into_iter().map(|row| (row.profile.customer_id, row.profile)).collect();
        let note_ids: Vec<NoteId> = rows.iter().filter_map(|row| row.note_id).collect();
        let notes: BTreeMap<NoteId, String> =
            tx.notes(&note_ids)?.into_iter().map(|it| (it.note_id, it.text)).collect();
        let areas: BTreeMap<AreaId, String> =
            reference::areas(tx)?.into_iter().map(|(id, body)| (id, body.name)).collect();
        let (names, accrued_up_to) = (Names::read(tx)?, tx.checkpoint(Worker::Point)?);
        Ok(rows
            .into_iter()
            .map(|row| {
                let profile = profiles.get(&row.customer_id);
                HistoryLine {
                    at: row.at,
                    customer_id: row.customer_id,
                    name: profile.and_then(|it| it.name.clone()),
                    phone: profile.and_then(|it| it.phone.clone()),
                    card: profile.and_then(|it| it.card.clone()),
                    kind: row.kind,
                    entry_id: row.entry_id,
                    other_id: row.other_id,
                    area: row.area_id.and_then(|id| areas.get(&id).cloned()),
                    started_at: row.started_at,
                    ended_at: row.ended_at,
                    status: status(&row, accrued_up_to),
                    points: row.points,
                    penalty_points: row.penalty_points,
                    code: row.code,
                    ground: row.ground,
                    note: row.note_id.and_then(|id| notes.get(&id).cloned()),
                    staff: names.staff(row.staff_id),
                    terminal: names.terminal(row.incarnation),
                }
            })
            .collect())
    })
    .await?;
    Ok(lines)
}
