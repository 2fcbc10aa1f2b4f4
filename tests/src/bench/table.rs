//! Prints each result of the bench as soon as it is measured, and remembers whether a limit was broken.

use std::process::ExitCode;

/// The limit of a ratio.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limit {
    Exactly(f64),
    AtMost(f64),
    AtLeast(f64),
    /// No limit; the ratio is printed for information.
    None,
}

impl Limit {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::Exactly(limit) => (ratio - limit).abs() < 1e-9,
            Self::AtMost(limit) => ratio <= limit,
            Self::AtLeast(limit) => ratio >= limit,
            Self::None => true,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(limit) => write!(f, "exactly  {}", number(*limit)),
            Self::AtMost(limit) => write!(f, "at most  {}", number(*limit)),
            Self::AtLeast(limit) => write!(f, "at least {}", number(*limit)),
            Self::None => Ok(()),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    broken: usize,
}

impl Table {
    pub(crate) fn heading(&self, text: &str) {
        println!("\n{text}");
    }

    pub(crate) fn row(&mut self, name: &str, ratio: f64, limit: Limit) {
        self.print(name, ratio, limit, "");
    }

    fn print(&mut self, name: &str, ratio: f64, limit: Limit, more: &str) {
        let verdict = match limit {
            Limit::None => "",
            limit if limit.holds(ratio) => "PASS",
            _ => {
                self.broken += 1;
                "FAIL"
            }
        };
        let row = format!("  {name:<66} {:>9}  {:<18} {verdict}  {more}", number(ratio), limit.to_string());
        println!("{}", row.trim_end());
    }

    /// A row with a limit, below which there is a goal that isn't reached yet everywhere.
    pub(crate) fn goal(&mut self, name: &str, value: f64, limit: f64, goal: f64) {
        let (most, reached) = (Limit::AtMost(limit), Limit::AtMost(goal).holds(value));
        let goal = format!("goal {} {}", number(goal), if reached { "reached" } else { "missed" });
        self.print(name, value, most, &goal);
    }

    pub(crate) fn verdict(&self) -> ExitCode {
        match self.broken {
            0 => println!("\nEvery limit holds."),
            broken => println!("\nBroken limits: {broken}."),
        }
        if self.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Formats small ratios with more digits.
fn number(ratio: f64) -> String {
    if ratio < 0.1 { format!("{ratio:.6}") } else { format!("{ratio:.2}") }
}
