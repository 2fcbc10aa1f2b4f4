//! Detects copied and restored data folders by a mark: a file outside of the folder, which notes the folder's location
//! and its journal's last seq. A journal whose last seq is lower than its mark's was restored from an older copy. A
//! folder that isn't where its mark says, or whose mark is missing, is a copy. Both must begin another incarnation, or
//! two folders would record under one incarnation id (ADR 0018). The mark is written after the commit and may lag
//! behind the journal, so a crash never looks like a restore.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Found, Ids, Journal, Mark, Marks};

use super::restore::{Marked, begin_another_incarnation, marked, note_marked};

/// Where the open folder comes from, judged by its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// It is the marked folder on the marked machine, and its journal has at least the mark's last seq.
    Same,
    /// Its journal's last seq is lower than the mark's: it was restored from an older copy.
    Older,
    /// The mark is of another folder or machine, or is missing.
    Copied,
}

/// Compares the mark that was found with the open folder (`here`). `marked_before` is whether the journal was marked
/// before: if it was and its mark is missing, the folder is a copy.
pub fn provenance_of(found: &Found, here: &Mark, marked_before: bool) -> Provenance {
    match found {
        Found::Torn => Provenance::Same,
        Found::Nothing if marked_before => Provenance::Copied,
        Found::Nothing => Provenance::Same,
        Found::Mark(mark) if mark.machine != here.machine || mark.folder != here.folder => Provenance::Copied,
        Found::Mark(mark) if here.seq < mark.seq => Provenance::Older,
        Found::Mark(_) => Provenance::Same,
    }
}

/// Runs at every start: begins another incarnation if the folder is restored or copied, then updates its mark.
///
/// # Errors
/// An error of the store, or of reading or writing the mark.
pub async fn detect_copy(
    journal: &dyn Journal,
    marks: &dyn Marks,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
) -> Result<Provenance, AppError> {
    let Some(Marked { incarnation, seq, before }) = marked(journal).await? else { return Ok(Provenance::Same) };
    let provenance = provenance_of(&marks.find(incarnation)?, &marks.mark(seq), before);
    if provenance != Provenance::Same {
        tracing::warn!(?provenance, "the data folder was copied or restored: another incarnation begins");
        begin_another_incarnation(journal, ids, now).await?;
    }
    update_mark(journal, marks).await?;
    Ok(provenance)
}

/// Writes the journal's last seq to the mark; called after commits. Creates the mark if the incarnation has none yet:
/// without a mark, a copy of the folder couldn't be detected.
///
/// # Errors
/// An error of the store, or of writing the mark.
pub async fn update_mark(journal: &dyn Journal, marks: &dyn Marks) -> Result<(), AppError> {
    let Some(Marked { incarnation, seq, before }) = marked(journal).await? else { return Ok(()) };
    marks.write(incarnation, &marks.mark(seq))?;
    if !before { note_marked(journal).await } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(machine: &str, folder: &str, seq: u64) -> Mark {
        Mark { machine: machine.into(), folder: folder.into(), seq }
    }

    #[test]
    fn an_older_journal_and_a_copied_folder_are_detected() {
        let found = Found::Mark(at("a", "1", 7));
        for (here, provenance) in [
            (at("a", "1", 7), Provenance::Same),
            (at("a", "1", 8), Provenance::Same),
            (at("a", "1", 6), Provenance::Older),
            (at("a", "2", 7), Provenance::Copied),
            (at("b", "1", 7), Provenance::Copied),
        ] {
            assert_eq!(provenance_of(&found, &here, true), provenance, "{here:?}");
        }
        let here = at("a", "1", 7);
        assert_eq!(provenance_of(&Found::Nothing, &here, false), Provenance::Same);
        assert_eq!(provenance_of(&Found::Nothing, &here, true), Provenance::Copied);
        assert_eq!(provenance_of(&Found::Torn, &here, true), Provenance::Same);
    }
}
