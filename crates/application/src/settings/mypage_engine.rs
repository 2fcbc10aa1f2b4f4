//! Where the customer center keeps its read model: this terminal's own choice, kept in its journal, never sent to another.
//! The password isn't kept here, so that no backup holds it.

use nosmoke_ports::contract::{AppError, ErrorCode, MypageEngine, MypageEngineInput, PostgresServer, Transport};
use nosmoke_ports::limits;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};
use serde_json::json;

const SETTING: &str = "mypage_engine";
const HOST_MAX: usize = 253;
/// PostgreSQL cuts longer names.
const NAME_MAX: usize = 63;
const PATH_MAX: usize = 4_000;

/// The engine that is kept; SQLite where none was chosen.
///
/// # Errors
/// The store's.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<MypageEngine, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Keeps an engine that [`check`] has passed.
///
/// # Errors
/// The store's.
pub async fn keep(journal: &dyn Journal, engine: MypageEngine) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &engine)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Whether an engine can be tried at all.
///
/// # Errors
/// `too_long`, `invalid_text`; `mypage_settings` with the field that is wrong.
pub fn check(input: &MypageEngineInput) -> Result<(), AppError> {
    let MypageEngine::Postgres(server) = &input.engine else { return Ok(()) };
    let PostgresServer { host, port, database, user, transport, ca_file, .. } = server;
    for (field, text, max) in [
        ("host", host, HOST_MAX),
        ("database", database, NAME_MAX),
        ("user", user, NAME_MAX),
        ("caFile", ca_file, PATH_MAX),
    ] {
        limits::check_text(field, text, max)?;
    }
    if let Some(password) = &input.password {
        limits::check_text("password", password, PATH_MAX)?;
    }
    let wrong = |field: &str, detail: &str| {
        Err(AppError::with(ErrorCode::MypageSettings, json!({ "field": field, "detail": detail })))
    };
    if host.is_empty() || host.chars().any(char::is_whitespace) {
        return wrong("host", "a name or an address, without spaces");
    }
    if *port == 0 {
        return wrong("port", "1 to 65535");
    }
    for (field, text) in [("database", database), ("user", user)] {
        if text.trim().is_empty() {
            return wrong(field, "it is needed");
        }
    }
    if *transport == Transport::Plain && !ca_file.is_empty() {
        return wrong("caFile", "an authority needs TLS");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> PostgresServer {
        PostgresServer {
            host: "db".into(),
            port: 5432,
            database: "nosmoke".into(),
            user: "desk".into(),
            transport: Transport::Plain,
            ca_file: String::new(),
            password_kept: false,
        }
    }

    #[test]
    fn what_can_not_be_tried_is_refused_with_its_field() {
        let checked = |server: PostgresServer| {
            check(&MypageEngineInput { engine: MypageEngine::Postgres(server), password: Some("비밀".into()) })
        };
        assert_eq!(checked(server()), Ok(()));
        assert_eq!(check(&MypageEngineInput { engine: MypageEngine::Sqlite, password: None }), Ok(()));
        for (field, bad) in [
            ("host", PostgresServer { host: String::new(), ..server() }),
            ("host", PostgresServer { host: "a b".into(), ..server() }),
            ("port", PostgresServer { port: 0, ..server() }),
            ("database", PostgresServer { database: " ".into(), ..server() }),
            ("user", PostgresServer { user: String::new(), ..server() }),
            ("caFile", PostgresServer { ca_file: "ca.pem".into(), ..server() }),
        ] {
            let error = checked(bad).unwrap_err();
            assert_eq!((error.code, &error.params["field"]), (ErrorCode::MypageSettings, &json!(field)));
        }
    }

    #[test]
    fn a_password_is_in_no_words_about_its_input() {
        let input = MypageEngineInput { engine: MypageEngine::Postgres(server()), password: Some("hunter2".into()) };
        assert!(!format!("{input:?}").contains("hunter2"));
    }
}
