//! The settings of the database server, and a trial of them before they are saved.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nosmoke_ports::contract::{AppError, MypageEngineTrial, PostgresServer, Transport};
use nosmoke_ports::{MypageSource, ServerFault, StoreError};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection, Error};
use tokio::time::timeout;

use crate::fault::fault;
use crate::schema;

const TRIAL_TIMEOUT: Duration = Duration::from_secs(8);
/// Most bytes that are read from the file with the certificate authorities.
const MAX_CA_BYTES: u64 = 1024 * 1024;
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// Oldest supported version. Indexes with included columns exist since 11; 12 is the oldest that is tested.
const MIN_VERSION: i32 = 120_000;
/// Timeouts enforced by the server. If a connection broke silently, the server ends it within half a minute, which
/// releases the schema's lock.
const SERVER_LIMITS: [(&str, &str); 7] = [
    ("statement_timeout", "20s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("tcp_keepalives_idle", "15"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("client_min_messages", "warning"),
];

/// Address and credentials of the server.
#[derive(Clone)]
pub struct Settings {
    options: PgConnectOptions,
    /// File with the certificate authorities. It is read for each connection, so that adding a missing file helps
    /// without a restart.
    ca_file: Option<PathBuf>,
    /// Whether TLS with all checks is used only because a URL says nothing else, which a refusal must mention.
    is_tls_implied: bool,
}

/// Shows host and port only, not the password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (self.options.get_host(), self.options.get_port());
        f.debug_struct("Settings").field("host", &host).field("port", &port).finish_non_exhaustive()
    }
}

impl Settings {
    pub fn new(server: &PostgresServer, password: Option<&str>) -> Self {
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&server.host)
            .port(server.port)
            .database(&server.database)
            .username(&server.user)
            .ssl_mode(match server.transport {
                Transport::Plain => PgSslMode::Disable,
                Transport::Tls => PgSslMode::VerifyFull,
            });
        if let Some(password) = password {
            options = options.password(password);
        }
        let ca_file =
            (server.transport == Transport::Tls && !server.ca_file.is_empty()).then(|| server.ca_file.clone().into());
        Self { options, ca_file, is_tls_implied: false }
    }

    /// Parses `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`. Without `sslmode` in the
    /// URL it is `verify-full`, whatever the environment says; a local socket has no TLS.
    ///
    /// # Errors
    /// `Server(Settings)`, without the URL, because that may contain a password.
    pub fn from_url(url: &str) -> Result<Self, StoreError> {
        let options =
            if url.starts_with("postgres://") || url.starts_with("postgresql://") { url.parse().ok() } else { None };
        let unusable =
            || StoreError::Server(ServerFault::Settings, "the database's URL isn't a postgres:// URL".into());
        let options: PgConnectOptions = options.ok_or_else(unusable)?;
        let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
        let is_written = parameters.split('&').any(|it| it.starts_with("sslmode=") || it.starts_with("ssl-mode="));
        let is_socket = options.get_socket().is_some() || options.get_host().starts_with('/');
        let options = match (is_written, is_socket) {
            (true, _) => options,
            (false, true) => options.ssl_mode(PgSslMode::Disable),
            (false, false) => options.ssl_mode(PgSslMode::VerifyFull),
        };
        Ok(Self { options, ca_file: None, is_tls_implied: !is_written && !is_socket })
    }

    /// Converts an error of connecting, and says how to connect to a server without TLS if the URL didn't say so.
    pub fn connect_fault(&self, error: &Error) -> StoreError {
        match fault(error) {
            StoreError::Server(ServerFault::Untrusted, detail) if self.is_tls_implied => {
                let hint = "the URL has no sslmode, so TLS with a checked certificate is needed (sslmode=verify-full); \
                    for a server without TLS write ?sslmode=disable, for your own authority &sslrootcert=FILE";
                StoreError::Server(ServerFault::Untrusted, format!("{detail}; {hint}"))
            }
            other => other,
        }
    }

    /// Returns the options of a connection whose tables are in `schema`.
    ///
    /// # Errors
    /// `Server(Settings)` if the file with the certificate authorities can't be used.
    pub(crate) fn options(&self, schema: &str) -> Result<PgConnectOptions, StoreError> {
        self.options_of("Nosmoke Desk", schema, &SERVER_LIMITS)
    }

    /// Returns the options of a connection of a program, by its name, whose tables are in `schema`, with settings that
    /// the server enforces.
    ///
    /// # Errors
    /// `Server(Settings)` if the file with the certificate authorities can't be used.
    pub fn options_of(
        &self,
        program: &str,
        schema: &str,
        limits: &[(&str, &str)],
    ) -> Result<PgConnectOptions, StoreError> {
        let mut options = self.options.clone().application_name(program).disable_statement_logging();
        if let Some(path) = &self.ca_file {
            options = options.ssl_root_cert_from_pem(authority(path)?);
        }
        Ok(options.options(limits.iter().copied()).options([("search_path", schema)]))
    }
}

