//! The settings of the connection to the Kafka cluster, stored in this terminal's journal and never sent to other
//! terminals. The password is stored in a file outside the journal, so that no backup contains it.

use nosmoke_ports::contract::{AppError, Connection, ErrorCode, SaslMechanism, Transport};
use nosmoke_ports::limits;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, WriteSettings, write};
use serde_json::json;

const SETTING: &str = nosmoke_ports::setting::outward::CONNECTION;
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
    let Connection { servers, prefix, ca_file, certificate_file, key_file, user, mechanism, transport, .. } =
        connection;
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
    if *transport == Transport::Plain && *mechanism == SaslMechanism::Plain && !user.is_empty() {
        return wrong("mechanism", "PLAIN sends the password itself, so it can be used only with TLS");
    }
    Ok(())
}

/// What a command line changes of the connection settings. A part that is `None` stays as it was saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionChange {
    pub servers: Option<String>,
    pub prefix: Option<String>,
    /// Encryption is lowered only by `Some(Plain)`.
    pub transport: Option<Transport>,
    pub ca_file: Option<String>,
    /// The files of the client certificate and its key.
    pub certificate: Option<(String, String)>,
    pub user: Option<String>,
    pub mechanism: Option<SaslMechanism>,
    pub password: Option<String>,
}

impl ConnectionChange {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the saved settings with the changes. Files of certificates raise the transport to TLS; a transport without
    /// TLS drops them, because they could not be used.
    pub fn applied_to(&self, kept: Connection) -> Connection {
        let change = self.clone();
        let with_files = change.ca_file.is_some() || change.certificate.is_some();
        let transport = change.transport.unwrap_or(if with_files { Transport::Tls } else { kept.transport });
        let (certificate_file, key_file) = change.certificate.unwrap_or((kept.certificate_file, kept.key_file));
        let connection = Connection {
            servers: change.servers.unwrap_or(kept.servers),
            prefix: change.prefix.unwrap_or(kept.prefix),
            transport,
            ca_file: change.ca_file.unwrap_or(kept.ca_file),
            certificate_file,
            key_file,
            user: change.user.unwrap_or(kept.user),
            mechanism: change.mechanism.unwrap_or(kept.mechanism),
            password_kept: kept.password_kept,
        };
        if change.transport == Some(Transport::Plain) && !with_files {
            let (ca_file, certificate_file, key_file) = Default::default();
            return Connection { ca_file, certificate_file, key_file, ..connection };
        }
        connection
    }

    /// Checks what can be checked without the saved settings, which are taken to have TLS.
    ///
    /// # Errors
    /// The errors of [`check`].
    pub fn check(&self) -> Result<(), AppError> {
        check(&self.applied_to(Connection { transport: Transport::Tls, ..Connection::default() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_never_takes_tls_or_a_user_away_unless_it_says_so() {
        let kept = Connection {
            servers: "a:9093".into(),
            prefix: "hanbit".into(),
            transport: Transport::Tls,
            ca_file: "ca.pem".into(),
            user: "desk".into(),
            ..Connection::default()
        };
        let change = |change: ConnectionChange| change.applied_to(kept.clone());
        assert_eq!(change(ConnectionChange::default()), kept);
        let servers = ConnectionChange { servers: Some("b:9093".into()), ..Default::default() };
        assert_eq!(change(servers), Connection { servers: "b:9093".into(), ..kept.clone() });
        let plain = change(ConnectionChange { transport: Some(Transport::Plain), ..Default::default() });
        assert_eq!((plain.transport, plain.ca_file.as_str(), plain.user.as_str()), (Transport::Plain, "", "desk"));
        assert_eq!(check(&plain), Ok(()));
        let raised = ConnectionChange { ca_file: Some("ca.pem".into()), ..Default::default() };
        assert_eq!(raised.applied_to(Connection::default()).transport, Transport::Tls);
        let both = ConnectionChange { transport: Some(Transport::Plain), ..raised };
        assert_eq!(check(&change(both)).unwrap_err().params["field"], "transport");
    }

    #[test]
    fn invalid_connections_are_refused_with_the_field_at_fault() {
        let good = Connection { servers: "a:9092,b:9092".into(), ..Connection::default() };
        assert_eq!(check(&good), Ok(()));
        assert_eq!(check(&Connection::default()), Ok(()));
        let bad = [
            ("prefix", Connection { prefix: "역/동".into(), ..good.clone() }),
            ("servers", Connection { servers: "a:1, b:1".into(), ..good.clone() }),
            ("certificateFile", Connection { key_file: "k".into(), transport: Transport::Tls, ..good.clone() }),
            ("transport", Connection { ca_file: "ca".into(), ..good.clone() }),
            ("mechanism", Connection { user: "desk".into(), mechanism: SaslMechanism::Plain, ..good }),
        ];
        for (field, connection) in bad {
            let error = check(&connection).unwrap_err();
            assert_eq!((error.code, &error.params["field"]), (ErrorCode::LogSettings, &json!(field)));
        }
    }
}
