//! The pure domain: facts, the folds that make state of them, the decisions that make new ones, and the rules.
//!
//! Nothing here does I/O, reads a clock or draws a random number: times and ids are arguments. State is a function of
//! the *set* of a customer's facts (ADR 0002), so every fold gives the same result for any order and any repetition.

pub mod check_in;
pub mod customer;
pub mod fact;
pub mod fold;
pub mod ids;
pub mod pay;
pub mod penalty;
pub mod point;
pub mod points;
mod published;
pub mod refusal;
pub mod review;
pub mod rules;
pub mod words;
