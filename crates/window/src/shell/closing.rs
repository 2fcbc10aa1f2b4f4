//! Closing the window: whether something would be lost, and what happens to the running job.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use nosmoke_ports::contract::{CloseChoice, Closing};
use tokio::time::timeout;

use super::Shell;
use crate::host::Event;

/// A second request to close within this time is the same double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(700);
/// How long the screen may take to answer that it has nothing to lose. Only one that hangs takes longer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the end of the program waits for the cancelled job.
const JOB_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it waits for the open folder to close, which hands points over to the hub within 5 s.
const FOLDER_TIMEOUT: Duration = Duration::from_secs(8);

impl Shell {
    /// Called by the host when the user closes the window. Returns whether it may close at once. The first request never may:
    /// only the screen knows what was typed a moment ago, so it is asked. A screen that hangs can't keep the window open: a
    /// second request closes it, and if nothing is known that would be lost, time does.
    pub fn may_close(&self) -> bool {
        let mut asked_at = self.closing.asked_at.lock();
        if let Some(at) = *asked_at {
            return at.elapsed() > DOUBLE_CLICK;
        }
        let asked = Instant::now();
        *asked_at = Some(asked);
        drop(asked_at);
        let closing = self.would_lose();
        self.host.emit(Event::Closing(closing));
        // Slips that wait are known here already, so a screen that hangs may not lose them by itself.
        if closing.job.is_none() && closing.slips == 0 {
            self.close_unless_answered(asked);
        }
        false
    }

    /// Closes the window after a while, unless the screen has answered or noted something that isn't saved.
    fn close_unless_answered(&self, asked: Instant) {
        let (host, closing) = (Arc::clone(&self.host), Arc::clone(&self.closing));
        thread::spawn(move || {
            thread::sleep(ANSWER_TIMEOUT);
            if *closing.asked_at.lock() == Some(asked) && !closing.unsaved.load(Ordering::SeqCst) {
                host.close();
            }
        });
    }

    fn would_lose(&self) -> Closing {
        Closing {
            job: self.jobs.running().map(|job| job.kind),
            unsaved: self.closing.unsaved.load(Ordering::SeqCst),
            slips: self.slips_waiting(),
        }
    }

    pub(crate) fn note_unsaved(&self, unsaved: bool) {
        self.closing.unsaved.store(unsaved, Ordering::SeqCst);
    }

    /// Does what the user has chosen in the screen's dialog.
    pub(crate) fn choose_closing(&self, choice: CloseChoice) {
        *self.closing.asked_at.lock() = None;
        self.closing.when_done.store(choice == CloseChoice::WhenDone, Ordering::SeqCst);
        let is_over = choice == CloseChoice::WhenDone
            && self.jobs.is_idle()
            && self.closing.when_done.swap(false, Ordering::SeqCst);
        if choice == CloseChoice::Now || is_over {
            self.host.close();
        }
    }

    /// Ends everything before the process ends: cancels the running job, waits for it, and closes the open folder. It takes
    /// a bounded time; what was recorded is durable however it ends.
    pub async fn end(&self) {
        if timeout(JOB_TIMEOUT, self.jobs.cancel_and_wait()).await.is_err() {
            tracing::warn!("the running job didn't end in time");
        }
        let closed = timeout(FOLDER_TIMEOUT, async { self.close(&mut *self.open.lock().await).await }).await;
        if closed.is_err() {
            tracing::warn!("the data folder didn't close in time");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::path::PathBuf;
    use std::sync::Arc;

    use nosmoke_application::jobs::Progress;
    use nosmoke_composition::Environment;
    use nosmoke_ports::contract::{AppError, ErrorCode, JobKind};
    use tokio::sync::oneshot;

    use super::*;
    use crate::testing::FakeHost;

    fn shell() -> (Arc<FakeHost>, Shell) {
        let host = Arc::new(FakeHost::default());
        let shell = Shell::new(host.clone(), None, None, Environment::of_system("test", "0"));
        (host, shell)
    }

    /// Starts a job that ends with the sent result.
    fn begin(shell: &Shell) -> oneshot::Sender<Result<(), AppError>> {
        let (end, ended) = oneshot::channel();
        let work = async move {
            let ended: Result<(), AppError> = ended.await.unwrap();
            ended.map(|()| None)
        };
        shell.jobs.start(JobKind::Import, |_| work).unwrap();
        end
    }

    async fn never_done(progress: Arc<Progress>) -> Result<Option<PathBuf>, AppError> {
        loop {
            progress.advance(1, None)?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn until(condition: impl Fn() -> bool) {
        timeout(Duration::from_secs(30), async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn a_window_is_closed_by_the_answer_of_its_screen() {
        let (host, shell) = shell();
        assert!(!shell.may_close(), "something may have been typed just now");
        assert_eq!(host.events(), [Event::Closing(Closing { job: None, unsaved: false, slips: 0 })]);
        assert_eq!(host.closed(), 0);
        shell.choose_closing(CloseChoice::Now);
        assert_eq!(host.closed(), 1);
    }

    #[tokio::test]
    async fn a_screen_that_hangs_closes_by_itself_unless_it_has_noted_something() {
        let (host, shell) = shell();
        let (other_host, other) = self::shell();
        assert!(!shell.may_close() && !other.may_close());
        // Typed before the request, noted after it.
        other.note_unsaved(true);
        until(|| host.closed() == 1).await;
        assert_eq!(other_host.closed(), 0);
    }

    #[tokio::test]
    async fn a_second_close_closes_although_the_screen_hangs_but_a_double_click_does_not() {
        let (_, shell) = shell();
        shell.note_unsaved(true);
        assert!(!shell.may_close());
        assert!(!shell.may_close(), "a double click");
        *shell.closing.asked_at.lock() = Instant::now().checked_sub(DOUBLE_CLICK * 2);
        assert!(shell.may_close());
    }

    #[tokio::test]
    async fn a_job_is_asked_about_and_waited_for() {
        let (host, shell) = shell();
        let end = begin(&shell);
        assert!(!shell.may_close());
        assert!(host.events().contains(&Event::Closing(Closing {
            job: Some(JobKind::Import),
            unsaved: false,
            slips: 0
        })));
        shell.choose_closing(CloseChoice::WhenDone);
        assert_eq!(host.closed(), 0);
        end.send(Ok(())).unwrap();
        until(|| host.closed() == 1).await;
    }

    #[tokio::test]
    async fn a_window_that_waits_for_a_job_stays_open_if_the_job_fails_or_the_user_stays() {
        let (host, shell) = shell();
        let end = begin(&shell);
        shell.choose_closing(CloseChoice::WhenDone);
        end.send(Err(AppError::new(ErrorCode::DiskFull))).unwrap();
        until(|| shell.jobs.is_idle()).await;
        let end = begin(&shell);
        shell.choose_closing(CloseChoice::WhenDone);
        shell.choose_closing(CloseChoice::Stay);
        end.send(Ok(())).unwrap();
        until(|| shell.jobs.is_idle()).await;
        assert_eq!(host.closed(), 0);
        shell.choose_closing(CloseChoice::WhenDone);
        assert_eq!(host.closed(), 1, "the job ended while the dialog was open");
    }

    #[tokio::test]
    async fn the_end_of_the_program_cancels_the_job_and_waits_for_it() {
        let (_, shell) = shell();
        shell.jobs.start(JobKind::Backup, never_done).unwrap();
        shell.end().await;
        assert!(shell.jobs.is_idle());
    }
}
