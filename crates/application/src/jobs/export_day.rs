//! Exports the figures of a day as CSV or XLSX.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, DayLine, Language};

use super::Progress;
use super::export_file::ExportFile;
use crate::csv::DayCsvLine;
use crate::queries::Queries;

/// Writes the figures of a day (a date in Seoul): as they are known now, as its latest close has them, and what came
/// since then.
///
/// # Errors
/// Those of [`Queries::day`], `cancelled`, `file_unwritable` or `disk_full`.
pub async fn export_day(
    queries: Queries,
    day: String,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let view = queries.day(&day).await?;
    let of = |close: Option<u32>, since: bool, lines: Vec<DayLine>| {
        let day = view.report.day.clone();
        lines.into_iter().map(move |line| DayCsvLine { day: day.clone(), close, since, line })
    };
    let mut lines: Vec<DayCsvLine> = of(None, false, view.report.lines.clone()).collect();
    if let Some(close) = view.closes.first() {
        lines.extend(of(Some(close.number), false, close.report.lines.clone()));
        lines.extend(of(Some(close.number), true, view.since.iter().flat_map(|it| it.lines.clone()).collect()));
    }
    let count = lines.len() as u64;
    let file = ExportFile::create(path, language).await?.write(lines).await?;
    progress.advance(count, Some(count))?;
    file.finish().await.map(Some)
}
