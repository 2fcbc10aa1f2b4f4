//! Freezes `Object.prototype` in the page before any script of it runs, so that no data from outside can change what all
//! objects inherit.
//!
//! Tauri's own `freezePrototype` makes the inherited properties read-only, which also forbids objects to have a `toString`
//! or a `constructor` of their own by assignment; libraries for charts do that when they are imported.

use tauri::Wry;
use tauri::plugin::{Builder, TauriPlugin};

pub(crate) fn plugin() -> TauriPlugin<Wry> {
    Builder::new("freeze").js_init_script(include_str!("freeze.js")).build()
}
