//! Runs the simulator over many seeds, or one seed again: `npm run simulate -- --seeds 1000`, `npm run simulate -- --seed 7`.

#![allow(clippy::print_stdout, reason = "it is what this prints")]

use std::process::ExitCode;
use std::time::Instant;

use nosmoke_tests::many::over_seeds;
use nosmoke_tests::simulation::{Plan, simulate};

struct Wanted {
    first: u64,
    seeds: u64,
    operations: usize,
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let Some(wanted) = read(std::env::args().skip(1)) else {
        println!("simulate [--seeds N] [--first S] [--operations N] | --seed S [--operations N]");
        return ExitCode::FAILURE;
    };
    let plan = |seed, aloud| Plan { seed, operations: wanted.operations, fault: None, aloud };
    let began = Instant::now();
    if let Some(seed) = wanted.seed {
        return match simulate(plan(seed, true)) {
            Ok(told) => {
                println!("seed {seed}: at rest after {} rounds\n{:?}\ntrace {}", told.rounds, told.kinds, told.trace);
                ExitCode::SUCCESS
            }
            Err(found) => {
                println!("{found}");
                ExitCode::FAILURE
            }
        };
    }
    let outcomes = over_seeds(wanted.first..wanted.first + wanted.seeds, |seed| simulate(plan(seed, false)));
    let broken: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    for found in &broken {
        println!("{found}\n");
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{} seeds of {} operations in {seconds:.1} s: {} broken", wanted.seeds, wanted.operations, broken.len());
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(mut args: impl Iterator<Item = String>) -> Option<Wanted> {
    let mut wanted = Wanted { first: 1, seeds: 300, operations: 2_000, seed: None };
    while let Some(name) = args.next() {
        let value = args.next()?;
        match name.as_str() {
            "--first" => wanted.first = value.parse().ok()?,
            "--seeds" => wanted.seeds = value.parse().ok()?,
            "--operations" => wanted.operations = value.parse().ok()?,
            "--seed" => wanted.seed = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(wanted)
}
