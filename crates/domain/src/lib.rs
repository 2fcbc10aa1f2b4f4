//! The domain as pure functions: facts, the folds that derive state from facts, the decisions that make new facts, and
//! the rules.
//!
//! Nothing here does I/O, reads a clock or draws a random number: times and ids are arguments. State is a function of
//! the *set* of a customer's facts (ADR 0002), so a fold gives the same result in whatever order the facts arrive, and
//! however often.

pub mod check_in;
pub mod clock;
pub mod corrector;
pub mod customer;
pub mod days;
pub mod fact;
pub mod fold;
pub mod ids;
pub mod lapse;
pub mod links;
pub mod lots;
pub mod pay;
pub mod penalty;
pub mod point;
pub mod points;
mod published;
pub mod refusal;
pub mod review;
pub mod rules;
pub mod site;
pub mod words;
