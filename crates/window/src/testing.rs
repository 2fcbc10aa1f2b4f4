//! A host for tests: it keeps what the program asks of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nosmoke_ports::contract::{PageSize, Zoom};
use parking_lot::Mutex;

use crate::host::{Event, FileKind, Host, OnPrinted};

#[derive(Debug, Default)]
pub(crate) struct FakeHost {
    events: Mutex<Vec<Event>>,
    closed: AtomicUsize,
    pub(crate) hidden: AtomicBool,
    pub(crate) notified: Mutex<Vec<(String, String)>>,
    pub(crate) shown: Mutex<Vec<PathBuf>>,
    /// The pages that were printed.
    pub(crate) pages: Mutex<Vec<PageSize>>,
    /// Whether the system's dialog for printing is cancelled.
    pub(crate) cancels: AtomicBool,
    /// The answer to each dialog; `None` cancels it.
    picked: Mutex<Option<PathBuf>>,
}

impl FakeHost {
    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.lock().clone()
    }

    /// Answers the next dialogs.
    pub(crate) fn pick(&self, path: &Path) {
        *self.picked.lock() = Some(path.to_owned());
    }

    pub(crate) fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl Host for FakeHost {
    fn emit(&self, event: Event) {
        self.events.lock().push(event);
    }

    fn set_zoom(&self, _: Zoom) {}

    fn close(&self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }

    fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::SeqCst)
    }

    fn notify(&self, title: &str, text: &str) {
        self.notified.lock().push((title.to_owned(), text.to_owned()));
    }

    fn show_folder(&self, folder: &Path) -> Result<(), String> {
        self.shown.lock().push(folder.to_owned());
        Ok(())
    }

    fn print_page(&self, page: PageSize, _: Option<PathBuf>, printed: OnPrinted) -> Result<(), String> {
        self.pages.lock().push(page);
        if !self.cancels.load(Ordering::SeqCst) {
            printed();
        }
        Ok(())
    }

    async fn pick_save(&self, _: &str, _: FileKind) -> Option<PathBuf> {
        self.picked.lock().clone()
    }

    async fn pick_open(&self, _: FileKind) -> Option<PathBuf> {
        self.picked.lock().clone()
    }

    async fn pick_folder(&self) -> Option<PathBuf> {
        self.picked.lock().clone()
    }
}
