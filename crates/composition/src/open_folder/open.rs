//! Opens and closes a data folder, and wires its parts.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::clock_check;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_application::tokens::Tokens;
use nosmoke_ports::contract::{AppError, Changed};
use nosmoke_replication::incarnations::{copy_detection, restore};
use nosmoke_replication::joining::pairing;
use nosmoke_store::Store;
use nosmoke_traces::Recording;

use super::{OpenFolder, mypage};
use crate::access::forget_gateway;
use crate::options::{Environment, FolderOptions, Listener, Purpose};
use crate::token_files::FolderTokens;

/// How often expired idempotency keys are deleted while the program runs.
const FORGET_KEYS_INTERVAL: Duration = Duration::from_hours(24);

impl OpenFolder {
    /// Opens a folder, creating it if it is missing, and starts its workers, mark, replication and backups. It also
    /// completes an interrupted restore. In a folder that isn't set up yet, only workers run.
    ///
    /// # Errors
    /// `folder_in_use`, `newer_version`, `log_settings`, `password_needed`, or an error of the store.
    pub async fn open(
        environment: Environment,
        options: FolderOptions,
        listener: Arc<dyn Listener>,
    ) -> Result<Self, AppError> {
        if let Some(change) = &options.connection {
            change.check()?;
        }
        let store = Arc::new(Store::open(&options.folder, environment.clock.clone()).await?);
        // After a kill a stranger may listen on the address that is still noted.
        if let Err(error) = forget_gateway(&options.folder) {
            tracing::warn!(%error, "the address of a gateway that has ended can't be removed");
        }
        let (clock, ids) = (environment.clock.clone(), environment.ids.clone());
        let mypage = mypage::open(&store, &options.folder, options.mypage.clone()).await?;
        let recording = Recording::begin(store.spans(), &environment.version);
        let (journal, access) = (store.journal(), store.access());
        let ports = Ports { journal, mypage, access, clock, ids, traces: recording.traces() };
        let terminal = Arc::new(Terminal::new(ports).await?);
        let tokens = Tokens::open(terminal.core.clone(), Arc::new(FolderTokens::of(&options.folder)))?;
        let journal = terminal.core.journal.clone();
        if options.purpose != Purpose::Read {
            restore::begin_incarnation(&*journal, environment.ids.clone()).await?;
            pairing::ensure_key(&*journal, environment.ids.clone()).await?;
        }
        let mut open = Self {
            environment,
            options,
            listener,
            store,
            terminal,
            tokens: Arc::new(tokens),
            recording,
            running: None,
            backups: None,
            replication: None,
            marks: None,
            is_mark_told: Arc::default(),
        };
        match open.begin().await {
            Ok(()) => Ok(open),
            Err(error) => {
                open.close().await;
                Err(error)
            }
        }
    }

    async fn begin(&mut self) -> Result<(), AppError> {
        self.begin_tracing().await?;
        // Before anything is recorded: if the folder was copied or restored, this begins a new incarnation, to which
        // new facts must belong.
        self.mark().await?;
        // Before anything is shown, whoever opens the folder.
        let brought_back = self.store.sqlite_journal().brought_back().to_vec();
        self.terminal.commands.erase_again(brought_back).await?;
        let listener = self.listener.clone();
        let notify = move |changed: Changed| listener.changed(changed);
        if self.options.purpose == Purpose::Read {
            self.running = Some(self.terminal.start_projectors(notify));
            return Ok(());
        }
        if let Err(error) = clock_check::begin(&self.terminal.core).await {
            // On a full disk there is still everything to show.
            tracing::warn!(%error, "the question about the clock can't be kept");
        }
        self.running = Some(self.terminal.start(notify));
        if let Err(error) = self.tokens.keep_names().await {
            tracing::warn!(%error, "the names of tokens can't be kept");
        }
        if let Err(error) = self.terminal.commands.forget_old_keys().await {
            // On a full disk there is still everything to show.
            tracing::warn!(%error, "old idempotency keys can't be forgotten");
        }
        self.forget_daily();
        if let Some(change) = self.options.connection.clone() {
            self.change_connection(change).await?;
        }
        self.begin_replication().await?;
        self.begin_backups();
        if self.terminal.queries.expect_set_up().await.is_ok() && self.connection().await?.servers.is_empty() {
            let journal = &*self.terminal.core.journal;
            restore::take_over(journal, self.environment.clock.clone(), self.environment.ids.clone()).await?;
        }
        Ok(())
    }

    /// Spawns a task that deletes expired idempotency keys daily, because a program may run for months. The task ends
    /// when the terminal is dropped.
    fn forget_daily(&self) {
        let terminal = Arc::downgrade(&self.terminal);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(FORGET_KEYS_INTERVAL).await;
                let Some(terminal) = terminal.upgrade() else { return };
                if let Err(error) = terminal.commands.forget_old_keys().await {
                    tracing::warn!(%error, "old idempotency keys can't be forgotten");
                }
            }
        });
    }

    /// Hands over the points held here to the hub, within 5 s, then stops everything and unlocks the folder, within 2 s
    /// even if the cluster doesn't answer. Every command that was acknowledged is durable.
    pub async fn close(self) {
        let Self { store, running, terminal, recording, backups, replication, marks, .. } = self;
        if let Some(backups) = backups {
            backups.stop().await;
        }
        if let Some(replication) = replication {
            terminal.workers.hand_over_all().await;
            replication.stop().await;
        }
        if let Some(running) = running {
            running.stop().await;
        }
        if let Some(marks) = marks {
            // If the mark can't be written, that was said at the start.
            let _ = copy_detection::update_mark(&*terminal.core.journal, &*marks).await;
        }
        drop(terminal);
        recording.end().await;
        store.close().await;
    }
}
