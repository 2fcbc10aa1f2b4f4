//! The calls of the window's screens, over one open data folder. The program that shows the screens is a [`Host`]: the
//! window (`src-tauri`), or for tests a server on loopback (`tests/loopback`). Both dispatch to the same table of
//! calls.

mod calls;
mod host;
mod shell;

pub use calls::answer;
pub use host::{Event, FileKind, Host};
pub use shell::Shell;
