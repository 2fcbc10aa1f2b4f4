use std::sync::Arc;

use nosmoke_ports::{MypageStore, ProjectionBatch};
use nosmoke_store::{Folder, SqliteMypage};
use tempfile::TempDir;

use crate::support::id;

async fn open(folder: &TempDir) -> SqliteMypage {
    SqliteMypage::open(Arc::new(Folder::open(folder.path()).unwrap()), id(1), 8).await.unwrap()
}

/// Only what is special to SQLite: `tests/suites/mypage_store` tests what all engines have in common.
#[tokio::test]
async fn a_damaged_file_is_replaced_by_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.apply(ProjectionBatch { checkpoint: 8, ..ProjectionBatch::default() }).await.unwrap();
    store.close().await;
    drop(store);
    let kept = open(&folder).await;
    assert_eq!(kept.checkpoint().await, Ok(8));
    kept.close().await;
    drop(kept);
    std::fs::write(folder.path().join("mypage.db"), b"no database, and longer than the header of one ........")
        .unwrap();
    assert_eq!(open(&folder).await.checkpoint().await, Ok(0));
}
