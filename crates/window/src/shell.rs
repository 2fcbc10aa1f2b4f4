//! The state behind the screens: one open data folder with its terminal, and the jobs.

mod accountability;
mod closing;
mod closing_state;
mod connection;
mod demonstration;
mod desktop;
mod files;
mod gateway;
mod imports;
mod kept_preview;
mod mypage;
mod notices;
mod people;
mod printing;
mod rules;
mod traces;
mod updates;
mod updates_state;
mod watching;
mod written_files;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands;
use nosmoke_application::jobs::{Jobs, fill_demonstration};
use nosmoke_application::queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_application::tokens::Tokens;
use nosmoke_composition::{Environment, FolderOptions, Listener, OpenFolder, Printing, Purpose};
use nosmoke_ports::contract::{
    AppError, Changed, ErrorCode, Founded, GatewaySetting, GatewayView, Job, JobKind, JobState, Preferences,
    RulesPreview, Session, SetUpInput, Start,
};
use tokio::sync::Mutex;

use crate::held_jobs;
use crate::host::{Event, Host};

use closing_state::ClosingState;
use demonstration::{is_demonstration, make_demonstration, taken, unwritable};
use gateway::Gateway;
use kept_preview::KeptPreview;
use notices::Watching;
use updates_state::{Updates, installation};
use written_files::WrittenFiles;

/// Name of the demonstration's data folder, which is inside the real data folder.
const DEMONSTRATION: &str = "demonstration";

/// The state that all calls share; cheap to clone.
#[derive(Clone)]
pub struct Shell {
    host: Arc<dyn Host>,
    root: Arc<Path>,
    /// The folder of the marks, outside the data folders; `None` if the system names none.
    marks: Option<Arc<Path>>,
    open: Arc<Mutex<Option<OpenFolder>>>,
    preview: Arc<Mutex<Option<KeptPreview>>>,
    rules_preview: Arc<Mutex<Option<RulesPreview>>>,
    gateway: Arc<Gateway>,
    environment: Environment,
    closing: Arc<ClosingState>,
    written: Arc<WrittenFiles>,
    watching: Arc<Watching>,
    updates: Arc<Updates>,
    /// `None` if the system can start no thread for it.
    printing: Option<Arc<Printing>>,
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
    /// Creates the state, and opens nothing yet. `root` is the data folder, `marks` the folder of the marks; `None` if the
    /// system names no such folder for this user.
    pub fn new(host: Arc<dyn Host>, root: Option<PathBuf>, marks: Option<PathBuf>, environment: Environment) -> Self {
        let root = root.unwrap_or_default();
        let (closing, written, watching) = (Arc::default(), Arc::default(), Arc::default());
        let follow = follow_jobs(host.clone(), Arc::clone(&closing), Arc::clone(&written), Arc::clone(&watching));
        let jobs = Arc::new(Jobs::new(environment.clock.clone(), environment.ids.clone(), follow));
        let gateway = Arc::new(Gateway::new(root.join(DEMONSTRATION)));
        let screens = host.clone();
        let printing = Printing::start(move || screens.emit(Event::Printer(())));
        let printing = printing.inspect_err(|error| tracing::error!(%error, "nothing can be printed")).ok();
        Self {
            host,
            root: root.into(),
            marks: marks.map(Into::into),
            open: Arc::default(),
            preview: Arc::default(),
            rules_preview: Arc::default(),
            gateway,
            environment,
            closing,
            written,
            watching,
            updates: Arc::new(Updates::new(installation())),
            printing: printing.map(Arc::new),
            jobs,
        }
    }

    pub(crate) fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Returns the tokens of the open folder.
    pub(crate) async fn tokens(&self) -> Result<Arc<Tokens>, AppError> {
        let open = self.open.lock().await;
        open.as_ref().map(|open| open.tokens().clone()).ok_or_else(not_set_up)
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
        self.watching.set_language(start.preferences().language);
        self.begin_watching();
        self.begin_updating();
        start
    }

