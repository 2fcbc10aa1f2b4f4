//! The lock screen, signing in and out, and the staff.

use std::sync::Arc;

use nosmoke_application::people::FirstManager;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::OpenFolder;
use nosmoke_domain::ids::StaffId;
use nosmoke_ports::contract::{
    AppError, ChangePinInput, ErrorCode, FirstManagerInput, Founded, LockScreen, NextRecoveryCode, RecoverInput,
    ResetPinInput, SaveStaffInput, Session, SignInInput, StaffMember,
};

use super::{Shell, not_set_up};

impl Shell {
    pub(crate) async fn lock_screen(&self) -> Result<LockScreen, AppError> {
        self.lock_screen_of(self.open.lock().await.as_ref().ok_or_else(not_set_up)?).await
    }

    pub(super) async fn lock_screen_of(&self, open: &OpenFolder) -> Result<LockScreen, AppError> {
        open.terminal().queries.lock_screen(self.place(open)).await
    }

    pub(crate) async fn sign_in(&self, input: SignInInput) -> Result<Session, AppError> {
        let open = self.open.lock().await;
        open.as_ref().ok_or_else(not_set_up)?.terminal().people.sign_in(input).await?;
        // Who was retired at this very moment isn't signed in.
        self.session(&open).await?.ok_or_else(|| AppError::new(ErrorCode::NotSignedIn))
    }

    /// Signs the person out. Jobs go on.
    pub(crate) async fn lock(&self) -> Result<LockScreen, AppError> {
        let open = self.open.lock().await;
        let opened = open.as_ref().ok_or_else(not_set_up)?;
        opened.terminal().people.lock();
        self.lock_screen_of(opened).await
    }

    pub(crate) async fn first_manager(&self, input: FirstManagerInput) -> Result<Founded, AppError> {
        let open = self.open.lock().await;
        let first = open.as_ref().ok_or_else(not_set_up)?.terminal().people.first_manager(input).await?;
        self.founded(&open, first).await
    }

    /// Returns the session of a first manager with the recovery code.
    pub(super) async fn founded(&self, open: &Option<OpenFolder>, first: FirstManager) -> Result<Founded, AppError> {
        let session = self.session(open).await?.ok_or_else(not_set_up)?;
        Ok(Founded { session: Box::new(session), recovery_code: first.recovery_code })
    }

    pub(crate) async fn recover(&self, input: RecoverInput) -> Result<NextRecoveryCode, AppError> {
        self.terminal().await?.people.recover(input).await
    }

    pub(crate) async fn renew_recovery_code(&self) -> Result<NextRecoveryCode, AppError> {
        let terminal = self.terminal().await?;
        terminal.people.renew_recovery_code(terminal.queries.caller().await?).await
    }

    pub(crate) async fn save_staff(&self, input: SaveStaffInput) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        terminal.people.save_staff(terminal.queries.caller().await?, input).await?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn retire_staff(&self, staff_id: StaffId) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        terminal.people.retire_staff(terminal.queries.caller().await?, staff_id).await?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn reset_pin(&self, input: ResetPinInput) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        terminal.people.reset_pin(terminal.queries.caller().await?, input).await?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn change_own_pin(&self, input: ChangePinInput) -> Result<(), AppError> {
        self.terminal().await?.people.change_own_pin(input).await
    }

    async fn staff_changed(&self, terminal: &Arc<Terminal>) -> Result<Vec<StaffMember>, AppError> {
        self.announce_all();
        terminal.queries.staff_members().await
    }
}
