//! The link to other terminals: its settings, taking part in a facility, and telling the screens how it stands.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::contract::{
    AppError, Connection, ConnectionInput, ConnectionTrial, ErrorCode, Job, JobKind, JoinInput, Session,
};
use nosmoke_application::exchange::read_limited;
use nosmoke_application::ports::{StoreError, read};
use nosmoke_application::reclaim::reclaim_terminal;
use nosmoke_application::terminal::{RunningExchange, Terminal};
use nosmoke_application::{connection, mark, pairing, restore};
use nosmoke_domain::ids::TerminalId;
use nosmoke_store::Secret;
use nosmoke_store::mark::FileMarks;
use nosmoke_sync::{KafkaLog, Settings, try_connection};
use serde_json::json;
use tauri::Emitter;

use super::{Open, Shell, version};

/// How often the number of what waits is looked at, for the chip.
const LOOK: Duration = Duration::from_secs(1);

impl Shell {
    pub(crate) async fn connection(&self) -> Result<Connection, AppError> {
        let open = self.open.lock().await;
        kept(open.as_ref().ok_or_else(not_set_up)?).await
    }

    /// Tries a connection with clients of its own; nothing is kept.
    pub(crate) async fn try_connection(&self, input: ConnectionInput) -> Result<ConnectionTrial, AppError> {
        connection::check(&input.connection)?;
        let password = {
            let open = self.open.lock().await;
            password(open.as_ref().ok_or_else(not_set_up)?, &input)?
        };
        let trial = try_connection(Settings::new(&input.connection, password, "nosmoke-desk")).await;
        Ok(ConnectionTrial {
            cluster_id: trial.cluster_id,
            facts: trial.facts,
            took_ms: u64::try_from(trial.took.as_millis()).unwrap_or(u64::MAX),
            error: trial.error.as_ref().map(connection::worded),
        })
    }

    /// Keeps a connection and begins it anew.
    pub(crate) async fn save_connection(&self, input: ConnectionInput) -> Result<Connection, AppError> {
        connection::check(&input.connection)?;
        let mut open = self.open.lock().await;
        let open = open.as_mut().ok_or_else(not_set_up)?;
        keep(open, input).await?;
        self.begin_exchange(open).await?;
        kept(open).await
    }

    pub(crate) async fn accept_pairing(&self, code: &str) -> Result<(), AppError> {
        let mut open = self.open.lock().await;
        let open = open.as_mut().ok_or_else(not_set_up)?;
        pairing::accept(&*open.terminal.ports.journal, code).await?;
        self.begin_exchange(open).await
    }

    /// Sets the empty folder up as another terminal of a facility.
    pub(crate) async fn join(&self, input: JoinInput) -> Result<Session, AppError> {
        let mut open = self.open.lock().await;
        let opened = open.as_mut().ok_or_else(not_set_up)?;
        let connection = input.connection.clone();
        pairing::join(&*opened.terminal.ports.journal, self.ids.clone(), &*self.clock, input).await?;
        keep(opened, connection).await?;
        self.mark(opened).await?;
        self.begin_exchange(opened).await?;
        self.session(&open).await?.ok_or_else(not_set_up)
    }

    /// Writes the pairing code to a file.
    pub(crate) async fn write_pairing(&self, path: PathBuf) -> Result<String, AppError> {
        let pairing = pairing::pairing(&*self.terminal().await?.ports.journal).await?;
        let code = pairing.code_with_connection.unwrap_or(pairing.code);
        let write = || {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            std::io::Write::write_all(&mut options.open(&path)?, format!("{code}\n").as_bytes())
        };
        write().map_err(|error| super::files::unwritable(&path, &error))?;
        Ok(path.display().to_string())
    }

    /// Reads a pairing code from a file.
    pub(crate) fn read_pairing(path: &std::path::Path) -> Result<String, AppError> {
        let code = String::from_utf8(read_limited(path)?).map_err(|_| AppError::new(ErrorCode::BadPairingCode))?;
        pairing::read_code(&code)?;
        Ok(code.trim().to_owned())
    }

