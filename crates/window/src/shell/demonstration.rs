//! The demonstration's folder: which one this program made, and so may delete.

use std::fs;
use std::io;
use std::path::Path;

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// A file in the demonstration's folder, without which it is never opened or deleted: somebody may keep a folder of that
/// name beside the data.
const MARKER: &str = ".nosmoke-demonstration";
const MARKER_TEXT: &str = "This folder holds the demonstration of Nosmoke Desk and is deleted with it.\n";

/// Makes the demonstration's folder, or takes an empty one.
///
/// # Errors
/// `folder_taken` if somebody else's files are there; `file_unwritable`.
pub(super) fn make_demonstration(folder: &Path) -> Result<(), AppError> {
    if is_demonstration(folder) {
        return Ok(());
    }
    let is_taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if is_taken {
        return Err(taken(folder));
    }
    let made = fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(MARKER), MARKER_TEXT));
    made.map_err(|error| unwritable(folder, &error))
}

/// Whether this program made the folder for the demonstration.
pub(super) fn is_demonstration(folder: &Path) -> bool {
    folder.join(MARKER).is_file()
}

pub(super) fn taken(folder: &Path) -> AppError {
    AppError::with(ErrorCode::FolderTaken, json!({ "path": folder.display().to_string() }))
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> AppError {
    AppError::of_file(ErrorCode::FileUnwritable, path, error.kind(), &error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::sync::Arc;

    use nosmoke_composition::Environment;
    use nosmoke_ports::contract::{JobState, Start};

    use super::*;
    use crate::host::Event;
    use crate::shell::Shell;
    use crate::testing::FakeHost;

    #[tokio::test]
    async fn a_folder_that_the_demonstration_did_not_make_is_never_deleted() {
        let root = tempfile::tempdir().unwrap();
        let (data, theirs) = (root.path().join("data"), root.path().join("data/demonstration"));
        fs::create_dir_all(&theirs).unwrap();
        fs::write(theirs.join("talk.odp"), "slides").unwrap();
        let host = Arc::new(FakeHost::default());
        let shell = Shell::new(host.clone(), Some(data), None, Environment::of_system("test", "0"));
        assert!(matches!(shell.start().await, Start::SetUp { .. }));
        let job = shell.open_demonstration().unwrap();
        let ended = loop {
            let of_job = |event: Event| match event {
                Event::Job(one) if one.job_id == job.job_id && one.state != JobState::Running => Some(one),
                _ => None,
            };
            match host.events().into_iter().find_map(of_job) {
                Some(ended) => break ended,
                None => tokio::task::yield_now().await,
            }
        };
        assert_eq!(ended.error.unwrap().code, ErrorCode::FolderTaken);
        assert_eq!(shell.leave_demonstration().await.unwrap_err().code, ErrorCode::FolderTaken);
        assert_eq!(fs::read_to_string(theirs.join("talk.odp")).unwrap(), "slides");
    }

    #[test]
    fn an_empty_folder_is_taken_and_marked() {
        let root = tempfile::tempdir().unwrap();
        for name in ["missing", "empty"] {
            let folder = root.path().join(name);
            if name == "empty" {
                fs::create_dir(&folder).unwrap();
            }
            assert!(!is_demonstration(&folder));
            make_demonstration(&folder).unwrap();
            make_demonstration(&folder).unwrap();
            assert!(is_demonstration(&folder));
        }
        fs::write(root.path().join("file"), "").unwrap();
        assert_eq!(make_demonstration(&root.path().join("file")).unwrap_err().code, ErrorCode::FolderTaken);
    }
}
