//! Where a terminal's folder lies, and the marks of that machine, which no copy of the folder takes along.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{Found, Mark};
use nosmoke_ports::{Marks, StoreError};

use super::faults::Fault;

#[derive(Debug, Clone)]
pub(super) struct Place {
    machine: usize,
    folder: usize,
    marks: Arc<Mutex<BTreeMap<IncarnationId, Found>>>,
    fault: Option<Fault>,
}

impl Place {
    /// A machine of its own.
    pub(super) fn new(number: usize, fault: Option<Fault>) -> Self {
        Self { machine: number, folder: number, marks: Arc::default(), fault }
    }

    /// Another folder of the same machine.
    pub(super) fn beside(&self, number: usize) -> Self {
        Self { folder: number, ..self.clone() }
    }

    /// The machine is copied whole, with its marks: nothing there tells the copy from it.
    pub(super) fn twin(&self) -> Self {
        Self { marks: Arc::new(Mutex::new(self.all().clone())), ..self.clone() }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<IncarnationId, Found>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody clears the folder of marks, or a crash cuts one off.
    pub(super) fn damage(&self, rng: &mut Rng) -> &'static str {
        let torn = rng.bool();
        if torn {
            self.all().values_mut().for_each(|found| *found = Found::Torn);
            return "torn";
        }
        self.all().clear();
        "cleared"
    }

    /// Whether a folder of this place that holds this life may go on in it: nothing here tells that it is a copy, or older.
    pub(super) fn may_go_on(&self, (incarnation, seq, marked): (IncarnationId, u64, bool)) -> bool {
        match self.all().get(&incarnation) {
            Some(Found::Mark(mark)) => *mark == self.mark(mark.seq) && mark.seq <= seq,
            Some(Found::Torn) => true,
            Some(Found::Nothing) | None => !marked,
        }
    }
}

impl Marks for Place {
    fn mark(&self, seq: u64) -> Mark {
        Mark { machine: self.machine.to_string(), folder: self.folder.to_string(), seq }
    }

    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError> {
        if matches!(self.fault, Some(Fault::IgnoresMarks | Fault::ReusesALife)) {
            return Ok(Found::Torn);
        }
        Ok(self.all().get(&incarnation).cloned().unwrap_or(Found::Nothing))
    }

    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError> {
        let ahead = if self.fault == Some(Fault::MarksAhead) { 2 } else { 0 };
        self.all().insert(incarnation, Found::Mark(Mark { seq: mark.seq + ahead, ..mark.clone() }));
        Ok(())
    }
}
