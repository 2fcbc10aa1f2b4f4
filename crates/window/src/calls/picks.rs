//! Files and folders that the user picks in the host's dialogs. Tests can't operate these dialogs, so with the
//! feature `test-hooks` the answer is read from environment variables if they are set.

use std::path::{Path, PathBuf};

use super::call::Call;
use crate::host::FileKind;

/// Opens a dialog for a file to save; `None` if cancelled. `NOSMOKE_PICK_SAVE` may name the file, or a folder for a
/// file with the suggested name.
pub(super) async fn pick_save(call: &Call, suggested_name: &str, kind: FileKind) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_SAVE") {
        Some(path) => Some(if path.is_dir() { path.join(suggested_name) } else { path }),
        None => {
            let picked = call.shell.host().pick_save(suggested_name, kind).await?;
            Some(with_extension(picked, kind, |path| path.exists()))
        }
    }
}

/// Adds the extension of a kind of file to a name that has none of them. The dialog has asked whether to replace the file
/// with the name as typed, so a file with the longer name is kept, and the new one gets a number.
fn with_extension(path: PathBuf, kind: FileKind, exists: impl Fn(&Path) -> bool) -> PathBuf {
    let has_one = path.extension().is_some_and(|found| kind.extensions.iter().any(|known| found == *known));
    let (Some(extension), Some(name), false) = (kind.extensions.first(), path.file_name(), has_one) else {
        return path;
    };
    let name = name.to_string_lossy().into_owned();
    let numbered = (2..).map(|number| format!("{name} ({number}).{extension}"));
    let mut names =
        std::iter::once(format!("{name}.{extension}")).chain(numbered).map(|name| path.with_file_name(name));
    names.find(|path| !exists(path)).unwrap_or(path)
}

/// Opens a dialog for a file to read; `None` if cancelled.
pub(super) async fn pick_open(call: &Call, kind: FileKind) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_OPEN") {
        Some(path) => Some(path),
        None => call.shell.host().pick_open(kind).await,
    }
}

/// Opens a dialog for a folder; `None` if cancelled.
pub(super) async fn pick_folder(call: &Call) -> Option<PathBuf> {
    match given("NOSMOKE_PICK_FOLDER") {
        Some(path) => Some(path),
        None => call.shell.host().pick_folder().await,
    }
}

/// The file into which a page is printed instead of opening the system's dialog.
pub(super) fn print_to() -> Option<PathBuf> {
    given("NOSMOKE_PRINT_TO")
}

fn given(variable: &str) -> Option<PathBuf> {
    if !crate::TEST_HOOKS {
        return None;
    }
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_the_extension_gets_it_and_replaces_nothing() {
        let kind = FileKind { name: "CSV", extensions: &["csv", "CSV", "txt"] };
        let there = [Path::new("/f/old.csv"), Path::new("/f/old (2).csv")];
        for (picked, expected) in [
            ("/f/list", "/f/list.csv"),
            ("/f/list.v2", "/f/list.v2.csv"),
            ("/f/list.CSV", "/f/list.CSV"),
            ("/f/list.txt", "/f/list.txt"),
            ("/f/old.csv", "/f/old.csv"),
            ("/f/old", "/f/old (3).csv"),
        ] {
            let found = with_extension(picked.into(), kind, |path| there.contains(&path));
            assert_eq!(found, Path::new(expected));
        }
    }
}
