//! Code that the test suites, the bench and the test programs share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod big;
pub mod cutting_proxy;
pub mod disk;
pub mod doubles;
pub mod seeds;
pub mod settle;
pub mod shared_commit;
pub mod simulation;

use nosmoke_application::commands::Membership;
use nosmoke_application::terminal::Terminal;
use nosmoke_domain::words::Role;
use nosmoke_ports::{Journal, StoreError, read};
use nosmoke_reading::reference;
use nosmoke_replication::joining::pairing;

/// Signs the facility's first manager in, as if the PIN had been typed.
pub async fn sign_manager_in(terminal: &Terminal) {
    let staff = read::<_, StoreError>(&*terminal.core.journal, |tx| reference::all_staff(tx)).await.unwrap();
    let manager = staff.into_iter().find(|(_, staff)| staff.role == Role::Manager && !staff.retired);
    terminal.people.enter(manager.expect("a manager").0);
}

/// Returns the facility of a terminal, for another terminal of it.
pub async fn membership_of(journal: &dyn Journal) -> Membership {
    let code = pairing::pairing(journal).await.unwrap().code;
    Membership::joining(pairing::read_code(&code).unwrap())
}
