//! Declares the only Tauri command that the window may call.

use std::error::Error;

/// The command `call` dispatches to the table of calls in `crates/window/src/calls/table.rs`.
const COMMANDS: &[&str] = &["call"];

fn main() -> Result<(), Box<dyn Error>> {
    // Rebuild also when files of the screens are added or removed: the macro that embeds them only notices changed
    // files.
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=isolation");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
