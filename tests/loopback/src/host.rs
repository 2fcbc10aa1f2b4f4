//! The host of the screens when they run in a browser instead of the program's window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_ports::contract::{PageSize, Zoom};
use nosmoke_window::{Event, FileKind, Host, OnPrinted};

use crate::events::Events;

/// Stores events until a screen polls for them. A browser has no file dialogs of ours, so each counts as cancelled,
/// unless `NOSMOKE_PICK_SAVE`, `NOSMOKE_PICK_OPEN` or `NOSMOKE_PICK_FOLDER` gives the path, as it does for the window.
pub(crate) struct Loopback(pub(crate) Arc<Events>);

#[async_trait::async_trait]
impl Host for Loopback {
    fn emit(&self, event: Event) {
        self.0.add(&event);
    }

    /// A browser has a zoom of its own.
    fn set_zoom(&self, _: Zoom) {}

    /// A page in a browser closes by itself.
    fn close(&self) {}

    fn is_hidden(&self) -> bool {
        false
    }

    fn notify(&self, _: &str, _: &str) {}

    fn show_folder(&self, _: &Path) -> Result<(), String> {
        Ok(())
    }

    /// A browser's own menu prints the page.
    fn print_page(&self, _: PageSize, _: Option<PathBuf>, printed: OnPrinted) -> Result<(), String> {
        printed();
        Ok(())
    }

    async fn pick_save(&self, _: &str, _: FileKind) -> Option<PathBuf> {
        None
    }

    async fn pick_open(&self, _: FileKind) -> Option<PathBuf> {
        None
    }

    async fn pick_folder(&self) -> Option<PathBuf> {
        None
    }
}
