//! The hash chains: where they stand, all facts in a few numbers, and checking them.

pub(crate) mod state;
pub(crate) mod tally;
pub(crate) mod verify;