    async fn try_start(&self) -> Result<Start, AppError> {
        if self.root.as_os_str().is_empty() {
            return Err(AppError::new(ErrorCode::NoDataFolder));
        }
        let mut open = self.open.lock().await;
        if open.is_none() {
            *open = Some(self.open_folder(&self.root).await?);
        }
        let demonstration = self.demonstration();
        if let Some(start) = self.of_set_up(&open).await? {
            return Ok(start);
        }
        if is_demonstration(&demonstration) && is_root(&open, &self.root) {
            match self.switch(&mut open, &demonstration).await {
                Ok(()) => {
                    if let Some(start) = self.of_set_up(&open).await? {
                        return Ok(start);
                    }
                    // Filling the demonstration was interrupted. It can be deleted, because it contains no real data.
                    self.delete_demonstration(&mut open).await?;
                }
                Err(error) => {
                    // Damaged, or a newer version's: no reason not to set the real folder up.
                    tracing::warn!(%error, "the demonstration can't be opened");
                    *open = Some(self.open_folder(&self.root).await?);
                }
            }
        }
        let preferences = match &*open {
            Some(open) => open.terminal().queries.preferences().await?,
            None => Preferences::default(),
        };
        Ok(Start::SetUp { preferences, version: self.version() })
    }

    /// Returns the state of a folder that is set up: ready if somebody is signed in, else locked. A demonstration counts
    /// as set up once it is filled.
    async fn of_set_up(&self, open: &Option<OpenFolder>) -> Result<Option<Start>, AppError> {
        let Some(opened) = open else { return Ok(None) };
        if let Some(session) = self.session(open).await? {
            return Ok(Some(Start::Ready { session: Box::new(session) }));
        }
        let is_demonstration = opened.folder() == self.demonstration();
        if !opened.is_set_up().await?
            || is_demonstration && !opened.terminal().queries.is_demonstration_filled().await?
        {
            return Ok(None);
        }
        Ok(Some(Start::Locked { lock: Box::new(self.lock_screen_of(opened).await?) }))
    }

    pub(crate) async fn set_up(&self, input: SetUpInput) -> Result<Founded, AppError> {
        let mut open = self.open.lock().await;
        let opened = open.as_mut().ok_or_else(not_set_up)?;
        let first = opened.set_up(input).await?;
        opened.terminal().people.enter(first.staff_id);
        self.founded(&open, first).await
    }

    pub(crate) async fn save_preferences(&self, preferences: Preferences) -> Result<Preferences, AppError> {
        let terminal = self.terminal().await?;
        let saved = commands::save_preferences(&*terminal.core.journal, preferences).await?;
        self.host.set_zoom(saved.zoom);
        self.watching.set_language(saved.language);
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
            make_demonstration(&shell.demonstration())?;
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
        if !is_demonstration(&folder) {
            return Err(taken(&folder));
        }
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
            purpose: match real {
                true => Purpose::Record { marks: self.marks.as_deref().map(Path::to_owned) },
                false => Purpose::Practise,
            },
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
            // They name customers of this folder.
            if let Some(printing) = &self.printing {
                printing.clear();
            }
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
        open.terminal().queries.session(self.place(open)).await
    }

    fn place(&self, open: &OpenFolder) -> queries::Place {
        queries::Place {
            data_folder: open.folder().display().to_string(),
            demonstration: open.folder() == self.demonstration(),
            version: self.version(),
        }
    }
}

/// Returns the callback for changes of a job: it tells the screens, and what follows from a job's end.
fn follow_jobs(
    host: Arc<dyn Host>,
    closing: Arc<ClosingState>,
    written: Arc<WrittenFiles>,
    watching: Arc<Watching>,
) -> impl Fn(Job) + Send + Sync {
    move |job| {
        let is_over = job.state != JobState::Running;
        written.note(&job);
        host.emit(Event::Job(job.clone()));
        held_jobs::hold(&job);
        if is_over {
            watching.job_ended(&*host, &job);
            closing.job_ended(&*host, job.state);
        }
    }
}

fn is_root(open: &Option<OpenFolder>, root: &Path) -> bool {
    open.as_ref().is_some_and(|open| open.folder() == root)
}

fn not_set_up() -> AppError {
    AppError::new(ErrorCode::NotSetUp)
}
