//! A virtual facility as it would be after a year: its customers and every fact, made up.
//!
//! A small simulation of what happens at the desk makes them in the order of time, a day at a time, so that no rule is
//! broken: nobody pays what isn't held, nobody prohibited is admitted without a reason, no area holds too many. The same
//! seed and time give the same facility. Phone numbers are of blocks that aren't given out.

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

/// The facility's days, oldest first, one block each.
#[derive(Debug)]
pub struct Demonstration {
    facility: Facility,
    day: usize,
}

impl Demonstration {
    /// The year up to `now`, all recorded by one person at one terminal.
    pub fn new(seed: u64, now: DateTime<Utc>, recorder: Recorder, rules: Rules) -> Self {
        Self { facility: Facility::new(seed, now, recorder, rules), day: 0 }
    }

    /// The areas that the facts name, in the list's order.
    pub fn areas(&self) -> Vec<(AreaId, AreaBody)> {
        self.facility.areas()
    }

    /// About how many facts all blocks hold.
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
