//! A deterministic simulator over the application's ports: whole terminals, a cluster in memory, clocks that lie, and
//! everything that befalls them, on one thread and from one seed.

mod clock;
mod cluster;
mod commands;
mod faults;
mod healing;
mod inline;
mod invariants;
mod known;
mod mishaps;
mod model;
mod mortal;
mod operations;
mod place;
mod planting;
mod seen;
mod terminal;
mod trace;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::fmt;

pub use faults::Fault;
pub use invariants::Invariant;

use invariants::Broken;
use world::World;

/// What to simulate.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub operations: usize,
    pub fault: Option<Fault>,
    /// Prints every line of the trace.
    pub aloud: bool,
}

/// A simulation in which everything held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Of all that happened.
    pub trace: String,
    pub rounds: u32,
    /// Facts by type.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// A simulation in which an invariant was broken.
#[derive(Debug, Clone)]
pub struct Found {
    pub seed: u64,
    pub step: usize,
    pub invariant: Invariant,
    pub detail: String,
    pub last_lines: Vec<String>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.last_lines {
            writeln!(f, "  {line}")?;
        }
        write!(f, "seed {}, step {}: {:?} is broken: {}", self.seed, self.step, self.invariant, self.detail)
    }
}

/// Runs one seed.
///
/// # Errors
/// The first invariant that is broken.
pub fn simulate(plan: Plan) -> Result<Told, Box<Found>> {
    let Plan { seed, operations, fault, aloud } = plan;
    let found = |step, Broken { invariant, detail }, last_lines| {
        let detail = detail.chars().take(4_000).collect();
        Box::new(Found { seed, step, invariant, detail, last_lines })
    };
    let mut world = World::new(seed, fault, aloud).map_err(|broken| found(0, broken, Vec::new()))?;
    let outcome = world.run(operations).and_then(|()| {
        let mut rounds = world.heal()?;
        world.check_all()?;
        if world.upgrade_all()? {
            rounds = rounds.max(world.heal()?);
            world.check_all()?;
        }
        world.check_healed()?;
        Ok(rounds)
    });
    match outcome {
        Ok(rounds) => Ok(Told { trace: world.trace.hash.to_string(), rounds, kinds: world.model.kinds.clone() }),
        Err(broken) => Err(found(world.step, broken, world.trace.last())),
    }
}
