//! The trace of a simulation: the last lines in memory, and a hash over all of them.

use std::collections::VecDeque;

use nosmoke_domain::fact::{Hash, chain_hash};

const KEPT_LINES: usize = 30;

#[derive(Debug)]
pub(super) struct Trace {
    pub(super) hash: Hash,
    last: VecDeque<String>,
    /// True if every line is also printed.
    verbose: bool,
}

impl Trace {
    pub(super) fn new(verbose: bool) -> Self {
        Self { hash: Hash::ZERO, last: VecDeque::with_capacity(KEPT_LINES + 1), verbose }
    }

    pub(super) fn tell(&mut self, line: String) {
        self.hash = chain_hash(self.hash, line.as_bytes());
        if self.verbose {
            eprintln!("{line}");
        }
        self.last.push_back(line);
        if self.last.len() > KEPT_LINES {
            self.last.pop_front();
        }
    }

    pub(super) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
