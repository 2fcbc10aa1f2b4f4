//! What can be asked and told: one file a group of routes, each with its handlers and the shapes of its bodies.

pub(crate) mod check_ins;
pub(crate) mod contexts;
pub(crate) mod customers;
pub(crate) mod deducts;
pub(crate) mod earns;
pub(crate) mod mypages;
pub(crate) mod operations;
pub(crate) mod pays;
pub(crate) mod penalties;
pub(crate) mod prohibits;
