//! An open data folder: the stores, the terminal over them, its workers, its link and its mark, put together alike for the
//! window, the headless program and the tests. What only one of them has (a window, a port) isn't here.

mod access;
mod beside;
mod means;
mod open_folder;
mod pairing_file;

pub use nosmoke_mypage_postgres::Settings as MypageServer;
pub use nosmoke_store::{Broken, Flaw};

pub use access::{gateway_address, gateway_token, note_gateway_address, open_gateway_token};
pub use beside::{Beside, Verified};
pub use means::{Listener, Means, Place};
pub use open_folder::{KeptSpans, OpenFolder, machine_folder};
pub use pairing_file::{FacilityFile, read_facility_file, write_facility_file};
