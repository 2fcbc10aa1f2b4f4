//! The calls of the window's screens, over one open data folder. The program that shows the screens is a [`Host`]: the
//! window (`src-tauri`), or for tests a server on loopback (`tests/loopback`). Both dispatch to the same table of
//! calls.

mod calls;
mod folder_tag;
mod held_jobs;
mod host;
mod moved_clock;
mod shell;
#[cfg(test)]
mod testing;

/// Whether this build has what only tests use: answers to file dialogs from the environment, and messages of the screens on
/// the standard output. Shipped programs don't.
pub const TEST_HOOKS: bool = cfg!(feature = "test-hooks");

pub use calls::answer;
pub use folder_tag::folder_tag;
pub use host::{Event, FileKind, Host, OnPrinted};
pub use moved_clock::clock;
pub use shell::Shell;
