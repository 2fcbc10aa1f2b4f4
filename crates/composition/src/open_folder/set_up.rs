//! A new folder becomes a terminal.

use nosmoke_application::commands::{self, Unattended};
use nosmoke_ports::contract::{AppError, JoinInput, SetUpInput};
use nosmoke_replication::lives::restore;

use super::OpenFolder;

impl OpenFolder {
    /// # Errors
    /// The store's.
    pub async fn is_set_up(&self) -> Result<bool, AppError> {
        Ok(restore::life(&*self.terminal().core.journal).await?.is_some())
    }

    /// Sets the empty folder up as the first terminal of a facility.
    ///
    /// # Errors
    /// Those of [`commands::set_up`].
    pub async fn set_up(&mut self, input: SetUpInput) -> Result<(), AppError> {
        let journal = &*self.terminal().core.journal;
        commands::set_up(journal, self.means.ids.clone(), self.means.clock.now(), input).await?;
        self.begun().await
    }

    /// Sets the empty folder up as another terminal of a facility.
    ///
    /// # Errors
    /// Those of [`commands::join`].
    pub async fn join(&mut self, input: JoinInput) -> Result<(), AppError> {
        let connection = input.connection.clone();
        let journal = &*self.terminal().core.journal;
        commands::join(journal, self.means.ids.clone(), &*self.means.clock, input).await?;
        self.keep(connection).await?;
        self.begun().await
    }

    /// Sets the empty folder up by itself, where nobody can be asked.
    ///
    /// # Errors
    /// Those of [`commands::set_up_unattended`].
    pub async fn set_up_unattended(&mut self, input: Unattended) -> Result<(), AppError> {
        let journal = &*self.terminal().core.journal;
        commands::set_up_unattended(journal, self.means.ids.clone(), self.means.clock.now(), input).await?;
        self.begun().await
    }

    async fn begun(&mut self) -> Result<(), AppError> {
        self.name_terminal().await?;
        self.mark().await?;
        self.begin_exchange().await
    }
}
