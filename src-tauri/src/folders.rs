//! The folders of this user: for the data, for its mark (the file that tells a data folder from its copies), for the web view,
//! and for the place of the window. They are the ones that Tauri names, found before there is a Tauri application, because
//! the logs and the name on the session bus depend on them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Each is `None` if the system names no such folder, for a user without a home folder.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) data: Option<PathBuf>,
    /// Local to this machine and outside the data folder, so that no copy of a data folder includes its mark.
    pub(crate) marks: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
    web_view: Option<PathBuf>,
}

impl Folders {
    /// The folders of the program with this identifier. `NOSMOKE_DATA_DIR` replaces that of the data.
    pub(crate) fn of_user(identifier: &str) -> Self {
        let given = env::var_os("NOSMOKE_DATA_DIR").filter(|folder| !folder.is_empty());
        let own = |folder: Option<PathBuf>| folder.map(|folder| folder.join(identifier));
        let (config, web_view) = (own(dirs::config_dir()), own(dirs::data_local_dir()));
        let marks = if cfg!(target_os = "windows") {
            web_view.clone()
        } else if cfg!(target_os = "macos") {
            own(dirs::cache_dir())
        } else {
            config.clone()
        };
        Self {
            data: given.map(PathBuf::from).or_else(|| own(dirs::data_dir())),
            marks: marks.map(|folder| folder.join("marks")),
            config,
            web_view,
        }
    }

    /// Returns a folder that the web view can use; without one no window opens. If the user's own can't be created, it is a
    /// new one for temporary files, so that a window can say what is wrong.
    ///
    /// # Errors
    /// The system's message if there is no such folder either.
    pub(crate) fn for_web_view(&self) -> io::Result<PathBuf> {
        if let Some(folder) = &self.web_view
            && can_write(folder).is_ok()
        {
            return Ok(folder.clone());
        }
        let mut name = OsString::from("nosmoke-desk-");
        name.push(std::process::id().to_string());
        let folder = env::temp_dir().join(name);
        can_write(&folder)?;
        Ok(folder)
    }
}

fn can_write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(".nosmoke-probe");
    fs::write(&probe, b"?")?;
    fs::remove_file(probe)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_web_view_without_its_folder_gets_a_temporary_one() {
        let place = tempfile::tempdir().unwrap();
        let folders = |web_view| Folders { data: None, marks: None, config: None, web_view };
        let own = place.path().join("own");
        assert_eq!(folders(Some(own.clone())).for_web_view().unwrap(), own);
        let in_the_way = place.path().join("file");
        fs::write(&in_the_way, "").unwrap();
        for web_view in [None, Some(in_the_way.join("own"))] {
            let folder = folders(web_view).for_web_view().unwrap();
            assert!(folder.starts_with(env::temp_dir()) && folder.is_dir());
            fs::remove_dir(folder).unwrap();
        }
    }
}
