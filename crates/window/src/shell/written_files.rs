//! What the jobs of this window have written.

use std::collections::VecDeque;
use std::path::PathBuf;

use nosmoke_ports::contract::{Job, JobState};
use parking_lot::Mutex;
use uuid::Uuid;

const WRITTEN_MAX: usize = 50;

/// What the latest jobs have written, so that a screen can name a file by its job instead of by its path.
#[derive(Debug, Default)]
pub(super) struct WrittenFiles(Mutex<VecDeque<(Uuid, PathBuf)>>);

impl WrittenFiles {
    pub(super) fn note(&self, job: &Job) {
        let (JobState::Done, Some(path)) = (job.state, &job.path) else { return };
        let mut written = self.0.lock();
        written.push_back((job.job_id, path.into()));
        if written.len() > WRITTEN_MAX {
            written.pop_front();
        }
    }

    pub(super) fn of(&self, job_id: Uuid) -> Option<PathBuf> {
        self.0.lock().iter().find(|(id, _)| *id == job_id).map(|(_, path)| path.clone())
    }
}
