//! Everything there is in one simulation, and its steps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use nosmoke_domain::fact::{Catalogue, Origin, Recorder};
use nosmoke_domain::ids::{AreaId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::{Ids, Priority, ReferenceKind, StoreError, Write, write};
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, StaffBody, TerminalBody};
use nosmoke_replication::FacilityKey;
use tempfile::TempDir;

use super::clock::{Lying, Seeded, Truth};
use super::cluster::Cluster;
use super::faults::Fault;
use super::invariants::Broken;
use super::model::Model;
use super::operations::{OPERATIONS, Operation};
use super::place::Place;
use super::terminal::{Kept, Node, OLDER, now};
use super::trace::Trace;
use super::wire::Wire;

/// Steps between two looks at everything.
const CHECKED_EVERY: usize = 250;
const AREAS: usize = 3;

#[derive(Debug)]
pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) truth: Truth,
    pub(super) cluster: Arc<Mutex<Cluster>>,
    pub(super) nodes: Vec<Node>,
    pub(super) model: Model,
    pub(super) trace: Trace,
    pub(super) step: usize,
    pub(super) folder: TempDir,
    pub(super) fault: Option<Fault>,
    pub(super) facility: (FacilityId, FacilityKey),
    pub(super) areas: Vec<AreaId>,
    pub(super) staff: StaffId,
    /// How likely each operation is with this seed: rare ones may be common or missing.
    weights: Vec<u32>,
}

impl World {
    pub(super) fn new(seed: u64, fault: Option<Fault>, aloud: bool) -> Result<Self, Broken> {
        let mut rng = Rng::with_seed(seed);
        let ids = Seeded::new(&mut rng);
        let weights = OPERATIONS.iter().map(|(weight, operation)| weight * operation.swarm(&mut rng)).collect();
        let folder = tempfile::Builder::new().prefix("nosmoke-sim").tempdir_in(memory());
        let folder = folder.map_err(|error| StoreError::Failed(error.to_string()))?;
        let mut world = Self {
            truth: Truth::new(),
            cluster: Arc::new(Mutex::new(Cluster::new())),
            nodes: Vec::new(),
            model: Model::default(),
            trace: Trace::new(aloud),
            step: 0,
            folder,
            fault,
            facility: (FacilityId(ids.random()), FacilityKey::new(&ids)),
            areas: (0..AREAS).map(|_| AreaId(ids.random())).collect(),
            staff: StaffId(ids.random()),
            weights,
            rng,
        };
        for _ in 0..world.rng.usize(3..=7) {
            world.set_up()?;
        }
        Ok(world)
    }

    /// Another terminal of the facility; the first brings areas and rules.
    fn set_up(&mut self) -> Result<(), Broken> {
        let terminal_id = TerminalId(Seeded::new(&mut self.rng).random());
        let kept = self.kept(terminal_id);
        let node = Node::open(kept)?;
        let ((facility_id, key), areas) = (self.facility.clone(), self.areas.clone());
        let (ids, clock, number, staff) = (node.ids.clone(), node.clock.clone(), node.number, self.staff);
        let unit = move |tx: &mut dyn Write| {
            tx.put_origin(Origin { facility_id, terminal_id, incarnation: IncarnationId(ids.random()) })?;
            key.keep(tx)?;
            let now = nosmoke_ports::Clock::now(&*clock);
            let put = |tx: &mut dyn Write, place, body: serde_json::Value| reference::put(tx, &*ids, now, place, &body);
            let terminal = json(&TerminalBody { name: format!("단말 {number}") })?;
            put(tx, (ReferenceKind::Terminal, terminal_id.0), terminal)?;
            if number > 0 {
                return Ok(());
            }
            put(tx, (ReferenceKind::Facility, facility_id.0), json(&FacilityBody { name: "한빛역".into() })?)?;
            let manager = StaffBody { name: "박서연".into(), role: Role::Manager, pin_hash: None };
            put(tx, (ReferenceKind::Staff, staff.0), json(&manager)?)?;
            put(tx, (ReferenceKind::Rules, ids.random()), json(&Rules::default())?)?;
            for (position, area) in (1..).zip(&areas) {
                let body = AreaBody { name: format!("구역 {position}"), capacity: None, retired: false, position };
                put(tx, (ReferenceKind::Area, area.0), json(&body)?)?;
            }
            Ok::<_, StoreError>(())
        };
        now(write(&*node.mortal, Priority::Command, unit))?;
        node.mark()?;
        self.nodes.push(node);
        Ok(())
    }

    /// What the next terminal is opened with.
    pub(super) fn kept(&mut self, terminal_id: TerminalId) -> Kept {
        let (number, rng) = (self.nodes.len(), &mut self.rng);
        // Network faults befall any terminal, what a test plants the first alone, unless all of them have it.
        let fault = self.fault.filter(|fault| number == 0 || fault.befalls_all());
        // The first is always of the newest version; a fault that is about something else is planted among such alone.
        let mixed = number > 0 && fault_is_of_versions(self.fault) && rng.u8(..3) == 0;
        let catalogue = if mixed { OLDER } else { Catalogue::default() };
        let wire = Wire::new(self.cluster.clone(), self.truth.clone(), rng, fault, terminal_id.to_string());
        Kept {
            number,
            file: self.folder.path().join(format!("{number}.db")),
            terminal_id,
            clock: Arc::new(Lying::new(self.truth.clone(), rng)),
            ids: Arc::new(Seeded::new(rng)),
            wire: Arc::new(wire),
            fault,
            catalogue,
            place: Place::new(number, fault),
        }
    }

    pub(super) fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn live(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| !self.nodes[*at].retired).collect()
    }

    /// One of some things, the last ones likelier.
    pub(super) fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let last = from.len() - if rng.bool() { from.len().min(6) } else { from.len() };
        from.get(rng.usize(last..from.len())).copied()
    }

    pub(super) fn recorder(&mut self) -> Recorder {
        let role = match self.rng.u8(..8) {
            0 => Role::Staff,
            1 => Role::Supervisor,
            _ => Role::Manager,
        };
        Recorder { staff_id: self.staff, role }
    }

    pub(super) fn run(&mut self, operations: usize) -> Result<(), Broken> {
        for step in 1..=operations {
            self.step = step;
            self.truth.pass(self.rng.i64(0..8));
            let operation = self.choose();
            let live = self.live();
            let at = live[self.rng.usize(..live.len())];
            let told = self.perform(operation, at)?;
            let dead = self.nodes[at].mortal.is_dead();
            if dead {
                self.nodes[at].reopen()?;
            }
            let added = self.observe(at)?;
            if self.rng.bool() {
                self.nodes[at].mark()?;
            }
            let died = if dead { ", died" } else { "" };
            self.trace.tell(format!("{step} {at} {operation:?}: {told}, {added} facts{died}"));
            if step % CHECKED_EVERY == 0 {
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

fn fault_is_of_versions(fault: Option<Fault>) -> bool {
    fault.is_none_or(|fault| fault == Fault::LearnsNothing)
}

pub(super) fn json<T: serde::Serialize>(body: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(body).map_err(|error| StoreError::Failed(error.to_string()))
}

/// A folder in memory, where there is one.
fn memory() -> std::path::PathBuf {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { memory.into() } else { std::env::temp_dir() }
}
