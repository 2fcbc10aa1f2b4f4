//! Finds the customer of whom two terminals with equal heads hold different facts. Both request and send breakdowns
//! (counts and digests per group) under a prefix of customer ids, which grows until one customer is left. This is the
//! plan, without I/O; [`narrow`](crate::steps) carries it out.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::Extent;
use nosmoke_runtime::connection::{Difference, DifferingCustomer};

use super::breakdown::{Breakdown, Differs};

/// Intervals between requests for the same prefix. The first [`FREQUENT_REQUESTS`] requests use the short one, because
/// new facts may outdate an answer before it arrives; later requests use the long one.
const REQUEST_INTERVALS: [TimeDelta; 2] = [TimeDelta::seconds(15), TimeDelta::minutes(10)];
const FREQUENT_REQUESTS: u32 = 8;
/// A breakdown is sent at most this often per prefix: a request within this time was answered by the last one.
const SEND_INTERVAL: TimeDelta = TimeDelta::seconds(10);
/// The facts under one prefix are counted at most this often.
const COUNT_INTERVAL: TimeDelta = TimeDelta::seconds(5);
/// A search starts again this long after it found a customer: another customer may differ by then.
const SEARCH_INTERVAL: TimeDelta = TimeDelta::hours(1);
/// Most other terminals that are tracked.
const MAX_PEERS: usize = 64;
/// Most breakdowns kept per terminal; the oldest are dropped.
const MAX_BREAKDOWNS: usize = 8;

/// The next thing to do in the search.
#[derive(Debug, Clone, PartialEq)]
pub enum NarrowingAction {
    /// Count the facts of customers whose ids have this prefix.
    Count(String),
    Send(Breakdown),
    /// Report the difference to this terminal.
    Found(TerminalId, Difference),
}

/// The state of the search, for all other terminals; kept for one connection.
#[derive(Debug, Default)]
pub struct Narrowing {
    peers: BTreeMap<TerminalId, Peer>,
    /// Our own breakdowns, by prefix.
    own: BTreeMap<String, Breakdown>,
    /// When our breakdown of a prefix was last sent.
    sent_at: BTreeMap<String, DateTime<Utc>>,
}

/// Another terminal: the breakdowns that it sent, and how far the search with it has got.
#[derive(Debug, Default)]
struct Peer {
    differs: bool,
    /// The terminal's breakdowns, by prefix.
    breakdowns: BTreeMap<String, Breakdown>,
    /// The prefix of which the terminal requested our breakdown.
    requested: Option<String>,
    /// The prefix under which the search with this terminal continues.
    prefix: String,
    /// Number of requests sent to the terminal for this prefix, and the time of the last.
    requests: (u32, Option<DateTime<Utc>>),
    found_at: Option<DateTime<Utc>>,
    /// The terminal sent something that [`Narrowing::next`] hasn't processed.
    has_news: bool,
}

impl Peer {
    fn go_to(&mut self, prefix: String) {
        (self.prefix, self.requests) = (prefix, (0, None));
    }

    fn is_found(&self, now: DateTime<Utc>) -> bool {
        self.found_at.is_some_and(|at| now - at < SEARCH_INTERVAL)
    }

    fn is_request_due(&self, now: DateTime<Utc>) -> bool {
        let [frequent, rare] = REQUEST_INTERVALS;
        let (count, last) = self.requests;
        let interval = if count < FREQUENT_REQUESTS { frequent } else { rare };
        !self.is_found(now) && last.is_none_or(|last| now - last >= interval || now < last)
    }
}

impl Narrowing {
    /// Called when a terminal's heartbeat shows our heads but another digest.
    pub fn differs(&mut self, terminal: TerminalId) {
        if let Some(peer) = self.peer(terminal) {
            (peer.differs, peer.has_news) = (true, true);
        }
    }

    /// Called when a terminal's heartbeat shows our facts: forgets the terminal, and everything once no terminal
    /// differs.
    pub fn agrees(&mut self, terminal: TerminalId) {
        self.peers.remove(&terminal);
        if !self.peers.values().any(|peer| peer.differs) {
            *self = Self::default();
        }
    }

    /// Called with another terminal's breakdown, which is kept even if no difference is known yet: the sender may have
    /// noticed the difference first.
    pub fn heard(&mut self, here: TerminalId, breakdown: Breakdown) {
        let Some(peer) = self.peer(breakdown.terminal_id) else { return };
        if breakdown.asks.contains(&here) {
            peer.requested = Some(breakdown.prefix.clone());
        }
        peer.has_news = true;
        keep(&mut peer.breakdowns, breakdown);
    }

    /// Called with our own breakdown, just counted.
    pub fn counted(&mut self, breakdown: Breakdown) {
        keep(&mut self.own, breakdown);
    }

