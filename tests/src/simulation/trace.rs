//! What happened, line by line: the last lines to read, all of them in one hash.

use std::collections::VecDeque;

use nosmoke_domain::fact::{Hash, chain_hash};

const KEPT: usize = 30;

#[derive(Debug)]
pub(super) struct Trace {
    pub(super) hash: Hash,
    last: VecDeque<String>,
    /// Every line is printed.
    aloud: bool,
}

impl Trace {
    pub(super) fn new(aloud: bool) -> Self {
        Self { hash: Hash::ZERO, last: VecDeque::with_capacity(KEPT + 1), aloud }
    }

    pub(super) fn tell(&mut self, line: String) {
        self.hash = chain_hash(self.hash, line.as_bytes());
        if self.aloud {
            eprintln!("{line}");
        }
        self.last.push_back(line);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
    }

    pub(super) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
