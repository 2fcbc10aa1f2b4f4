//! Which customer it is that terminals with equal heads hold different facts of. Each of the two asks for the other's sums and
//! tells its own, under a prefix of customer ids that grows until a customer is found. A plan of what to do next, without I/O;
//! [`narrow`](crate::steps) does it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::Extent;
use nosmoke_runtime::link::{Difference, DifferingCustomer};

use super::breakdown::{Breakdown, Differs};

/// Between two questions for the same thing: the first few, which a facility at work may cross, and all that follow.
const ASK_EVERY: [TimeDelta; 2] = [TimeDelta::seconds(15), TimeDelta::minutes(10)];
const FIRST_QUESTIONS: u32 = 8;
/// Whoever asks within this time of an answer has it.
const TELL_EVERY: TimeDelta = TimeDelta::seconds(10);
/// Facts are counted anew under one prefix at most this often.
const COUNT_EVERY: TimeDelta = TimeDelta::seconds(5);
/// What was found is looked for again, in case something else differs by now.
const FOUND_FOR: TimeDelta = TimeDelta::hours(1);
/// Terminals that are followed at most.
const TERMINALS: usize = 64;
/// Breakdowns kept of one terminal, the newest.
const KEPT: usize = 8;

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// The facts of customers under this prefix are to be counted.
    Count(String),
    Tell(Breakdown),
    Found(TerminalId, Difference),
}

/// All that is known of differences, of one connection.
#[derive(Debug, Default)]
pub struct Narrowing {
    others: BTreeMap<TerminalId, Other>,
    mine: BTreeMap<String, Breakdown>,
    told: BTreeMap<String, DateTime<Utc>>,
}

/// Another terminal: what it told, and how far it is narrowed down.
#[derive(Debug, Default)]
struct Other {
    differs: bool,
    told: BTreeMap<String, Breakdown>,
    /// The prefix under which it asked for our sums.
    asks: Option<String>,
    prefix: String,
    /// How often it was asked under this prefix, and when last.
    asked: (u32, Option<DateTime<Utc>>),
    found_at: Option<DateTime<Utc>>,
    /// Something was heard that hasn't been looked at.
    is_news: bool,
}

impl Other {
    fn go_to(&mut self, prefix: String) {
        (self.prefix, self.asked) = (prefix, (0, None));
    }

    fn is_found(&self, now: DateTime<Utc>) -> bool {
        self.found_at.is_some_and(|at| now - at < FOUND_FOR)
    }

    fn is_to_be_asked(&self, now: DateTime<Utc>) -> bool {
        let [soon, late] = ASK_EVERY;
        let (times, last) = self.asked;
        let pause = if times < FIRST_QUESTIONS { soon } else { late };
        !self.is_found(now) && last.is_none_or(|last| now - last >= pause || now < last)
    }
}

impl Narrowing {
    /// A heartbeat showed equal heads and another digest.
    pub fn differs(&mut self, terminal: TerminalId) {
        if let Some(other) = self.other(terminal) {
            (other.differs, other.is_news) = (true, true);
        }
    }

    /// A heartbeat showed the same facts: all of it is over.
    pub fn agrees(&mut self, terminal: TerminalId) {
        self.others.remove(&terminal);
        if !self.others.values().any(|other| other.differs) {
            *self = Self::default();
        }
    }

    /// Another terminal's sums. They are kept also where no difference has been seen yet: it may have been quicker.
    pub fn heard(&mut self, here: TerminalId, breakdown: Breakdown) {
        let Some(other) = self.other(breakdown.terminal_id) else { return };
        if breakdown.asks.contains(&here) {
            other.asks = Some(breakdown.prefix.clone());
        }
        other.is_news = true;
        keep(&mut other.told, breakdown);
    }

    /// What was counted here.
    pub fn counted(&mut self, breakdown: Breakdown) {
        keep(&mut self.mine, breakdown);
    }

