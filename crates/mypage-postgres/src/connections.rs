//! The connections to the server: a writer, which holds the schema's lock, and a pool of readers. After any failure all
//! of them are closed and opened again, so that nothing is assumed about the schema after the lock was lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::{MypageClaim, MypageSource, ServerFault, StoreError};
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Error};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::fault::fault;
use crate::schema;
use crate::server::Settings;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// Timeout of the first attempt. It is short because the program's start waits for it.
const FIRST_CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// For this long after a failed attempt, its error is returned without a new attempt.
const RETRY_PAUSE: Duration = Duration::from_secs(1);
const MAX_READERS: u32 = 3;
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Connections {
    pub(crate) writer: Mutex<PgConnection>,
    pub(crate) readers: PgPool,
    /// The journal that the schema was tied to when the connections were opened.
    claim: MypageClaim,
}

/// Opens the connections when they are first needed, and again after a failure.
#[derive(Debug)]
pub(crate) struct Connector {
    settings: Settings,
    source: Arc<dyn MypageSource>,
    /// False beside another program, which has the schema locked.
    claims: bool,
    state: Mutex<ConnectorState>,
}

#[derive(Debug, Default)]
struct ConnectorState {
    connections: Option<Arc<Connections>>,
    /// Time and error of the last failed attempt.
    failed: Option<(Instant, StoreError)>,
    /// Whether there was any attempt to connect yet.
    tried: bool,
}

impl Connector {
    pub(crate) fn new(settings: Settings, source: Arc<dyn MypageSource>, claims: bool) -> Self {
        Self { settings, source, claims, state: Mutex::default() }
    }

    /// Returns the open connections, or opens new ones.
    pub(crate) async fn connections(&self) -> Result<Arc<Connections>, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(connections) = &state.connections {
            return Ok(connections.clone());
        }
        if let Some((when, error)) = &state.failed
            && when.elapsed() < RETRY_PAUSE
        {
            return Err(error.clone());
        }
        let time_limit =
            if std::mem::replace(&mut state.tried, true) { CONNECT_TIMEOUT } else { FIRST_CONNECT_TIMEOUT };
        match self.open(time_limit).await {
            Ok(connections) => {
                let connections = Arc::new(connections);
                (state.connections, state.failed) = (Some(connections.clone()), None);
                Ok(connections)
            }
            Err(error) => {
                tracing::warn!(%error, "can't connect to Mypage's database");
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn open(&self, time_limit: Duration) -> Result<Connections, StoreError> {
        let claim = self.source.claim().await?;
        let schema = schema::name(&claim);
        let options = self.settings.options(&schema)?;
        let opened = async {
            let mut writer = options.connect().await.map_err(|error| self.settings.connect_fault(&error))?;
            if self.claims {
                schema::claim(&mut writer, &schema, &claim).await?;
            }
            Ok(writer)
        };
        let writer = timeout(time_limit, opened).await.unwrap_or_else(|_| Err(too_late(time_limit)))?;
        let readers = PgPoolOptions::new()
            .max_connections(MAX_READERS)
            .acquire_timeout(CONNECT_TIMEOUT)
            .idle_timeout(IDLE_TIMEOUT)
            .connect_lazy_with(options);
        tracing::info!(schema, "connected to Mypage's database");
        Ok(Connections { writer: Mutex::new(writer), readers, claim })
    }

    /// Drops the connections if the schema was tied to another journal than the present one, so that the next query
    /// ties it again.
    pub(crate) async fn check_source(&self) -> Result<(), StoreError> {
        let now = self.source.claim().await?;
        let mut state = self.state.lock().await;
        let differs = |connections: &Arc<Connections>| {
            MypageClaim { last_change: 0, ..connections.claim } != MypageClaim { last_change: 0, ..now }
        };
        if state.connections.as_ref().is_some_and(differs) {
            state.connections = None;
        }
        Ok(())
    }

    /// Waits for the answer to a query; on an error or a timeout, drops the connections.
    pub(crate) async fn within<T>(
        &self,
        time_limit: Duration,
        connections: &Arc<Connections>,
        answer: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, StoreError> {
        let error = match timeout(time_limit, answer).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => fault(&error),
            Err(_) => too_late(time_limit),
        };
        let mut state = self.state.lock().await;
        if state.connections.as_ref().is_some_and(|open| Arc::ptr_eq(open, connections)) {
            state.connections = None;
        }
        Err(error)
    }
}

fn too_late(time_limit: Duration) -> StoreError {
    StoreError::Server(
        ServerFault::Unreachable,
        format!("the database server didn't answer within {} s", time_limit.as_secs()),
    )
}
