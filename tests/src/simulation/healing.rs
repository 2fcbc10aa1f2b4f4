//! All networks heal and every terminal that lives goes on until nothing is left to do; then all are in one state.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Catalogue, Origin};
use nosmoke_domain::ids::{CustomerId, FacilityId, IncarnationId, NoteId, TerminalId};
use nosmoke_domain::point::Account;
use nosmoke_ports::{Priority, ReferenceKind, StoreError, Topic, Write, read, write};
use nosmoke_reading::state::load;
use nosmoke_replication::Heartbeat;
use uuid::Uuid;

use super::invariants::{Broken, Invariant, hold};
use super::planting::sealed;
use super::seen::{Records, Seen, plain, same};
use super::terminal::{Node, now};
use super::wire::Network;
use super::world::World;

const ROUNDS: u32 = 60;
/// Longer than a heartbeat takes to come round.
const ROUND_SECONDS: i64 = 6;
/// Rounds without a change: what others say of themselves has come round too.
const QUIET: u32 = 3;
const KINDS: [ReferenceKind; 6] = [
    ReferenceKind::Facility,
    ReferenceKind::Area,
    ReferenceKind::Rules,
    ReferenceKind::Staff,
    ReferenceKind::Terminal,
    ReferenceKind::Hub,
];

impl World {
    /// Gives in how many rounds all came to rest.
    pub(super) fn heal(&mut self) -> Result<u32, Broken> {
        for at in self.live() {
            let node = &self.nodes[at];
            node.wire.set(Network::default());
            node.mortal.spare();
        }
        let (mut quiet, mut restless) = (0, 0);
        for round in 1..=ROUNDS {
            self.truth.pass(ROUND_SECONDS);
            let mut added = 0;
            for at in self.live() {
                added += self.go_on(at)?;
            }
            let waiting = self.waiting()?;
            self.trace.tell(format!("healing, round {round}: {added} facts, {waiting} waiting"));
            restless = added;
            quiet = if added == 0 && waiting == 0 && self.alike()?.is_none() { quiet + 1 } else { 0 };
            if quiet == QUIET {
                return Ok(round);
            }
        }
        hold(Invariant::Rest, restless == 0, || format!("{restless} facts were added in the last round"))?;
        Ok(ROUNDS)
    }

    /// What was said by some in words that others don't know is the same everywhere once all are of the newest version.
    /// False where all were.
    pub(super) fn upgrade_all(&mut self) -> Result<bool, Broken> {
        let differ = self.alike()?;
        hold(Invariant::SameFacts, differ.is_none(), || differ.unwrap_or_default())?;
        let older: Vec<usize> = self.live().into_iter().filter(|at| !self.nodes[*at].catalogue.is_whole()).collect();
        for at in &older {
            self.nodes[*at].upgrade()?;
            self.observe(*at)?;
        }
        Ok(!older.is_empty())
    }

    fn go_on(&mut self, at: usize) -> Result<usize, Broken> {
        for _ in 0..200 {
            self.consume(at)?;
            if self.nodes[at].exchange.has_read_all() {
                break;
            }
        }
        self.consume(at)?;
        self.settle(at)?;
        self.publish(at)?;
        self.beat(at)?;
        self.publish(at)?;
        self.observe(at)
    }

    fn waiting(&self) -> Result<u64, Broken> {
        let mut waiting = 0;
        for at in self.live() {
            let totals = now(read::<_, StoreError>(&*self.nodes[at].mortal, |tx| tx.pending_totals()))?;
            waiting += totals.facts + totals.records;
        }
        Ok(waiting)
    }

    /// The first terminal that has other facts than the first one, and how they differ.
    fn alike(&self) -> Result<Option<String>, Broken> {
        let live = self.live();
        let extent = |at: usize| now(read::<_, StoreError>(&*self.nodes[at].mortal, |tx| tx.extent()));
        let (first, rest) = live.split_at(1);
        let (first, whole) = (&self.nodes[first[0]], extent(first[0])?);
        for at in rest {
            let other = &self.nodes[*at];
            if extent(*at)? != whole || other.known.hashes != first.known.hashes {
                let lacks = |a: &Node, b: &Node| b.known.hashes.difference(&a.known.hashes).count();
                let (a, b) = (lacks(first, other), lacks(other, first));
                return Ok(Some(format!("{} lacks {a} facts of {at}, which lacks {b} of its", first.number)));
            }
        }
        Ok(None)
    }

    /// Everything that must be so after healing.
    pub(super) fn check_healed(&mut self) -> Result<(), Broken> {
        let differ = self.alike()?;
        hold(Invariant::SameFacts, differ.is_none(), || differ.unwrap_or_default())?;
        self.check_heard()?;
        self.check_erased()?;
        let waiting = self.waiting()?;
        hold(Invariant::Outbox, waiting == 0, || format!("{waiting} facts and records wait"))?;
        self.plant_after_healing()?;
        let live = self.live();
        let first = self.records(live[0])?;
        for at in &live[1..] {
            let other = self.records(*at)?;
            hold(Invariant::SameRecords, first == other, || {
                let (here, there) = (first.lines(), other.lines());
                let (ours, theirs) = (here.difference(&there), there.difference(&here));
                format!("only at {}: {:?}\nonly at {at}: {:?}", live[0], Vec::from_iter(ours), Vec::from_iter(theirs))
            })?;
        }
        let first = self.states(&*self.nodes[live[0]].mortal)?;
        for at in &live[1..] {
            let other = self.states(&*self.nodes[*at].mortal)?;
            same(Invariant::SameState, &first, &other, *at)?;
        }
        self.replay(live[0], &first)
    }

