//! Opening and closing.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_ports::contract::{AppError, Changed};
use nosmoke_replication::joining::{connection, pairing};
use nosmoke_replication::lives::{mark as marking, restore};
use nosmoke_store::Store;
use nosmoke_traces::Recording;

use super::{OpenFolder, mypage};
use crate::means::{Listener, Means, Place};

const DAY: Duration = Duration::from_hours(24);

impl OpenFolder {
    /// Opens a folder, made where it is missing, and begins its work: the workers, the mark, the link, and what a restore
    /// left to do. One that isn't set up yet has only workers.
    ///
    /// # Errors
    /// `folder_in_use`, `newer_version`, `log_settings`; the store's.
    pub async fn open(means: Means, place: Place, listener: Arc<dyn Listener>) -> Result<Self, AppError> {
        if let Some(connection) = &place.connection {
            connection::check(connection)?;
        }
        let store = Arc::new(Store::open(&place.folder, means.clock.clone()).await?);
        let (clock, ids) = (means.clock.clone(), means.ids.clone());
        let mypage = mypage::open(&store, &place.folder, place.mypage.clone()).await?;
        let recording = Recording::begin(store.spans(), &means.version);
        let ports = Ports { journal: store.journal(), mypage, clock, ids, traces: recording.traces() };
        let terminal = Arc::new(Terminal::new(ports).await?);
        let journal = terminal.core.journal.clone();
        restore::begin_incarnation(&*journal, means.ids.clone()).await?;
        pairing::ensure_key(&*journal, means.ids.clone()).await?;
        let mut open =
            Self { means, place, listener, store, terminal, recording, running: None, exchange: None, marks: None };
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
        // Before anything can be recorded: another life may have to begin.
        self.mark().await?;
        let listener = self.listener.clone();
        self.running = Some(self.terminal.start(move |changed: Changed| listener.changed(changed)));
        self.terminal.commands.forget_old_keys().await?;
        self.forget_daily();
        if let Some(connection) = self.place.connection.clone() {
            connection::keep(&*self.terminal.core.journal, connection).await?;
        }
        self.begin_exchange().await?;
        let Ok(recorder) = self.terminal.queries.recorder().await else { return Ok(()) };
        if self.connection().await?.servers.is_empty() {
            let journal = &*self.terminal.core.journal;
            restore::take_over(journal, self.means.clock.clone(), self.means.ids.clone(), recorder).await?;
        }
        Ok(())
    }

    /// A program that runs for months forgets old idempotency keys as one that starts does, until the terminal is gone.
    fn forget_daily(&self) {
        let terminal = Arc::downgrade(&self.terminal);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(DAY).await;
                let Some(terminal) = terminal.upgrade() else { return };
                if let Err(error) = terminal.commands.forget_old_keys().await {
                    tracing::warn!(%error, "old idempotency keys can't be forgotten");
                }
            }
        });
    }

    /// Ends what runs and frees the folder, within 2 s whatever the cluster does. What was answered is durable.
    pub async fn close(self) {
        let Self { store, running, terminal, recording, exchange, marks, .. } = self;
        if let Some(exchange) = exchange {
            exchange.stop().await;
        }
        if let Some(running) = running {
            running.stop().await;
        }
        if let Some(marks) = marks
            && let Err(error) = marking::follow(&*terminal.core.journal, &*marks).await
        {
            tracing::warn!(%error, "the mark can't be written");
        }
        drop(terminal);
        recording.end().await;
        store.close().await;
    }
}
