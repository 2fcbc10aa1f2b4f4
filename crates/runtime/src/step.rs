/// What one step of a task did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Everything there is has been passed.
    Idle,
    /// There may be more.
    More,
}
