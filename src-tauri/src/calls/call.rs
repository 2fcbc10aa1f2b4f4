//! What a call has at hand, and how the table of calls is made.

use std::sync::Arc;

use nosmoke_application::permission::Act;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::shell::Shell;

/// One call of a screen.
pub(crate) struct Call {
    pub(crate) shell: Shell,
    /// When the key or the button was pressed, in ms since 1970, where the screen knows.
    pub(crate) clicked_at: Option<f64>,
}

impl Call {
    /// # Errors
    /// `not_authorised`; `not_set_up` where the act needs somebody and nobody is there.
    pub(crate) async fn expect(&self, act: Act) -> Result<(), AppError> {
        if act.needs().role().is_none() {
            return Ok(());
        }
        let recorder = match self.terminal().await {
            Ok(terminal) => terminal.queries.recorder().await,
            Err(error) => Err(error),
        };
        match recorder {
            Ok(recorder) => act.expect(recorder.role),
            Err(error) if error.code == ErrorCode::NotSetUp && act.needs().before_set_up() => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn terminal(&self) -> Result<Arc<Terminal>, AppError> {
        self.shell.terminal().await
    }
}

/// Parses what a screen sent. Tauri's own parsing would answer with a text instead of a code.
pub(crate) fn input<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, AppError> {
    serde_json::from_value(value).map_err(|error| invalid(&error.to_string()))
}

pub(crate) fn output(answer: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(answer)
        .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))
}

pub(crate) fn invalid(detail: &str) -> AppError {
    AppError::with(ErrorCode::InvalidInput, json!({ "detail": detail }))
}

/// Makes the calls of rows `name(Input) -> Answer, Act: |call, input| answer;`. A row names its act or it doesn't compile; the
/// screens' types are made of the same rows.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($In:ty) -> $Out:ty, $act:ident: |$call:pat_param, $input:pat_param| $answer:expr;)*) => {
        /// Answers a call as JSON.
        ///
        /// # Errors
        /// `not_authorised`, `invalid_input`; the call's own.
        pub(super) async fn answer(
            call: &$crate::calls::call::Call,
            name: &str,
            value: serde_json::Value,
        ) -> Result<String, nosmoke_ports::contract::AppError> {
            match name {
                $(stringify!($name) => {
                    // On the heap: otherwise each call would be as large as the largest.
                    let answering = async {
                        call.expect(nosmoke_application::permission::Act::$act).await?;
                        let ($call, $input) = (call, $crate::calls::call::input::<$In>(value)?);
                        let answer: Result<$Out, nosmoke_ports::contract::AppError> = $answer;
                        $crate::calls::call::output(&answer?)
                    };
                    Box::pin(answering).await
                })*
                _ => Err($crate::calls::call::invalid("there is no such call")),
            }
        }

        /// Each call with its input and its answer, for the screens.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export_to = "calls.ts", rename_all = "camelCase")]
        #[expect(dead_code, reason = "its type is what matters")]
        struct Calls {
            $($(#[$doc])* $name: ($In, $Out)),*
        }

        /// Writes them alone: the types that they are made of are the contract's.
        #[cfg(test)]
        #[test]
        fn export_bindings_calls() {
            <Calls as ts_rs::TS>::export(&ts_rs::Config::from_env()).unwrap();
        }
    };
}

pub(crate) use calls;
