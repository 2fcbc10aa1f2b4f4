//! Which of two facts was recorded in knowledge of the other.

use std::collections::BTreeMap;

use crate::fact::Recorded;
use crate::ids::{EventId, IncarnationId};

/// For each fact of a set, how far its recorder knew the facts of each incarnation. A terminal knows all facts that it
/// recorded before; of others it knows what its facts name in `after`, and what those name.
#[derive(Debug)]
pub(super) struct Knowledge {
    facts: BTreeMap<EventId, Place>,
    /// For each fact, the highest seq that its recorder knew of each incarnation, in rows of `width`.
    seen: Vec<u64>,
    width: usize,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    row: usize,
    incarnation: usize,
    seq: u64,
}

impl Knowledge {
    /// Reads the facts of a set, in any order. Facts that name each other in a circle, which only forged ones do, know
    /// nothing through it.
    pub(super) fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let facts: Vec<&Recorded> = facts.into_iter().collect();
        let mut incarnations: BTreeMap<IncarnationId, usize> = BTreeMap::new();
        for recorded in &facts {
            let next = incarnations.len();
            incarnations.entry(recorded.fact.origin.incarnation).or_insert(next);
        }
        let width = incarnations.len();
        let place = |(row, recorded): (usize, &&Recorded)| {
            let incarnation = incarnations.get(&recorded.fact.origin.incarnation).copied().unwrap_or_default();
            (recorded.fact.event_id, Place { row, incarnation, seq: recorded.fact.seq })
        };
        let by_event: BTreeMap<EventId, Place> = facts.iter().enumerate().map(place).collect();
        let mut knowledge = Self { facts: by_event, seen: vec![0; facts.len() * width], width };
        let mut states = vec![State::Unread; facts.len()];
        for row in 0..facts.len() {
            knowledge.read(row, &facts, &mut states);
        }
        knowledge
    }

    /// Reads a fact after those that it names, without recursion: chains are as long as histories.
    fn read(&mut self, row: usize, facts: &[&Recorded], states: &mut [State]) {
        let mut stack = vec![row];
        while let Some(row) = stack.last().copied() {
            let parents = facts[row].fact.after.iter().filter_map(|named| self.facts.get(named)).map(|place| place.row);
            let parents: Vec<usize> = parents.collect();
            match states[row] {
                State::Read => drop(stack.pop()),
                State::Unread => {
                    states[row] = State::Waiting;
                    stack.extend(parents.into_iter().filter(|parent| states[*parent] == State::Unread));
                }
                State::Waiting => {
                    for parent in parents.into_iter().filter(|parent| states[*parent] == State::Read) {
                        for at in 0..self.width {
                            let known = self.seen[parent * self.width + at];
                            let mine = &mut self.seen[row * self.width + at];
                            *mine = known.max(*mine);
                        }
                    }
                    let Recorded { fact, .. } = facts[row];
                    if let Some(own) = self.facts.get(&fact.event_id).filter(|own| own.row == row) {
                        let mine = &mut self.seen[row * self.width + own.incarnation];
                        *mine = own.seq.max(*mine);
                    }
                    states[row] = State::Read;
                    stack.pop();
                }
            }
        }
    }

    /// Whether the recorder of `later` knew `earlier`.
    pub(super) fn knew(&self, later: EventId, earlier: EventId) -> bool {
        let (Some(later), Some(earlier)) = (self.facts.get(&later), self.facts.get(&earlier)) else { return false };
        later.row != earlier.row && self.seen[later.row * self.width + earlier.incarnation] >= earlier.seq
    }

    /// Whether neither recorder knew the other fact.
    pub(super) fn apart(&self, one: EventId, other: EventId) -> bool {
        one != other && !self.knew(one, other) && !self.knew(other, one)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unread,
    /// Some of the facts that it names are read first.
    Waiting,
    Read,
}
