//! How the server is reached, and a trial before it is kept.

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

const TRIAL: Duration = Duration::from_secs(8);
/// Bytes of a file with authorities.
const CA_MAX: u64 = 1024 * 1024;
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// Indexes with further columns came with 11; 12 is the oldest that is tried here.
const OLDEST: i32 = 120_000;
/// What the server ends by itself. A connection that broke off unseen is noticed within half a minute, and with it goes the
/// lock of its schema.
const LIMITS: [(&str, &str); 7] = [
    ("statement_timeout", "20s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("tcp_keepalives_idle", "15"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("client_min_messages", "warning"),
];

/// Where the server is and who asks it.
#[derive(Clone)]
pub struct Settings {
    options: PgConnectOptions,
    /// Read with each contact: a file that was missing helps once it is there.
    ca_file: Option<PathBuf>,
}

/// Without the password.
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
        Self { options, ca_file }
    }

    /// Of a `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`.
    ///
    /// # Errors
    /// `Server(Settings)`; the text itself isn't told, since it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, StoreError> {
        let options =
            if url.starts_with("postgres://") || url.starts_with("postgresql://") { url.parse().ok() } else { None };
        let unusable = || StoreError::Server(ServerFault::Settings, "not a postgres:// URL".into());
        Ok(Self { options: options.ok_or_else(unusable)?, ca_file: None })
    }

    /// # Errors
    /// `Server(Settings)` where the file with the authority can't be used.
    pub(crate) fn options(&self, schema: &str) -> Result<PgConnectOptions, StoreError> {
        let mut options = self.options.clone().application_name("Nosmoke Desk").disable_statement_logging();
        if let Some(path) = &self.ca_file {
            options = options.ssl_root_cert_from_pem(authority(path)?);
        }
        Ok(options.options(LIMITS).options([("search_path", schema)]))
    }
}

fn authority(path: &Path) -> Result<Vec<u8>, StoreError> {
    let unusable = |detail: String| StoreError::Server(ServerFault::Settings, format!("{}: {detail}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| unusable(error.to_string()))?;
    let mut pem = Vec::new();
    file.take(CA_MAX).read_to_end(&mut pem).map_err(|error| unusable(error.to_string()))?;
    if !pem.windows(PEM.len()).any(|bytes| bytes == PEM) {
        return Err(unusable("not PEM".into()));
    }
    Ok(pem)
}

/// Tries a server with a connection of its own: whether it lets us in, and whether we may keep something there. Nothing is
/// changed.
pub async fn try_server(settings: &Settings, source: &dyn MypageSource) -> MypageEngineTrial {
    let begin = Instant::now();
    let tried = async {
        let schema = schema::name(&source.claim().await?);
        let options = settings.options(&schema)?;
        let look = async {
            let mut connection = options.connect().await?;
            let version = look(&mut connection, &schema).await;
            connection.close().await?;
            version
        };
        match timeout(TRIAL, look).await {
            Ok(Ok(Ok(version))) => Ok(version),
            Ok(Ok(Err(refused))) => Err(refused),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => {
                Err(StoreError::Server(ServerFault::Unreachable, format!("no answer within {} s", TRIAL.as_secs())))
            }
        }
    };
    let found = tried.await;
    let took_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    match found {
        Ok(version) => MypageEngineTrial { version: Some(version), took_ms, error: None },
        Err(error) => MypageEngineTrial { version: None, took_ms, error: Some(AppError::from(error)) },
    }
}

async fn look(connection: &mut PgConnection, schema: &str) -> Result<Result<String, StoreError>, Error> {
    let (version, number): (String, i32) =
        sqlx::query_as("SELECT current_setting('server_version'), current_setting('server_version_num')::integer")
            .fetch_one(&mut *connection)
            .await?;
    let refuse = |fault, detail: String| Ok(Err(StoreError::Server(fault, detail)));
    if number < OLDEST {
        return refuse(ServerFault::Failed, format!("PostgreSQL {version}; 12 or newer is needed"));
    }
    let may_create: bool = sqlx::query_scalar("SELECT has_database_privilege(current_database(), 'CREATE')")
        .fetch_one(&mut *connection)
        .await?;
    if !may_create && !schema::is_there(connection, schema).await? {
        return refuse(ServerFault::NotAuthorised, "CREATE on the database".into());
    }
    Ok(Ok(version))
}
