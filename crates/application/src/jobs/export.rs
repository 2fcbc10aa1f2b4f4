//! Exports histories as CSV or XLSX, in batches. A cancelled or failed export leaves an earlier file unchanged. An export that
//! would leave something out fails.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_domain::ids::{AreaId, CustomerId, NoteId};
use nosmoke_ports::contract::{AppError, ExportInput, Language};
use nosmoke_ports::{EntryRow, ExportBlock, ExportCursor, Profile, StoreError, Worker, read};
use nosmoke_reading::entries::Endings;
use nosmoke_reading::names::{self, Names};
use nosmoke_reading::reference;

use super::Progress;
use super::complete::{behind, expect_none_set_aside, wait_for_all};
use super::export_file::ExportFile;
use crate::csv::HistoryLine;
use crate::queries::{DayRange, Queries, day_range, status};

/// The number of entries that are read and written at a time.
const EXPORT_BATCH: usize = 2_000;
/// The number of customers whose endings are looked for at a time.
const CUSTOMERS_IN_BATCH: usize = 200;

/// Writes all entries of one customer, or of all, between two dates, in the order in which they began: a visit stands
/// where the customer checked in. What expired or lapsed stands at the end, by customer. An entry that changes meanwhile stands once.
///
/// # Errors
/// `cancelled`, `invalid_input` for a date, `context_stopped`, `mypage_behind`, `file_unwritable`, `disk_full`, or an
/// error of the journal or of Mypage's store.
pub async fn export_histories(
    queries: Queries,
    input: ExportInput,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let (from, until) = day_range(input.from.as_deref(), input.to.as_deref())?;
    let (customer, masked) = (input.customer_id, input.masked);
    let last_change = wait_for_all(&queries, || progress.advance(0, None)).await?;
    expect_none_set_aside(&queries, customer).await?;
    let total = queries.mypage.count_for_export(customer, from, until).await?;
    progress.advance(0, Some(total))?;
    let mut file = ExportFile::create(path, language).await?;
    let (mut after, mut done) = (None, 0);
    loop {
        let ExportBlock { rows, checkpoint } =
            queries.mypage.export_block(customer, from, until, after, EXPORT_BATCH).await?;
        // The read model may have begun again since the last batch.
        if checkpoint < last_change {
            return Err(behind(last_change - checkpoint));
        }
        let Some(last) = rows.last() else { break };
        after = Some(ExportCursor::after(last));
        done += rows.len() as u64;
        file = file.write(lines(&queries, rows, masked).await?).await?;
        progress.advance(done, Some(total.max(done)))?;
    }
    file = write_endings(&queries, &input, (from, until), file, (&progress, done)).await?;
    expect_none_set_aside(&queries, customer).await?;
    file.finish().await.map(Some)
}

/// Writes the lines of what expired or lapsed, after all others, by customer.
async fn write_endings(
    queries: &Queries,
    &ExportInput { customer_id: customer, masked, .. }: &ExportInput,
    range: DayRange,
    mut file: ExportFile<HistoryLine>,
    (progress, done): (&Progress, u64),
) -> Result<ExportFile<HistoryLine>, AppError> {
    let mut after = None;
    loop {
        progress.advance(done, Some(done))?;
        let now = queries.core.present.moment();
        let (rows, last) = read::<_, StoreError>(&*queries.core.journal, move |tx| {
            let customers = match customer {
                Some(customer) => vec![customer],
                None => tx.customers_with_facts(after, CUSTOMERS_IN_BATCH)?,
            };
            let is_last = customer.is_some() || customers.len() < CUSTOMERS_IN_BATCH;
            let last = customers.last().copied().filter(|_| !is_last);
            let mut rows = Vec::new();
            for customer in customers {
                rows.extend(Endings::of(tx, customer, now)?.between(range));
            }
            Ok((rows, last))
        })
        .await?;
        if !rows.is_empty() {
            file = file.write(lines(queries, rows, masked).await?).await?;
        }
        if last.is_none() {
            return Ok(file);
        }
        after = last;
    }
}

/// Converts rows to lines of the export, with the names of customers, areas, staff and terminals.
async fn lines(queries: &Queries, rows: Vec<EntryRow>, masked: bool) -> Result<Vec<HistoryLine>, AppError> {
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
        let (of_recorders, accrued_up_to) = (Names::read(tx)?, tx.checkpoint(Worker::Point)?);
        Ok(rows
            .into_iter()
            .map(|row| {
                let profile = profiles.get(&row.customer_id);
                HistoryLine {
                    at: row.at,
                    customer_id: row.customer_id,
                    name: shown(profile.and_then(|it| it.name.as_deref()), masked, names::masked),
                    phone: shown(profile.and_then(|it| it.phone.as_deref()), masked, ending),
                    card: shown(profile.and_then(|it| it.card.as_deref()), masked, ending),
                    kind: row.kind,
                    entry_id: row.entry_id,
                    other_id: row.other_id,
                    area: row.area_id.and_then(|id| areas.get(&id).cloned()),
                    started_at: row.started_at,
                    ended_at: row.ended_at,
                    entered_at: row.entered_at,
                    status: status(&row, accrued_up_to),
                    points: row.points,
                    penalty_points: row.penalty_points,
                    code: row.code,
                    ground: row.ground,
                    note: row.note_id.filter(|_| !masked).and_then(|id| notes.get(&id).cloned()),
                    staff: of_recorders.recorder(row.recorder_id),
                    terminal: of_recorders.terminal(row.incarnation),
                }
            })
            .collect())
    })
    .await?;
    Ok(lines)
}

/// Returns a detail of a person as the export shows it.
fn shown(detail: Option<&str>, masked: bool, mask: impl Fn(&str) -> String) -> Option<String> {
    detail.map(|detail| if masked { mask(detail) } else { detail.to_owned() })
}

/// Returns the last four letters, or half of a short text.
fn ending(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let shown = letters.len().min(8) / 2;
    let hidden = letters.len() - shown;
    std::iter::once('…').chain(letters.into_iter().skip(hidden)).collect()
}
