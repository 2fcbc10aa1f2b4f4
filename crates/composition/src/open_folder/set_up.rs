//! Sets up an empty folder as a terminal.

use nosmoke_application::commands::{self, Membership, Unattended};
use nosmoke_application::people::FirstManager;
use nosmoke_ports::contract::{AppError, JoinInput, SetUpInput};
use nosmoke_replication::incarnations::restore;

use super::OpenFolder;

impl OpenFolder {
    /// Whether the folder is set up as a terminal.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn is_set_up(&self) -> Result<bool, AppError> {
        Ok(restore::marked(&*self.terminal().core.journal).await?.is_some())
    }

    /// Sets the empty folder up as the first terminal of a facility. Nobody is signed in.
    ///
    /// # Errors
    /// The errors of [`commands::set_up`].
    pub async fn set_up(&mut self, input: SetUpInput) -> Result<FirstManager, AppError> {
        let journal = &*self.terminal().core.journal;
        let (ids, now) = (self.environment.ids.clone(), self.environment.clock.now());
        let membership = Membership::founding(&*ids);
        let first = commands::set_up(journal, ids, now, membership, input).await?;
        self.after_set_up().await?;
        Ok(first)
    }

    /// Sets the empty folder up as another terminal of an existing facility.
    ///
    /// # Errors
    /// The errors of [`commands::join`].
    pub async fn join(&mut self, input: JoinInput) -> Result<(), AppError> {
        let connection = input.connection.clone();
        let journal = &*self.terminal().core.journal;
        commands::join(journal, self.environment.ids.clone(), &*self.environment.clock, input).await?;
        self.keep(connection).await?;
        self.after_set_up().await
    }

    /// Sets the empty folder up with default values, for a program without a user interface.
    ///
    /// # Errors
    /// The errors of [`commands::set_up_unattended`].
    pub async fn set_up_unattended(&mut self, input: Unattended) -> Result<(), AppError> {
        let journal = &*self.terminal().core.journal;
        commands::set_up_unattended(journal, self.environment.ids.clone(), self.environment.clock.now(), input).await?;
        self.after_set_up().await
    }

    /// Starts what needs a terminal: its id in spans, the mark, replication.
    async fn after_set_up(&mut self) -> Result<(), AppError> {
        self.name_terminal().await?;
        self.mark().await?;
        self.begin_replication().await
    }
}
