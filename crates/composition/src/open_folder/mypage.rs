//! Which engine stores Mypage's read model: SQLite in the data folder, or a PostgreSQL server.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::settings::mypage_engine;
use nosmoke_mypage_postgres::{PostgresMypage, Settings, try_server};
use nosmoke_ports::contract::{AppError, MypageEngine, MypageEngineInput, MypageEngineTrial};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::{MypageStore, StoreError, read};
use nosmoke_store::Store;

use super::OpenFolder;
use crate::kept_password::{KeptPassword, Recipient};

/// Opens the read model on the `given` server, or else on the engine that the folder's setting selects. It doesn't
/// connect to a server yet, so that an unreachable one delays nothing. While a server is used, the SQLite file stays,
/// and continues from its checkpoint when it is selected again.
pub(super) async fn open(
    store: &Store,
    folder: &Path,
    given: Option<Settings>,
) -> Result<Arc<dyn MypageStore>, AppError> {
    let on_server = |settings| Arc::new(PostgresMypage::new(settings, Arc::new(JournalSource(store.journal()))));
    if let Some(settings) = given {
        return Ok(on_server(settings));
    }
    match read::<_, StoreError>(&*store.journal(), |tx| mypage_engine::kept(tx)).await? {
        MypageEngine::Sqlite => Ok(store.mypage()),
        MypageEngine::Postgres(server) => {
            let password = KeptPassword::of_mypage(folder).read_for(&Recipient::database(&server))?;
            Ok(on_server(Settings::new(&server, password.as_deref())))
        }
    }
}

impl OpenFolder {
    /// Returns the saved engine. Of its password it returns only whether one is saved.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn mypage_engine(&self) -> Result<MypageEngine, AppError> {
        let mut engine = read::<_, StoreError>(&*self.terminal().core.journal, |tx| mypage_engine::kept(tx)).await?;
        if let MypageEngine::Postgres(server) = &mut engine {
            let password = KeptPassword::of_mypage(self.folder()).read_for(&Recipient::database(server))?;
            server.password_kept = password.is_some();
        }
        Ok(engine)
    }

    /// Tries a server with a separate connection, by default with the saved password. Saves nothing.
    ///
    /// # Errors
    /// `invalid_input`, `password_needed`, or an error of the store. If connecting fails, that is no error: the returned trial says why.
    pub fn try_mypage_engine(
        &self,
        input: MypageEngineInput,
    ) -> Result<impl Future<Output = MypageEngineTrial> + Send + use<>, AppError> {
        mypage_engine::check(&input)?;
        let settings = match &input.engine {
            MypageEngine::Sqlite => None,
            MypageEngine::Postgres(server) => {
                let kept = KeptPassword::of_mypage(self.folder());
                let password = kept.typed_or_kept(&Recipient::database(server), input.password)?;
                Some(Settings::new(server, password.as_deref()))
            }
        };
        let source = JournalSource(self.store().journal());
        Ok(async move {
            match settings {
                None => MypageEngineTrial { version: None, took_ms: 0, error: None },
                Some(settings) => try_server(&settings, &source).await,
            }
        })
    }

    /// Saves which engine to use; that takes effect when the folder is opened the next time.
    ///
    /// # Errors
    /// `invalid_input`, `password_needed`, or an error of the store.
    pub async fn keep_mypage_engine(&self, input: MypageEngineInput) -> Result<(), AppError> {
        mypage_engine::check(&input)?;
        if let MypageEngine::Postgres(server) = &input.engine {
            let (kept, recipient) = (KeptPassword::of_mypage(self.folder()), Recipient::database(server));
            match &input.password {
                Some(password) => kept.write(&recipient, password)?,
                None => drop(kept.typed_or_kept(&recipient, None)?),
            }
        }
        mypage_engine::keep(&*self.terminal().core.journal, input.engine).await.map(drop)
    }
}
