//! What a command says of itself, and the dispatch to it.

use nosmoke_ports::contract::{AppError, Command, ContextName, Outcome};
use nosmoke_ports::every_command;

use super::work::Work;
use crate::permission::Act;

/// A command: what it needs permission for, whose it is, and what it decides. None of it has a default.
pub(super) trait Decide {
    /// The context that decides it; `None` for what no context owns, such as profiles and areas.
    const CONTEXT: Option<ContextName>;

    fn act(&self) -> Act;

    /// # Errors
    /// A refusal by its code, the store's; the transaction is rolled back then.
    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError>;
}

macro_rules! dispatch {
    ($($command:ident),* $(,)?) => {
        /// What a command needs permission for.
        pub(super) fn act_of(command: &Command) -> Act {
            match command {
                $(Command::$command(it) => it.act()),*
            }
        }

        /// The context that decides a command.
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

/// Contexts whose commands call point synchronously.
pub(super) fn needs_point(context: ContextName) -> bool {
    matches!(context, ContextName::Pay | ContextName::Penalty | ContextName::Point)
}