fn authority(path: &Path) -> Result<Vec<u8>, StoreError> {
    let unusable =
        |detail: String| StoreError::Server(ServerFault::Settings, format!("the CA file {} {detail}", path.display()));
    let unreadable = |error: std::io::Error| unusable(format!("can't be read: {error}"));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut pem = Vec::new();
    file.take(MAX_CA_BYTES).read_to_end(&mut pem).map_err(unreadable)?;
    if !pem.windows(PEM.len()).any(|bytes| bytes == PEM) {
        return Err(unusable("isn't PEM".into()));
    }
    Ok(pem)
}

/// Tries a server with a separate connection: whether it accepts us, and whether we may create the schema. Changes
/// nothing.
pub async fn try_server(settings: &Settings, source: &dyn MypageSource) -> MypageEngineTrial {
    let begin = Instant::now();
    let tried = async {
        let schema = schema::name(&source.claim().await?);
        let options = settings.options(&schema)?;
        let checked = async {
            let mut connection = options.connect().await?;
            let version = check_version_and_rights(&mut connection, &schema).await;
            connection.close().await?;
            version
        };
        match timeout(TRIAL_TIMEOUT, checked).await {
            Ok(Ok(Ok(version))) => Ok(version),
            Ok(Ok(Err(refused))) => Err(refused),
            Ok(Err(error)) => Err(settings.connect_fault(&error)),
            Err(_) => Err(StoreError::Server(
                ServerFault::Unreachable,
                format!("the database server didn't answer within {} s", TRIAL_TIMEOUT.as_secs()),
            )),
        }
    };
    let found = tried.await;
    let took_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    match found {
        Ok(version) => MypageEngineTrial { version: Some(version), took_ms, error: None },
        Err(error) => MypageEngineTrial { version: None, took_ms, error: Some(AppError::from(error)) },
    }
}

/// Returns the server's version, or the reason why the server can't be used.
async fn check_version_and_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Result<String, StoreError>, Error> {
    let (version, number): (String, i32) =
        sqlx::query_as("SELECT current_setting('server_version'), current_setting('server_version_num')::integer")
            .fetch_one(&mut *connection)
            .await?;
    let refuse = |fault, detail: String| Ok(Err(StoreError::Server(fault, detail)));
    if number < MIN_VERSION {
        return refuse(ServerFault::Failed, format!("the server is PostgreSQL {version}, but 12 or newer is needed"));
    }
    let may_create: bool = sqlx::query_scalar("SELECT has_database_privilege(current_database(), 'CREATE')")
        .fetch_one(&mut *connection)
        .await?;
    if !may_create && !schema::is_there(connection, schema).await? {
        return refuse(ServerFault::NotAuthorised, "the user lacks the CREATE privilege on the database".into());
    }
    Ok(Ok(version))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_url_without_sslmode_is_verified_in_full() {
        let mode = |url: &str| {
            let settings = Settings::from_url(url).unwrap();
            (format!("{:?}", settings.options.get_ssl_mode()), settings.is_tls_implied)
        };
        assert_eq!(mode("postgres://desk@db/nosmoke"), ("VerifyFull".to_owned(), true));
        assert_eq!(mode("postgresql://desk@db/nosmoke?application_name=x"), ("VerifyFull".to_owned(), true));
        for written in ["disable", "prefer", "require", "verify-ca", "verify-full"] {
            assert!(!mode(&format!("postgres://desk@db/nosmoke?sslmode={written}")).1, "{written}");
        }
        assert_eq!(mode("postgres://desk@db/nosmoke?sslmode=disable").0, "Disable");
        assert_eq!(mode("postgres://desk@%2Frun%2Fpostgresql/nosmoke"), ("Disable".to_owned(), false));
    }
}
