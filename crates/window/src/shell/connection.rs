//! The connection to the Kafka cluster: its settings, and joining a facility through it.

use std::path::{Path, PathBuf};

use nosmoke_application::csv::read_limited;
use nosmoke_application::jobs::{check_reclaim, reclaim_terminal};
use nosmoke_composition::write_facility_file;
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{
    AccessAct, AppError, Connection, ConnectionInput, ConnectionTrial, ErrorCode, Job, JobKind, JoinInput, LockScreen,
};
use nosmoke_replication::joining::pairing;

use super::{Shell, not_set_up};

impl Shell {
    pub(crate) async fn connection(&self) -> Result<Connection, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.connection().await
    }

    /// Tries connection settings with separate clients, without saving them.
    pub(crate) async fn try_connection(&self, input: ConnectionInput) -> Result<ConnectionTrial, AppError> {
        let trial = self.open.lock().await.as_ref().ok_or_else(not_set_up)?.try_connection(input)?;
        Ok(trial.await)
    }

    /// Saves connection settings and restarts replication with them.
    pub(crate) async fn save_connection(&self, input: ConnectionInput) -> Result<Connection, AppError> {
        self.open.lock().await.as_mut().ok_or_else(not_set_up)?.save_connection(input).await
    }

    pub(crate) async fn accept_pairing(&self, code: &str) -> Result<(), AppError> {
        self.open.lock().await.as_mut().ok_or_else(not_set_up)?.accept_pairing(code).await
    }

    pub(crate) async fn renew_key(&self) -> Result<(), AppError> {
        self.open.lock().await.as_mut().ok_or_else(not_set_up)?.renew_key().await
    }

    /// Sets the empty folder up as another terminal of an existing facility.
    pub(crate) async fn join(&self, input: JoinInput) -> Result<LockScreen, AppError> {
        let mut open = self.open.lock().await;
        let opened = open.as_mut().ok_or_else(not_set_up)?;
        opened.join(input).await?;
        self.lock_screen_of(opened).await
    }

    /// Writes the pairing code to a file.
    pub(crate) async fn write_pairing(&self, path: PathBuf) -> Result<String, AppError> {
        let pairing = pairing::pairing(&*self.terminal().await?.core.journal).await?;
        let code = pairing.code_with_connection.unwrap_or(pairing.code);
        let written = write_facility_file(&path, &code);
        self.note(Access::done(self.by().await, AccessAct::PairingShown).ended(&written)).await;
        written?;
        Ok(path.display().to_string())
    }

    /// Reads a pairing code from a file.
    pub(crate) fn read_pairing(path: &Path) -> Result<String, AppError> {
        let code = String::from_utf8(read_limited(path)?).map_err(|_| AppError::new(ErrorCode::BadPairingCode))?;
        pairing::read_code(&code)?;
        Ok(code.trim().to_owned())
    }

    pub(crate) async fn reclaim(&self, lost: TerminalId) -> Result<Job, AppError> {
        let terminal = self.terminal().await?;
        let authority = terminal.queries.authority().await?;
        // Checked before the job starts: the dialog can show why a reclaim is refused, but not why a job failed.
        check_reclaim(&terminal, authority, lost).await?;
        self.jobs.start(JobKind::Reclaim, |progress| async move {
            reclaim_terminal(&terminal, authority, lost, progress).await?;
            Ok(None)
        })
    }
}
