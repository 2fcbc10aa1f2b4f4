//! The settings of the connection to the Kafka cluster, stored in this terminal's journal and never sent to other
//! terminals. The password is stored in a file outside the journal, so that no backup contains it.

use nosmoke_ports::contract::{AppError, Connection, ErrorCode, Transport};
use nosmoke_ports::limits;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, WriteSettings, write};
use serde_json::json;

const SETTING: &str = "connection";
const SERVERS_MAX: usize = 1_000;
const PREFIX_MAX: usize = 100;
const PATH_MAX: usize = 4_000;

/// Reads the saved connection settings; the default has no servers, which means that no cluster is configured.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<Connection, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves connection settings that passed [`check`].
///
/// # Errors
/// An error of the store.
pub async fn keep(journal: &dyn Journal, connection: Connection) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| put(tx, &connection);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Does the same as [`keep`], inside a transaction.
///
/// # Errors
/// An error of the store.
pub fn put(tx: &mut dyn WriteSettings, connection: &Connection) -> Result<(), AppError> {
    Ok(setting::put(tx, SETTING, connection)?)
}

/// Validates connection settings without connecting.
///
/// # Errors
/// `too_long`, `invalid_text`; `log_settings` with the reason.
pub fn check(connection: &Connection) -> Result<(), AppError> {
    let Connection { servers, prefix, ca_file, certificate_file, key_file, user, transport, .. } = connection;
    limits::check_text("servers", servers, SERVERS_MAX)?;
    limits::check_text("prefix", prefix, PREFIX_MAX)?;
    limits::check_text("user", user, limits::NAME_MAX)?;
    for (field, path) in [("caFile", ca_file), ("certificateFile", certificate_file), ("keyFile", key_file)] {
        limits::check_text(field, path, PATH_MAX)?;
    }
    let wrong = |field: &str, detail: &str| {
        Err(AppError::with(ErrorCode::LogSettings, json!({ "field": field, "detail": detail })))
    };
    if !prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')) {
        return wrong("prefix", "the topic prefix may have only Latin letters, digits, '.', '_' and '-'");
    }
    if servers.split(',').any(|server| server.chars().any(char::is_whitespace)) {
        return wrong("servers", "each server must be host:port, several are separated by commas without spaces");
    }
    if certificate_file.is_empty() != key_file.is_empty() {
        return wrong("certificateFile", "a client certificate and its private key must be given together");
    }
    if *transport == Transport::Plain && !(ca_file.is_empty() && certificate_file.is_empty()) {
        return wrong("transport", "certificates can be used only with TLS");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_connections_are_refused_with_the_field_at_fault() {
        let good = Connection { servers: "a:9092,b:9092".into(), ..Connection::default() };
        assert_eq!(check(&good), Ok(()));
        assert_eq!(check(&Connection::default()), Ok(()));
        let bad = [
            ("prefix", Connection { prefix: "역/동".into(), ..good.clone() }),
            ("servers", Connection { servers: "a:1, b:1".into(), ..good.clone() }),
            ("certificateFile", Connection { key_file: "k".into(), transport: Transport::Tls, ..good.clone() }),
            ("transport", Connection { ca_file: "ca".into(), ..good }),
        ];
        for (field, connection) in bad {
            let error = check(&connection).unwrap_err();
            assert_eq!((error.code, &error.params["field"]), (ErrorCode::LogSettings, &json!(field)));
        }
    }
}
