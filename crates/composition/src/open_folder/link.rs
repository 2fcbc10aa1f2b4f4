//! The link to other terminals: its settings, and the exchange over it.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::RunningExchange;
use nosmoke_kafka::{KafkaLog, Settings, try_connection};
use nosmoke_ports::contract::{AppError, Connection, ConnectionInput, ConnectionTrial};
use nosmoke_ports::{StoreError, read};
use nosmoke_replication::joining::{connection, pairing};
use nosmoke_replication::lives::restore;
use nosmoke_replication::{Exchange, FacilityKey};
use nosmoke_runtime::link::LinkState;
use nosmoke_store::Secret;

use super::OpenFolder;

/// How often the number of what waits is looked at.
const LOOK: Duration = Duration::from_secs(1);

impl OpenFolder {
    /// The connection that is kept.
    ///
    /// # Errors
    /// The store's.
    pub async fn connection(&self) -> Result<Connection, AppError> {
        let connection = read::<_, StoreError>(&*self.terminal().core.journal, |tx| connection::kept(tx)).await?;
        let password_kept = Secret::cluster_password(self.folder()).read()?.is_some();
        Ok(Connection { password_kept, ..connection })
    }

    /// Tries a connection with clients of its own; nothing is kept. It doesn't need the folder while it waits.
    ///
    /// # Errors
    /// What [`connection::check`] refuses; the store's. What is wrong with the connection is in the answer.
    pub fn try_connection(
        &self,
        input: ConnectionInput,
    ) -> Result<impl Future<Output = ConnectionTrial> + Send + 'static, AppError> {
        connection::check(&input.connection)?;
        let password = match input.password {
            Some(password) => Some(password),
            None => Secret::cluster_password(self.folder()).read()?,
        };
        let settings = Settings::new(&input.connection, password, self.means.client.clone());
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

    /// Keeps a connection and begins it anew.
    ///
    /// # Errors
    /// What [`connection::check`] refuses; the store's.
    pub async fn save_connection(&mut self, input: ConnectionInput) -> Result<Connection, AppError> {
        connection::check(&input.connection)?;
        self.keep(input).await?;
        self.begin_exchange().await?;
        self.connection().await
    }

    pub(super) async fn keep(&self, input: ConnectionInput) -> Result<(), AppError> {
        if let Some(password) = &input.password {
            Secret::cluster_password(self.folder()).write(password)?;
        }
        connection::keep(&*self.terminal().core.journal, input.connection).await
    }

    /// Takes the key of another terminal's facility.
    ///
    /// # Errors
    /// `bad_pairing_code`, the store's.
    pub async fn accept_pairing(&mut self, code: &str) -> Result<(), AppError> {
        pairing::accept(&*self.terminal().core.journal, code).await?;
        self.begin_exchange().await
    }

    /// Takes another facility key, if it is another.
    ///
    /// # Errors
    /// The store's.
    pub async fn accept_key(&mut self, key: FacilityKey) -> Result<(), AppError> {
        pairing::accept_key(&*self.terminal().core.journal, key).await?;
        self.begin_exchange().await
    }

    /// Begins the exchange with what is kept, after ending the one that runs.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin_exchange(&mut self) -> Result<(), AppError> {
        self.end_exchange().await;
        let connection = self.connection().await?;
        if connection.servers.is_empty() || !self.place.linked || self.terminal().queries.recorder().await.is_err() {
            return Ok(());
        }
        restore::leave_to_manager(&*self.terminal().core.journal).await?;
        let password = Secret::cluster_password(self.folder()).read()?;
        let log = KafkaLog::new(Settings::new(&connection, password, self.means.client.clone()));
        self.exchange = Some(self.exchange_over(log));
        Ok(())
    }

    /// Ends the exchange if one runs.
    pub async fn end_exchange(&mut self) {
        if let Some(exchange) = self.exchange.take() {
            exchange.stop().await;
        }
    }

    fn exchange_over(&self, log: KafkaLog) -> RunningExchange {
        let mut exchange = Exchange::new(&self.terminal().core, Arc::new(log), self.means.version.clone());
        exchange.catalogue = self.means.catalogue;
        let exchange = self.terminal().run_exchange(exchange);
        let (listener, terminal) = (self.listener.clone(), Arc::downgrade(self.terminal()));
        let mut states = self.terminal().core.link.subscribe();
        // Ends with the terminal, or when the link is given up.
        tokio::spawn(async move {
            let mut told = None;
            while let Some(terminal) = terminal.upgrade() {
                let totals = read::<_, StoreError>(&*terminal.core.journal, |tx| tx.pending_totals()).await.ok();
                let now = (terminal.core.link.state(), totals);
                if told.replace(now) != Some(now) {
                    listener.link();
                }
                if totals.is_none() || terminal.core.link.state() == LinkState::Alone {
                    return;
                }
                drop(terminal);
                tokio::select! {
                    changed = states.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
        exchange
    }
}
