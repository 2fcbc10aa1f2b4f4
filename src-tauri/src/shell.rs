//! What the window holds open: one data folder with its terminal, and the jobs.

mod files;
mod gateway;
mod link;
mod mypage;
mod traces;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands;
use nosmoke_application::csv::CustomerFile;
use nosmoke_application::jobs::{Jobs, fill_demonstration};
use nosmoke_application::queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::{Listener, Means, OpenFolder, Place};
use nosmoke_ports::contract::{
    AppError, Changed, ErrorCode, GatewaySetting, GatewayView, Job, JobKind, Preferences, Session, SetUpInput, Start,
};
use serde_json::json;
use tauri::{AppHandle, Emitter};
use tokio::sync::Mutex;
use uuid::Uuid;

use gateway::Gateway;

/// The demonstration's data folder, inside the real one.
const DEMONSTRATION: &str = "demonstration";

/// Shared by all commands; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    app: AppHandle,
    root: Arc<Path>,
    /// Where data folders are marked, outside of them.
    marks: Arc<Path>,
    open: Arc<Mutex<Option<OpenFolder>>>,
    preview: Arc<Mutex<Option<(Uuid, CustomerFile)>>>,
    gateway: Arc<Gateway>,
    means: Means,
    pub(crate) jobs: Arc<Jobs>,
}

/// Tells the screens; a window that is gone needs no telling.
struct Screens(AppHandle);

impl Listener for Screens {
    fn changed(&self, changed: Changed) {
        drop(self.0.emit("changed", changed));
    }

    fn link(&self) {
        drop(self.0.emit("link", ()));
    }
}

impl Shell {
    pub(crate) fn new(app: AppHandle, root: PathBuf, marks: PathBuf) -> Self {
        let means = Means::of_system("nosmoke-desk", &version());
        let teller = app.clone();
        // A window that is gone needs no telling.
        let tell = move |job: Job| drop(teller.emit("job", job));
        let jobs = Arc::new(Jobs::new(means.clock.clone(), means.ids.clone(), tell));
        let gateway = Arc::new(Gateway::new(root.join(DEMONSTRATION), means.ids.clone()));
        Self {
            app,
            root: root.into(),
            marks: marks.into(),
            open: Arc::default(),
            preview: Arc::default(),
            gateway,
            means,
            jobs,
        }
    }

    /// Where file dialogs belong to.
    pub(crate) fn app(&self) -> &AppHandle {
        &self.app
    }

    /// The terminal that is open.
    pub(crate) async fn terminal(&self) -> Result<Arc<Terminal>, AppError> {
        let open = self.open.lock().await;
        open.as_ref().map(|open| open.terminal().clone()).ok_or_else(not_set_up)
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
            Some(open) => open.terminal().queries.preferences().await?,
            None => Preferences::default(),
        };
        Ok(Start::SetUp { preferences, version: version() })
    }

    pub(crate) async fn set_up(&self, input: SetUpInput) -> Result<Session, AppError> {
        let mut open = self.open.lock().await;
        open.as_mut().ok_or_else(not_set_up)?.set_up(input).await?;
        self.session(&open).await?.ok_or_else(not_set_up)
    }

    pub(crate) async fn save_preferences(&self, preferences: Preferences) -> Result<Preferences, AppError> {
        let terminal = self.terminal().await?;
        commands::save_preferences(&*terminal.core.journal, preferences).await
    }

    pub(crate) async fn gateway(&self) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        self.gateway.view(open.as_ref().ok_or_else(not_set_up)?).await
    }

    pub(crate) async fn save_gateway(&self, setting: GatewaySetting) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        self.gateway.save(open.as_ref().ok_or_else(not_set_up)?, setting).await
    }

    /// Fills the demonstration facility and goes there.
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
        self.try_start().await
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
        // What is done in the demonstration is gone with it: it exchanges with nobody and isn't marked.
        let real = folder != self.demonstration();
        let place = Place {
            folder: folder.to_owned(),
            marks: real.then(|| self.marks.to_path_buf()),
            linked: real,
            connection: None,
            mypage: None,
        };
        let open = OpenFolder::open(self.means.clone(), place, Arc::new(Screens(self.app.clone()))).await?;
        self.gateway.begin(&open).await;
        Ok(open)
    }

    async fn close(&self, open: &mut Option<OpenFolder>) {
        if let Some(open) = open.take() {
            self.gateway.end(&open).await;
            open.close().await;
        }
    }

    /// Tells the screens that anything may have changed.
    fn announce_all(&self) {
        Screens(self.app.clone()).changed(Changed { change_seq: 0, customers: Vec::new() });
    }

    async fn session(&self, open: &Option<OpenFolder>) -> Result<Option<Session>, AppError> {
        let Some(open) = open else { return Ok(None) };
        let place = queries::Place {
            data_folder: open.folder().display().to_string(),
            demonstration: open.folder() == self.demonstration(),
            version: version(),
        };
        open.terminal().queries.session(place).await
    }
}

fn is_root(open: &Option<OpenFolder>, root: &Path) -> bool {
    open.as_ref().is_some_and(|open| open.folder() == root)
}

fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
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
