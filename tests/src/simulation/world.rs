//! The state of one simulation, and the loop that performs its steps.

use std::sync::Arc;

use fastrand::Rng;
use nosmoke_application::permission::Caller;
use nosmoke_domain::fact::{Catalogue, Origin};
use nosmoke_domain::ids::{AreaId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::{Ids, Priority, ReferenceKind, StoreError, Write, write};
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, StaffBody, TerminalBody};
use nosmoke_replication::FacilityKey;
use parking_lot::{Mutex, MutexGuard};
use tempfile::TempDir;

use super::clock::{SeededIds, SkewedClock, TrueTime};
use super::cluster::Cluster;
use super::faults::Fault;
use super::invariants::Broken;
use super::memory_mypage::MemoryMypage;
use super::model::Model;
use super::operations::{OPERATIONS, Operation};
use super::over_time;
use super::simulated_marks::SimulatedMarks;
use super::terminal::{Node, NodeConfig, OLDER, block_on};
use super::trace::Trace;
use super::wire::Wire;

/// The number of steps between two checks of all customers and terminals.
const FULL_CHECK_INTERVAL: usize = 250;
const AREAS: usize = 3;

#[derive(Debug)]
pub(super) struct World {
    pub(super) rng: Rng,
    /// Random numbers for what time changes; `None` with seeds in which time changes nothing.
    pub(super) time: Option<Rng>,
    pub(super) true_time: TrueTime,
    pub(super) cluster: Arc<Mutex<Cluster>>,
    pub(super) nodes: Vec<Node>,
    pub(super) model: Model,
    pub(super) trace: Trace,
    pub(super) step: usize,
    pub(super) folder: TempDir,
    pub(super) fault: Option<Fault>,
    pub(super) facility: (FacilityId, FacilityKey),
    pub(super) areas: Vec<AreaId>,
    /// A member of staff of each role.
    pub(super) staff: [(Role, StaffId); 3],
    /// The weight of each operation with this seed, so that rare operations are common with some seeds and missing with
    /// others.
    weights: Vec<u32>,
}

impl World {
    pub(super) fn new(seed: u64, fault: Option<Fault>, verbose: bool) -> Result<Self, Broken> {
        let mut rng = Rng::with_seed(seed);
        let ids = SeededIds::new(&mut rng);
        let weights = OPERATIONS.iter().map(|(weight, operation)| weight * operation.swarm(&mut rng)).collect();
        let folder = tempfile::Builder::new().prefix("nosmoke-sim").tempdir_in(memory_folder());
        let folder = folder.map_err(|error| StoreError::Failed(error.to_string()))?;
        let mut world = Self {
            true_time: TrueTime::new(),
            cluster: Arc::new(Mutex::new(Cluster::new())),
            nodes: Vec::new(),
            model: Model::default(),
            trace: Trace::new(verbose),
            step: 0,
            folder,
            fault,
            facility: (FacilityId(ids.random()), FacilityKey::new(&ids)),
            areas: (0..AREAS).map(|_| AreaId(ids.random())).collect(),
            staff: [Role::Staff, Role::Supervisor, Role::Manager].map(|role| (role, StaffId(ids.random()))),
            weights,
            time: over_time::drawn(seed).filter(|_| changes_over_time(fault)),
            rng,
        };
        for _ in 0..world.rng.usize(3..=7) {
            world.set_up()?;
        }
        Ok(world)
    }

    /// Adds a terminal to the facility. The first terminal also stores the documents of the facility's areas and rules.
    fn set_up(&mut self) -> Result<(), Broken> {
        let terminal_id = TerminalId(SeededIds::new(&mut self.rng).random());
        let config = self.node_config(terminal_id);
        let node = Node::open(config)?;
        let ((facility_id, facility_key), areas) = (self.facility.clone(), self.areas.clone());
        let timeless = Rules { price_per_penalty_point: Points::new(3).ok(), ..Rules::default() };
        let rules = self.time.as_mut().map_or(timeless, |rng| over_time::draw_rules(rng, 1));
        let (ids, clock, number, staff) = (node.ids.clone(), node.clock.clone(), node.number, self.staff);
        let unit = move |tx: &mut dyn Write| {
            tx.put_origin(Origin { facility_id, terminal_id, incarnation: IncarnationId(ids.random()) })?;
            facility_key.keep(tx)?;
            let now = nosmoke_ports::Clock::now(&*clock);
            let put = |tx: &mut dyn Write, key, body: serde_json::Value| reference::put(tx, &*ids, now, key, &body);
            let terminal = json(&TerminalBody { name: format!("단말 {number}"), retired: false })?;
            put(tx, (ReferenceKind::Terminal, terminal_id.0), terminal)?;
            // At each terminal, so that commands of every role work before the log was read.
            for (role, staff_id) in staff {
                let body = StaffBody { name: "박서연".into(), role, pin_hash: None, retired: false };
                put(tx, (ReferenceKind::Staff, staff_id.0), json(&body)?)?;
            }
            if number > 0 {
                return Ok(());
            }
            put(tx, (ReferenceKind::Facility, facility_id.0), json(&FacilityBody::named("한빛역"))?)?;
            put(tx, (ReferenceKind::Rules, ids.random()), json(&rules)?)?;
            for (position, area) in (1..).zip(&areas) {
                let body = AreaBody { name: format!("구역 {position}"), capacity: None, retired: false, position };
                put(tx, (ReferenceKind::Area, area.0), json(&body)?)?;
            }
            Ok::<_, StoreError>(())
        };
        block_on(write(&*node.journal, Priority::Command, unit))?;
        node.mark()?;
        self.nodes.push(node);
        Ok(())
    }

