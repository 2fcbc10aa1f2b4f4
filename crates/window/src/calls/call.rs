//! What a call from a screen gets, and the macro that defines the table of calls.

use std::sync::Arc;

use nosmoke_application::permission::Act;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::shell::Shell;

/// One call from a screen.
pub(crate) struct Call {
    pub(crate) shell: Shell,
    /// When the key or button was pressed, in ms since 1970; `None` if the screen doesn't know.
    pub(crate) clicked_at: Option<f64>,
}

impl Call {
    /// Checks that the person who works at this terminal may perform an act.
    ///
    /// # Errors
    /// `not_authorised`; `not_set_up` if the act needs a role and the folder isn't set up.
    pub(crate) async fn expect(&self, act: Act) -> Result<(), AppError> {
        if act.needs().role().is_none() {
            return Ok(());
        }
        let authority = match self.terminal().await {
            Ok(terminal) => terminal.queries.authority().await,
            Err(error) => Err(error),
        };
        match authority {
            Ok(authority) => authority.expect(act),
            Err(error) if error.code == ErrorCode::NotSetUp && act.needs().before_set_up() => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn terminal(&self) -> Result<Arc<Terminal>, AppError> {
        self.shell.terminal().await
    }
}

/// Parses a call's input. If that fails, the error has a code like any other error.
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

/// Defines calls by rows `name(Input) -> Answer, Act: |call, input| answer;`. A row without an act doesn't compile. The
/// TypeScript types of the screens are generated from the same rows.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($In:ty) -> $Out:ty, $act:ident: |$call:pat_param, $input:pat_param| $answer:expr;)*) => {
        /// Runs a call and returns its answer as JSON.
        ///
        /// # Errors
        /// `not_authorised`, `invalid_input`, or an error of the call itself.
        pub(super) async fn answer(
            call: &$crate::calls::call::Call,
            name: &str,
            value: serde_json::Value,
        ) -> Result<String, nosmoke_ports::contract::AppError> {
            match name {
                $(stringify!($name) => {
                    // Boxed, so that not every call's future is as large as the largest one.
                    let answering = async {
                        let act = nosmoke_application::permission::Act::$act;
                        let person = $crate::calls::noted::person(act, &value);
                        let answer: Result<$Out, nosmoke_ports::contract::AppError> = async {
                            call.expect(act).await?;
                            let ($call, $input) = (call, $crate::calls::call::input::<$In>(value)?);
                            $answer
                        }
                        .await;
                        $crate::calls::noted::note(&call.shell, act, person, &answer).await;
                        $crate::calls::call::output(&answer?)
                    };
                    Box::pin(answering).await
                })*
                _ => Err($crate::calls::call::invalid("there is no such call")),
            }
        }

        /// Each call with its act.
        #[cfg(test)]
        pub(super) const ACTS: &[(&str, nosmoke_application::permission::Act)] =
            &[$((stringify!($name), nosmoke_application::permission::Act::$act)),*];

        /// Each call with the types of its input and answer, exported to TypeScript.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export_to = "calls.ts", rename_all = "camelCase")]
        #[expect(dead_code, reason = "only its type is used, for the export")]
        struct Calls {
            $($(#[$doc])* $name: ($In, $Out)),*
        }

        /// Writes only `calls.ts`; the types that it refers to are exported with the contract.
        #[cfg(test)]
        #[test]
        fn export_bindings_calls() {
            <Calls as ts_rs::TS>::export(&ts_rs::Config::from_env()).unwrap();
        }
    };
}

pub(crate) use calls;
