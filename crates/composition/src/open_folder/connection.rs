//! The connection to the Kafka cluster: its settings, and the replication that uses it.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::RunningReplication;
use nosmoke_kafka::{KafkaLog, Settings, try_connection};
use nosmoke_ports::contract::{AppError, Connection, ConnectionInput, ConnectionTrial};
use nosmoke_ports::{StoreError, read};
use nosmoke_replication::incarnations::restore;
use nosmoke_replication::joining::{connection, pairing};
use nosmoke_replication::{FacilityKey, Replicator};
use nosmoke_runtime::connection::ConnectionState;
use nosmoke_store::Secret;

use super::OpenFolder;

/// How often the number of pending facts and documents is polled.
const PENDING_POLL_INTERVAL: Duration = Duration::from_secs(1);

impl OpenFolder {
    /// Returns the saved connection settings.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn connection(&self) -> Result<Connection, AppError> {
        let connection = read::<_, StoreError>(&*self.terminal().core.journal, |tx| connection::kept(tx)).await?;
        let password_kept = Secret::cluster_password(self.folder()).read()?.is_some();
        Ok(Connection { password_kept, ..connection })
    }

    /// Tries connection settings with separate clients, without saving them. The returned future doesn't borrow the
    /// folder.
    ///
    /// # Errors
    /// The errors of [`connection::check`], or an error of the store. If connecting fails, that is no error: the
    /// returned trial says why.
    pub fn try_connection(
        &self,
        input: ConnectionInput,
    ) -> Result<impl Future<Output = ConnectionTrial> + Send + 'static, AppError> {
        connection::check(&input.connection)?;
        let password = match input.password {
            Some(password) => Some(password),
            None => Secret::cluster_password(self.folder()).read()?,
        };
        let settings = Settings::new(&input.connection, password, self.environment.client.clone());
        Ok(async move {
            let trial = try_connection(settings).await;
            ConnectionTrial {
                cluster_id: trial.cluster_id,
                facts: trial.facts,
                took_ms: u64::try_from(trial.took.as_millis()).unwrap_or(u64::MAX),
                error: trial.error.as_ref().map(AppError::from),
            }
        })
    }

    /// Saves connection settings and restarts replication with them.
    ///
    /// # Errors
    /// The errors of [`connection::check`], or an error of the store.
    pub async fn save_connection(&mut self, input: ConnectionInput) -> Result<Connection, AppError> {
        connection::check(&input.connection)?;
        self.keep(input).await?;
        self.begin_replication().await?;
        self.connection().await
    }

    pub(super) async fn keep(&self, input: ConnectionInput) -> Result<(), AppError> {
        if let Some(password) = &input.password {
            Secret::cluster_password(self.folder()).write(password)?;
        }
        connection::keep(&*self.terminal().core.journal, input.connection).await
    }

    /// Replaces the facility key by the one in another terminal's pairing code.
    ///
    /// # Errors
    /// `bad_pairing_code`, or an error of the store.
    pub async fn accept_pairing(&mut self, code: &str) -> Result<(), AppError> {
        pairing::accept(&*self.terminal().core.journal, code).await?;
        self.begin_replication().await
    }

    /// Replaces the facility key, unless it is the same.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn accept_key(&mut self, key: FacilityKey) -> Result<(), AppError> {
        pairing::accept_key(&*self.terminal().core.journal, key).await?;
        self.begin_replication().await
    }

    /// Starts replication with the saved connection settings, after stopping a running replication.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn begin_replication(&mut self) -> Result<(), AppError> {
        self.end_replication().await;
        let connection = self.connection().await?;
        if connection.servers.is_empty()
            || !self.options.replicates
            || self.terminal().queries.recorder().await.is_err()
        {
            return Ok(());
        }
        restore::leave_to_manager(&*self.terminal().core.journal).await?;
        let password = Secret::cluster_password(self.folder()).read()?;
        let log = KafkaLog::new(Settings::new(&connection, password, self.environment.client.clone()));
        self.replication = Some(self.replication_over(log));
        Ok(())
    }

    /// Stops replication, if it runs.
    pub async fn end_replication(&mut self) {
        if let Some(replication) = self.replication.take() {
            replication.stop().await;
        }
    }

    fn replication_over(&self, log: KafkaLog) -> RunningReplication {
        let mut replication = Replicator::new(&self.terminal().core, Arc::new(log), self.environment.version.clone());
        replication.catalogue = self.environment.catalogue;
        let replication = self.terminal().run_replication(replication);
        let (listener, terminal) = (self.listener.clone(), Arc::downgrade(self.terminal()));
        let mut states = self.terminal().core.connection.subscribe();
        // This task ends when the terminal is dropped, or when no cluster is configured any more.
        tokio::spawn(async move {
            let mut reported = None;
            while let Some(terminal) = terminal.upgrade() {
                let totals = read::<_, StoreError>(&*terminal.core.journal, |tx| tx.pending_totals()).await.ok();
                let now = (terminal.core.connection.state(), totals);
                if reported.replace(now) != Some(now) {
                    listener.connection();
                }
                if totals.is_none() || terminal.core.connection.state() == ConnectionState::Alone {
                    return;
                }
                drop(terminal);
                tokio::select! {
                    changed = states.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(PENDING_POLL_INTERVAL) => {}
                }
            }
        });
        replication
    }
}
