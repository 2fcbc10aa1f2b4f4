//! Random days at a desk, drawn from a seed. The desk sends commands of every kind, also some that the state doesn't
//! allow, while workers lag and catch up.

use chrono::TimeDelta;
use fastrand::Rng;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{ErrorCode, Outcome};
use nosmoke_ports::{Pace, Worker};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Desk;

const CUSTOMERS: usize = 9;
const WORKERS: [Worker; 5] = [Worker::CheckIn, Worker::Point, Worker::Earning, Worker::Penalty, Worker::Mypage];

pub struct RandomDay {
    random: Rng,
    pub customers: Vec<CustomerId>,
    visits: Vec<Uuid>,
    payments: Vec<Uuid>,
    penalties: Vec<Uuid>,
    deductions: Vec<(Uuid, Uuid)>,
}

impl RandomDay {
    pub async fn begin(desk: &Desk, seed: u64) -> Self {
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            customers.push(desk.customer(&format!("고객 {number}")).await);
        }
        let (visits, payments, penalties) = (Vec::new(), Vec::new(), Vec::new());
        Self { random: Rng::with_seed(seed), customers, visits, payments, penalties, deductions: Vec::new() }
    }

    /// Gives this many commands and steps workers at random, which leaves them at random checkpoints.
    pub async fn play(&mut self, desk: &Desk, commands: usize) {
        for _ in 0..commands {
            let command = self.command(desk);
            match desk.give(command.clone()).await {
                Ok(outcome) => self.note(&outcome),
                Err(error) => assert!(is_a_refusal(error.code), "{command}: {error}"),
            }
            match self.random.u8(..) {
                0..20 => desk.settle().await,
                20..60 => drop(
                    desk.terminal.workers.step(WORKERS[self.random.usize(..WORKERS.len())], Pace::Free).await.unwrap(),
                ),
                60..64 => desk.clock.pass(TimeDelta::hours(self.random.i64(1..20))),
                64..140 => desk.clock.pass(TimeDelta::minutes(self.random.i64(1..40))),
                _ => {}
            }
        }
    }

    fn command(&mut self, desk: &Desk) -> Value {
        let random = &mut self.random;
        let customer = self.customers[random.usize(..self.customers.len())];
        let visit = last_few(random, &self.visits);
        let payment = last_few(random, &self.payments);
        let penalty = last_few(random, &self.penalties);
        let (deducted, deduction) = self.deductions.last().copied().unwrap_or_default();
        let points = random.u32(1..120);
        let area = desk.area.area_id;
        match random.u8(..100) {
            0..22 => json!({ "type": "checkIn", "customerId": customer, "areaId": area }),
            22..24 => json!({ "type": "checkIn", "customerId": customer, "areaId": area, "admission": "other" }),
            24..42 => json!({ "type": "checkOut", "visitId": visit }),
            42..44 => json!({ "type": "checkOut", "visitId": visit, "points": points }),
            44..46 => json!({ "type": "checkOutArea", "areaId": area }),
            46..49 => json!({ "type": "closeVisit", "visitId": visit, "reason": "forgotten" }),
            49..52 => json!({ "type": "voidVisit", "visitId": visit, "reason": "mistaken" }),
            52..64 => json!({ "type": "pay", "customerId": customer, "points": points, "note": "무인매점" }),
            64..68 => json!({ "type": "voidPayment", "paymentId": payment, "reason": "mistaken" }),
            68..71 => {
                json!({ "type": "adjustPoints", "customerId": customer, "points": points, "reason": "correction" })
            }
            71..73 => {
                json!({ "type": "adjustPoints", "customerId": customer, "points": -i64::from(points), "reason": "other" })
            }
            73..80 => json!({ "type": "imposePenalty", "customerId": customer, "areaId": area }),
            80..82 => json!({ "type": "imposePenalty", "customerId": customer, "points": points, "note": "신고" }),
            82..88 => json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "education" }),
            88..93 => {
                json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "service", "points": points % 9 + 1 })
            }
            93..95 => {
                json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "waiver", "points": points % 30 + 1 })
            }
            95..97 => json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" }),
            97 => json!({
                "type": "voidPenaltyDeduction", "penaltyId": deducted, "deductionId": deduction, "reason": "mistaken",
            }),
            98 => json!({ "type": "linkCustomers", "customerId": customer, "otherId": self.customers[0] }),
            _ => json!({ "type": "registerCustomer", "profile": { "name": "새 고객" } }),
        }
    }

    fn note(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::CheckedIn { visit_id, .. } => self.visits.push(visit_id.0),
            Outcome::Paid { payment_id, .. } => self.payments.push(payment_id.0),
            Outcome::PenaltyImposed { penalty_id, .. } => self.penalties.push(penalty_id.0),
            Outcome::PenaltyDeducted { penalty_id, deduction_id, .. } => {
                self.deductions.push((penalty_id.0, deduction_id.0));
            }
            _ => {}
        }
    }
}

/// Picks one of the last few ids, because a command can most often act on these.
fn last_few(random: &mut Rng, ids: &[Uuid]) -> Uuid {
    let back = random.usize(..8.min(ids.len()).max(1)) + 1;
    ids.len().checked_sub(back).map_or(Uuid::nil(), |place| ids[place])
}

fn is_a_refusal(code: ErrorCode) -> bool {
    use ErrorCode as E;
    !matches!(code, E::Internal | E::StorageFailed | E::StorageCorrupt | E::DiskFull | E::InvalidInput)
}
