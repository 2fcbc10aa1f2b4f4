//! Options of several commands.

use std::path::PathBuf;

use clap::{Args as Arguments, ValueEnum};

#[derive(Debug, Clone, Arguments)]
pub struct Folder {
    /// The data folder.
    #[arg(long, value_name = "D")]
    pub data_dir: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    Ko,
    En,
}
