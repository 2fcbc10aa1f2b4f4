//! Jobs that a window test holds while it acts, since many end before a page has shown them.

use nosmoke_ports::contract::Job;

/// Returns at once. With the feature `test-hooks`, `NOSMOKE_HOLD_JOBS` may name a file: while it exists, a running job that
/// has reported progress waits here.
pub(crate) fn hold(job: &Job) {
    #[cfg(feature = "test-hooks")]
    if let Some(file) = std::env::var_os("NOSMOKE_HOLD_JOBS") {
        held::wait(job, file.as_ref());
    }
    #[cfg(not(feature = "test-hooks"))]
    let _ = job;
}

#[cfg(feature = "test-hooks")]
mod held {
    use std::path::Path;
    use std::thread::sleep;
    use std::time::Duration;

    use nosmoke_ports::contract::{Job, JobState};
    use tokio::task::block_in_place;

    const POLL_INTERVAL: Duration = Duration::from_millis(20);

    pub(super) fn wait(job: &Job, file: &Path) {
        if job.state != JobState::Running || job.done == 0 {
            return;
        }
        // The other tasks of this thread go on elsewhere.
        block_in_place(|| {
            while file.exists() {
                sleep(POLL_INTERVAL);
            }
        });
    }
}
