//! Newer versions of the program. They are looked for and downloaded only while nobody is signed in, so that nobody at the desk
//! waits for the network or the disk; a manager has them installed.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use nosmoke_application::settings;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::{OpenFolder, UpdateDownload, UpdateSource, install_package};
use nosmoke_ports::contract::{AppError, ErrorCode, NoUpdates, ReadyUpdate, UpdateSetting, UpdateTrial, UpdatesView};
use nosmoke_ports::{StoreError, read};
use serde_json::json;

use super::updates_state::State;
use super::{Shell, is_root, not_set_up};

/// How often it is checked whether a look is due.
const STEP_INTERVAL: Duration = Duration::from_secs(10);
const LOOK_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);
const RETRY_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// The folder of the packages, in the data folder.
const PACKAGES: &str = "updates";
/// Letters of an address and of a key.
const TEXT_MAX: usize = 500;

/// An open folder for which a look is due.
struct Due {
    terminal: Arc<Terminal>,
    source: UpdateSource,
}

impl Shell {
    pub(crate) async fn updates(&self) -> Result<UpdatesView, AppError> {
        let open = self.open.lock().await;
        let opened = open.as_ref().ok_or_else(not_set_up)?;
        let state = self.updates.state.lock().clone();
        Ok(UpdatesView {
            setting: kept(opened).await?,
            unavailable: self.no_updates(&open),
            version: self.version(),
            looked_at: state.looked_at,
            problem: state.problem,
            ready: state.ready.as_ref().map(ready),
            installed: state.installed,
        })
    }

    /// Saves the setting. What was found at another address, or by another key, is forgotten.
    pub(crate) async fn save_updates(&self, setting: UpdateSetting) -> Result<UpdatesView, AppError> {
        expect_short(&setting)?;
        {
            let open = self.open.lock().await;
            let opened = open.as_ref().ok_or_else(not_set_up)?;
            if setting.enabled {
                self.expect_updates(&open)?;
                UpdateSource::parse(&setting)?;
            }
            settings::updates::keep(&*opened.terminal().core.journal, setting).await?;
            let mut state = self.updates.state.lock();
            *state = State { installed: state.installed.take(), ..State::default() };
        }
        self.updates().await
    }

    /// Asks an address which version it offers; downloads nothing.
    pub(crate) async fn try_updates(&self, setting: &UpdateSetting) -> Result<UpdateTrial, AppError> {
        expect_short(setting)?;
        self.expect_updates(&*self.open.lock().await)?;
        let offer = UpdateSource::parse(setting)?.look(&self.updates.installation.target).await?;
        Ok(UpdateTrial { version: offer.version.to_string(), is_newer: offer.is_newer_than(&self.version()) })
    }

    /// Verifies the downloaded version once more, and has it installed.
    pub(crate) async fn install_update(&self) -> Result<UpdatesView, AppError> {
        let _one = self.updates.installing.try_lock().map_err(|_| AppError::new(ErrorCode::JobRunning))?;
        let setting = {
            let open = self.open.lock().await;
            self.expect_updates(&open)?;
            kept(open.as_ref().ok_or_else(not_set_up)?).await?
        };
        let ready = self.updates.state.lock().ready.clone().ok_or_else(nothing_ready)?;
        if let Err(error) = UpdateSource::parse(&setting)?.verify(&ready).await {
            let mut state = self.updates.state.lock();
            (state.ready, state.due_at) = (None, Duration::ZERO);
            return Err(error);
        }
        install_package(&self.updates.installation.installer, &ready.path).await?;
        tracing::info!(version = %ready.version, "a newer version was installed");
        {
            let mut state = self.updates.state.lock();
            (state.ready, state.installed) = (None, Some(ready.version.to_string()));
        }
        self.updates().await
    }

