//! Who corrects something, where and when. Every void and take-back is decided with it, and so is what a screen offers.

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::{IncarnationId, RecorderId};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::Role;

/// The party that corrects something, at one terminal and one moment.
#[derive(Debug, Clone, Copy)]
pub struct Corrector<'a> {
    /// The role that decides: that of whoever approves it, if it is higher.
    pub role: Role,
    pub recorder_id: RecorderId,
    /// The current incarnation of the data folder.
    pub here: IncarnationId,
    /// All incarnations that the data folder records for.
    pub own: &'a [IncarnationId],
    pub now: DateTime<Utc>,
    pub rules: &'a Rules,
}

impl Corrector<'_> {
    /// Checks that this role may still correct what `recorder_id` entered at `recorded_at`: staff only what they entered
    /// themselves, and each role only within its void window.
    ///
    /// # Errors
    /// `RecordedByAnother`, `VoidWindowPassed`.
    pub fn check(&self, recorder_id: RecorderId, recorded_at: DateTime<Utc>) -> Result<(), Refusal> {
        if self.role == Role::Staff && recorder_id != self.recorder_id {
            return Err(Refusal::RecordedByAnother { needed: Role::Supervisor });
        }
        self.check_window(recorded_at)
    }

    /// Checks only the void window of the role.
    ///
    /// # Errors
    /// `VoidWindowPassed`.
    pub fn check_window(&self, recorded_at: DateTime<Utc>) -> Result<(), Refusal> {
        self.rules.check_void_window(self.role, recorded_at, self.now)
    }

    /// Checks that the data folder recorded something, so that it may change the points that this moved.
    ///
    /// # Errors
    /// `RecordedElsewhere`.
    pub fn check_own(&self, incarnation: IncarnationId) -> Result<(), Refusal> {
        if self.own.contains(&incarnation) { Ok(()) } else { Err(Refusal::RecordedElsewhere { incarnation }) }
    }

    /// When the role's void window of something entered at `recorded_at` ends; `None` if it doesn't.
    pub fn until(&self, recorded_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let minutes = self.rules.void_window_of(self.role)?;
        recorded_at.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))
    }
}
