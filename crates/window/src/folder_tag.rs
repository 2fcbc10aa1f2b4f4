//! A short name for a data folder, the same however its path is written.

use std::path::{Path, PathBuf};

/// Returns 17 letters and digits, beginning with a letter, as a name on the session bus needs.
pub fn folder_tag(folder: &Path) -> String {
    let hash = blake3::hash(canonical(folder).as_os_str().as_encoded_bytes()).to_hex();
    format!("d{}", &hash[..16])
}

/// Resolves links in the part of the path that exists; the folder may not have been created yet.
fn canonical(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut missing = Vec::new();
    for existing in absolute.ancestors() {
        if let Ok(existing) = existing.canonicalize() {
            return missing.iter().rev().fold(existing, |path, name| path.join(name));
        }
        missing.extend(existing.file_name());
    }
    absolute
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_folder_has_one_tag_through_links_and_before_it_exists() {
        let place = tempfile::tempdir().unwrap();
        let (data, link) = (place.path().join("data"), place.path().join("link"));
        std::os::unix::fs::symlink(&data, &link).unwrap();
        let before = folder_tag(&data);
        std::fs::create_dir(&data).unwrap();
        for same in [data.clone(), link, place.path().join("./data/"), data.join("../data")] {
            assert_eq!(folder_tag(&same), before, "{}", same.display());
        }
        assert_ne!(folder_tag(&place.path().join("other")), before);
        assert!(before.starts_with('d') && before.len() == 17);
    }
}
