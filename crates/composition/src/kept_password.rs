//! The passwords of servers, in files of the data folder. Each is kept with the servers, the user and the transport that it
//! was typed for, and is sent to no others: settings may be changed by somebody who doesn't know the password, for example
//! by a restored backup.

use std::collections::BTreeSet;
use std::path::Path;

use nosmoke_ports::contract::{AppError, Connection, ErrorCode, PostgresServer, SaslMechanism, Transport};
use nosmoke_store::Secret;
use serde_json::{Value, json};

/// To whom a password is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// `host:port` of each server.
    servers: BTreeSet<String>,
    user: String,
    is_encrypted: bool,
    /// Whether the server receives the password itself.
    is_sent: bool,
}

impl Recipient {
    pub(crate) fn cluster(connection: &Connection) -> Self {
        Self {
            servers: servers_of(&connection.servers),
            user: connection.user.trim().to_owned(),
            is_encrypted: connection.transport == Transport::Tls,
            is_sent: connection.mechanism == SaslMechanism::Plain,
        }
    }

    pub(crate) fn database(server: &PostgresServer) -> Self {
        Self {
            servers: BTreeSet::from([format!("{}:{}", server.host.trim().to_ascii_lowercase(), server.port)]),
            user: server.user.trim().to_owned(),
            is_encrypted: server.transport == Transport::Tls,
            is_sent: true,
        }
    }

    /// Whether a password that was typed for `self` may be sent to `other`: to the same user at the same servers or some
    /// of them, and no less protected.
    fn covers(&self, other: &Self) -> bool {
        other.servers.is_subset(&self.servers)
            && self.user == other.user
            && (other.is_encrypted || !self.is_encrypted)
            && (self.is_sent || !other.is_sent)
    }

    fn json(&self) -> Value {
        json!({ "servers": self.servers, "user": self.user, "encrypted": self.is_encrypted, "sent": self.is_sent })
    }

    fn read(kept: &Value) -> Option<Self> {
        let servers = kept["servers"].as_array()?.iter().map(|server| server.as_str().map(str::to_owned));
        Some(Self {
            servers: servers.collect::<Option<_>>()?,
            user: kept["user"].as_str()?.to_owned(),
            is_encrypted: kept["encrypted"].as_bool()?,
            is_sent: kept["sent"].as_bool()?,
        })
    }
}

fn servers_of(text: &str) -> BTreeSet<String> {
    text.split(',').map(|server| server.trim().to_ascii_lowercase()).filter(|server| !server.is_empty()).collect()
}

/// The file of a password.
#[derive(Debug, Clone)]
pub(crate) struct KeptPassword(Secret);

impl KeptPassword {
    pub(crate) fn of_cluster(folder: &Path) -> Self {
        Self(Secret::cluster_password(folder))
    }

    pub(crate) fn of_mypage(folder: &Path) -> Self {
        Self(Secret::mypage_password(folder))
    }

    /// Returns the password, whomever it is for, to mask it; of a file that isn't ours the whole text.
    pub(crate) fn text(&self) -> Result<Option<String>, AppError> {
        let kept = self.read()?.map(|(_, password)| password);
        Ok(kept.or(self.0.read()?))
    }

    /// Returns the password if it was typed for this recipient.
    pub(crate) fn read_for(&self, recipient: &Recipient) -> Result<Option<String>, AppError> {
        Ok(self.read()?.filter(|(kept, _)| kept.covers(recipient)).map(|(_, password)| password))
    }

    /// Returns the password to use: the typed one, or else the kept one.
    ///
    /// # Errors
    /// `password_needed` if a password is kept, and for another recipient.
    pub(crate) fn typed_or_kept(
        &self,
        recipient: &Recipient,
        typed: Option<String>,
    ) -> Result<Option<String>, AppError> {
        if typed.is_some() || recipient.user.is_empty() || recipient.servers.is_empty() {
            return Ok(typed);
        }
        match self.read()? {
            Some((kept, password)) if kept.covers(recipient) => Ok(Some(password)),
            Some(_) => Err(AppError::new(ErrorCode::PasswordNeeded)),
            None => Ok(None),
        }
    }

