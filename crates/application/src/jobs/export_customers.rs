//! Exports the customers as CSV or XLSX; an import reads the file back unchanged.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, Language};
use nosmoke_ports::{Profile, StoreError, read};

use super::Progress;
use super::export_file::ExportFile;
use crate::csv::CustomerLine;
use crate::queries::Queries;

/// The number of customers that are read and written at a time.
const EXPORT_BATCH: usize = 1_000;

/// Writes all customers who have a name, sorted by their ids: unlike a name or the last visit, an id never changes, so that
/// a customer who checks in meanwhile is neither left out nor written twice.
///
/// # Errors
/// `cancelled`, `file_unwritable`, `disk_full`, or an error of the store.
pub async fn export_customers(
    queries: Queries,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let mut file = ExportFile::create(path, language).await?;
    let (mut after, mut done) = (None, 0);
    loop {
        let profiles =
            read::<_, StoreError>(&*queries.core.journal, move |tx| tx.profiles_after(after, EXPORT_BATCH)).await?;
        let Some(last) = profiles.last() else { break };
        after = Some(last.customer_id);
        done += profiles.len() as u64;
        file = file.write(profiles.into_iter().filter(|profile| profile.name.is_some()).map(line).collect()).await?;
        progress.advance(done, None)?;
    }
    file.finish().await.map(Some)
}

fn line(profile: Profile) -> CustomerLine {
    CustomerLine {
        name: profile.name,
        phone: profile.phone,
        card: profile.card,
        registered_at: profile.registered_at,
        customer_id: profile.customer_id,
    }
}
