//! The options of `nosmoke serve` for the Kafka cluster; their doc comments are texts of `--help`.

use std::path::{Path, PathBuf};

use clap::{Args as Arguments, ValueEnum};
use nosmoke_ports::contract::{AppError, ErrorCode, SaslMechanism, Transport};
use nosmoke_replication::joining::connection::ConnectionChange;

/// Largest file of a password in bytes.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// Each option is saved in the data folder, and changes only what it names.
#[derive(Debug, Arguments)]
pub struct KafkaArgs {
    /// Servers of a Kafka cluster, separated by commas. This and the other options of the cluster are saved in the data
    /// folder; each changes only what it names. Terminals exchange over it if they have the same --facility-key.
    #[arg(long, value_name = "HOST:PORT")]
    pub kafka: Option<String>,
    /// Prefix of the cluster's topics.
    #[arg(long, value_name = "P")]
    pub topic_prefix: Option<String>,
    /// Encrypt the connection, and check the servers' certificate and name.
    #[arg(long)]
    pub kafka_tls: bool,
    /// Don't encrypt the connection any more; everybody on the way can read it. Only this option takes TLS away.
    #[arg(long, conflicts_with_all = ["kafka_tls", "kafka_ca", "kafka_cert"])]
    pub kafka_plain: bool,
    /// PEM file of the certificate authorities to trust, instead of the system's; encrypts as --kafka-tls does.
    #[arg(long, value_name = "FILE")]
    pub kafka_ca: Option<PathBuf>,
    /// PEM file of this terminal's certificate, for mutual TLS.
    #[arg(long, value_name = "FILE", requires = "kafka_key")]
    pub kafka_cert: Option<PathBuf>,
    /// PEM file of the certificate's private key.
    #[arg(long, value_name = "FILE", requires = "kafka_cert")]
    pub kafka_key: Option<PathBuf>,
    /// The user to log in as (SASL).
    #[arg(long, value_name = "NAME")]
    pub kafka_user: Option<String>,
    /// File with the user's password, which is saved in the data folder, and sent only to these servers as this user.
    #[arg(long, value_name = "FILE", env = "NOSMOKE_KAFKA_PASSWORD_FILE")]
    pub kafka_password_file: Option<PathBuf>,
    /// How the user logs in; by default scram-sha-512. plain needs TLS.
    #[arg(long, value_name = "METHOD")]
    pub kafka_mechanism: Option<Mechanism>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mechanism {
    #[value(name = "scram-sha-512")]
    ScramSha512,
    #[value(name = "scram-sha-256")]
    ScramSha256,
    Plain,
}

impl KafkaArgs {
    /// Returns what the options change of the saved settings; `None` if there is none of them.
    ///
    /// # Errors
    /// `file_unreadable`; `log_settings` for values that can't be right.
    pub fn change(&self) -> Result<Option<ConnectionChange>, AppError> {
        let transport = match (self.kafka_tls, self.kafka_plain) {
            (_, true) => Some(Transport::Plain),
            (true, false) => Some(Transport::Tls),
            (false, false) => None,
        };
        let change = ConnectionChange {
            servers: self.kafka.clone(),
            prefix: self.topic_prefix.clone(),
            transport,
            ca_file: self.kafka_ca.as_deref().map(readable).transpose()?,
            certificate: match (&self.kafka_cert, &self.kafka_key) {
                (Some(certificate), Some(key)) => Some((readable(certificate)?, readable(key)?)),
                _ => None,
            },
            user: self.kafka_user.clone(),
            mechanism: self.kafka_mechanism.map(|mechanism| match mechanism {
                Mechanism::ScramSha512 => SaslMechanism::ScramSha512,
                Mechanism::ScramSha256 => SaslMechanism::ScramSha256,
                Mechanism::Plain => SaslMechanism::Plain,
            }),
            password: self.kafka_password_file.as_deref().map(password).transpose()?,
        };
        change.check()?;
        Ok((!change.is_empty()).then_some(change))
    }
}

/// Returns the absolute path of a file that can be read.
fn readable(path: &Path) -> Result<String, AppError> {
    let absolute = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
    std::fs::File::open(&absolute).map_err(|error| unreadable(path, &error))?;
    Ok(absolute.display().to_string())
}

/// Reads a password, without the line break at its end.
fn password(path: &Path) -> Result<String, AppError> {
    use std::io::Read;
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(MAX_PASSWORD_BYTES).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn unreadable(path: &Path, error: &std::io::Error) -> AppError {
    AppError::of_file(ErrorCode::FileUnreadable, path, error.kind(), &error.to_string())
}
