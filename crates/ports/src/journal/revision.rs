//! Revisions of documents. The higher one wins, so one that can't be exceeded would end all edits.

use std::ops::RangeInclusive;

use crate::StoreError;

/// The revisions that count: those that every JSON reader holds exactly.
pub const REVISIONS: RangeInclusive<i64> = 1..=(1 << 53) - 1;

/// Returns the revision of an edit.
///
/// # Errors
/// `Failed` if there is none that the other terminals would take.
pub fn next_revision(base: i64) -> Result<i64, StoreError> {
    let next = base.checked_add(1).filter(|next| REVISIONS.contains(next));
    next.ok_or_else(|| StoreError::Failed(format!("revision {base} is the last one that a document can have")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_beyond_the_last_revision_is_an_error_and_never_wraps() {
        assert_eq!((next_revision(0), next_revision(41)), (Ok(1), Ok(42)));
        let last = *REVISIONS.end();
        assert_eq!(next_revision(last - 1), Ok(last));
        for base in [last, last + 1, i64::MAX] {
            assert!(next_revision(base).is_err(), "{base}");
        }
    }
}
