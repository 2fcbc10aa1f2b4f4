//! Where the customer center keeps its read model.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::settings::mypage_engine;
use nosmoke_mypage_postgres::{PostgresMypage, Settings, try_server};
use nosmoke_ports::contract::{AppError, MypageEngine, MypageEngineInput, MypageEngineTrial};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::{MypageStore, StoreError, read};
use nosmoke_store::{Secret, Store};

use super::OpenFolder;

/// The read model on the server that is given, or else as the folder's settings want it. A server isn't reached here yet, so that nothing waits for one that is
/// away. The file in the folder stays: it goes on from where it is once it is chosen again.
pub(super) async fn open(
    store: &Store,
    folder: &Path,
    given: Option<Settings>,
) -> Result<Arc<dyn MypageStore>, StoreError> {
    let on_server = |settings| Arc::new(PostgresMypage::new(settings, Arc::new(JournalSource(store.journal()))));
    if let Some(settings) = given {
        return Ok(on_server(settings));
    }
    match read(&*store.journal(), |tx| mypage_engine::kept(tx)).await? {
        MypageEngine::Sqlite => Ok(store.mypage()),
        MypageEngine::Postgres(server) => {
            let password = Secret::mypage_password(folder).read()?;
            Ok(on_server(Settings::new(&server, password.as_deref())))
        }
    }
}

impl OpenFolder {
    /// The engine that is kept; its password isn't told, only whether there is one.
    ///
    /// # Errors
    /// The store's.
    pub async fn mypage_engine(&self) -> Result<MypageEngine, AppError> {
        let mut engine = read::<_, StoreError>(&*self.terminal().core.journal, |tx| mypage_engine::kept(tx)).await?;
        if let MypageEngine::Postgres(server) = &mut engine {
            server.password_kept = Secret::mypage_password(self.folder()).read()?.is_some();
        }
        Ok(engine)
    }

    /// Tries a server with a connection of its own, and the password that is kept where none is given; nothing is kept.
    ///
    /// # Errors
    /// `invalid_input`; the store's. What is wrong with the server is no error but in the trial.
    pub fn try_mypage_engine(
        &self,
        input: MypageEngineInput,
    ) -> Result<impl Future<Output = MypageEngineTrial> + Send + use<>, AppError> {
        mypage_engine::check(&input)?;
        let settings = match &input.engine {
            MypageEngine::Sqlite => None,
            MypageEngine::Postgres(server) => {
                let kept = Secret::mypage_password(self.folder()).read()?;
                Some(Settings::new(server, input.password.or(kept).as_deref()))
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

    /// Keeps an engine for the next time that the folder is opened.
    ///
    /// # Errors
    /// `invalid_input`; the store's.
    pub async fn keep_mypage_engine(&self, input: MypageEngineInput) -> Result<(), AppError> {
        mypage_engine::check(&input)?;
        if let Some(password) = &input.password {
            Secret::mypage_password(self.folder()).write(password)?;
        }
        mypage_engine::keep(&*self.terminal().core.journal, input.engine).await.map(drop)
    }
}
