//! A deterministic simulator (ADR 0020): whole terminals on simulated ports, with a cluster in memory, wrong clocks and
//! random disruptions. A simulation runs on one thread, and all its random choices come from one seed.

mod cases;
mod clock;
mod cluster;
mod commands;
mod comparison;
mod contention;
mod crashing_journal;
mod disruptions;
mod fault_injection;
mod faults;
mod healing;
mod inline;
mod invariants;
mod journal_mirror;
mod liveness;
mod memory_mypage;
mod model;
mod operations;
mod over_time;
mod simulated_marks;
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

/// The parameters of a simulation.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub operations: usize,
    pub fault: Option<Fault>,
    /// Prints every line of the trace.
    pub verbose: bool,
}

/// The result of a simulation in which every invariant held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The hash of all trace lines.
    pub trace: String,
    pub rounds: u32,
    /// The number of facts of each type.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// The first broken invariant of a simulation.
#[derive(Debug, Clone)]
pub struct Violation {
    pub seed: u64,
    pub step: usize,
    pub invariant: Invariant,
    pub detail: String,
    pub last_lines: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.last_lines {
            writeln!(f, "  {line}")?;
        }
        write!(f, "seed {}, step {}: {:?} is broken: {}", self.seed, self.step, self.invariant, self.detail)
    }
}

/// Simulates one seed.
///
/// # Errors
/// Returns the first broken invariant.
pub fn simulate(plan: Plan) -> Result<Summary, Box<Violation>> {
    let Plan { seed, operations, fault, verbose } = plan;
    let violation = |step, Broken { invariant, detail }, last_lines| {
        let detail = detail.chars().take(4_000).collect();
        Box::new(Violation { seed, step, invariant, detail, last_lines })
    };
    let mut world = World::new(seed, fault, verbose).map_err(|broken| violation(0, broken, Vec::new()))?;
    let outcome = world.run(operations).and_then(|()| {
        let mut rounds = world.heal()?;
        world.check_all()?;
        if world.upgrade_all()? {
            rounds = rounds.max(world.heal()?);
            world.check_all()?;
        }
        world.check_healed()?;
        world.check_nothing_is_owed()?;
        world.check_points_arrive()?;
        world.check_contention()?;
        // Two minutes of heartbeats take long, so only some seeds go through them.
        if seed % 3 == 0 {
            world.check_nothing_is_stuck()?;
        }
        Ok(rounds)
    });
    match outcome {
        Ok(rounds) => Ok(Summary { trace: world.trace.hash.to_string(), rounds, kinds: world.model.kinds.clone() }),
        Err(broken) => Err(violation(world.step, broken, world.trace.last())),
    }
}
