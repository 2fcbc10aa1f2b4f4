//! What the screens can call: one Tauri command, and one table of what it does.

mod call;
mod dialogs;
mod door;
mod record;
mod table;

pub(crate) use door::handler;
