//! Recognises copied and restored data folders, before anything is recorded: two folders must never record under one
//! incarnation id (ADR 0031). Evidence is where the journal itself says that it lies, and a mark outside the folder that
//! says the same and how far the journal had come: a journal that is behind its mark is an older file. A mark that is
//! missing or can't be written is no evidence. The mark is written after the commit and may lag behind the journal, so a
//! crash never looks like a restore. Own facts that are read back from the log and that the journal lacks are evidence too
//! (`steps/consumer.rs`).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Found, Ids, Journal, Mark, Marks, Place};

use super::restore::{Marked, begin_another_incarnation, marked, note_place};

/// Where the open folder comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// Nothing shows that it is another one than before.
    Same,
    /// Its journal's last seq is lower than the mark's: it was restored from an older copy.
    Older,
    /// The journal or its mark names another machine, or another folder and another file.
    Copied,
}

/// Compares where the folder is (`here`) with where its journal says that it is (`noted`), and with the mark that was
/// found.
pub fn provenance_of(found: &Found, noted: Option<&Place>, here: &Mark) -> Provenance {
    let mark = if let Found::Mark(mark) = found { Some(mark) } else { None };
    let mut places = noted.into_iter().chain(mark.map(|mark| &mark.place));
    if places.any(|place| place.differs_from(&here.place)) {
        return Provenance::Copied;
    }
    if mark.is_some_and(|mark| here.seq < mark.seq) { Provenance::Older } else { Provenance::Same }
}

/// Runs at every start of a program that will record: begins another incarnation if the folder is restored or copied. The
/// caller then updates the mark.
///
/// # Errors
/// An error of the store. A mark that can't be read counts as missing.
pub async fn detect_copy(
    journal: &dyn Journal,
    marks: &dyn Marks,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
) -> Result<Provenance, AppError> {
    let Some(Marked { incarnation, seq, noted }) = marked(journal).await? else { return Ok(Provenance::Same) };
    let found = marks.find(incarnation).unwrap_or_else(|error| {
        tracing::warn!(%error, "the mark of the data folder can't be read");
        Found::Nothing
    });
    let provenance = provenance_of(&found, noted.as_ref(), &marks.mark(seq));
    if provenance != Provenance::Same {
        tracing::warn!(?provenance, "the data folder was copied or restored: another incarnation begins");
        begin_another_incarnation(journal, ids, now).await?;
    }
    Ok(provenance)
}

/// Notes in the journal where it lies, and writes its last seq to the mark; called after the start and after commits.
///
/// # Errors
/// An error of the store, or of writing the mark.
pub async fn update_mark(journal: &dyn Journal, marks: &dyn Marks) -> Result<(), AppError> {
    let Some(Marked { incarnation, seq, noted }) = marked(journal).await? else { return Ok(()) };
    if noted != Some(marks.place()) {
        note_place(journal, incarnation, marks.place()).await?;
    }
    Ok(marks.write(incarnation, &marks.mark(seq))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(machine: &str, folder: &str, journal: &str) -> Place {
        Place { machine: machine.into(), folder: folder.into(), journal: journal.into() }
    }

    fn at(machine: &str, folder: &str, journal: &str, seq: u64) -> Mark {
        Mark { place: place(machine, folder, journal), seq }
    }

    #[test]
    fn only_another_machine_two_other_inodes_or_a_mark_ahead_is_a_copy() {
        let noted = place("a", "1", "2");
        for (here, provenance) in [
            (at("a", "1", "2", 7), Provenance::Same),
            (at("a", "1", "2", 8), Provenance::Same),
            (at("a", "1", "2", 6), Provenance::Older),
            // A file that was put back, and a folder that was made again around the file.
            (at("a", "1", "9", 7), Provenance::Same),
            (at("a", "9", "2", 7), Provenance::Same),
            (at("a", "9", "9", 7), Provenance::Copied),
            (at("b", "1", "2", 7), Provenance::Copied),
            (at("b", "1", "2", 6), Provenance::Copied),
            // A container has no machine id.
            (at("", "1", "2", 7), Provenance::Same),
            (at("", "9", "9", 7), Provenance::Copied),
        ] {
            let mark = Found::Mark(at("a", "1", "2", 7));
            assert_eq!(provenance_of(&mark, Some(&noted), &here), provenance, "{here:?}");
            assert_eq!(provenance_of(&mark, None, &here), provenance, "{here:?}, not noted");
            // Under another HOME there is no mark, but the journal knows where it was.
            let without = if provenance == Provenance::Older { Provenance::Same } else { provenance };
            for missing in [Found::Nothing, Found::Torn] {
                assert_eq!(provenance_of(&missing, Some(&noted), &here), without, "{here:?}, {missing:?}");
                assert_eq!(provenance_of(&missing, None, &here), Provenance::Same);
            }
        }
    }
}
