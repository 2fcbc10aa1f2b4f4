//! Where the customer center keeps its read model.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::contract::{AppError, ErrorCode, MypageEngine, MypageEngineInput, MypageEngineTrial};
use nosmoke_application::mypage_engine::{self, JournalSource};
use nosmoke_application::ports::{Journal, MypageStore, StoreError, read};
use nosmoke_mypage_postgres::{PostgresMypage, Settings, try_server};
use nosmoke_store::{Secret, Store};

use super::{Open, Shell};

/// The read model as the folder's settings want it. A server isn't reached here yet, so that nothing waits for one that is
/// away. The file in the folder stays: it goes on from where it is once it is chosen again.
pub(super) async fn open(store: &Store, folder: &Path) -> Result<Arc<dyn MypageStore>, StoreError> {
    match read(&*store.journal(), mypage_engine::kept).await? {
        MypageEngine::Sqlite => Ok(store.mypage()),
        MypageEngine::Postgres(server) => {
            let password = Secret::mypage_password(folder).read()?;
            let settings = Settings::new(&server, password.as_deref());
            Ok(Arc::new(PostgresMypage::new(settings, Arc::new(JournalSource(store.journal())))))
        }
    }
}

impl Shell {
    pub(crate) async fn mypage_engine(&self) -> Result<MypageEngine, AppError> {
        let open = self.open.lock().await;
        kept(open.as_ref().ok_or_else(not_set_up)?).await
    }

    /// Tries a server with a connection of its own; nothing is kept.
    pub(crate) async fn try_mypage_engine(&self, input: MypageEngineInput) -> Result<MypageEngineTrial, AppError> {
        mypage_engine::check(&input)?;
        let MypageEngine::Postgres(server) = &input.engine else {
            return Ok(MypageEngineTrial { version: None, took_ms: 0, error: None });
        };
        let (journal, kept): (Arc<dyn Journal>, _) = {
            let open = self.open.lock().await;
            let open = open.as_ref().ok_or_else(not_set_up)?;
            (open.store.journal(), Secret::mypage_password(&open.folder).read()?)
        };
        let settings = Settings::new(server, input.password.or(kept).as_deref());
        Ok(try_server(&settings, &JournalSource(journal)).await)
    }

    /// Keeps an engine and opens the folder anew with it.
    pub(crate) async fn save_mypage_engine(&self, input: MypageEngineInput) -> Result<MypageEngine, AppError> {
        mypage_engine::check(&input)?;
        if !self.jobs.is_idle() {
            return Err(AppError::new(ErrorCode::JobRunning));
        }
        let mut open = self.open.lock().await;
        let opened = open.as_ref().ok_or_else(not_set_up)?;
        let folder = opened.folder.clone();
        if let Some(password) = &input.password {
            Secret::mypage_password(&folder).write(password)?;
        }
        mypage_engine::keep(&*opened.terminal.ports.journal, input.engine).await?;
        self.switch(&mut open, &folder).await?;
        self.announce_all();
        kept(open.as_ref().ok_or_else(not_set_up)?).await
    }
}

async fn kept(open: &Open) -> Result<MypageEngine, AppError> {
    let mut engine = read::<_, StoreError>(&*open.terminal.ports.journal, mypage_engine::kept).await?;
    if let MypageEngine::Postgres(server) = &mut engine {
        server.password_kept = Secret::mypage_password(&open.folder).read()?.is_some();
    }
    Ok(engine)
}

fn not_set_up() -> AppError {
    AppError::new(ErrorCode::NotSetUp)
}
