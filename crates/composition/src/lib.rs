//! The composition root: wires the stores, terminal, workers, replication and mark of an open data folder, in the same
//! way for the window, the headless program and the tests. What only one of them has (a window, a port) isn't here.

mod access;
mod open_folder;
mod options;
mod pairing_file;
mod read_only;

pub use nosmoke_mypage_postgres::Settings as MypageServer;
pub use nosmoke_store::{Broken, Flaw};

pub use access::{gateway_address, gateway_token, note_gateway_address, open_gateway_token};
pub use open_folder::{KeptSpans, OpenFolder, machine_folder};
pub use options::{Environment, FolderOptions, Listener};
pub use pairing_file::{FacilityFile, read_facility_file, write_facility_file};
pub use read_only::{ReadOnlyFolder, Verified};
