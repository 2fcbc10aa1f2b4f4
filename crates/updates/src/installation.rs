//! How this program was installed, and whether it may replace itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use nosmoke_ports::contract::NoUpdates;

/// While this file exists, no terminal of this PC looks for newer versions: they come from a package server.
const SWITCHED_OFF: &str = "/etc/nosmoke-desk/no-updates";
/// Where the package puts the program with the window.
const PACKAGED: &str = "/usr/bin/nosmoke-desk";
const PACKAGE_TOOL: &str = "/usr/bin/dpkg";

/// The installation that a newer version would replace.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The name of its package among those that are offered, such as `linux-x86_64-deb`.
    pub target: String,
    /// The file with which an administrator switches updates off.
    pub switched_off: PathBuf,
    /// Whether the program came from a package of this kind.
    pub is_packaged: bool,
    /// The program that installs a package, with its words before the path.
    pub installer: Vec<OsString>,
}

impl Installation {
    /// The installation of the running program. Only Debian's packages are replaced: elsewhere it says `NotPackaged`.
    pub fn of_system() -> Self {
        let program = std::env::current_exe().ok();
        Self {
            target: format!("{}-{}-deb", std::env::consts::OS, std::env::consts::ARCH),
            switched_off: SWITCHED_OFF.into(),
            is_packaged: program.as_deref() == Some(Path::new(PACKAGED)) && Path::new(PACKAGE_TOOL).exists(),
            // Asks for the administrator's password in a dialog of the system.
            installer: ["pkexec", PACKAGE_TOOL, "-i"].map(OsString::from).into(),
        }
    }

    /// Why this installation doesn't update itself; `None` if it does.
    pub fn refusal(&self) -> Option<NoUpdates> {
        if self.switched_off.exists() {
            return Some(NoUpdates::Administrator);
        }
        (!self.is_packaged).then_some(NoUpdates::NotPackaged)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn the_administrator_s_file_switches_updates_off_and_a_program_without_package_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut installation = Installation {
            switched_off: folder.path().join("no-updates"),
            is_packaged: true,
            ..Installation::of_system()
        };
        assert_eq!(installation.refusal(), None);
        std::fs::write(&installation.switched_off, "").unwrap();
        assert_eq!(installation.refusal(), Some(NoUpdates::Administrator));
        std::fs::remove_file(&installation.switched_off).unwrap();
        installation.is_packaged = false;
        assert_eq!(installation.refusal(), Some(NoUpdates::NotPackaged));
        // This test didn't come from a package.
        assert!(!Installation::of_system().is_packaged);
    }
}
