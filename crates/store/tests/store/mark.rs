use std::sync::Arc;

use nosmoke_ports::Found;
use nosmoke_ports::{Marks, RandomIds};
use nosmoke_replication::lives::mark::{Verdict, follow, recognise};
use nosmoke_store::mark::FileMarks;

use crate::support::{append, at, draft, journal, origin, run};

#[tokio::test]
async fn a_start_never_sets_a_mark_back_and_every_life_has_one() {
    let ((folder, journal), marks) = (journal().await, tempfile::tempdir().unwrap());
    let marks = FileMarks::new(marks.path(), folder.path()).unwrap();
    let start = async || recognise(&journal, &marks, Arc::new(RandomIds), at(0)).await.unwrap();
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    let marked = |life, seq| assert_eq!(marks.find(origin(life).incarnation).unwrap(), Found::Mark(marks.mark(seq)));
    for _ in 0..2 {
        assert_eq!(start().await, Verdict::Same);
        marked(10, 2);
    }
    // A life that begins while the program runs.
    run(&journal, |tx| tx.put_origin(origin(11))).await.unwrap();
    append(&journal, vec![draft(3)]).await.unwrap();
    follow(&journal, &marks).await.unwrap();
    marked(11, 1);
    marked(10, 2);
    // Its mark is gone, and the journal knows that it had one.
    let elsewhere = tempfile::tempdir().unwrap();
    let none = FileMarks::new(elsewhere.path(), folder.path()).unwrap();
    let verdict = recognise(&journal, &none, Arc::new(RandomIds), at(0)).await.unwrap();
    assert_eq!(verdict, Verdict::Copied);
}
