//! Declares the window's commands to Tauri: what isn't in the list can't be called from a screen.

use std::error::Error;

include!("src/command_list.rs");

macro_rules! names {
    ($($name:ident),* $(,)?) => { &[$(stringify!($name)),*] };
}

const COMMANDS: &[&str] = every_command!(names);

fn main() -> Result<(), Box<dyn Error>> {
    // New or removed files of the screens must bring a new binary; the macro that embeds them sees only changed ones.
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=isolation");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