    /// Whether [`Self::next`] may have something to do. Nearly always it hasn't.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.peers.values().any(|peer| peer.differs && (peer.has_news || peer.is_request_due(now)))
    }

    /// Returns the next action, where `extent` describes our journal; `None` if there is nothing to do now.
    pub fn next(&mut self, now: DateTime<Utc>, extent: &Extent) -> Option<NarrowingAction> {
        let differing = self.peers.iter().filter(|(_, peer)| peer.differs).map(|(terminal, _)| *terminal);
        let differing: Vec<TerminalId> = differing.collect();
        differing
            .into_iter()
            .find_map(|terminal| self.answer(terminal, now, extent).or_else(|| self.narrow(terminal, now, extent)))
    }

    fn peer(&mut self, terminal: TerminalId) -> Option<&mut Peer> {
        let is_full = self.peers.len() >= MAX_PEERS;
        match self.peers.entry(terminal) {
            std::collections::btree_map::Entry::Vacant(_) if is_full => None,
            entry => Some(entry.or_default()),
        }
    }

    fn answer(&mut self, terminal: TerminalId, now: DateTime<Utc>, extent: &Extent) -> Option<NarrowingAction> {
        let prefix = self.peers.get_mut(&terminal)?.requested.take()?;
        if self.sent_at.get(&prefix).is_some_and(|last| now - *last < SEND_INTERVAL) {
            return None;
        }
        let action = self.send(&prefix, now, extent);
        if !matches!(action, Some(NarrowingAction::Send(_))) {
            self.peers.get_mut(&terminal)?.requested = Some(prefix);
        }
        action
    }

    fn narrow(&mut self, terminal: TerminalId, now: DateTime<Utc>, extent: &Extent) -> Option<NarrowingAction> {
        loop {
            let peer = self.peers.get_mut(&terminal)?;
            let prefix = peer.prefix.clone();
            if peer.is_found(now) {
                peer.has_news = false;
                return None;
            }
            if peer.found_at.take().is_some() {
                peer.go_to(String::new());
                peer.breakdowns.clear();
                continue;
            }
            let Some(theirs) = peer.breakdowns.get(&prefix).filter(|it| it.is_of(extent)).cloned() else {
                peer.has_news = false;
                if !peer.is_request_due(now) {
                    return None;
                }
                let action = self.send(&prefix, now, extent);
                if matches!(action, Some(NarrowingAction::Send(_))) {
                    let peer = self.peers.get_mut(&terminal)?;
                    peer.requests = (peer.requests.0.saturating_add(1), Some(now));
                }
                return action;
            };
            let Some(mine) = self.own.get(&prefix).filter(|it| it.is_of(extent)) else {
                return self.count(prefix, now);
            };
            let altered = [mine, &theirs].map(Breakdown::is_altered);
            let found = mine.parts.compare(&theirs.parts, &prefix);
            let peer = self.peers.get_mut(&terminal)?;
            let customer = match found {
                Differs::Under(longer) => {
                    peer.go_to(longer);
                    continue;
                }
                Differs::At { customer, here, there } => Some(DifferingCustomer { customer, here, there }),
                Differs::Nowhere if altered.contains(&true) => None,
                Differs::Nowhere => {
                    // No longer different, or different under another prefix: start again.
                    peer.breakdowns.remove(&prefix);
                    (peer.prefix, peer.has_news) = (String::new(), false);
                    return None;
                }
            };
            (peer.found_at, peer.has_news) = (Some(now), false);
            let [here, there] = self.altered(terminal);
            return Some(NarrowingAction::Found(
                terminal,
                Difference { customer, altered_here: here, altered_there: there },
            ));
        }
    }

    /// Whether our journal file and the other terminal's were modified from outside.
    fn altered(&self, terminal: TerminalId) -> [bool; 2] {
        let theirs = self.peers.get(&terminal).and_then(|peer| peer.breakdowns.get(""));
        [self.own.get(""), theirs].map(|whole| whole.is_some_and(Breakdown::is_altered))
    }

    /// Plans to send our breakdown, with a request to every terminal that hasn't sent its own. Counts first if ours is
    /// outdated.
    fn send(&mut self, prefix: &str, now: DateTime<Utc>, extent: &Extent) -> Option<NarrowingAction> {
        let Some(mine) = self.own.get(prefix).filter(|it| it.is_of(extent)) else {
            return self.count(prefix.to_owned(), now);
        };
        let lacks = |peer: &Peer| {
            let has_sent = peer.breakdowns.get(prefix).is_some_and(|it| it.is_of(extent));
            peer.differs && peer.prefix == prefix && !peer.is_found(now) && !has_sent
        };
        let asks = self.peers.iter().filter(|(_, peer)| lacks(peer)).map(|(terminal, _)| *terminal).collect();
        let breakdown = Breakdown { at: now, asks, ..mine.clone() };
        self.sent_at.retain(|_, at| now - *at < SEND_INTERVAL);
        self.sent_at.insert(prefix.to_owned(), now);
        Some(NarrowingAction::Send(breakdown))
    }

    fn count(&self, prefix: String, now: DateTime<Utc>) -> Option<NarrowingAction> {
        let counted = self.own.get(&prefix).is_some_and(|it| now - it.at < COUNT_INTERVAL && now >= it.at);
        (!counted).then_some(NarrowingAction::Count(prefix))
    }
}

fn keep(kept: &mut BTreeMap<String, Breakdown>, breakdown: Breakdown) {
    kept.insert(breakdown.prefix.clone(), breakdown);
    while kept.len() > MAX_BREAKDOWNS {
        let oldest = kept.values().min_by_key(|it| it.at).map(|it| it.prefix.clone());
        kept.remove(&oldest.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests;
