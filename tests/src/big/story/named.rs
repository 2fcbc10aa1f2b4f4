//! The stories of registered customers: visits over weeks or months, payments, corrections, penalties with what becomes
//! of them, and a few who are known under two ids.

use super::super::setting::{DAY_MS, HOUR_MS, MINUTE_MS};
use super::Story;
use super::teller::{Course, OpenPenalty, Teller};
use nosmoke_domain::fact::{
    CaseAbout, CaseId, CaseResolved, CustomersLinked, CustomersParted, PaymentVoided, PenaltyDeducted,
    PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided, PointsAdjusted,
};
use nosmoke_domain::ids::{EventId, LinkId, PaymentId, PenaltyId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{
    AdjustReason, CaseReason, CaseResolution, Ground, OverrideReason, PenaltyCode, Standing, VoidReason,
};

pub(super) fn named(mut teller: Teller<'_>) -> Story {
    // Most come a few times, some every week, a few almost daily.
    let (visits, least, beyond) = match teller.draw.from(0, 100) {
        0..5 => (teller.draw.from(20, 60), 6 * HOUR_MS, 9 * DAY_MS),
        5..30 => (teller.draw.from(4, 16), 12 * HOUR_MS, 8 * DAY_MS),
        _ => (teller.draw.from(1, 4), DAY_MS, 20 * DAY_MS),
    };
    let is_admitted_unaware = teller.draw.per_mille(8);
    let mut link = None;
    teller.pass(20_000, 90_000);
    for number in 0..visits {
        let who = usize::from(teller.people().len() > 1 && teller.draw.per_mille(400));
        if number == 1 && teller.people().len() > 1 {
            link = Some(teller.link());
        }
        if number == 3
            && let Some(link) = link.take_if(|_| teller.draw.per_mille(400))
        {
            teller.part(link);
        }
        if is_admitted_unaware && number == 0 {
            teller.admit_unaware(who);
        }
        teller.come(who);
        teller.pass(least, beyond);
    }
    teller.end()
}

impl Teller<'_> {
    /// What happens around one visit.
    fn come(&mut self, who: usize) {
        if self.draw.per_mille(400) {
            self.settle_penalty(who);
        }
        let admission = match self.standing(who).0 {
            Standing::Prohibited if self.draw.per_mille(900) => return,
            Standing::Prohibited => Some(OverrideReason::FACILITY_ORDER),
            _ => None,
        };
        let course = match self.draw.from(0, 1_000) {
            0..25 => Course::Forgotten,
            25..30 => Course::Mistaken,
            _ => Course::CheckedOut,
        };
        self.visit(who, course, admission, (3, 25));
        if self.draw.per_mille(250) {
            self.pass(MINUTE_MS / 4, 3 * MINUTE_MS);
            let price = self.draw.of(&[100, 100, 200, 300, 500]);
            if let Some(payment) = self.pay(who, price, 80).filter(|_| self.draw.per_mille(30)) {
                self.void_payment(who, payment, price);
            }
        }
        if self.draw.per_mille(15) {
            self.pass(MINUTE_MS, 10 * MINUTE_MS);
            self.adjust(who);
        }
        if self.draw.per_mille(40) {
            self.pass(MINUTE_MS, 90 * MINUTE_MS);
            self.offend(who);
        }
    }

    /// A void within the same life: another one may not raise the holding that paid.
    fn void_payment(&mut self, who: usize, payment_id: PaymentId, points: u64) {
        let life = self.life();
        self.pass(MINUTE_MS / 2, 14 * MINUTE_MS);
        if self.life() == life {
            self.record(who, PaymentVoided { payment_id, reason: VoidReason::WRONG_AMOUNT });
            self.accounts[who].balance += points;
        }
    }

    fn adjust(&mut self, who: usize) {
        self.take_over(who);
        let id = self.draw.ordered(self.at_ms);
        let lots = Lots::never(points(100));
        let manager = self.setting.staff[0];
        let taken = self.draw.per_mille(400).then(|| self.accounts[who].balance.checked_sub(100)).flatten();
        let adjusted = match taken {
            Some(left) => {
                self.accounts[who].balance = left;
                PointsAdjusted::taken(id, lots, AdjustReason::CORRECTION)
            }
            None => {
                self.accounts[who].balance += 100;
                PointsAdjusted::given(id, lots, AdjustReason::GOODWILL)
            }
        };
        self.record_by(who, manager, None, adjusted);
    }

    fn offend(&mut self, who: usize) {
        let (code, imposed) = match self.draw.from(0, 100) {
            0..70 => (PenaltyCode::BASIC, 10),
            70..90 => (PenaltyCode::REPEAT, 20),
            _ => (PenaltyCode::AGGRAVATED, 30),
        };
        let (penalty_id, _) = self.impose(who, code, imposed);
        if self.draw.per_mille(80) {
            self.pass(MINUTE_MS, 12 * MINUTE_MS);
            let levels = self.setting.rules_at(self.at_ms).levels.clone();
            self.record(who, PenaltyVoided { penalty_id, reason: VoidReason::MISTAKEN, levels });
            self.accounts[who].penalties.pop();
        }
    }

    fn impose(&mut self, who: usize, code: PenaltyCode, imposed: u64) -> (PenaltyId, EventId) {
        const NOTES: [&str; 3] = ["정문 앞 화단", "지하 주차장 입구", "3층 비상계단"];
        let penalty_id = self.draw.ordered(self.at_ms);
        let levels = self.setting.rules_at(self.at_ms).levels.clone();
        let accrual_id = self.draw.ordered(self.at_ms);
        let mut penalty = PenaltyImposed::new(penalty_id, accrual_id, points(imposed), code, levels);
        penalty.note_id = self.note_id(300);
        penalty.area_id = Some(self.draw.of(&self.setting.areas)).filter(|_| penalty.note_id.is_none());
        let note = penalty.note_id;
        let event_id = self.record(who, penalty);
        self.add_note(note, &NOTES);
        self.accounts[who].penalties.push(OpenPenalty { penalty_id, imposed, left: imposed, educated: false });
        (penalty_id, event_id)
    }

    /// Deducts from the oldest open penalty: half for an education, or all that is left for a service.
    fn settle_penalty(&mut self, who: usize) {
        let levels = self.setting.rules_at(self.at_ms).levels.clone();
        let Some(penalty) = self.accounts[who].penalties.first_mut() else { return };
        let (ground, taken) = match penalty.educated {
            false => (Ground::EDUCATION, points(penalty.imposed).half().get().min(penalty.left)),
            true => (Ground::SERVICE, penalty.left),
        };
        let (penalty_id, once) = (penalty.penalty_id, ground == Ground::EDUCATION);
        (penalty.left, penalty.educated) = (penalty.left - taken, true);
        let deduction_id = self.draw.ordered(self.at_ms);
        let (price, note_id) = (None, None);
        let deducted = PenaltyDeducted {
            deduction_id,
            penalty_id,
            points: points(taken),
            ground,
            once,
            price,
            note_id,
            levels: levels.clone(),
        };
        self.record(who, deducted);
        if self.draw.per_mille(80) {
            self.pass(MINUTE_MS, 10 * MINUTE_MS);
            let reason = VoidReason::MISTAKEN;
            self.record(who, PenaltyDeductionVoided { penalty_id, deduction_id, reason, levels });
            if let Some(penalty) = self.accounts[who].penalties.first_mut() {
                (penalty.left, penalty.educated) = (penalty.left + taken, !once);
            }
        }
        self.accounts[who].penalties.retain(|penalty| penalty.left > 0);
        self.pass(MINUTE_MS, 5 * MINUTE_MS);
    }

    /// A check-in whose copy of the standing lagged behind a ban: a case, which half of the time is resolved.
    fn admit_unaware(&mut self, who: usize) {
        let prohibit_at = self.setting.rules_at(self.at_ms).levels.prohibit_at().get();
        let (_, penalty) = self.impose(who, PenaltyCode::AGGRAVATED, prohibit_at);
        self.at_ms += 700;
        let (visit_id, entry) = self.check_in(who, (Standing::Allowed, 0), None);
        self.pass(3 * MINUTE_MS, 20 * MINUTE_MS);
        self.check_out(who, visit_id, true);
        self.pass(HOUR_MS, 5 * HOUR_MS);
        if self.draw.per_mille(500) {
            let case = CaseId { reason: CaseReason::ADMITTED_IN_BAN, about: CaseAbout::visit(visit_id) };
            let resolution = CaseResolution::ACCEPTED;
            self.record(who, CaseResolved { case, resolution, facts: vec![penalty, entry] });
        }
        self.pass(MINUTE_MS, HOUR_MS);
    }

    /// The desk learns that the two customers are one person; each gets a fact.
    fn link(&mut self) -> LinkId {
        let (link_id, manager) = (self.draw.random(), self.setting.staff[0]);
        for who in 0..2 {
            let other_id = self.people()[1 - who].profile.customer_id;
            self.record_by(who, manager, None, CustomersLinked { link_id, other_id });
            self.at_ms += 1;
        }
        self.linked = true;
        self.pass(MINUTE_MS, 5 * MINUTE_MS);
        link_id
    }

    fn part(&mut self, link_id: LinkId) {
        let manager = self.setting.staff[0];
        for who in 0..2 {
            self.record_by(who, manager, None, CustomersParted { link_id });
            self.at_ms += 1;
        }
        self.linked = false;
        self.pass(MINUTE_MS, 5 * MINUTE_MS);
    }
}

fn points(amount: u64) -> Points {
    Points::new(amount).expect("an amount that isn't 0")
}
