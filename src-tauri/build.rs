//! Declares the window's one command to Tauri: nothing else of Tauri's can be called from a screen.

use std::error::Error;

/// What it does stands in `src/calls/table.rs`.
const COMMANDS: &[&str] = &["call"];

fn main() -> Result<(), Box<dyn Error>> {
    // New or removed files of the screens must bring a new binary; the macro that embeds them sees only changed ones.
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=isolation");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
