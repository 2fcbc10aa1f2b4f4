//! Jobs that leave a row in the access log when they have ended, and the calls about the access log.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_application::jobs::{Progress, export_access_log, export_who_did_what};
use nosmoke_application::settings::keeping::keep;
use nosmoke_ports::contract::{
    AccessAct, AccessFilter, AccessLogStatus, AppError, Job, JobKind, Keeping, Printed, WhoFilter,
};
use nosmoke_ports::{Access, AccessBy};

use super::Shell;

impl Shell {
    /// The party at this screen.
    pub(crate) async fn by(&self) -> AccessBy {
        let Ok(terminal) = self.terminal().await else { return AccessBy::Nobody };
        terminal.queries.caller().await.map_or(AccessBy::Nobody, |caller| caller.by.into())
    }

    /// Notes something in the access log of the folder that is open now; before one is, there is none.
    pub(crate) async fn note(&self, access: Access) {
        if let Ok(terminal) = self.terminal().await {
            terminal.core.access.note(access);
        }
    }

    /// Starts a job that leaves a row when it has ended, also if it fails: the party that began it, and how many items it
    /// did.
    pub(super) fn start_noted<F, W>(&self, kind: JobKind, noted: Access, work: W) -> Result<Job, AppError>
    where
        F: Future<Output = Result<Option<PathBuf>, AppError>> + Send + 'static,
        W: FnOnce(Arc<Progress>) -> F,
    {
        let shell = self.clone();
        self.jobs.start(kind, |progress| {
            let working = work(progress.clone());
            async move {
                let ended = working.await;
                let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
                shell.note(noted.counting(count).ended(&ended)).await;
                ended
            }
        })
    }

    pub(crate) async fn note_printed(&self, printed: Printed) {
        let row = Access::done(self.by().await, AccessAct::Printed);
        self.note(row.of(printed.customer_id).counting(printed.count)).await;
    }

    pub(crate) async fn confirm_access_log(&self) -> Result<AccessLogStatus, AppError> {
        let by = self.by().await;
        self.terminal().await?.queries.confirm_access_log(by).await
    }

    pub(crate) async fn save_keeping(&self, keeping: Keeping) -> Result<Keeping, AppError> {
        let terminal = self.terminal().await?;
        keep(&terminal.core, keeping).await?;
        terminal.queries.keeping().await
    }

    pub(crate) async fn export_who_did_what(&self, filter: WhoFilter, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| {
            export_who_did_what(queries, filter, language, path, progress)
        })
    }

    pub(crate) async fn export_access_log(&self, filter: AccessFilter, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| {
            export_access_log(queries, filter, language, path, progress)
        })
    }
}
