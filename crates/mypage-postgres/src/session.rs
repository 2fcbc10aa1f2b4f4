//! Connections that belong together: one that writes and holds the schema's lock, and a few that read. After any failure
//! they are given up as a whole and made anew, so that what is believed of the schema is never older than its connection.

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

const CONNECT: Duration = Duration::from_secs(4);
/// The first attempt, which the start of the program waits for.
const FIRST: Duration = Duration::from_secs(1);
/// After a failed attempt every question is answered with its error for so long, without waiting for another one.
const PAUSE: Duration = Duration::from_secs(1);
const READERS: u32 = 3;
const IDLE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) writer: Mutex<PgConnection>,
    pub(crate) readers: PgPool,
    /// Without `last_change`: what its rows were made from.
    claim: MypageClaim,
}

#[derive(Debug)]
pub(crate) struct Sessions {
    settings: Settings,
    source: Arc<dyn MypageSource>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    session: Option<Arc<Session>>,
    failed: Option<(Instant, StoreError)>,
    /// An attempt was made before.
    tried: bool,
}

impl Sessions {
    pub(crate) fn new(settings: Settings, source: Arc<dyn MypageSource>) -> Self {
        Self { settings, source, state: Mutex::default() }
    }

    /// The session that is open, or a new one.
    pub(crate) async fn session(&self) -> Result<Arc<Session>, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(session) = &state.session {
            return Ok(session.clone());
        }
        if let Some((when, error)) = &state.failed
            && when.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        let limit = if std::mem::replace(&mut state.tried, true) { CONNECT } else { FIRST };
        match self.open(limit).await {
            Ok(session) => {
                let session = Arc::new(session);
                (state.session, state.failed) = (Some(session.clone()), None);
                Ok(session)
            }
            Err(error) => {
                tracing::warn!(%error, "the customer center's database isn't reached");
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn open(&self, limit: Duration) -> Result<Session, StoreError> {
        let claim = self.source.claim().await?;
        let schema = schema::name(&claim);
        let options = self.settings.options(&schema)?;
        let opened = async {
            let mut writer = options.connect().await.map_err(|error| fault(&error))?;
            schema::claim(&mut writer, &schema, &claim).await?;
            Ok(writer)
        };
        let writer = timeout(limit, opened).await.unwrap_or_else(|_| Err(too_late(limit)))?;
        let readers = PgPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(CONNECT)
            .idle_timeout(IDLE)
            .connect_lazy_with(options);
        tracing::info!(schema, "the customer center's database is reached");
        Ok(Session { writer: Mutex::new(writer), readers, claim })
    }

    /// Gives the session up where the journal isn't any more what its rows were made from.
    pub(crate) async fn follow_the_source(&self) -> Result<(), StoreError> {
        let now = self.source.claim().await?;
        let mut state = self.state.lock().await;
        let differs = |session: &Arc<Session>| {
            MypageClaim { last_change: 0, ..session.claim } != MypageClaim { last_change: 0, ..now }
        };
        if state.session.as_ref().is_some_and(differs) {
            state.session = None;
        }
        Ok(())
    }

    /// An answer in time, or the session is given up.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        session: &Arc<Session>,
        answer: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, StoreError> {
        let error = match timeout(limit, answer).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => fault(&error),
            Err(_) => too_late(limit),
        };
        let mut state = self.state.lock().await;
        if state.session.as_ref().is_some_and(|open| Arc::ptr_eq(open, session)) {
            state.session = None;
        }
        Err(error)
    }
}

fn too_late(limit: Duration) -> StoreError {
    StoreError::Server(ServerFault::Unreachable, format!("no answer within {} s", limit.as_secs()))
}
