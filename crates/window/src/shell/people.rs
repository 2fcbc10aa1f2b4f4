//! The lock screen, signing in and out, and the staff.

use std::sync::Arc;

use nosmoke_application::people::FirstManager;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::OpenFolder;
use nosmoke_domain::ids::StaffId;
use nosmoke_ports::contract::{
    AccessAct, AppError, ChangePinInput, ErrorCode, FirstManagerInput, Founded, LockScreen, NextRecoveryCode,
    RecoverInput, ResetPinInput, SaveStaffInput, Session, SignInInput, StaffMember,
};
use nosmoke_ports::{Access, AccessBy};

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
        let terminal = open.as_ref().ok_or_else(not_set_up)?.terminal();
        let by = AccessBy::Staff(input.staff_id);
        let signed_in = terminal.people.sign_in(input).await;
        terminal.core.access.note(Access::done(by, AccessAct::SignIn).ended(&signed_in));
        signed_in?;
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
        let terminal = open.as_ref().ok_or_else(not_set_up)?.terminal();
        let first = terminal.people.first_manager(input).await;
        let by = first.as_ref().map_or(AccessBy::Nobody, |first| AccessBy::Staff(first.staff_id));
        terminal.core.access.note(Access::done(by, AccessAct::FirstManager).ended(&first));
        let first = first?;
        self.founded(&open, first).await
    }

    /// Returns the session of a first manager with the recovery code.
    pub(super) async fn founded(&self, open: &Option<OpenFolder>, first: FirstManager) -> Result<Founded, AppError> {
        let session = self.session(open).await?.ok_or_else(not_set_up)?;
        Ok(Founded { session: Box::new(session), recovery_code: first.recovery_code })
    }

    pub(crate) async fn recover(&self, input: RecoverInput) -> Result<NextRecoveryCode, AppError> {
        let terminal = self.terminal().await?;
        let recovered = terminal.people.recover(input).await;
        // Whoever has the code isn't known.
        terminal.core.access.note(Access::done(AccessBy::Nobody, AccessAct::Recover).ended(&recovered));
        recovered
    }

    pub(crate) async fn renew_recovery_code(&self) -> Result<NextRecoveryCode, AppError> {
        let terminal = self.terminal().await?;
        let caller = terminal.queries.caller().await?;
        let renewed = terminal.people.renew_recovery_code(caller).await;
        terminal.core.access.note(Access::done(caller.by.into(), AccessAct::PinChanged).ended(&renewed));
        renewed
    }

    pub(crate) async fn save_staff(&self, input: SaveStaffInput) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        let caller = terminal.queries.caller().await?;
        let saved = terminal.people.save_staff(caller, input).await;
        terminal.core.access.note(Access::done(caller.by.into(), AccessAct::StaffChanged).ended(&saved));
        saved?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn retire_staff(&self, staff_id: StaffId) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        let caller = terminal.queries.caller().await?;
        let retired = terminal.people.retire_staff(caller, staff_id).await;
        terminal.core.access.note(Access::done(caller.by.into(), AccessAct::StaffChanged).ended(&retired));
        retired?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn reset_pin(&self, input: ResetPinInput) -> Result<Vec<StaffMember>, AppError> {
        let terminal = self.terminal().await?;
        let caller = terminal.queries.caller().await?;
        let reset = terminal.people.reset_pin(caller, input).await;
        terminal.core.access.note(Access::done(caller.by.into(), AccessAct::PinChanged).ended(&reset));
        reset?;
        self.staff_changed(&terminal).await
    }

    pub(crate) async fn change_own_pin(&self, input: ChangePinInput) -> Result<(), AppError> {
        let terminal = self.terminal().await?;
        let by = self.by().await;
        let changed = terminal.people.change_own_pin(input).await;
        terminal.core.access.note(Access::done(by, AccessAct::PinChanged).ended(&changed));
        changed
    }

    async fn staff_changed(&self, terminal: &Arc<Terminal>) -> Result<Vec<StaffMember>, AppError> {
        self.announce_all();
        terminal.queries.staff_members().await
    }
}
