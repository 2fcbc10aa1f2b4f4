//! An open data folder. `open.rs` opens it and wires its parts; each other file has the methods for one part.

mod backups;
mod connection;
mod mark_updates;
mod mypage;
mod open;
mod set_up;
mod traces;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nosmoke_application::terminal::{Running, RunningReplication, Terminal};
use nosmoke_application::tokens::Tokens;
use nosmoke_store::Store;
use nosmoke_store::mark::FileMarks;
use nosmoke_traces::Recording;

use crate::options::{Environment, FolderOptions, Listener};
use crate::scheduled_backups::RunningBackups;

pub use mark_updates::machine_folder;
pub use traces::KeptSpans;

/// A data folder that this process has locked, with everything that runs on it.
pub struct OpenFolder {
    environment: Environment,
    options: FolderOptions,
    listener: Arc<dyn Listener>,
    store: Arc<Store>,
    terminal: Arc<Terminal>,
    tokens: Arc<Tokens>,
    recording: Recording,
    /// The workers; `None` until copy detection has run, because nothing may be recorded before that.
    running: Option<Running>,
    /// `None` in a program that doesn't stay, and in the demonstration.
    backups: Option<RunningBackups>,
    /// `None` while no cluster is configured.
    replication: Option<RunningReplication>,
    /// The marks, which tell the folder from its copies; `None` until copy detection has run.
    marks: Option<Arc<FileMarks>>,
    /// Whether it was said that the mark can't be written.
    is_mark_told: Arc<AtomicBool>,
}

impl std::fmt::Debug for OpenFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenFolder").field("options", &self.options).finish_non_exhaustive()
    }
}

impl OpenFolder {
    pub fn folder(&self) -> &Path {
        &self.options.folder
    }

    pub fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    /// The tokens by which other programs are known here.
    pub fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }
}
