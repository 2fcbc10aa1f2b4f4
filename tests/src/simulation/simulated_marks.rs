//! The simulated marks of a terminal. Marks lie on the terminal's machine outside its data folder, so a copy of the
//! folder doesn't include them.

use std::collections::BTreeMap;
use std::sync::Arc;

use fastrand::Rng;
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{Found, Mark, Marks, Place, StoreError};
use nosmoke_replication::incarnations::restore::Marked;
use parking_lot::{Mutex, MutexGuard};

use super::faults::Fault;

#[derive(Debug, Clone)]
pub(super) struct SimulatedMarks {
    machine: usize,
    folder: usize,
    marks: Arc<Mutex<BTreeMap<IncarnationId, Found>>>,
    fault: Option<Fault>,
}

impl SimulatedMarks {
    /// Returns the marks of a new machine; there are none yet.
    pub(super) fn new(number: usize, fault: Option<Fault>) -> Self {
        Self { machine: number, folder: number, marks: Arc::default(), fault }
    }

    /// Returns the same machine's marks for another data folder on it.
    pub(super) fn of_sibling_folder(&self, number: usize) -> Self {
        Self { folder: number, ..self.clone() }
    }

    /// Returns the marks of a copy of the whole machine. The program can't distinguish it from the original.
    pub(super) fn of_copied_machine(&self) -> Self {
        Self { marks: Arc::new(Mutex::new(self.all().clone())), ..self.clone() }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<IncarnationId, Found>> {
        self.marks.lock()
    }

    /// Clears the marks, or truncates them as a crash would.
    pub(super) fn damage(&self, rng: &mut Rng) -> &'static str {
        let torn = rng.bool();
        if torn {
            self.all().values_mut().for_each(|found| *found = Found::Torn);
            return "torn";
        }
        self.all().clear();
        "cleared"
    }

    /// Returns true if a folder may continue its incarnation: the mark doesn't show that the folder is a copy or older
    /// than the mark.
    pub(super) fn may_continue(&self, Marked { incarnation, seq, noted }: Marked) -> bool {
        let here = self.true_place();
        let is_noted_elsewhere = self.fault.is_none() && noted.is_some_and(|noted| noted.differs_from(&here));
        let is_marked_elsewhere = match self.all().get(&incarnation) {
            Some(Found::Mark(mark)) => mark.place.differs_from(&here) || seq < mark.seq,
            _ => false,
        };
        !is_noted_elsewhere && !is_marked_elsewhere
    }

    fn true_place(&self) -> Place {
        let folder = self.folder.to_string();
        Place { machine: self.machine.to_string(), journal: folder.clone(), folder }
    }

    fn is_blind(&self) -> bool {
        matches!(self.fault, Some(Fault::IgnoresMarks | Fault::ReusesAnIncarnation))
    }
}

impl Marks for SimulatedMarks {
    fn place(&self) -> Place {
        let nowhere = Place { machine: String::new(), folder: String::new(), journal: String::new() };
        if self.is_blind() { nowhere } else { self.true_place() }
    }

    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError> {
        if self.is_blind() {
            return Ok(Found::Torn);
        }
        Ok(self.all().get(&incarnation).cloned().unwrap_or(Found::Nothing))
    }

    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError> {
        let ahead = if self.fault == Some(Fault::MarksAhead) { 2 } else { 0 };
        self.all().insert(incarnation, Found::Mark(Mark { place: self.true_place(), seq: mark.seq + ahead }));
        Ok(())
    }
}
