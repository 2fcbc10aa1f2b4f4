//! The figures of a period of days (ADR 0047), from the sums that Mypage's store keeps by day.

mod asked;
mod report;

use nosmoke_ports::contract::{AppError, PeriodInput, PeriodReport};

use crate::queries::Queries;

impl Queries {
    /// Returns the figures of a period as they are known at this terminal. `meanwhile` is called while Mypage's projector is
    /// waited for.
    ///
    /// # Errors
    /// `invalid_input` for a date that isn't one, lies in the future or comes after the other, or for more than three
    /// years; `context_stopped` or `mypage_behind` if Mypage doesn't have all lines; an error of `meanwhile`, or of a store.
    pub async fn period(
        &self,
        input: &PeriodInput,
        meanwhile: impl FnMut() -> Result<(), AppError>,
    ) -> Result<PeriodReport, AppError> {
        report::derive(self, input, meanwhile).await
    }
}
