//! Notifications of the system, for what needs a person while nobody sees the window.

mod notice;
mod watch;

use std::sync::atomic::AtomicBool;

use nosmoke_ports::contract::{Job, JobState, Language};
use parking_lot::Mutex;

use crate::host::Host;

use notice::Notice;
pub(super) use watch::{Seen, Watch};

#[derive(Debug, Default)]
pub(super) struct Watching {
    language: Mutex<Language>,
    pub(super) has_begun: AtomicBool,
}

impl Watching {
    pub(super) fn set_language(&self, language: Language) {
        *self.language.lock() = language;
    }

    /// Called when a job has ended. A cancelled one was ended by a person, who knows.
    pub(super) fn job_ended(&self, host: &dyn Host, job: &Job) {
        match job.state {
            JobState::Done => self.tell(host, Notice::JobDone(job.kind)),
            JobState::Failed => self.tell(host, Notice::JobFailed(job.kind)),
            JobState::Running | JobState::Cancelled => {}
        }
    }

    pub(super) fn tell(&self, host: &dyn Host, notice: Notice) {
        if host.is_hidden() {
            let (title, text) = notice.words(*self.language.lock());
            host.notify(title, &text);
        }
    }
}
