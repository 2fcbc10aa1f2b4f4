//! Exports one table of a period as CSV or XLSX.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ExportPeriodInput, Language, PeriodReport, PeriodTable};

use super::Progress;
use super::export_file::ExportFile;
use crate::csv::{Line, PeriodCustomerLine, PeriodFigureLine, PeriodHourLine, PeriodTerminalLine};
use crate::queries::Queries;

/// Rows that are written at a time.
const EXPORT_BATCH: usize = 1_000;

/// Writes a table of a period, with the figures of this moment.
///
/// # Errors
/// Those of [`Queries::period`], `cancelled`, `file_unwritable` or `disk_full`.
pub async fn export_period(
    queries: Queries,
    input: ExportPeriodInput,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let report = queries.period(&input.period, || progress.advance(0, None)).await?;
    let PeriodReport { from, to, days, parts, areas, top, terminals, .. } = report;
    let period = || (from.clone(), to.clone());
    let target = (path, language);
    match input.table {
        PeriodTable::Figures => {
            let of_part = |(from, to, line)| PeriodFigureLine { from, to, line };
            let lines = parts.into_iter().flat_map(|part| {
                let (from, to) = (part.from, part.to);
                part.lines.into_iter().map(move |line| (from.clone(), to.clone(), line))
            });
            write(lines.map(of_part).collect(), target, &progress).await
        }
        PeriodTable::Occupancy => {
            let lines = areas.into_iter().flat_map(|area| {
                let ((from, to), name) = (period(), area.name);
                area.inside_ms.into_iter().enumerate().map(move |(hour, inside_ms)| PeriodHourLine {
                    from: from.clone(),
                    to: to.clone(),
                    area: name.clone(),
                    hour,
                    inside_ms,
                    days,
                })
            });
            write(lines.collect(), target, &progress).await
        }
        PeriodTable::Customers => {
            let line = |row| {
                let (from, to) = period();
                PeriodCustomerLine { from, to, row }
            };
            write(top.into_iter().map(line).collect(), target, &progress).await
        }
        PeriodTable::Terminals => {
            let line = |row| {
                let (from, to) = period();
                PeriodTerminalLine { from, to, row }
            };
            write(terminals.into_iter().map(line).collect(), target, &progress).await
        }
    }
}

async fn write<L: Line + Send + 'static>(
    mut lines: Vec<L>,
    (path, language): (PathBuf, Language),
    progress: &Progress,
) -> Result<Option<PathBuf>, AppError> {
    let (total, mut done) = (lines.len() as u64, 0);
    let mut file = ExportFile::create(path, language).await?;
    while !lines.is_empty() {
        let batch: Vec<L> = lines.drain(..lines.len().min(EXPORT_BATCH)).collect();
        done += batch.len() as u64;
        file = file.write(batch).await?;
        progress.advance(done, Some(total))?;
    }
    file.finish().await.map(Some)
}
