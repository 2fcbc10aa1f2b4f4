use std::sync::Arc;

use nosmoke_ports::Found;
use nosmoke_ports::{Marks, RandomIds};
use nosmoke_replication::incarnations::copy_detection::{Provenance, detect_copy, update_mark};
use nosmoke_store::mark::FileMarks;

use crate::support::{append, at, draft, journal, origin, run};

#[tokio::test]
async fn a_start_never_lowers_a_mark_and_every_incarnation_has_one() {
    let ((folder, journal), marks) = (journal().await, tempfile::tempdir().unwrap());
    let marks = FileMarks::new(Some(marks.path()), folder.path()).unwrap();
    let start = async || {
        let provenance = detect_copy(&journal, &marks, Arc::new(RandomIds), at(0)).await.unwrap();
        update_mark(&journal, &marks).await.unwrap();
        provenance
    };
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    let marked = |incarnation, seq| {
        assert_eq!(marks.find(origin(incarnation).incarnation).unwrap(), Found::Mark(marks.mark(seq)))
    };
    for _ in 0..2 {
        assert_eq!(start().await, Provenance::Same);
        marked(10, 2);
    }
    // Another incarnation begins while the program runs.
    run(&journal, |tx| tx.put_origin(origin(11))).await.unwrap();
    append(&journal, vec![draft(3)]).await.unwrap();
    update_mark(&journal, &marks).await.unwrap();
    marked(11, 1);
    marked(10, 2);
    // Under another HOME there is no mark, which shows nothing.
    let elsewhere = tempfile::tempdir().unwrap();
    let none = FileMarks::new(Some(elsewhere.path()), folder.path()).unwrap();
    let judged = async |marks: &FileMarks| detect_copy(&journal, marks, Arc::new(RandomIds), at(0)).await.unwrap();
    assert_eq!(judged(&none).await, Provenance::Same);
    // The journal itself notes where it lies: a copy is found without any mark.
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("journal.db"), copy.path().join("journal.db")).unwrap();
    assert_eq!(judged(&FileMarks::new(None, copy.path()).unwrap()).await, Provenance::Copied);
}

#[tokio::test]
async fn a_mark_that_is_ahead_shows_an_older_journal() {
    let ((folder, journal), marks) = (journal().await, tempfile::tempdir().unwrap());
    let marks = FileMarks::new(Some(marks.path()), folder.path()).unwrap();
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    marks.write(origin(10).incarnation, &marks.mark(3)).unwrap();
    let provenance = detect_copy(&journal, &marks, Arc::new(RandomIds), at(0)).await.unwrap();
    assert_eq!(provenance, Provenance::Older);
}
