//! Which engine stores Mypage's read model.

use nosmoke_ports::contract::{AppError, ErrorCode, MypageEngine, MypageEngineInput, MypageEngineTrial};

use super::{Shell, not_set_up};

impl Shell {
    pub(crate) async fn mypage_engine(&self) -> Result<MypageEngine, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.mypage_engine().await
    }

    pub(crate) async fn try_mypage_engine(&self, input: MypageEngineInput) -> Result<MypageEngineTrial, AppError> {
        let trial = self.open.lock().await.as_ref().ok_or_else(not_set_up)?.try_mypage_engine(input)?;
        Ok(trial.await)
    }

    /// Saves which engine to use, and reopens the folder with it.
    pub(crate) async fn save_mypage_engine(&self, input: MypageEngineInput) -> Result<MypageEngine, AppError> {
        if !self.jobs.is_idle() {
            return Err(AppError::new(ErrorCode::JobRunning));
        }
        let mut open = self.open.lock().await;
        let opened = open.as_ref().ok_or_else(not_set_up)?;
        opened.keep_mypage_engine(input).await?;
        let (folder, signed_in) = (opened.folder().to_owned(), opened.terminal().people.signed_in());
        self.switch(&mut open, &folder).await?;
        let opened = open.as_ref().ok_or_else(not_set_up)?;
        if let Some(staff_id) = signed_in {
            opened.terminal().people.enter(staff_id);
        }
        self.announce_all();
        opened.mypage_engine().await
    }
}
