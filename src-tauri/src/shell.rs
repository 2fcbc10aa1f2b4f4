//! What the window holds open: one data folder with its terminal, and the jobs. Everything is wired together here.

mod files;
mod link;
mod mypage;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands;
use nosmoke_application::contract::{
    AppError, Changed, ErrorCode, Job, JobKind, Preferences, Session, SetUpInput, Start,
};
use nosmoke_application::exchange::CustomerFile;
use nosmoke_application::jobs::{Jobs, fill_demonstration};
use nosmoke_application::pairing;
use nosmoke_application::ports::{Clock, Ids, RandomIds, SystemClock};
use nosmoke_application::queries::Place;
use nosmoke_application::restore;
use nosmoke_application::terminal::{Ports, Running, RunningExchange, Terminal};
use nosmoke_store::Store;
use tauri::{AppHandle, Emitter};
use tokio::sync::Mutex;
use uuid::Uuid;

/// The demonstration's data folder, inside the real one.
const DEMONSTRATION: &str = "demonstration";

/// Shared by all commands; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    app: AppHandle,
    root: Arc<Path>,
    /// Where data folders are marked, outside of them.
    marks: Arc<Path>,
    open: Arc<Mutex<Option<Open>>>,
    preview: Arc<Mutex<Option<(Uuid, CustomerFile)>>>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(crate) jobs: Arc<Jobs>,
}

/// An open data folder.
struct Open {
    folder: PathBuf,
    store: Arc<Store>,
    terminal: Arc<Terminal>,
    running: Running,
    /// While a cluster is configured.
    exchange: Option<RunningExchange>,
}

impl Shell {
    pub(crate) fn new(app: AppHandle, root: PathBuf, marks: PathBuf) -> Self {
        let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (Arc::new(SystemClock), Arc::new(RandomIds));
        let teller = app.clone();
        // A window that is gone needs no telling.
        let jobs = Arc::new(Jobs::new(clock.clone(), ids.clone(), move |job: Job| drop(teller.emit("job", job))));
        Self {
            app,
            root: root.into(),
            marks: marks.into(),
            open: Arc::default(),
            preview: Arc::default(),
            clock,
            ids,
            jobs,
        }
    }

    /// The terminal that is open.
    pub(crate) async fn terminal(&self) -> Result<Arc<Terminal>, AppError> {
        let open = self.open.lock().await;
        open.as_ref().map(|open| open.terminal.clone()).ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
    }

    /// Opens the data folder if it isn't open yet, and says what is there.
    pub(crate) async fn start(&self) -> Start {
        match self.try_start().await {
            Ok(start) => start,
            Err(error) => {
                tracing::error!(%error, "the data folder can't be opened");
                Start::Failed { error, preferences: Preferences::default(), version: version() }
            }
        }
    }

    async fn try_start(&self) -> Result<Start, AppError> {
        let mut open = self.open.lock().await;
        if open.is_none() {
            *open = Some(self.open_folder(&self.root).await?);
        }
        let demonstration = self.demonstration();
        if let Some(session) = self.session(&open).await? {
            return Ok(Start::Ready { session: Box::new(session) });
        }
        if demonstration.exists() && is_root(&open, &self.root) {
            self.switch(&mut open, &demonstration).await?;
            if let Some(session) = self.session(&open).await? {
                return Ok(Start::Ready { session: Box::new(session) });
            }
            // It was left half-filled: it holds nothing of anyone's.
            self.delete_demonstration(&mut open).await?;
        }
        let preferences = match &*open {
            Some(open) => open.terminal.queries.preferences().await?,
            None => Preferences::default(),
        };
        Ok(Start::SetUp { preferences, version: version() })
    }

    pub(crate) async fn set_up(&self, input: SetUpInput) -> Result<Session, AppError> {
        let open = self.open.lock().await;
        let terminal = &open.as_ref().ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.terminal;
        commands::set_up(&*terminal.ports.journal, self.ids.clone(), self.clock.now(), input).await?;
        if let Some(open) = &*open {
            self.mark(open).await?;
        }
        self.session(&open).await?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
    }

    pub(crate) async fn save_preferences(&self, preferences: Preferences) -> Result<Preferences, AppError> {
        let terminal = self.terminal().await?;
        commands::save_preferences(&*terminal.ports.journal, preferences).await
    }

