//! What is known of newer versions while the program runs, and how it was installed.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nosmoke_composition::{Installation, UpdateDownload};
use nosmoke_ports::contract::{AppError, UtcMs};
use parking_lot::Mutex;

pub(super) struct Updates {
    pub(super) installation: Installation,
    pub(super) state: Mutex<State>,
    pub(super) installing: tokio::sync::Mutex<()>,
    pub(super) has_begun: AtomicBool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// When the next look is due, by the clock's `uptime_with_sleep`.
    pub(super) due_at: Duration,
    pub(super) looked_at: Option<UtcMs>,
    pub(super) problem: Option<AppError>,
    pub(super) ready: Option<UpdateDownload>,
    pub(super) installed: Option<String>,
}

impl Updates {
    pub(super) fn new(installation: Installation) -> Self {
        Self {
            installation,
            state: Mutex::default(),
            installing: tokio::sync::Mutex::default(),
            has_begun: false.into(),
        }
    }
}

/// Returns how the running program was installed. With the feature `test-hooks`, `NOSMOKE_UPDATE_INSTALLER` may name a program
/// that takes the place of the system's tool.
pub(super) fn installation() -> Installation {
    #[cfg(feature = "test-hooks")]
    if let Some(installer) = std::env::var_os("NOSMOKE_UPDATE_INSTALLER") {
        return Installation { is_packaged: true, installer: vec![installer], ..Installation::of_system() };
    }
    Installation::of_system()
}