    /// Begins to look for newer versions; does nothing if it does already.
    pub(super) fn begin_updating(&self) {
        if self.updates.has_begun.swap(true, Ordering::SeqCst) {
            return;
        }
        let shell = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(STEP_INTERVAL).await;
                shell.look_if_due().await;
            }
        });
    }

    /// Looks for a newer version and downloads it, if that is due and nobody is signed in.
    async fn look_if_due(&self) {
        let Some(due) = self.due().await else { return };
        let found = self.bring(&due).await;
        let mut state = self.updates.state.lock();
        let now = self.environment.clock.uptime_with_sleep();
        match found {
            Ok(Found::Nothing) => *state = State { installed: state.installed.take(), ..self.looked(now) },
            Ok(Found::Ready(ready)) => {
                *state = State { installed: state.installed.take(), ready: Some(ready), ..self.looked(now) };
            }
            // Due again once nobody is signed in.
            Ok(Found::Stopped) => {}
            Err(problem) => {
                tracing::warn!(%problem, "no newer version could be brought");
                (state.problem, state.due_at) = (Some(problem), now + RETRY_INTERVAL);
            }
        }
    }

    fn looked(&self, now: Duration) -> State {
        State {
            due_at: now + LOOK_INTERVAL,
            looked_at: Some(self.environment.clock.now().timestamp_millis()),
            ..State::default()
        }
    }

    async fn due(&self) -> Option<Due> {
        let open = self.open.lock().await;
        let opened = open.as_ref()?;
        let terminal = opened.terminal().clone();
        let is_due = self.environment.clock.uptime_with_sleep() >= self.updates.state.lock().due_at;
        if !is_due || terminal.people.signed_in().is_some() || self.no_updates(&open).is_some() {
            return None;
        }
        let setting = kept(opened).await.ok().filter(|setting| setting.enabled)?;
        // Checked when it was saved; a later version may check more.
        let source = UpdateSource::parse(&setting).ok()?;
        Some(Due { terminal, source })
    }

    async fn bring(&self, due: &Due) -> Result<Found, AppError> {
        let offer = due.source.look(&self.updates.installation.target).await?;
        let installed = self.updates.state.lock().installed.clone();
        if !offer.is_newer_than(&installed.unwrap_or_else(|| self.version())) {
            return Ok(Found::Nothing);
        }
        let is_free = || due.terminal.people.signed_in().is_none();
        let downloaded = due.source.download(&offer, &self.packages(), &is_free).await?;
        Ok(downloaded.map_or(Found::Stopped, Found::Ready))
    }

    fn packages(&self) -> PathBuf {
        self.root.join(PACKAGES)
    }

    fn no_updates(&self, open: &Option<OpenFolder>) -> Option<NoUpdates> {
        let is_real = is_root(open, &self.root);
        self.updates.installation.refusal().or((!is_real).then_some(NoUpdates::Demonstration))
    }

    fn expect_updates(&self, open: &Option<OpenFolder>) -> Result<(), AppError> {
        let refused = |reason| Err(AppError::with(ErrorCode::UpdatesOff, json!({ "reason": reason })));
        self.no_updates(open).map_or(Ok(()), refused)
    }
}

enum Found {
    Nothing,
    Ready(UpdateDownload),
    /// Somebody has signed in.
    Stopped,
}

async fn kept(open: &OpenFolder) -> Result<UpdateSetting, AppError> {
    Ok(read::<_, StoreError>(&*open.terminal().core.journal, |tx| settings::updates::kept(tx)).await?)
}

fn expect_short(setting: &UpdateSetting) -> Result<(), AppError> {
    for (field, text) in [("updates", &setting.address), ("updateKey", &setting.key)] {
        if text.chars().count() > TEXT_MAX {
            return Err(AppError::with(ErrorCode::TooLong, json!({ "field": field, "max": TEXT_MAX })));
        }
    }
    Ok(())
}

fn nothing_ready() -> AppError {
    AppError::with(ErrorCode::UpdateNotInstalled, json!({ "reason": "none", "detail": "", "path": "" }))
}

fn ready(download: &UpdateDownload) -> ReadyUpdate {
    ReadyUpdate {
        version: download.version.to_string(),
        notes: download.notes.clone(),
        size_bytes: download.size_bytes,
        path: download.path.display().to_string(),
    }
}

#[cfg(test)]
mod tests;