    pub(crate) async fn reclaim(&self, lost: TerminalId) -> Result<Job, AppError> {
        let terminal = self.terminal().await?;
        let recorder = terminal.queries.recorder().await?;
        self.jobs.start(JobKind::Reclaim, |progress| async move {
            reclaim_terminal(&terminal, recorder, lost, progress).await?;
            Ok(None)
        })
    }

    /// Begins the exchange with what is kept, after ending the one that runs.
    pub(super) async fn begin_exchange(&self, open: &mut Open) -> Result<(), AppError> {
        if let Some(exchange) = open.exchange.take() {
            exchange.stop().await;
        }
        let connection = kept(open).await?;
        let demonstration = open.folder == self.demonstration();
        if connection.servers.is_empty() || demonstration || open.terminal.queries.recorder().await.is_err() {
            return Ok(());
        }
        restore::leave_to_manager(&*open.terminal.ports.journal).await?;
        let password = Secret::cluster_password(&open.folder).read()?;
        let log = KafkaLog::new(Settings::new(&connection, password, "nosmoke-desk"));
        open.exchange = Some(self.exchange_over(&open.terminal, log));
        Ok(())
    }

    fn exchange_over(&self, terminal: &Arc<Terminal>, log: KafkaLog) -> RunningExchange {
        let exchange = terminal.start_exchange(Arc::new(log), version());
        let (app, terminal) = (self.app.clone(), Arc::downgrade(terminal));
        let mut states = match terminal.upgrade() {
            Some(terminal) => terminal.link.subscribe(),
            None => return exchange,
        };
        // Ends with the terminal, or when the link is given up.
        tokio::spawn(async move {
            let mut told = None;
            while let Some(terminal) = terminal.upgrade() {
                let totals = read::<_, StoreError>(&*terminal.ports.journal, |tx| tx.pending_totals()).await.ok();
                let now = (terminal.link.state(), totals);
                if told.replace(now) != Some(now) {
                    // A window that is gone needs no telling.
                    drop(app.emit("link", ()));
                }
                if totals.is_none() || terminal.link.state() == nosmoke_application::link::LinkState::Alone {
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

    /// Compares the folder with its mark outside of it, and begins another life where it is an older or a copied one. Then
    /// marks how far it has come from time to time, until the terminal is gone.
    pub(super) async fn mark(&self, open: &Open) -> Result<(), AppError> {
        // What is done there is gone with it.
        if open.folder == self.demonstration() {
            return Ok(());
        }
        let marks = FileMarks::new(&self.marks, &open.folder)?;
        mark::recognise(&*open.terminal.ports.journal, &marks, self.ids.clone(), self.clock.now()).await?;
        let (terminal, mut written) = (Arc::downgrade(&open.terminal), open.terminal.feed.subscribe());
        tokio::spawn(async move {
            while written.changed().await.is_ok() {
                let Some(terminal) = terminal.upgrade() else { return };
                if let Err(error) = mark::follow(&*terminal.ports.journal, &marks).await {
                    tracing::warn!(%error, "the mark can't be written");
                }
                drop(terminal);
                tokio::time::sleep(LOOK).await;
            }
        });
        Ok(())
    }
}

async fn kept(open: &Open) -> Result<Connection, AppError> {
    let connection = read::<_, StoreError>(&*open.terminal.ports.journal, connection::kept).await?;
    let password_kept = Secret::cluster_password(&open.folder).read()?.is_some();
    Ok(Connection { password_kept, ..connection })
}

async fn keep(open: &Open, input: ConnectionInput) -> Result<(), AppError> {
    if let Some(password) = &input.password {
        Secret::cluster_password(&open.folder).write(password)?;
    }
    connection::keep(&*open.terminal.ports.journal, input.connection).await
}

/// The one that is given, else the one that is kept.
fn password(open: &Open, input: &ConnectionInput) -> Result<Option<String>, AppError> {
    match &input.password {
        Some(password) => Ok(Some(password.clone())),
        None => Ok(Secret::cluster_password(&open.folder).read()?),
    }
}

fn not_set_up() -> AppError {
    AppError::with(ErrorCode::NotSetUp, json!({}))
}
