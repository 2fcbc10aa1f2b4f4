//! An open data folder. What it can do is told in the files below, one for each side of it; `open.rs` puts them together.

mod link;
mod mark;
mod mypage;
mod open;
mod set_up;
mod traces;

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::terminal::{Running, RunningExchange, Terminal};
use nosmoke_store::Store;
use nosmoke_store::mark::FileMarks;
use nosmoke_traces::Recording;

use crate::means::{Listener, Means, Place};

pub use mark::machine_folder;
pub use traces::KeptSpans;

/// A data folder that this process has locked, with everything that runs over it.
pub struct OpenFolder {
    means: Means,
    place: Place,
    listener: Arc<dyn Listener>,
    store: Arc<Store>,
    terminal: Arc<Terminal>,
    recording: Recording,
    /// Once whose life this is is known.
    running: Option<Running>,
    /// While a cluster is configured.
    exchange: Option<RunningExchange>,
    /// Once it is marked.
    marks: Option<Arc<FileMarks>>,
}

impl std::fmt::Debug for OpenFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenFolder").field("place", &self.place).finish_non_exhaustive()
    }
}

impl OpenFolder {
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    pub fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }
}
