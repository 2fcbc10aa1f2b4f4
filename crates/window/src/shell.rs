//! The state behind the screens: one open data folder with its terminal, and the jobs.

mod connection;
mod files;
mod gateway;
mod imports;
mod kept_preview;
mod mypage;
mod traces;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands;
use nosmoke_application::jobs::{Jobs, fill_demonstration};
use nosmoke_application::queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::{Environment, FolderOptions, Listener, OpenFolder};
use nosmoke_ports::contract::{
    AppError, Changed, ErrorCode, GatewaySetting, GatewayView, Job, JobKind, Preferences, Session, SetUpInput, Start,
};
use serde_json::json;
use tokio::sync::Mutex;

use crate::host::{Event, Host};

use gateway::Gateway;
use kept_preview::KeptPreview;

/// Name of the demonstration's data folder, which is inside the real data folder.
const DEMONSTRATION: &str = "demonstration";

/// The state that all calls share; cheap to clone.
#[derive(Clone)]
pub struct Shell {
    host: Arc<dyn Host>,
    root: Arc<Path>,
    /// The folder of the marks, outside the data folders.
    marks: Arc<Path>,
    open: Arc<Mutex<Option<OpenFolder>>>,
    preview: Arc<Mutex<Option<KeptPreview>>>,
    gateway: Arc<Gateway>,
    environment: Environment,
    pub(crate) jobs: Arc<Jobs>,
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Forwards the events of an open folder to the screens.
struct Screens(Arc<dyn Host>);

impl Listener for Screens {
    fn changed(&self, changed: Changed) {
        self.0.emit(Event::Changed(changed));
    }

    fn connection(&self) {
        self.0.emit(Event::Connection(()));
    }
}

impl Shell {
    /// Creates the state, and opens nothing yet. `root` is the data folder, `marks` the folder of the marks.
    pub fn new(host: Arc<dyn Host>, root: PathBuf, marks: PathBuf, environment: Environment) -> Self {
        let emitter = host.clone();
        let emit = move |job: Job| emitter.emit(Event::Job(job));
        let jobs = Arc::new(Jobs::new(environment.clock.clone(), environment.ids.clone(), emit));
        let gateway = Arc::new(Gateway::new(root.join(DEMONSTRATION), environment.ids.clone()));
        Self {
            host,
            root: root.into(),
            marks: marks.into(),
            open: Arc::default(),
            preview: Arc::default(),
            gateway,
            environment,
            jobs,
        }
    }

    pub(crate) fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Returns the open terminal.
    pub(crate) async fn terminal(&self) -> Result<Arc<Terminal>, AppError> {
        let open = self.open.lock().await;
        open.as_ref().map(|open| open.terminal().clone()).ok_or_else(not_set_up)
    }

    /// Opens the data folder if it isn't open yet, and returns its state.
    pub(crate) async fn start(&self) -> Start {
        let start = match self.try_start().await {
            Ok(start) => start,
            Err(error) => {
                tracing::error!(%error, "the data folder can't be opened");
                Start::Failed { error, preferences: Preferences::default(), version: self.version() }
            }
        };
        self.host.set_zoom(start.preferences().zoom);
        start
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
            // Filling the demonstration was interrupted. It can be deleted, because it contains no real data.
            self.delete_demonstration(&mut open).await?;
        }
        let preferences = match &*open {
            Some(open) => open.terminal().queries.preferences().await?,
            None => Preferences::default(),
        };
        Ok(Start::SetUp { preferences, version: self.version() })
    }

    pub(crate) async fn set_up(&self, input: SetUpInput) -> Result<Session, AppError> {
        let mut open = self.open.lock().await;
        open.as_mut().ok_or_else(not_set_up)?.set_up(input).await?;
        self.session(&open).await?.ok_or_else(not_set_up)
    }

