//! A mark outside the data folder: how far its journal had come, and where it lay. A journal that is older than its mark was
//! put back from a copy; a folder whose mark lies elsewhere, or nowhere, is a copy. Either must begin another life, or two
//! lives would record under one name (ADR 0018).
//!
//! The mark is written after the commit and may lag, so a crash never looks like a restore.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Found, Ids, Journal, Mark, Marks};

use super::restore::{begin_another_life, life, note_marked};

/// What a mark says of the folder that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The folder and the machine that were marked, and a journal that isn't older.
    Same,
    /// The journal had come further once.
    Older,
    /// The folder lay elsewhere, or on another machine.
    Copied,
}

/// Judges a folder by what was found. `marked_before` says that its journal knows of having been marked: without a mark it
/// is a copy then.
pub fn judge(found: &Found, here: &Mark, marked_before: bool) -> Verdict {
    match found {
        Found::Torn => Verdict::Same,
        Found::Nothing if marked_before => Verdict::Copied,
        Found::Nothing => Verdict::Same,
        Found::Mark(mark) if mark.machine != here.machine || mark.folder != here.folder => Verdict::Copied,
        Found::Mark(mark) if here.seq < mark.seq => Verdict::Older,
        Found::Mark(_) => Verdict::Same,
    }
}

/// With every start: judges the folder, begins another life where it is an older or a copied one, and marks it.
///
/// # Errors
/// The store's; a mark that can't be read or written.
pub async fn recognise(
    journal: &dyn Journal,
    marks: &dyn Marks,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
) -> Result<Verdict, AppError> {
    let Some((incarnation, seq, marked_before)) = life(journal).await? else { return Ok(Verdict::Same) };
    let verdict = judge(&marks.find(incarnation)?, &marks.mark(seq), marked_before);
    if verdict != Verdict::Same {
        tracing::warn!(?verdict, "another life begins: this journal isn't the one that recorded last");
        begin_another_life(journal, ids, now).await?;
    }
    follow(journal, marks).await?;
    Ok(verdict)
}

/// After what was recorded: marks how far the journal has come. A life that began meanwhile is marked too, or a copy of it
/// couldn't be told.
///
/// # Errors
/// The store's; the mark can't be written.
pub async fn follow(journal: &dyn Journal, marks: &dyn Marks) -> Result<(), AppError> {
    let Some((incarnation, seq, marked_before)) = life(journal).await? else { return Ok(()) };
    marks.write(incarnation, &marks.mark(seq))?;
    if !marked_before { note_marked(journal).await } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(machine: &str, folder: &str, seq: u64) -> Mark {
        Mark { machine: machine.into(), folder: folder.into(), seq }
    }

    #[test]
    fn an_older_journal_and_a_copied_folder_are_seen() {
        let found = Found::Mark(at("a", "1", 7));
        for (here, verdict) in [
            (at("a", "1", 7), Verdict::Same),
            (at("a", "1", 8), Verdict::Same),
            (at("a", "1", 6), Verdict::Older),
            (at("a", "2", 7), Verdict::Copied),
            (at("b", "1", 7), Verdict::Copied),
        ] {
            assert_eq!(judge(&found, &here, true), verdict, "{here:?}");
        }
        let here = at("a", "1", 7);
        assert_eq!(judge(&Found::Nothing, &here, false), Verdict::Same);
        assert_eq!(judge(&Found::Nothing, &here, true), Verdict::Copied);
        assert_eq!(judge(&Found::Torn, &here, true), Verdict::Same);
    }
}
