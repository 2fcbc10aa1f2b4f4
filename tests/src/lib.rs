//! Code that the test suites, the bench and the test programs share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod cutting_proxy;
pub mod disk;
pub mod doubles;
pub mod seeds;
pub mod settle;
pub mod shared_commit;
pub mod simulation;

use nosmoke_application::commands::Membership;
use nosmoke_ports::Journal;
use nosmoke_replication::joining::pairing;

/// Returns the facility of a terminal, for another terminal of it.
pub async fn membership_of(journal: &dyn Journal) -> Membership {
    let code = pairing::pairing(journal).await.unwrap().code;
    Membership::joining(pairing::read_code(&code).unwrap())
}
