use std::path::Path;

use nosmoke_ports::StoreError;
use nosmoke_store::Folder;
use sqlx::{Connection, SqliteConnection};

use crate::support::{append, draft, journal, open, origin, run};

#[tokio::test]
async fn a_folder_is_locked_until_it_is_closed() {
    let (folder, journal) = journal().await;
    assert_eq!(open(folder.path()).await.err(), Some(StoreError::InUse));
    journal.close().await;
    // Closing suffices; the closed journal needn't be dropped.
    let again = open(folder.path()).await.unwrap();
    assert_eq!(append(&journal, vec![draft(21)]).await, Err(StoreError::Closed));
    drop(again);
    open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn closing_records_queued_commands_first() {
    let (folder, journal) = journal().await;
    let journal = std::sync::Arc::new(journal);
    let tasks: Vec<_> = (100..164)
        .map(|n| {
            let journal = journal.clone();
            tokio::spawn(async move { append(&*journal, vec![draft(n)]).await })
        })
        .collect();
    tokio::task::yield_now().await;
    journal.close().await;
    let mut recorded = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => recorded += 1,
            Err(error) => assert_eq!(error, StoreError::Closed),
        }
    }
    drop(journal);
    assert_eq!(open(folder.path()).await.unwrap().count_facts().await, Ok(recorded));
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (folder, journal) = journal().await;
    journal.close().await;
    let file = folder.path().join("journal.db");
    let mut newer = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99990101000000, 'later', TRUE, x'00', 0)",
    )
    .execute(&mut newer)
    .await
    .unwrap();
    newer.close().await.unwrap();
    let refused = open(folder.path()).await.err();
    assert_eq!(refused, Some(StoreError::Newer("schema version 99990101000000".into())));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("journal.db"), "no database, though long enough to be one ".repeat(40)).unwrap();
    assert!(matches!(open(folder.path()).await.err(), Some(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn nothing_is_recorded_before_an_origin_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).await.unwrap();
    assert!(append(&journal, vec![draft(21)]).await.is_err());
    assert_eq!(journal.count_facts().await, Ok(0));
    run(&journal, |tx| tx.put_origin(origin(10))).await.unwrap();
    append(&journal, vec![draft(21)]).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_and_its_files_are_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("data");
    std::fs::create_dir(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let journal = open(&path).await.unwrap();
    run(&journal, |tx| tx.put_origin(origin(10))).await.unwrap();
    assert_eq!(mode(&path), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&path).unwrap() {
        let file = entry.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        files += 1;
    }
    assert!(files >= 4, "journal.db, its -wal and -shm, lock");
}

#[test]
fn the_error_for_a_folder_that_cannot_be_created_has_its_path() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Folder::open(&file.join("data")).err().unwrap();
    assert!(matches!(&error, StoreError::Failed(text) if text.contains("file/data")), "{error:?}");
}