    /// Draws the configuration of the next terminal.
    pub(super) fn node_config(&mut self, terminal_id: TerminalId) -> NodeConfig {
        let (number, rng) = (self.nodes.len(), &mut self.rng);
        // The planted fault affects only the first terminal, except for some that affect all.
        let fault = self.fault.filter(|fault| number == 0 || fault.affects_all());
        // The first terminal always has the newest program. Others may have an older one, but not if a fault is
        // planted, unless that fault is about versions.
        let mixed = number > 0 && allows_older_versions(self.fault) && rng.u8(..3) == 0;
        let catalogue = if mixed { OLDER } else { Catalogue::default() };
        let wire = Wire::new(self.cluster.clone(), self.true_time.clone(), rng, fault, terminal_id.to_string());
        NodeConfig {
            number,
            file: self.folder.path().join(format!("{number}.db")),
            terminal_id,
            clock: Arc::new(SkewedClock::new(self.true_time.clone(), rng)),
            ids: Arc::new(SeededIds::new(rng)),
            wire: Arc::new(wire),
            fault,
            catalogue,
            marks: SimulatedMarks::new(number, fault),
            mypage: Arc::new(MemoryMypage::new(fault)),
        }
    }

    pub(super) fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock()
    }

    pub(super) fn live(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| !self.nodes[*at].retired).collect()
    }

    /// Draws one of several values at random, often one of the last six.
    pub(super) fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let last = from.len() - if rng.bool() { from.len().min(6) } else { from.len() };
        from.get(rng.usize(last..from.len())).copied()
    }

    pub(super) fn caller(&mut self) -> Caller {
        let role = match self.rng.u8(..8) {
            0 => Role::Staff,
            1 => Role::Supervisor,
            _ => Role::Manager,
        };
        Caller::staff(self.staff_with(role))
    }

    pub(super) fn staff_with(&self, role: Role) -> StaffId {
        self.staff.iter().find(|(of, _)| *of == role).map_or(self.staff[0].1, |(_, staff_id)| *staff_id)
    }

    pub(super) fn run(&mut self, operations: usize) -> Result<(), Broken> {
        for step in 1..=operations {
            self.step = step;
            self.true_time.pass(self.rng.i64(0..8));
            let operation = self.choose();
            let live = self.live();
            let at = live[self.rng.usize(..live.len())];
            let outcome = self.perform(operation, at)?;
            self.change_rules(at)?;
            let crashed = self.nodes[at].journal.has_crashed();
            if crashed {
                self.nodes[at].reopen()?;
            }
            let added = self.observe(at)?;
            if self.rng.bool() {
                self.nodes[at].mark()?;
            }
            let crash = if crashed { ", crashed" } else { "" };
            self.trace.tell(format!("{step} {at} {operation:?}: {outcome}, {added} facts{crash}"));
            if step % FULL_CHECK_INTERVAL == 0 {
                self.check_all()?;
            }
        }
        self.check_all()
    }

    fn choose(&mut self) -> Operation {
        let all: u32 = self.weights.iter().sum();
        let mut left = self.rng.u32(..all);
        for (weight, (_, operation)) in self.weights.iter().zip(OPERATIONS) {
            if left < *weight {
                return *operation;
            }
            left -= weight;
        }
        Operation::TimePasses
    }
}

/// Whether time may change something. A planted fault that is about something else has the same runs without it.
fn changes_over_time(fault: Option<Fault>) -> bool {
    fault.is_none_or(|fault| fault == Fault::FreezesStandings)
}

fn allows_older_versions(fault: Option<Fault>) -> bool {
    fault.is_none_or(|fault| fault == Fault::LearnsNothing)
}

pub(super) fn json<T: serde::Serialize>(body: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(body).map_err(|error| StoreError::Failed(error.to_string()))
}

/// Returns a folder for temporary files, in memory if the machine has such a folder.
fn memory_folder() -> std::path::PathBuf {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { memory.into() } else { std::env::temp_dir() }
}
