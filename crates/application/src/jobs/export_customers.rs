//! Exports the customers as CSV; an import reads the file back unchanged.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, Language};
use nosmoke_ports::{CustomerRow, SearchCursor, SearchQuery, StoreError, read};

use super::Progress;
use crate::csv::{AtomicFile, CsvWriter, CustomerLine, FileError};
use crate::queries::Queries;

/// Customers read and written at once.
const BLOCK: usize = 1_000;

/// Writes every customer with a name, those seen last first.
///
/// # Errors
/// `cancelled`, `file_unwritable`, `disk_full`, the store's.
pub async fn export_customers(
    queries: Queries,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let failed = |error: std::io::Error| FileError::of(&path, &error);
    let mut csv = CsvWriter::<_, CustomerLine>::new(AtomicFile::create(&path)?, language).map_err(failed)?;
    let (mut after, mut done): (Option<SearchCursor>, u64) = (None, 0);
    loop {
        let query = SearchQuery { after, limit: BLOCK, ..SearchQuery::default() };
        let rows = read::<_, StoreError>(&*queries.core.journal, move |tx| tx.search(&query)).await?;
        let lines: Vec<CustomerLine> = rows.iter().filter(|row| row.profile.name.is_some()).map(line).collect();
        csv.write(&lines).map_err(failed)?;
        done += rows.len() as u64;
        progress.advance(done, None)?;
        after = rows.last().map(CustomerRow::cursor);
        if rows.len() < BLOCK {
            break;
        }
    }
    csv.finish().map_err(failed)?.commit()?;
    Ok(Some(path))
}

fn line(row: &CustomerRow) -> CustomerLine {
    let profile = row.profile.clone();
    CustomerLine {
        name: profile.name,
        phone: profile.phone,
        card: profile.card,
        registered_at: profile.registered_at,
        customer_id: profile.customer_id,
    }
}
