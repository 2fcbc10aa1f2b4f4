use std::sync::Arc;

use nosmoke_ports::Found;
use nosmoke_ports::{Marks, RandomIds};
use nosmoke_replication::incarnations::copy_detection::{Provenance, detect_copy, update_mark};
use nosmoke_store::mark::FileMarks;

use crate::support::{append, at, draft, journal, origin, run};

#[tokio::test]
async fn a_start_never_lowers_a_mark_and_every_incarnation_has_one() {
    let ((folder, journal), marks) = (journal().await, tempfile::tempdir().unwrap());
    let marks = FileMarks::new(marks.path(), folder.path()).unwrap();
    let start = async || detect_copy(&journal, &marks, Arc::new(RandomIds), at(0)).await.unwrap();
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
    // The mark is missing, but the journal knows that there was a mark.
    let elsewhere = tempfile::tempdir().unwrap();
    let none = FileMarks::new(elsewhere.path(), folder.path()).unwrap();
    let provenance = detect_copy(&journal, &none, Arc::new(RandomIds), at(0)).await.unwrap();
    assert_eq!(provenance, Provenance::Copied);
}
