//! Penalties in the simulation: imposing, voiding, deducting, and the two bans of which a check-in didn't know.

use nosmoke_domain::fact::{CaseAbout, CaseId, CaseResolved, PenaltyDeducted, PenaltyImposed, PenaltyVoided};
use nosmoke_domain::ids::{EventId, PenaltyId, VisitId};
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{CaseReason, CaseResolution, Ground, PenaltyCode, VoidReason};

use super::action::Action;
use super::calendar::{MINUTE_MS, SECOND_MS};
use super::facility::{Facility, OpenPenalty};

const PENALTY_NOTES: [&str; 5] =
    ["정문 앞 화단", "지하 주차장 입구", "3층 비상계단", "화장실 옆 복도", "버스 정류장 쪽 출입구"];

impl Facility {
    pub(super) fn impose(&mut self, at_ms: i64) -> Option<()> {
        // Customers who have or had a penalty are more likely to get another.
        let guest = match self.draw.index(100) {
            0..22 => self.someone(at_ms, |it| !it.penalties.is_empty()),
            22..50 => self.someone(at_ms, |it| it.penalties_ever > 0),
            _ => self.someone(at_ms, |it| it.penalties_ever == 0),
        }?;
        let earlier = self.guests.get(guest)?.penalties_ever;
        let code = match earlier {
            0 => PenaltyCode::BASIC,
            1 => PenaltyCode::REPEAT,
            _ if self.draw.per_mille(300) => PenaltyCode::AGGRAVATED,
            _ => PenaltyCode::REPEAT,
        };
        let points = self.rules.points_of(code)?;
        let (penalty_id, _) = self.record_penalty(at_ms, guest, code, points)?;
        self.plan_settlement(at_ms, guest, penalty_id);
        Some(())
    }

    fn record_penalty(
        &mut self,
        at_ms: i64,
        guest: usize,
        code: PenaltyCode,
        points: Points,
    ) -> Option<(PenaltyId, EventId)> {
        let penalty_id = self.draw.ordered(at_ms);
        let mut imposed =
            PenaltyImposed::new(penalty_id, self.draw.ordered(at_ms), points, code, self.rules.levels.clone());
        let noted = self.draw.per_mille(300);
        imposed.note_id = if noted { self.note(at_ms, guest, &PENALTY_NOTES) } else { None };
        imposed.area_id = if noted { None } else { self.guests.get(guest).and_then(|it| self.area_id(it.area)) };
        let event_id = self.record(at_ms, guest, None, imposed);
        let it = self.guest(guest)?;
        it.penalties_ever += 1;
        it.penalties.push(OpenPenalty {
            penalty_id,
            imposed: points.get(),
            outstanding: points.get(),
            educated: false,
        });
        Some((penalty_id, event_id))
    }

    fn plan_settlement(&mut self, at_ms: i64, guest: usize, penalty_id: PenaltyId) {
        match self.draw.index(100) {
            0..2 => {
                let noticed_ms = at_ms + self.draw.from(40 * SECOND_MS, 12 * MINUTE_MS);
                self.plan(noticed_ms, Action::VoidPenalty { guest, penalty_id });
            }
            2..68 => {
                self.plan_deduction(at_ms, guest, penalty_id, (Ground::EDUCATION, 1, 9));
                self.plan_deduction(at_ms, guest, penalty_id, (Ground::SERVICE, 10, 30));
            }
            68..80 => self.plan_deduction(at_ms, guest, penalty_id, (Ground::EDUCATION, 1, 12)),
            80..87 => self.plan_deduction(at_ms, guest, penalty_id, (Ground::APPEAL, 1, 6)),
            87..92 => self.plan_deduction(at_ms, guest, penalty_id, (Ground::WAIVER, 2, 14)),
            // The penalty stays open.
            _ => {}
        }
    }

    fn plan_deduction(
        &mut self,
        at_ms: i64,
        guest: usize,
        penalty_id: PenaltyId,
        (ground, least_days, beyond_days): (Ground, i64, i64),
    ) {
        let days = self.draw.from(least_days, beyond_days);
        let later_ms = self.calendar.open_time(&mut self.draw, at_ms, days);
        self.plan(later_ms, Action::Deduct { guest, penalty_id, ground });
    }

    pub(super) fn deduct(&mut self, at_ms: i64, guest: usize, penalty_id: PenaltyId, ground: Ground) -> Option<()> {
        let it = self.guest(guest)?;
        let held = it.penalties.iter_mut().find(|held| held.penalty_id == penalty_id)?;
        let points = match ground {
            Ground::EDUCATION if held.educated => return None,
            Ground::EDUCATION => Points::new(held.imposed).ok()?.half().get().min(held.outstanding),
            _ => held.outstanding,
        };
        held.educated |= ground == Ground::EDUCATION;
        held.outstanding -= points;
        it.penalties.retain(|held| held.outstanding > 0);
        let deducted = PenaltyDeducted {
            deduction_id: self.draw.ordered(at_ms),
            penalty_id,
            points: Points::new(points).ok()?,
            ground,
            once: ground == Ground::EDUCATION,
            price: None,
            note_id: None,
            levels: self.rules.levels.clone(),
        };
        self.record(at_ms, guest, None, deducted);
        Some(())
    }

    pub(super) fn void_penalty(&mut self, at_ms: i64, guest: usize, penalty_id: PenaltyId) -> Option<()> {
        let penalties = &mut self.guest(guest)?.penalties;
        let held = penalties.iter().position(|held| held.penalty_id == penalty_id)?;
        penalties.remove(held);
        let levels = self.rules.levels.clone();
        let voided = PenaltyVoided { penalty_id, reason: VoidReason::WRONG_CUSTOMER, levels };
        self.record(at_ms, guest, None, voided);
        Some(())
    }

    pub(super) fn ban_unknown_yet(&mut self, at_ms: i64, settled: bool) -> Option<()> {
        let guest = self.someone(at_ms, |it| it.penalties_ever == 0)?;
        let points = self.rules.levels.prohibit_at();
        let (penalty_id, penalty) = self.record_penalty(at_ms, guest, PenaltyCode::AGGRAVATED, points)?;
        self.plan(at_ms + 700, Action::CheckInUnaware { guest, penalty, settled });
        if settled {
            self.plan_deduction(at_ms, guest, penalty_id, (Ground::APPEAL, 2, 5));
        }
        Some(())
    }

    pub(super) fn settle(&mut self, at_ms: i64, guest: usize, visit_id: VisitId, facts: [EventId; 2]) -> Option<()> {
        let case = CaseId { reason: CaseReason::ADMITTED_IN_BAN, about: CaseAbout::visit(visit_id) };
        let resolution = CaseResolution::ACCEPTED;
        self.record(at_ms, guest, None, CaseResolved { case, resolution, facts: facts.to_vec() });
        Some(())
    }
}
