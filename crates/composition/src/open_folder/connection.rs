//! The connection to the Kafka cluster: its settings, and the replication that uses it.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::RunningReplication;
use nosmoke_kafka::{KafkaLog, Settings, try_connection};
use nosmoke_ports::contract::{AppError, Connection, ConnectionInput, ConnectionTrial, ErrorCode};
use nosmoke_ports::{StoreError, read};
use nosmoke_replication::Replicator;
use nosmoke_replication::incarnations::restore;
use nosmoke_replication::joining::connection::ConnectionChange;
use nosmoke_replication::joining::pairing::{Carried, Offer};
use nosmoke_replication::joining::{connection, pairing};
use nosmoke_runtime::connection::ConnectionState;
use serde_json::json;

use super::OpenFolder;
use crate::kept_password::{KeptPassword, Recipient};

/// How often the number of pending facts and documents is polled.
const PENDING_POLL_INTERVAL: Duration = Duration::from_secs(1);

impl OpenFolder {
    /// Returns the saved connection settings.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn connection(&self) -> Result<Connection, AppError> {
        let connection = read::<_, StoreError>(&*self.terminal().core.journal, |tx| connection::kept(tx)).await?;
        let password_kept = self.cluster_password().read_for(&Recipient::cluster(&connection))?.is_some();
        Ok(Connection { password_kept, ..connection })
    }

    /// Tries connection settings with separate clients, without saving them. The returned future doesn't borrow the
    /// folder.
    ///
    /// # Errors
    /// The errors of [`connection::check`], `password_needed`, or an error of the store. If connecting fails, that is no
    /// error: the returned trial says why.
    pub fn try_connection(
        &self,
        input: ConnectionInput,
    ) -> Result<impl Future<Output = ConnectionTrial> + Send + 'static, AppError> {
        connection::check(&input.connection)?;
        let recipient = Recipient::cluster(&input.connection);
        let password = self.cluster_password().typed_or_kept(&recipient, input.password)?;
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
    /// The errors of [`connection::check`], `password_needed`, or an error of the store.
    pub async fn save_connection(&mut self, input: ConnectionInput) -> Result<Connection, AppError> {
        connection::check(&input.connection)?;
        self.keep(input).await?;
        self.begin_replication().await?;
        self.connection().await
    }

    pub(super) async fn keep(&self, input: ConnectionInput) -> Result<(), AppError> {
        let recipient = Recipient::cluster(&input.connection);
        match &input.password {
            Some(password) => self.cluster_password().write(&recipient, password)?,
            None => drop(self.cluster_password().typed_or_kept(&recipient, None)?),
        }
        connection::keep(&*self.terminal().core.journal, input.connection).await
    }

    /// Saves what a command line changes of the connection settings.
    pub(super) async fn change_connection(&self, change: ConnectionChange) -> Result<(), AppError> {
        if change.is_empty() {
            return Ok(());
        }
        let connection = change.applied_to(self.connection().await?);
        connection::check(&connection)?;
        if connection.servers.is_empty() {
            let params = json!({ "field": "servers", "detail": "no Kafka server is given: --kafka HOST:PORT" });
            return Err(AppError::with(ErrorCode::LogSettings, params));
        }
        self.keep(ConnectionInput { connection, password: change.password }).await
    }

    fn cluster_password(&self) -> KeptPassword {
        KeptPassword::of_cluster(self.folder())
    }

    /// Offers the facility key of another terminal's pairing code to this folder.
    ///
    /// # Errors
    /// The errors of [`pairing::accept`].
    pub async fn accept_pairing(&mut self, code: &str) -> Result<(), AppError> {
        pairing::accept(&*self.terminal().core.journal, code).await?;
        self.begin_replication().await
    }

    /// Makes a new facility key, with which replication begins again.
    ///
    /// # Errors
    /// The errors of [`pairing::renew`].
    pub async fn renew_key(&mut self) -> Result<(), AppError> {
        pairing::renew(&*self.terminal().core.journal, self.environment.ids.clone()).await?;
        self.begin_replication().await
    }

    /// Offers the facility key of a file to this folder; an outdated one is left.
    ///
    /// # Errors
    /// The errors of [`pairing::offer`].
    pub async fn offer_key(&mut self, carried: Carried) -> Result<Offer, AppError> {
        let offer = pairing::offer(&*self.terminal().core.journal, carried).await?;
        if offer == Offer::Taken {
            self.begin_replication().await?;
        }
        Ok(offer)
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
            || self.terminal().queries.expect_set_up().await.is_err()
        {
            return Ok(());
        }
        restore::leave_to_manager(&*self.terminal().core.journal).await?;
        let password = self.cluster_password().read_for(&Recipient::cluster(&connection))?;
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
