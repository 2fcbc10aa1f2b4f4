//! The composition root: wires the stores, terminal, workers, replication and mark of an open data folder, in the same
//! way for the window, the headless program and the tests. What only one of them has (a window, a port) isn't here.

mod access;
mod backup_files;
mod backups;
mod diagnostics;
mod disk;
mod kept_password;
mod logs;
mod noted;
mod open_folder;
mod options;
mod outdated_backups;
mod pairing_file;
mod printing;
mod read_only;
mod scheduled_backups;
mod token_files;

pub use nosmoke_mypage_postgres::Settings as MypageServer;
pub use nosmoke_store::backup::{Passphrase, Remarks, Tell};
pub use nosmoke_store::{Broken, Flaw};
pub use nosmoke_updates::{
    Download as UpdateDownload, Installation, Source as UpdateSource, install as install_package,
};

pub use access::{forget_gateway, gateway_address, gateway_socket, gateway_token, note_gateway_address};
pub use backups::{
    BackupContent, BackupSource, MadeBackup, RestoredBackup, back_up_folder, inspect_backup, restore_backup,
};
pub use diagnostics::{Measures, write_diagnostics};
pub use disk::{free_bytes, is_stick_or_share};
pub use logs::{LogState, log_folder, log_state, start_logs};
pub use noted::note_access;
pub use open_folder::{KeptSpans, OpenFolder, machine_folder};
pub use options::{Environment, FolderOptions, Listener, Purpose};
pub use pairing_file::{make_facility_file, read_facility_file, write_facility_file};
pub use printing::{FailedSlip, OnPaper, Printing, check_printer, slip_view};
pub use read_only::{ReadOnlyFolder, Verified, expect_data_folder, is_in_use};
