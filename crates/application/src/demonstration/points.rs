//! Points in the simulation: earning, paying, voiding, correcting.

use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{Earned, Earning, Paid, PaymentVoided, PointsAdjusted};
use nosmoke_domain::ids::{EventId, PaymentId, VisitId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::{Delta, Points};
use nosmoke_domain::words::{AdjustReason, VoidReason};

use super::action::Action;
use super::calendar::{MINUTE_MS, SECOND_MS};
use super::facility::{Facility, time};

const PAYMENT_NOTES: [&str; 6] =
    ["커피 쿠폰", "음료 교환", "금연 껌", "휴대용 재떨이", "텀블러 교환권", "=커피 2잔, 직원 확인"];

impl Facility {
    /// Returns the points that the rules give for a visit, limited by the daily cap if there is one.
    pub(super) fn points_for_a_visit(&mut self, at_ms: i64, guest: usize) -> Option<Points> {
        let (cap, usual) = (self.rules.daily_cap, self.rules.points_per_visit);
        let today = seoul_date(time(at_ms));
        let earned = &mut self.guest(guest)?.earned;
        if earned.0 != today {
            *earned = (today, 0);
        }
        let left = cap.map_or(u64::MAX, |cap| cap.get().saturating_sub(earned.1));
        let points = Points::new(usual.get().min(left)).ok()?;
        earned.1 += points.get();
        Some(points)
    }

    pub(super) fn earn(
        &mut self,
        at_ms: i64,
        guest: usize,
        Earning { earning_id, points, expires_on }: Earning,
        visit_id: VisitId,
        cause: EventId,
    ) -> Option<()> {
        const PAYS_PER_MILLE: u32 = 190;
        self.record(at_ms, guest, Some(cause), Earned { earning_id, visit_id, points, expires_on });
        self.guest(guest)?.balance += points.get();
        if self.draw.per_mille(PAYS_PER_MILLE) {
            let pays_ms = at_ms + self.draw.from(15 * SECOND_MS, 3 * MINUTE_MS);
            self.plan(pays_ms, Action::Pay { guest });
        }
        Some(())
    }

    pub(super) fn pay(&mut self, at_ms: i64, guest: usize) -> Option<()> {
        const PRICES: [u64; 10] = [100, 200, 300, 300, 300, 450, 500, 500, 1000, 1500];
        let price = self.draw.of(&PRICES, 100);
        let it = self.guest(guest).filter(|it| it.balance >= price)?;
        it.balance -= price;
        let points = Points::new(price).ok()?;
        let payment_id = self.draw.ordered(at_ms);
        let noted = self.draw.per_mille(80);
        let note_id = if noted { self.note(at_ms, guest, &PAYMENT_NOTES) } else { None };
        let paid = Paid::new(payment_id, self.draw.ordered(at_ms), Lots::never(points), note_id);
        self.record(at_ms, guest, None, paid);
        if self.draw.per_mille(8) {
            let voided_ms = at_ms + self.draw.from(30 * SECOND_MS, 14 * MINUTE_MS);
            self.plan(voided_ms, Action::VoidPayment { guest, payment_id, points: price });
        }
        Some(())
    }

    pub(super) fn void_payment(&mut self, at_ms: i64, guest: usize, payment_id: PaymentId, points: u64) -> Option<()> {
        self.guest(guest)?.balance += points;
        self.record(at_ms, guest, None, PaymentVoided { payment_id, reason: VoidReason::WRONG_AMOUNT });
        Some(())
    }

    pub(super) fn adjust(&mut self, at_ms: i64) -> Option<()> {
        let guest = self.someone(at_ms, |it| it.balance >= 300)?;
        let (change, reason) = self.draw.of(
            &[
                (300, AdjustReason::GOODWILL),
                (500, AdjustReason::GOODWILL),
                (100, AdjustReason::CORRECTION),
                (-100, AdjustReason::CORRECTION),
                (-200, AdjustReason::CORRECTION),
            ],
            (100, AdjustReason::OTHER),
        );
        let it = self.guest(guest)?;
        it.balance = it.balance.checked_add_signed(change)?;
        let adjustment_id = self.draw.ordered(at_ms);
        let points = Delta::new(change).ok()?;
        let lots = Lots::never(points.size());
        let adjusted = match points.taken() {
            Some(_) => PointsAdjusted::taken(adjustment_id, lots, reason),
            None => PointsAdjusted::given(adjustment_id, lots, reason),
        };
        self.record(at_ms, guest, None, adjusted);
        Some(())
    }
}
