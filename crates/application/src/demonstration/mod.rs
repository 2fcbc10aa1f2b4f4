//! Generates the demonstration: a made-up facility with its customers and all their facts of one year.
//!
//! A small simulation of the desk makes the facts in the order of time, a day at a time. It keeps the rules: payments
//! don't exceed the balance, prohibited customers aren't admitted without a reason, areas aren't overfull. The same
//! seed and time give the same facility. Phone numbers are from blocks that aren't assigned to anybody.

mod action;
mod block;
mod calendar;
mod desk;
mod draw;
mod facility;
mod penalties;
mod people;
mod points;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::AreaId;
use nosmoke_domain::rules::Rules;
use nosmoke_reading::reference::AreaBody;

pub use self::block::Block;
use self::facility::{FACTS, Facility};

/// An iterator over the simulated days, oldest first, with one block for each day.
#[derive(Debug)]
pub struct Demonstration {
    facility: Facility,
    day: usize,
}

impl Demonstration {
    /// Begins the simulation of the year up to `now`; `recorder` records all facts, at one terminal.
    pub fn new(seed: u64, now: DateTime<Utc>, recorder: Recorder, rules: Rules) -> Self {
        Self { facility: Facility::new(seed, now, recorder, rules), day: 0 }
    }

    /// Returns the areas that the facts name, in the order of the list of areas.
    pub fn areas(&self) -> Vec<(AreaId, AreaBody)> {
        self.facility.areas()
    }

    /// Returns approximately how many facts all blocks have together.
    pub const fn total(&self) -> u64 {
        FACTS
    }
}

impl Iterator for Demonstration {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let block = self.facility.run_day(self.day)?;
        self.day += 1;
        Some(block)
    }
}

#[cfg(test)]
mod tests;
