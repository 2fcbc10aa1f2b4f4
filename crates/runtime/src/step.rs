use std::time::Duration;

/// The result of one step of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// No work is left.
    Idle,
    /// There may be more work: call the step again at once.
    More,
    /// There will be work after this time, or when there is news.
    After(Duration),
}
