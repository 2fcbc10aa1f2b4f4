//! Applies planted faults: writes wrong data to a terminal's journal through the ports, as a faulty program would.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Earned, Given, Payload, PointsAdjusted, Recorder, Sealed, decode};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EarningId, EventId, IncarnationId, RequestId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::points::{Points, Sum};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{AdjustReason, Role, Standing};
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Clock, Context, Ids, PendingFact, Saved, StandingRow, Write};
use nosmoke_reading::state::load;
use serde_json::Value;

use super::faults::Fault;
use super::invariants::Broken;
use super::world::World;

impl World {
    pub(super) fn plant_after_work(&mut self, at: usize) -> Result<(), Broken> {
        if self.has(at, Fault::ReusesAnIncarnation) { Ok(()) } else { self.plant(at) }
    }

    /// Applies a terminal's planted fault. Called after a step of the terminal's workers, or at the event that the
    /// fault is about, such as a restore.
    pub(super) fn plant(&mut self, at: usize) -> Result<(), Broken> {
        let Some(fault) = self.nodes[at].fault.filter(|_| !self.nodes[at].journal.has_crashed()) else { return Ok(()) };
        let Some(customer) = self.some_customer() else { return Ok(()) };
        let (clock, ids) = (self.nodes[at].clock.clone(), self.nodes[at].ids.clone());
        let recorder = Recorder::Staff { id: self.staff_with(Role::Manager), role: Role::Manager };
        let draft = move |payload: Payload| Draft {
            event_id: EventId(ids.ordered(clock.now())),
            customer_id: customer,
            occurred_at: clock.now(),
            recorded_at: clock.now(),
            recorded_by: recorder,
            approved_by: None,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload,
        };
        let ids = self.nodes[at].ids.clone();
        match fault {
            Fault::GivesTwice => self.tamper(at, move |tx| {
                let Some(here) = tx.origin()? else { return Ok(()) };
                let held = load::<Account>(tx, customer)?.state.holdings.held(here.incarnation);
                let Ok(points) = Points::try_from(held) else { return Ok(()) };
                for _ in 0..2 {
                    let (to, lots) = (IncarnationId(ids.random()), Lots::never(points));
                    let request = Some(RequestId(ids.random()));
                    let given = Given { to, lots, request };
                    tx.append(vec![draft(given.into())])?;
                }
                Ok(())
            }),
            Fault::EarnsTwice => self.tamper(at, move |tx| {
                let earned = tx.facts_after(customer, 0)?.into_iter().find_map(|it| match it.recorded.fact.payload {
                    Payload::Earned(earned) => Some(earned),
                    _ => None,
                });
                if let Some(earned) = earned {
                    let again = Earned { earning_id: EarningId(ids.random()), ..earned };
                    tx.append(vec![draft(again.into())])?;
                }
                Ok(())
            }),
            // With `ReusesAnIncarnation` this fact reuses a seq, because the restored terminal hasn't read its own
            // later facts from the log yet.
            Fault::NeverComesToRest | Fault::ReusesAnIncarnation => self.tamper(at, move |tx| {
                let adjustment_id = AdjustmentId(ids.random());
                let lots = Lots::never(Points::ONE);
                let adjusted = PointsAdjusted::given(adjustment_id, lots, AdjustReason::CORRECTION);
                tx.append(vec![draft(adjusted.into())])?;
                Ok(())
            }),
            Fault::ChangesASum => self.tamper_snapshot(at, customer, |state| {
                state["holdings"]["earned"] = "987654".into();
            }),
            Fault::CountsAVoidAgain => self.tamper_snapshot(at, customer, |state| {
                state["holdings"]["voided"] = "987654".into();
            }),
            Fault::ForgetsMarks => self.tamper_snapshot(at, customer, |state| {
                state["holdings"]["reclaimed"] = Value::Array(Vec::new());
                state["penalties"] = Value::Object(serde_json::Map::new());
            }),
            Fault::PublishesANegative => self.publish_standing(at, customer, Standing::Allowed, -10),
            Fault::ForgetsKeys => self.tamper(at, |tx| Ok(tx.forget_before(DateTime::<Utc>::MAX_UTC)?)),
            Fault::ReadsBackTooSoon => self.tamper(at, |tx| {
                let pending = tx.pending_facts(true, 0, usize::MAX >> 1)?;
                tx.receive(&sealed(pending))?;
                Ok(())
            }),
            _ => Ok(()),
        }
    }

    /// Applies the faults `ProjectsWrongly` and `AllProjectWrongly`. Called once the terminals are at rest, because a
    /// worker would overwrite the wrong projection.
    pub(super) fn plant_after_healing(&mut self) -> Result<(), Broken> {
        let Some(customer) = self.some_customer() else { return Ok(()) };
        for at in self.live() {
            self.plant_cases(at)?;
            if self.has(at, Fault::FreezesStandings) {
                self.freeze_standings(at)?;
            }
            if self.has(at, Fault::ProjectsWrongly) || self.has(at, Fault::AllProjectWrongly) {
                self.publish_standing(at, customer, Standing::Prohibited, 777)?;
            }
        }
        Ok(())
    }

    fn publish_standing(
        &mut self,
        at: usize,
        customer_id: CustomerId,
        standing: Standing,
        outstanding: i128,
    ) -> Result<(), Broken> {
        let (levels, as_of) = (Rules::default().levels, self.true_time.now());
        let copy = StandingCopy { standing, outstanding: Sum(outstanding), levels, changes: Vec::new(), as_of };
        self.tamper(at, move |tx| Ok(tx.put_standing(&StandingRow { customer_id, copy: copy.clone() })?))
    }

    fn tamper_snapshot(
        &mut self,
        at: usize,
        customer: CustomerId,
        change: impl Fn(&mut Value) + Send + 'static,
    ) -> Result<(), Broken> {
        self.tamper(at, move |tx: &mut dyn Write| {
            let Some(saved) = tx.snapshot(Context::Point, customer)? else { return Ok(()) };
            let Ok(mut state) = serde_json::from_slice::<Value>(&saved.state) else { return Ok(()) };
            change(&mut state);
            let saved = Saved { state: state.to_string().into_bytes(), ..saved };
            Ok::<_, AppError>(tx.put_snapshot(Context::Point, customer, &saved)?)
        })
    }
}

/// Turns pending facts into the form of facts received from the log.
pub(super) fn sealed(pending: Vec<PendingFact>) -> Vec<Sealed> {
    let seal = |it: PendingFact| {
        let fact = decode(&it.bytes).ok()?;
        Some(Sealed { fact, bytes: it.bytes, previous: it.previous, hash: it.hash })
    };
    pending.into_iter().filter_map(seal).collect()
}