    pub(crate) async fn save_preferences(&self, preferences: Preferences) -> Result<Preferences, AppError> {
        let terminal = self.terminal().await?;
        let saved = commands::save_preferences(&*terminal.core.journal, preferences).await?;
        self.host.set_zoom(saved.zoom);
        Ok(saved)
    }

    pub(crate) async fn gateway(&self) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        self.gateway.view(open.as_ref().ok_or_else(not_set_up)?).await
    }

    pub(crate) async fn save_gateway(&self, setting: GatewaySetting) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        self.gateway.save(open.as_ref().ok_or_else(not_set_up)?, setting).await
    }

    /// Fills the demonstration facility and switches to it.
    pub(crate) fn open_demonstration(&self) -> Result<Job, AppError> {
        let shell = self.clone();
        self.jobs.start(JobKind::Demonstration, |progress| async move {
            let mut open = shell.open.lock().await;
            let preferences = match &*open {
                Some(open) => open.terminal().queries.preferences().await?,
                None => Preferences::default(),
            };
            let filled = async {
                shell.switch(&mut open, &shell.demonstration()).await?;
                let terminal = open.as_ref().ok_or_else(not_set_up)?.terminal();
                fill_demonstration(terminal, &progress).await?;
                commands::save_preferences(&*terminal.core.journal, preferences).await
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
        let start = self.try_start().await?;
        self.host.set_zoom(start.preferences().zoom);
        Ok(start)
    }

    fn demonstration(&self) -> PathBuf {
        self.root.join(DEMONSTRATION)
    }

    async fn delete_demonstration(&self, open: &mut Option<OpenFolder>) -> Result<(), AppError> {
        let folder = self.demonstration();
        self.close(open).await;
        let deleted = tokio::fs::remove_dir_all(&folder).await;
        *open = Some(self.open_folder(&self.root).await?);
        deleted.map_err(|error| unwritable(&folder, &error))
    }

    async fn switch(&self, open: &mut Option<OpenFolder>, folder: &Path) -> Result<(), AppError> {
        self.close(open).await;
        *open = Some(self.open_folder(folder).await?);
        Ok(())
    }

    async fn open_folder(&self, folder: &Path) -> Result<OpenFolder, AppError> {
        // The demonstration is deleted later, so it doesn't replicate and needs no copy detection.
        let real = folder != self.demonstration();
        let options = FolderOptions {
            folder: folder.to_owned(),
            marks: real.then(|| self.marks.to_path_buf()),
            replicates: real,
            connection: None,
            mypage: None,
        };
        let open = OpenFolder::open(self.environment.clone(), options, Arc::new(Screens(self.host.clone()))).await?;
        self.gateway.begin(&open).await;
        Ok(open)
    }

    async fn close(&self, open: &mut Option<OpenFolder>) {
        if let Some(open) = open.take() {
            self.gateway.end(&open).await;
            open.close().await;
        }
    }

    /// Tells the screens to query everything again.
    fn announce_all(&self) {
        Screens(self.host.clone()).changed(Changed { change_seq: 0, customers: Vec::new() });
    }

    fn version(&self) -> String {
        self.environment.version.clone()
    }

    async fn session(&self, open: &Option<OpenFolder>) -> Result<Option<Session>, AppError> {
        let Some(open) = open else { return Ok(None) };
        let place = queries::Place {
            data_folder: open.folder().display().to_string(),
            demonstration: open.folder() == self.demonstration(),
            version: self.version(),
        };
        open.terminal().queries.session(place).await
    }
}

fn is_root(open: &Option<OpenFolder>, root: &Path) -> bool {
    open.as_ref().is_some_and(|open| open.folder() == root)
}

fn not_set_up() -> AppError {
    AppError::new(ErrorCode::NotSetUp)
}

fn unwritable(path: &Path, error: &io::Error) -> AppError {
    AppError::with(
        ErrorCode::FileUnwritable,
        json!({ "path": path.display().to_string(), "detail": error.to_string() }),
    )
}
