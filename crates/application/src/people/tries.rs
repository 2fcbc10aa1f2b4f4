//! Tries PINs and the recovery code behind the lock, and keeps the lock across restarts.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_domain::ids::StaffId;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::setting::{self, PIN_LOCK};
use nosmoke_ports::{Priority, StoreError, Write, read, write};
use nosmoke_runtime::Core;
use serde_json::json;
use tokio::sync::{Mutex, watch};

use super::lock::{PinLock, SavedLock, Tried, Verdict};
use super::pin::matches;

/// How often what is left of a wait is saved.
const SAVE_INTERVAL: Duration = Duration::from_secs(10);

/// The waits of a terminal at one moment.
#[derive(Debug, Clone)]
pub struct Waits {
    lock: PinLock,
    now: Duration,
}

impl Waits {
    /// How long this person may not try a PIN, in ms.
    pub fn of_staff(&self, staff_id: StaffId) -> Option<u64> {
        self.lock.wait_of(Tried::Pin(staff_id), self.now).map(ms)
    }

    /// How long the recovery code may not be tried, in ms.
    pub fn of_recovery(&self) -> Option<u64> {
        self.lock.wait_of(Tried::RecoveryCode, self.now).map(ms)
    }

    /// How long nobody may try anything, in ms.
    pub fn of_all(&self) -> Option<u64> {
        self.lock.wait_of_all(self.now).map(ms)
    }
}

/// The lock of an open data folder. One try is made at a time.
#[derive(Debug, Clone)]
pub(super) struct Tries {
    core: Core,
    lock: Arc<Mutex<PinLock>>,
}

impl Tries {
    /// Goes on with the saved lock. The PC's clock says nothing about it.
    ///
    /// # Errors
    /// An error of the store.
    pub(super) async fn begin(core: &Core) -> Result<Self, StoreError> {
        let saved = read::<_, StoreError>(&*core.journal, |tx| Ok(setting::read::<SavedLock>(tx, PIN_LOCK))).await?;
        let saved = saved.unwrap_or_else(|error| {
            tracing::warn!(%error, "the saved lock can't be read; counting begins again");
            None
        });
        let lock = PinLock::of(&saved.unwrap_or_default(), core.clock.uptime());
        Ok(Self { core: core.clone(), lock: Arc::new(Mutex::new(lock)) })
    }

    pub(super) async fn waits(&self) -> Waits {
        Waits { lock: self.lock.lock().await.clone(), now: self.core.clock.uptime() }
    }

    /// Refuses in a wait, before anything is read.
    ///
    /// # Errors
    /// `pin_wait`.
    pub(super) async fn expect_no_wait(&self, tried: Tried) -> Result<(), AppError> {
        match self.lock.lock().await.wait(tried, self.core.clock.uptime()) {
            Some((left, whole)) => Err(must_wait(left, whole)),
            None => Ok(()),
        }
    }

    /// Compares a secret with a hash, unless there is a wait.
    ///
    /// # Errors
    /// `wrong_pin`, `pin_wait`.
    pub(super) async fn compare(&self, tried: Tried, secret: &str, hash: String) -> Result<(), AppError> {
        let mut lock = self.lock.lock().await;
        if let Verdict::Wait { left, whole } = lock.begin(tried, self.core.clock.uptime()) {
            return Err(must_wait(left, whole));
        }
        // Before hashing: a program that is killed meanwhile has counted the try.
        self.save(&lock).await;
        if !matches(secret.to_owned(), hash).await? {
            let now = self.core.clock.uptime();
            let wait = lock.wait_of_all(now).max(lock.wait_of(tried, now));
            let params = json!({ "triesLeft": lock.tries_left(tried), "waitMs": wait.map(ms) });
            return Err(AppError::with(ErrorCode::WrongPin, params));
        }
        lock.right(tried);
        self.save(&lock).await;
        Ok(())
    }

    /// Ends the wait of a person whose PIN a manager has set here.
    pub(super) async fn reset(&self, staff_id: StaffId) {
        let mut lock = self.lock.lock().await;
        lock.reset(staff_id);
        self.save(&lock).await;
    }

    /// Saves what is left of the waits regularly, until the terminal stops.
    pub(super) async fn keep_saved(self, mut stopped: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = tokio::time::sleep(SAVE_INTERVAL) => {}
            }
            let lock = self.lock.lock().await;
            if lock.is_waiting(self.core.clock.uptime()) {
                self.save(&lock).await;
            }
        }
    }

    /// Saves the lock. Where that fails, the lock still counts as long as the program runs: a full disk keeps nobody out.
    async fn save(&self, lock: &PinLock) {
        let saved = lock.saved(self.core.clock.uptime());
        let unit = move |tx: &mut dyn Write| setting::put(tx, PIN_LOCK, &saved);
        if let Err(error) = write::<_, StoreError>(&*self.core.journal, Priority::Command, unit).await {
            tracing::warn!(%error, "the lock can't be saved");
        }
    }
}

fn must_wait(left: Duration, whole: bool) -> AppError {
    AppError::with(ErrorCode::PinWait, json!({ "waitMs": ms(left), "whole": whole }))
}

fn ms(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}
