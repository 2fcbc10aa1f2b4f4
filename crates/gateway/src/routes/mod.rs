//! The routes: one file per group, with the handlers, request bodies and response bodies of the group.

pub(crate) mod areas;
pub(crate) mod check_ins;
pub(crate) mod contexts;
pub(crate) mod customers;
pub(crate) mod deducts;
pub(crate) mod earns;
pub(crate) mod imports;
pub(crate) mod mypages;
pub(crate) mod operations;
pub(crate) mod pays;
pub(crate) mod penalties;
pub(crate) mod prohibits;
pub(crate) mod tokens;
pub(crate) mod whys;
