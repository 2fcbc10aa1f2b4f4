//! The end of a simulation: ends all network faults, steps every live terminal until none has work left, and checks
//! that all have the same state.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Catalogue, Origin};
use nosmoke_domain::ids::{CustomerId, FacilityId, IncarnationId, NoteId, TerminalId};
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{Priority, ReferenceKind, StoreError, Topic, Write, read, write};
use nosmoke_reading::state::load;
use nosmoke_replication::Heartbeat;
use uuid::Uuid;

use super::cases::{check_same_cases, open_cases};
use super::comparison::{CustomerState, Documents, check_same_states, without_local_fields};
use super::fault_injection::sealed;
use super::invariants::{Broken, Invariant, check_rebuild, ensure};
use super::terminal::{Node, block_on};
use super::wire::Network;
use super::world::World;

const MAX_ROUNDS: u32 = 60;
/// Longer than the interval between heartbeats, so that each terminal sends one in every round.
const ROUND_SECONDS: i64 = 6;
/// The number of rounds without a change after which the terminals count as at rest. Enough for each to read the
/// others' last heartbeats: the first one of a terminal that has just started names no time, and only its sender hears it.
const QUIET_ROUNDS: u32 = 5;
const KINDS: [ReferenceKind; 7] = [
    ReferenceKind::Facility,
    ReferenceKind::Area,
    ReferenceKind::Rules,
    ReferenceKind::Staff,
    ReferenceKind::Terminal,
    ReferenceKind::Hub,
    ReferenceKind::Recovery,
];

impl World {
    /// Steps all terminals until they are at rest, and returns the number of rounds.
    pub(super) fn heal(&mut self) -> Result<u32, Broken> {
        for at in self.live() {
            let node = &mut self.nodes[at];
            if let Some((shortage, request)) = node.asked.take() {
                node.terminal.core.points_requests.withdraw(shortage.customer, request);
            }
            node.wire.set(Network::default());
            node.journal.cancel_crash();
            // Where points expire, a terminal gives and takes by its own clock: all must agree on the day.
            if self.time.is_some() {
                node.clock.set_right();
            }
        }
        let (mut quiet, mut restless) = (0, 0);
        for round in 1..=MAX_ROUNDS {
            self.true_time.pass(ROUND_SECONDS);
            let mut added = 0;
            for at in self.live() {
                added += self.run_all_steps(at)?;
            }
            let pending = self.pending()?;
            self.trace.tell(format!("healing, round {round}: {added} facts, {pending} pending"));
            restless = added;
            quiet = if added == 0 && pending == 0 && self.difference()?.is_none() { quiet + 1 } else { 0 };
            if quiet == QUIET_ROUNDS {
                return Ok(round);
            }
        }
        ensure(Invariant::Rest, restless == 0, || format!("{restless} facts were added in the last round"))?;
        Ok(MAX_ROUNDS)
    }

    /// Upgrades the terminals that run an older program, after which all terminals must know every type of fact.
    /// Returns false if no terminal was older.
    pub(super) fn upgrade_all(&mut self) -> Result<bool, Broken> {
        let differ = self.difference()?;
        ensure(Invariant::SameFacts, differ.is_none(), || differ.unwrap_or_default())?;
        let older: Vec<usize> = self.live().into_iter().filter(|at| !self.nodes[*at].catalogue.is_whole()).collect();
        for at in &older {
            self.nodes[*at].upgrade()?;
            self.observe(*at)?;
        }
        Ok(!older.is_empty())
    }