    /// Whether there may be something to do: nearly always there isn't.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.others.values().any(|other| other.differs && (other.is_news || other.is_to_be_asked(now)))
    }

    /// What to do next, with `extent` as what is here; `None` for nothing at present.
    pub fn next(&mut self, now: DateTime<Utc>, extent: &Extent) -> Option<Act> {
        let differing = self.others.iter().filter(|(_, other)| other.differs).map(|(terminal, _)| *terminal);
        let differing: Vec<TerminalId> = differing.collect();
        differing
            .into_iter()
            .find_map(|terminal| self.answer(terminal, now, extent).or_else(|| self.narrow(terminal, now, extent)))
    }

    fn other(&mut self, terminal: TerminalId) -> Option<&mut Other> {
        let is_full = self.others.len() >= TERMINALS;
        match self.others.entry(terminal) {
            std::collections::btree_map::Entry::Vacant(_) if is_full => None,
            entry => Some(entry.or_default()),
        }
    }

    fn answer(&mut self, terminal: TerminalId, now: DateTime<Utc>, extent: &Extent) -> Option<Act> {
        let prefix = self.others.get_mut(&terminal)?.asks.take()?;
        if self.told.get(&prefix).is_some_and(|last| now - *last < TELL_EVERY) {
            return None;
        }
        let act = self.tell(&prefix, now, extent);
        if !matches!(act, Some(Act::Tell(_))) {
            self.others.get_mut(&terminal)?.asks = Some(prefix);
        }
        act
    }

    fn narrow(&mut self, terminal: TerminalId, now: DateTime<Utc>, extent: &Extent) -> Option<Act> {
        loop {
            let other = self.others.get_mut(&terminal)?;
            let prefix = other.prefix.clone();
            if other.is_found(now) {
                other.is_news = false;
                return None;
            }
            if other.found_at.take().is_some() {
                other.go_to(String::new());
                other.told.clear();
                continue;
            }
            let Some(theirs) = other.told.get(&prefix).filter(|it| it.is_of(extent)).cloned() else {
                other.is_news = false;
                if !other.is_to_be_asked(now) {
                    return None;
                }
                let act = self.tell(&prefix, now, extent);
                if matches!(act, Some(Act::Tell(_))) {
                    let other = self.others.get_mut(&terminal)?;
                    other.asked = (other.asked.0.saturating_add(1), Some(now));
                }
                return act;
            };
            let Some(mine) = self.mine.get(&prefix).filter(|it| it.is_of(extent)) else {
                return self.count(prefix, now);
            };
            let altered = [mine, &theirs].map(Breakdown::is_altered);
            let found = mine.parts.compare(&theirs.parts, &prefix);
            let other = self.others.get_mut(&terminal)?;
            let customer = match found {
                Differs::Under(longer) => {
                    other.go_to(longer);
                    continue;
                }
                Differs::At { customer, here, there } => Some(DifferingCustomer { customer, here, there }),
                Differs::Nowhere if altered.contains(&true) => None,
                Differs::Nowhere => {
                    // It differs no more, or elsewhere.
                    other.told.remove(&prefix);
                    (other.prefix, other.is_news) = (String::new(), false);
                    return None;
                }
            };
            (other.found_at, other.is_news) = (Some(now), false);
            let [here, there] = self.altered(terminal);
            return Some(Act::Found(terminal, Difference { customer, altered_here: here, altered_there: there }));
        }
    }

    /// Whether here and there what was counted isn't what is there.
    fn altered(&self, terminal: TerminalId) -> [bool; 2] {
        let theirs = self.others.get(&terminal).and_then(|other| other.told.get(""));
        [self.mine.get(""), theirs].map(|whole| whole.is_some_and(Breakdown::is_altered))
    }

    /// Tells our sums, and asks whoever hasn't told its own.
    fn tell(&mut self, prefix: &str, now: DateTime<Utc>, extent: &Extent) -> Option<Act> {
        let Some(mine) = self.mine.get(prefix).filter(|it| it.is_of(extent)) else {
            return self.count(prefix.to_owned(), now);
        };
        let is_open = |other: &Other| {
            let has_told = other.told.get(prefix).is_some_and(|it| it.is_of(extent));
            other.differs && other.prefix == prefix && !other.is_found(now) && !has_told
        };
        let asks = self.others.iter().filter(|(_, other)| is_open(other)).map(|(terminal, _)| *terminal).collect();
        let breakdown = Breakdown { at: now, asks, ..mine.clone() };
        self.told.insert(prefix.to_owned(), now);
        Some(Act::Tell(breakdown))
    }

    fn count(&self, prefix: String, now: DateTime<Utc>) -> Option<Act> {
        let counted = self.mine.get(&prefix).is_some_and(|it| now - it.at < COUNT_EVERY && now >= it.at);
        (!counted).then_some(Act::Count(prefix))
    }
}

fn keep(kept: &mut BTreeMap<String, Breakdown>, breakdown: Breakdown) {
    kept.insert(breakdown.prefix.clone(), breakdown);
    while kept.len() > KEPT {
        let oldest = kept.values().min_by_key(|it| it.at).map(|it| it.prefix.clone());
        kept.remove(&oldest.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests;