    /// What each says of its facts is what it has.
    fn check_heard(&self) -> Result<(), Broken> {
        let live = self.live();
        let whole = now(read::<_, StoreError>(&*self.nodes[live[0]].mortal, |tx| tx.extent()))?;
        let alone = |id: TerminalId| live.iter().filter(|at| self.nodes[**at].terminal_id == id).count() == 1;
        for at in &live {
            for heard in now(read::<_, StoreError>(&*self.nodes[*at].mortal, |tx| tx.heard()))? {
                let Some(heartbeat) = Heartbeat::read(&heard.body).filter(|_| alone(heard.terminal_id)) else {
                    continue;
                };
                let right = heartbeat.digest == whole.digest.to_string() && heartbeat.heads == whole.heads;
                hold(Invariant::Digest, right, || format!("{} says {heartbeat:?}, not {whole:?}", heard.terminal_id))?;
            }
        }
        Ok(())
    }

    fn check_erased(&self) -> Result<(), Broken> {
        let latest = self.cluster().latest(Topic::Profiles);
        let known: BTreeSet<CustomerId> = self.nodes[self.live()[0]].known.facts.keys().copied().collect();
        for customer in self.model.erased.intersection(&known) {
            let told = latest.iter().find(|(key, value)| key.starts_with(&customer.to_string()) && value.is_some());
            // An erasure that vanished with its terminal is none.
            let erased = now(read::<_, StoreError>(&*self.nodes[self.live()[0]].mortal, {
                let customer = *customer;
                move |tx| tx.profile(customer)
            }))?;
            let erased = erased.is_some_and(|profile| profile.erased);
            hold(Invariant::Erased, told.is_none() || !erased, || {
                format!("{customer}: {:?} is in the log", told.map(|it| it.0))
            })?;
        }
        Ok(())
    }

    fn records(&self, at: usize) -> Result<Records, Broken> {
        let (customers, notes) = (self.model.customers.clone(), self.model.notes.clone());
        let records = now(read::<_, StoreError>(&*self.nodes[at].mortal, move |tx| {
            let mut profiles = Vec::new();
            for customer in customers {
                // Of who is known by facts alone each terminal has a placeholder of its own.
                let profile = tx.profile(customer)?.filter(|profile| profile.revision > 0 || profile.erased);
                profiles.extend(profile.map(plain));
            }
            let notes: BTreeSet<NoteId> = notes.into_iter().collect();
            let mut notes = tx.notes(&notes.into_iter().collect::<Vec<_>>())?;
            notes.sort_by_key(|note| note.note_id);
            let mut references = Vec::new();
            for kind in KINDS {
                references.extend(tx.references(kind)?);
            }
            references.sort_by_key(|reference| (reference.kind, reference.id));
            Ok(Records { profiles, notes, references })
        }))?;
        Ok(records)
    }

    fn states(&self, journal: &dyn nosmoke_ports::Journal) -> Result<BTreeMap<CustomerId, Seen>, Broken> {
        let customers: Vec<CustomerId> = self.nodes[self.live()[0]].known.facts.keys().copied().collect();
        let states = now(read::<_, StoreError>(journal, move |tx| {
            let mut states = BTreeMap::new();
            for customer in customers {
                let mut standing = tx.standing(customer)?.map(|row| row.copy);
                // When it was published is each terminal's own.
                standing.iter_mut().for_each(|copy| copy.as_of = Default::default());
                let mut penalties = tx.open_penalties(customer)?;
                penalties.iter_mut().for_each(|row| row.imposed_change_seq = 0);
                penalties.sort_by_key(|row| row.penalty_id);
                let mut inside = tx.inside_of(customer)?;
                inside.sort_by_key(|row| row.visit_id);
                let (account, visits) = (load::<Account>(tx, customer)?.state, load::<Visits>(tx, customer)?.state);
                states.insert(customer, Seen { account, visits, standing, penalties, inside });
            }
            Ok(states)
        }))?;
        Ok(states)
    }

    /// All facts in any other order, in batches of any size, into an empty journal.
    fn replay(&mut self, at: usize, first: &BTreeMap<CustomerId, Seen>) -> Result<(), Broken> {
        let unit = |tx: &mut dyn Write| {
            tx.mark_all_pending()?;
            let mut all = tx.pending_facts(true, 0, usize::MAX >> 1)?;
            all.extend(tx.pending_facts(false, 0, usize::MAX >> 1)?);
            Ok::<_, StoreError>(all)
        };
        let mut facts = sealed(now(write(&*self.nodes[at].mortal, Priority::Command, unit))?.0);
        self.rng.shuffle(&mut facts);
        let kept = self.kept(TerminalId(Uuid::nil()));
        let node = Node::open(super::terminal::Kept { fault: None, catalogue: Catalogue::default(), ..kept })?;
        let origin = Origin {
            facility_id: FacilityId(Uuid::nil()),
            terminal_id: TerminalId(Uuid::nil()),
            incarnation: IncarnationId(Uuid::nil()),
        };
        now(write::<_, StoreError>(&*node.mortal, Priority::Command, move |tx| tx.put_origin(origin)))?;
        while !facts.is_empty() {
            let batch = facts.split_off(facts.len() - self.rng.usize(1..=facts.len().min(60)));
            let unit = move |tx: &mut dyn Write| tx.receive(&batch);
            now(write::<_, StoreError>(&*node.mortal, Priority::Command, unit))?;
            if self.rng.bool() {
                now(crate::settle::settle(&node.terminal.workers))?;
            }
        }
        now(crate::settle::settle(&node.terminal.workers))?;
        same(Invariant::Replay, first, &self.states(&*node.mortal)?, at)
    }
}