    /// Lets a terminal read the whole log, run its workers and publish. Returns the number of facts added to its
    /// journal.
    fn run_all_steps(&mut self, at: usize) -> Result<usize, Broken> {
        for _ in 0..200 {
            self.consume(at)?;
            if self.nodes[at].replicator.has_read_all() {
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

    /// Counts the facts and documents that the terminals haven't read back from the log yet.
    fn pending(&self) -> Result<u64, Broken> {
        let mut pending = 0;
        for at in self.live() {
            let totals = block_on(read::<_, StoreError>(&*self.nodes[at].journal, |tx| tx.pending_totals()))?;
            pending += totals.facts + totals.documents;
        }
        Ok(pending)
    }

    /// Compares the facts of all terminals with those of the first one, and describes the first difference; `None` if
    /// all are equal.
    fn difference(&self) -> Result<Option<String>, Broken> {
        let live = self.live();
        let extent = |at: usize| block_on(read::<_, StoreError>(&*self.nodes[at].journal, |tx| tx.extent()));
        let (first, rest) = live.split_at(1);
        let (first, whole) = (&self.nodes[first[0]], extent(first[0])?);
        for at in rest {
            let other = &self.nodes[*at];
            if extent(*at)? != whole || other.mirror.hashes != first.mirror.hashes {
                let lacks = |a: &Node, b: &Node| b.mirror.hashes.difference(&a.mirror.hashes).count();
                let (a, b) = (lacks(first, other), lacks(other, first));
                return Ok(Some(format!("{} lacks {a} facts of {at}, which lacks {b} of its", first.number)));
            }
        }
        Ok(None)
    }

    /// Checks every invariant that holds after healing.
    pub(super) fn check_healed(&mut self) -> Result<(), Broken> {
        let differ = self.difference()?;
        ensure(Invariant::SameFacts, differ.is_none(), || differ.unwrap_or_default())?;
        self.check_heartbeats()?;
        self.check_erased()?;
        let pending = self.pending()?;
        ensure(Invariant::Outbox, pending == 0, || format!("{pending} facts and documents are pending"))?;
        self.plant_after_healing()?;
        self.check_standings()?;
        let live = self.live();
        live.iter().try_for_each(|at| check_rebuild(&self.nodes[*at]))?;
        let first = self.documents(live[0])?;
        for at in &live[1..] {
            let other = self.documents(*at)?;
            ensure(Invariant::SameDocuments, first == other, || {
                let (here, there) = (first.lines(), other.lines());
                let (ours, theirs) = (here.difference(&there), there.difference(&here));
                format!("only at {}: {:?}\nonly at {at}: {:?}", live[0], Vec::from_iter(ours), Vec::from_iter(theirs))
            })?;
        }
        let first = self.states(&*self.nodes[live[0]].journal)?;
        for at in &live[1..] {
            let other = self.states(&*self.nodes[*at].journal)?;
            check_same_states(Invariant::SameState, &first, &other, *at)?;
        }
        self.check_cases()?;
        self.replay(live[0], &first)
    }

    /// Checks that each terminal's last heartbeat has the right heads and digest.
    fn check_heartbeats(&self) -> Result<(), Broken> {
        let live = self.live();
        let whole = block_on(read::<_, StoreError>(&*self.nodes[live[0]].journal, |tx| tx.extent()))?;
        let alone = |id: TerminalId| live.iter().filter(|at| self.nodes[**at].terminal_id == id).count() == 1;
        for at in &live {
            let stored = block_on(read::<_, StoreError>(&*self.nodes[*at].journal, |tx| tx.heard()))?;
            let heard = self.nodes[*at].terminal.core.heard.newest(stored);
            // Of a terminal with several incarnations, the last one is its present one.
            let present: BTreeMap<TerminalId, _> = heard.into_iter().map(|heard| (heard.terminal_id, heard)).collect();
            for heard in present.into_values() {
                let Some(heartbeat) = Heartbeat::read(&heard.body).filter(|_| alone(heard.terminal_id)) else {
                    continue;
                };
                let right = heartbeat.digest == whole.digest.to_string() && heartbeat.heads == whole.heads;
                ensure(Invariant::Digest, right, || {
                    format!("{} says {heartbeat:?}, not {whole:?}", heard.terminal_id)
                })?;
            }
        }
        Ok(())
    }

    fn check_erased(&self) -> Result<(), Broken> {
        let latest = self.cluster().latest(Topic::Profiles);
        let known: BTreeSet<CustomerId> = self.nodes[self.live()[0]].mirror.facts.keys().copied().collect();
        for customer in self.model.erased.intersection(&known) {
            let left = latest.iter().find(|(key, value)| key.starts_with(&customer.to_string()) && value.is_some());
            // Skip a customer whose erasure was lost with its terminal before it was published.
            let erased = block_on(read::<_, StoreError>(&*self.nodes[self.live()[0]].journal, {
                let customer = *customer;
                move |tx| tx.profile(customer)
            }))?;
            let erased = erased.is_some_and(|profile| profile.erased);
            ensure(Invariant::Erased, left.is_none() || !erased, || {
                format!("{customer}: {:?} is in the log", left.map(|it| it.0))
            })?;
        }
        Ok(())
    }

    fn documents(&self, at: usize) -> Result<Documents, Broken> {
        let (customers, notes) = (self.model.customers.clone(), self.model.notes.clone());
        let documents = block_on(read::<_, StoreError>(&*self.nodes[at].journal, move |tx| {
            let mut profiles = Vec::new();
            for customer in customers {
                // Skip placeholder profiles (revision 0): a terminal makes one for a customer whom it knows only by
                // facts.
                let profile = tx.profile(customer)?.filter(|profile| profile.revision > 0 || profile.erased);
                profiles.extend(profile.map(without_local_fields));
            }
            let notes: BTreeSet<NoteId> = notes.into_iter().collect();
            let mut notes = tx.notes(&notes.into_iter().collect::<Vec<_>>())?;
            notes.sort_by_key(|note| note.note_id);
            let mut references = Vec::new();
            for kind in KINDS {
                references.extend(tx.references(kind)?);
            }
            references.sort_by_key(|reference| (reference.kind, reference.id));
            Ok(Documents { profiles, notes, references })
        }))?;
        Ok(documents)
    }

    fn states(&self, journal: &dyn nosmoke_ports::Journal) -> Result<BTreeMap<CustomerId, CustomerState>, Broken> {
        let customers: Vec<CustomerId> = self.nodes[self.live()[0]].mirror.facts.keys().copied().collect();
        let states = block_on(read::<_, StoreError>(journal, move |tx| {
            let mut states = BTreeMap::new();
            for customer in customers {
                let mut standing = tx.standing(customer)?.map(|row| row.copy);
                // The time of publishing differs between terminals.
                standing.iter_mut().for_each(|copy| copy.as_of = Default::default());
                // Without penalties the levels are those of the rules that this terminal had when it published.
                let clean = |copy: &&mut StandingCopy| copy.outstanding.0 == 0 && copy.changes.is_empty();
                standing.iter_mut().filter(clean).for_each(|copy| copy.levels = Rules::default().levels);
                let mut penalties = tx.open_penalties(customer)?;
                penalties.iter_mut().for_each(|row| row.imposed_change_seq = 0);
                penalties.sort_by_key(|row| row.penalty_id);
                let mut inside = tx.inside_of(customer)?;
                inside.sort_by_key(|row| row.visit_id);
                let (account, visits) = (load::<Account>(tx, customer)?.state, load::<Visits>(tx, customer)?.state);
                states.insert(customer, CustomerState { account, visits, standing, penalties, inside });
            }
            Ok(states)
        }))?;
        Ok(states)
    }

    /// Feeds all facts in random order and random batches into an empty journal, and checks that the customers' states
    /// are the same as at the terminal.
    fn replay(&mut self, at: usize, first: &BTreeMap<CustomerId, CustomerState>) -> Result<(), Broken> {
        let unit = |tx: &mut dyn Write| {
            tx.mark_all_pending()?;
            let mut all = tx.pending_facts(true, 0, usize::MAX >> 1)?;
            all.extend(tx.pending_facts(false, 0, usize::MAX >> 1)?);
            Ok::<_, StoreError>(all)
        };
        let mut facts = sealed(block_on(write(&*self.nodes[at].journal, Priority::Command, unit))?.0);
        self.rng.shuffle(&mut facts);
        let config = self.node_config(TerminalId(Uuid::nil()));
        let node = Node::open(super::terminal::NodeConfig { fault: None, catalogue: Catalogue::default(), ..config })?;
        let origin = Origin {
            facility_id: FacilityId(Uuid::nil()),
            terminal_id: TerminalId(Uuid::nil()),
            incarnation: IncarnationId(Uuid::nil()),
        };
        block_on(write::<_, StoreError>(&*node.journal, Priority::Command, move |tx| tx.put_origin(origin)))?;
        while !facts.is_empty() {
            let batch = facts.split_off(facts.len() - self.rng.usize(1..=facts.len().min(60)));
            let unit = move |tx: &mut dyn Write| tx.receive(&batch);
            block_on(write::<_, StoreError>(&*node.journal, Priority::Command, unit))?;
            if self.rng.bool() {
                block_on(crate::settle::settle(&node.terminal.workers))?;
            }
        }
        block_on(crate::settle::settle(&node.terminal.workers))?;
        check_same_states(Invariant::Replay, first, &self.states(&*node.journal)?, at)?;
        // The second journal has no profiles, so no cards either.
        let ((here, _), (again, _)) = (open_cases(&*self.nodes[at].journal)?, open_cases(&*node.journal)?);
        check_same_cases(&(here, Vec::new()), &(again, Vec::new()), at)
    }
}
