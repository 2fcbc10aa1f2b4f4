//! The lock screen, which is shown to anybody: it names no customer.

use nosmoke_ports::contract::{AppError, ErrorCode, LockScreen, LockScreenStaff};
use nosmoke_ports::{StoreError, Worker, read, setting};
use nosmoke_reading::{Kept, preferences, reference};

use super::Queries;
use super::evacuation::area_counts;
use super::session::{Place, evacuation_of};
use crate::people::{DEMONSTRATION_PINS_SETTING, KeptDemonstrationPin, needs_first_manager, waits_for_staff};

impl Queries {
    /// Returns the lock screen.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub async fn lock_screen(&self, place: Place) -> Result<LockScreen, AppError> {
        self.expect_set_up().await?;
        self.core.feed.caught_up(&[Worker::CheckIn]).await;
        let (sync, waits, now) = (self.sync_chip().await?, self.people.waits().await, self.core.clock.now());
        read::<_, AppError>(&*self.core.journal, move |tx| {
            let origin = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
            let facility = reference::facility(tx)?;
            let kept_pins: Vec<KeptDemonstrationPin> = match place.demonstration {
                true => setting::read(tx, DEMONSTRATION_PINS_SETTING)?.unwrap_or_default(),
                false => Vec::new(),
            };
            let mut demonstration_pins = Vec::new();
            let mut staff = Vec::new();
            for (staff_id, body) in reference::all_staff(tx)? {
                if body.can_sign_in() {
                    let wait_ms = waits.of_staff(staff_id);
                    let own = kept_pins.iter().find(|pin| pin.shown.staff_id == staff_id && pin.is_valid(&body));
                    demonstration_pins.extend(own.map(|pin| pin.shown.clone()));
                    staff.push(LockScreenStaff { staff_id, name: body.name, role: body.role, wait_ms });
                }
            }
            let Kept { preferences, lost: preferences_lost } = preferences(tx)?;
            Ok(LockScreen {
                evacuation: evacuation_of(facility.as_ref()),
                facility_name: facility.map(|facility| facility.name).unwrap_or_default(),
                terminal_name: reference::terminal_name(tx, origin.terminal_id)?.unwrap_or_default(),
                areas: area_counts(tx)?,
                sync,
                staff,
                terminal_wait_ms: waits.of_all(),
                recovery_wait_ms: waits.of_recovery(),
                waits_for_staff: waits_for_staff(tx)?,
                needs_first_manager: needs_first_manager(tx)?,
                has_recovery_code: reference::recovery(tx)?.is_some(),
                demonstration_pins: place.demonstration.then_some(demonstration_pins),
                preferences,
                preferences_lost,
                version: place.version,
                as_of: now.timestamp_millis(),
            })
        })
        .await
    }

    /// Whether the demonstration was filled to its end.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn is_demonstration_filled(&self) -> Result<bool, AppError> {
        let pins = read::<_, StoreError>(&*self.core.journal, |tx| tx.setting(DEMONSTRATION_PINS_SETTING)).await?;
        Ok(pins.is_some())
    }
}
