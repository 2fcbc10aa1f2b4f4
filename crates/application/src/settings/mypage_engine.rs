//! The setting of the database engine that stores Mypage's read model. The password isn't part of the setting, so that
//! no backup contains the password.

use nosmoke_ports::contract::{AppError, ErrorCode, MypageEngine, MypageEngineInput, PostgresServer, Transport};
use nosmoke_ports::limits;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};
use serde_json::json;

const SETTING: &str = nosmoke_ports::setting::outward::MYPAGE_ENGINE;
const HOST_MAX: usize = 253;
/// Upper bound for names of databases and users: PostgreSQL truncates longer ones.
const NAME_MAX: usize = 63;
const PATH_MAX: usize = 4_000;

/// Reads the saved engine; SQLite by default.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<MypageEngine, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves an engine that [`check`] has accepted.
///
/// # Errors
/// An error of the store.
pub async fn keep(journal: &dyn Journal, engine: MypageEngine) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &engine)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Checks the fields of the input, without connecting to the server.
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
        return wrong("host", "the host must be a name or an address without spaces");
    }
    if *port == 0 {
        return wrong("port", "the port must be 1 to 65535");
    }
    for (field, text) in [("database", database), ("user", user)] {
        if text.trim().is_empty() {
            return wrong(field, "the database and the user must be given");
        }
    }
    if *transport == Transport::Plain && !ca_file.is_empty() {
        return wrong("caFile", "a CA file can be used only with TLS");
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
    fn an_invalid_engine_is_refused_with_its_field() {
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
    fn debug_output_of_the_input_contains_no_password() {
        let input = MypageEngineInput { engine: MypageEngine::Postgres(server()), password: Some("hunter2".into()) };
        assert!(!format!("{input:?}").contains("hunter2"));
    }
}
