//! The options of `nosmoke backup` and `nosmoke restore`; their doc comments are texts of `--help`.

use std::path::PathBuf;

use clap::Args as Arguments;

use crate::folder_args::Folder;

#[derive(Debug, Arguments)]
pub struct BackupArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// The folder in which the backup is made, best on another disk. It must exist.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Lock the backup with the passphrase in this file, in age's format; who forgets it can't restore. Without it whoever has
    /// the backup reads all names, phones and cards.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Arguments)]
pub struct RestoreArgs {
    #[command(flatten)]
    pub folder: Folder,
    /// The backup: a folder named nosmoke-YYYYMMDD-HHMMSS.
    #[arg(value_name = "FOLDER")]
    pub backup: PathBuf,
    /// The file that has the passphrase of a locked backup.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Don't ask.
    #[arg(long)]
    pub yes: bool,
}

/// The scheduled backups of `nosmoke serve`.
#[derive(Debug, Arguments)]
pub struct ScheduleArgs {
    /// Back up into this folder every day, and when the program starts if one was missed; saved in the data folder.
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_backups")]
    pub backup_into: Option<PathBuf>,
    /// The hour of the scheduled backups, 0 to 23 in Seoul; by default 3.
    #[arg(long, value_name = "H", conflicts_with = "no_backups")]
    pub backup_hour: Option<u8>,
    /// How many of the scheduled backups are kept, 1 to 365; by default 7. Other folders are never deleted.
    #[arg(long, value_name = "N", conflicts_with = "no_backups")]
    pub backup_keep: Option<u32>,
    /// Lock the scheduled backups with the passphrase in this file, which is kept in the data folder; an empty file unlocks
    /// later ones.
    #[arg(long, value_name = "FILE", conflicts_with = "no_backups")]
    pub backup_passphrase_file: Option<PathBuf>,
    /// Make no scheduled backups any more.
    #[arg(long)]
    pub no_backups: bool,
}
