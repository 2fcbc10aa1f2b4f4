//! Test suites that use several crates together.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access_log;
mod accountability;
mod adds_up;
mod alike;
mod areas;
mod authenticity;
mod backlog;
mod bad_input;
mod cards;
mod clock;
mod contexts;
mod crash;
mod exports;
mod failpoints;
mod hostile_text;
mod imports;
mod inspection;
mod isolation;
mod layers;
mod mypage;
mod mypage_store;
mod over_time;
mod paid_deductions;
mod people;
mod permission;
mod present_moment;
mod random_day;
mod rebuild;
mod reclaim;
mod requirements;
mod rest;
mod restart;
mod restore;
mod review;
mod rules;
mod simulation;
mod support;
mod syncs;
mod terminals;
mod traceability;
mod undoing;
mod waiting;
mod who;
mod why;