    /// Replaces the password; an empty one removes it.
    pub(crate) fn write(&self, recipient: &Recipient, password: &str) -> Result<(), AppError> {
        if password.is_empty() {
            return Ok(self.0.write("")?);
        }
        Ok(self.0.write(&json!({ "for": recipient.json(), "password": password }).to_string())?)
    }

    fn read(&self) -> Result<Option<(Recipient, String)>, AppError> {
        let Some(text) = self.0.read()? else { return Ok(None) };
        // A file that isn't ours is for nobody.
        let kept: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok(Recipient::read(&kept["for"]).zip(kept["password"].as_str().map(str::to_owned)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    fn cluster() -> Connection {
        Connection {
            servers: "kafka-1:9093,kafka-2:9093".into(),
            user: "desk".into(),
            transport: Transport::Tls,
            ..Connection::default()
        }
    }

    #[test]
    fn a_kept_password_goes_only_to_whom_it_was_typed_for() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptPassword::of_cluster(folder.path());
        kept.write(&Recipient::cluster(&cluster()), "비밀 1").unwrap();
        let read = |connection: Connection| kept.read_for(&Recipient::cluster(&connection)).unwrap();
        assert_eq!(read(cluster()).as_deref(), Some("비밀 1"));
        assert_eq!(read(Connection { servers: "Kafka-2:9093".into(), ..cluster() }).as_deref(), Some("비밀 1"));
        let others = [
            Connection { servers: "kafka-1:9093,elsewhere:9093".into(), ..cluster() },
            Connection { servers: "kafka-1:9094".into(), ..cluster() },
            Connection { user: "other".into(), ..cluster() },
            Connection { transport: Transport::Plain, ..cluster() },
            Connection { mechanism: SaslMechanism::Plain, ..cluster() },
        ];
        for other in others {
            assert_eq!(read(other.clone()), None, "{other:?}");
            let recipient = Recipient::cluster(&other);
            let error = kept.typed_or_kept(&recipient, None).unwrap_err();
            assert_eq!(error.code, ErrorCode::PasswordNeeded);
            assert_eq!(kept.typed_or_kept(&recipient, Some("new".into())).unwrap().as_deref(), Some("new"));
        }
        let nobody = Recipient::cluster(&Connection { user: String::new(), ..cluster() });
        assert_eq!(kept.typed_or_kept(&nobody, None), Ok(None));
        let cut = Recipient::cluster(&Connection { servers: String::new(), ..cluster() });
        assert_eq!(kept.typed_or_kept(&cut, None), Ok(None));
    }

    #[test]
    fn the_password_of_a_database_is_for_its_host_port_user_and_transport() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptPassword::of_mypage(folder.path());
        let server = PostgresServer {
            host: "db".into(),
            port: 5432,
            database: "nosmoke".into(),
            user: "desk".into(),
            transport: Transport::Plain,
            ca_file: String::new(),
            password_kept: false,
        };
        kept.write(&Recipient::database(&server), "geheim").unwrap();
        let read = |server: PostgresServer| kept.read_for(&Recipient::database(&server)).unwrap().is_some();
        assert!(read(server.clone()));
        // Encryption may be added.
        assert!(read(PostgresServer { transport: Transport::Tls, database: "other".into(), ..server.clone() }));
        assert!(!read(PostgresServer { host: "db.evil.test".into(), ..server.clone() }));
        assert!(!read(PostgresServer { port: 5433, ..server.clone() }));
        assert!(!read(PostgresServer { user: "postgres".into(), ..server.clone() }));
        kept.write(&Recipient::database(&server), "").unwrap();
        assert!(!read(server));
    }
}
