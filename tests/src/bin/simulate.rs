//! `npm run simulate -- --seeds 1000` runs the simulator over 1,000 seeds; `npm run simulate -- --seed 7` runs it with
//! one seed and prints the trace.

#![allow(clippy::print_stdout, reason = "its output is for a person")]

use std::process::ExitCode;
use std::time::Instant;

use nosmoke_tests::seeds::over_seeds;
use nosmoke_tests::simulation::{Plan, simulate};

struct Arguments {
    first: u64,
    seeds: u64,
    operations: usize,
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let Some(arguments) = read(std::env::args().skip(1)) else {
        println!("simulate [--seeds N] [--first S] [--operations N] | --seed S [--operations N]");
        return ExitCode::FAILURE;
    };
    let plan = |seed, verbose| Plan { seed, operations: arguments.operations, fault: None, verbose };
    let began = Instant::now();
    if let Some(seed) = arguments.seed {
        return match simulate(plan(seed, true)) {
            Ok(summary) => {
                println!(
                    "seed {seed}: at rest after {} rounds\n{:?}\ntrace {}",
                    summary.rounds, summary.kinds, summary.trace
                );
                ExitCode::SUCCESS
            }
            Err(violation) => {
                println!("{violation}");
                ExitCode::FAILURE
            }
        };
    }
    let outcomes = over_seeds(arguments.first..arguments.first + arguments.seeds, |seed| simulate(plan(seed, false)));
    let broken: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    for violation in &broken {
        println!("{violation}\n");
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{} seeds of {} operations in {seconds:.1} s: {} broken",
        arguments.seeds,
        arguments.operations,
        broken.len()
    );
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(mut args: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments { first: 1, seeds: 300, operations: 2_000, seed: None };
    while let Some(name) = args.next() {
        let value = args.next()?;
        match name.as_str() {
            "--first" => arguments.first = value.parse().ok()?,
            "--seeds" => arguments.seeds = value.parse().ok()?,
            "--operations" => arguments.operations = value.parse().ok()?,
            "--seed" => arguments.seed = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(arguments)
}
