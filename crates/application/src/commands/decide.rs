//! The trait that every command implements, and the dispatch to it.

use nosmoke_ports::contract::{AppError, Command, ContextName, Outcome};
use nosmoke_ports::every_command;

use super::work::Work;
use crate::permission::Act;

/// A command: its context, the act for which it needs permission, and its decision. There are no defaults, so that no
/// command lacks one of them.
pub(super) trait Decide {
    /// The context that decides the command; `None` if no context owns its data, for example for profiles and areas.
    const CONTEXT: Option<ContextName>;

    fn act(&self) -> Act;

    /// Decides the command and records its facts.
    ///
    /// # Errors
    /// Returns the code of a refusal, or an error of the store; the transaction is rolled back then.
    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError>;
}

macro_rules! dispatch {
    ($($command:ident),* $(,)?) => {
        /// Returns the act for which a command needs permission.
        pub(super) fn act_of(command: &Command) -> Act {
            match command {
                $(Command::$command(it) => it.act()),*
            }
        }

        /// Returns the context that decides a command.
        pub(super) fn context_of(command: &Command) -> Option<ContextName> {
            fn of<T: Decide>(_: &T) -> Option<ContextName> {
                T::CONTEXT
            }
            match command {
                $(Command::$command(it) => of(it)),*
            }
        }

        pub(super) fn decide(work: &mut Work<'_>, command: Command) -> Result<Outcome, AppError> {
            match command {
                $(Command::$command(it) => it.decide(work)),*
            }
        }
    };
}

every_command!(dispatch);

/// Returns whether the commands of a context call point synchronously.
pub(super) fn needs_point(context: ContextName) -> bool {
    matches!(context, ContextName::Pay | ContextName::Penalty | ContextName::Point)
}