    /// Fills the demonstration facility and goes there.
    pub(crate) fn open_demonstration(&self) -> Result<Job, AppError> {
        let shell = self.clone();
        self.jobs.start(JobKind::Demonstration, |progress| async move {
            let mut open = shell.open.lock().await;
            let preferences = match &*open {
                Some(open) => open.terminal.queries.preferences().await?,
                None => Preferences::default(),
            };
            let filled = async {
                shell.switch(&mut open, &shell.demonstration()).await?;
                let terminal = &open.as_ref().ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.terminal;
                fill_demonstration(terminal, &progress).await?;
                commands::save_preferences(&*terminal.ports.journal, preferences).await
            };
            if let Err(error) = filled.await {
                shell.delete_demonstration(&mut open).await?;
                return Err(error);
            }
            Ok(None)
        })
    }

    pub(crate) async fn leave_demonstration(&self) -> Result<Start, AppError> {
        if !self.jobs.is_idle() {
            return Err(AppError::new(ErrorCode::JobRunning));
        }
        self.delete_demonstration(&mut *self.open.lock().await).await?;
        self.try_start().await
    }

    fn demonstration(&self) -> PathBuf {
        self.root.join(DEMONSTRATION)
    }

    async fn delete_demonstration(&self, open: &mut Option<Open>) -> Result<(), AppError> {
        let folder = self.demonstration();
        close(open).await;
        let deleted = tokio::fs::remove_dir_all(&folder).await;
        *open = Some(self.open_folder(&self.root).await?);
        deleted.map_err(|error| files::unwritable(&folder, &error))
    }

    async fn switch(&self, open: &mut Option<Open>, folder: &Path) -> Result<(), AppError> {
        close(open).await;
        *open = Some(self.open_folder(folder).await?);
        Ok(())
    }

    async fn open_folder(&self, folder: &Path) -> Result<Open, AppError> {
        let store = Arc::new(Store::open(folder, self.clock.clone()).await?);
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let mypage = mypage::open(&store, folder).await?;
        let ports = Ports { journal: store.journal(), mypage, clock, ids };
        let terminal = Arc::new(Terminal::new(ports).await?);
        restore::begin_incarnation(&*terminal.ports.journal, self.ids.clone()).await?;
        pairing::ensure_key(&*terminal.ports.journal, self.ids.clone()).await?;
        let teller = self.app.clone();
        // A window that is gone needs no telling.
        let running = terminal.start(move |changed: Changed| drop(teller.emit("changed", changed)));
        let mut open = Some(Open { folder: folder.to_owned(), store, terminal, running, exchange: None });
        let begun = match &mut open {
            Some(open) => self.begin(open).await,
            None => Ok(()),
        };
        if begun.is_err() {
            close(&mut open).await;
        }
        begun?;
        open.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
    }

    /// What an open folder begins with: its mark, the link, and what a restore left to do.
    async fn begin(&self, open: &mut Open) -> Result<(), AppError> {
        open.terminal.gateway.forget_old_keys().await?;
        self.mark(open).await?;
        self.begin_exchange(open).await?;
        let Ok(recorder) = open.terminal.queries.recorder().await else { return Ok(()) };
        if open.exchange.is_none() {
            let journal = &*open.terminal.ports.journal;
            restore::take_over(journal, self.clock.clone(), self.ids.clone(), recorder).await?;
        }
        Ok(())
    }

    /// Tells the screens that anything may have changed.
    fn announce_all(&self) {
        // A window that is gone needs no telling.
        drop(self.app.emit("changed", Changed { change_seq: 0, customers: Vec::new() }));
    }

    async fn session(&self, open: &Option<Open>) -> Result<Option<Session>, AppError> {
        let Some(open) = open else { return Ok(None) };
        let place = Place {
            data_folder: open.folder.display().to_string(),
            demonstration: open.folder == self.demonstration(),
            version: version(),
        };
        open.terminal.queries.session(place).await
    }
}

async fn close(open: &mut Option<Open>) {
    if let Some(Open { store, running, terminal, exchange, .. }) = open.take() {
        if let Some(exchange) = exchange {
            exchange.stop().await;
        }
        running.stop().await;
        drop(terminal);
        store.close().await;
    }
}

fn is_root(open: &Option<Open>, root: &Path) -> bool {
    open.as_ref().is_some_and(|open| open.folder == root)
}

fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
