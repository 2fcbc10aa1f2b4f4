//! Derives the entries of Mypage from all facts about one subject (a visit, payment, correction or penalty). The order
//! of the facts doesn't matter.

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::{EndKind, Visit};
use nosmoke_domain::fact::{Fact, OrderKey, Payload, Recorded};
use nosmoke_domain::fold::distinct;
use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId};
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::{Deducted, Penalty};
use nosmoke_domain::points::to_i64;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{PaymentStatus, PenaltyCode, VisitStatus};
use nosmoke_ports::contract::EntryKind;
use nosmoke_ports::{Change, Decided, EntryRow};
use uuid::Uuid;

use crate::state::recorded;

/// Returns the entries of a subject. Until the fact that began it (such as a check-in) has arrived, only those that
/// changed the balance, so that a customer's entries always add up to it.
pub fn entries(subject: Uuid, facts: &[Change]) -> Vec<EntryRow> {
    let of_subject = Subject { subject, facts };
    match facts.first().map(|change| &change.recorded.fact.payload) {
        Some(
            Payload::CheckedIn(_)
            | Payload::CheckedOut(_)
            | Payload::CheckOutTakenBack(_)
            | Payload::VisitClosed(_)
            | Payload::VisitVoided(_)
            | Payload::Earned(_),
        ) => of_subject.visit().into_iter().collect(),
        Some(Payload::Paid(_) | Payload::PaymentVoided(_)) => of_subject.payment(),
        Some(Payload::PointsAdjusted(_)) => of_subject.adjustment().into_iter().collect(),
        Some(
            Payload::PenaltyImposed(_)
            | Payload::PenaltyDeducted(_)
            | Payload::PenaltyVoided(_)
            | Payload::PenaltyDeductionVoided(_),
        ) => of_subject.penalty(),
        _ => Vec::new(),
    }
}

/// Returns the subject whose entries a fact changes; for an earning that is the visit.
pub fn subject_of(fact: &Fact) -> Option<Uuid> {
    fact.related().or(fact.subject())
}

struct Subject<'a> {
    subject: Uuid,
    facts: &'a [Change],
}

impl Subject<'_> {
    fn visit(&self) -> Option<EntryRow> {
        let visit = Visit::of(recorded(self.facts));
        let entry = visit.entry.as_ref();
        if entry.is_none() && visit.earned.0 == 0 {
            return None;
        }
        let earning = visit.check_out.as_ref().and_then(|exit| match exit.kind {
            EndKind::CheckedOut(earning) => earning,
            EndKind::Closed => None,
        });
        let (at, by) = match (visit.exit(), entry) {
            (Some(exit), _) => (exit.key.occurred_at, (exit.incarnation, exit.recorder_id)),
            (None, Some(entry)) => (entry.key.occurred_at, (entry.incarnation, entry.recorder_id)),
            (None, None) => {
                let (first, by) = self.first(|_| true)?;
                (first.occurred_at, by)
            }
        };
        Some(EntryRow {
            started_at: entry.map(|entry| entry.key.occurred_at),
            ended_at: visit.exit().map(|exit| exit.key.occurred_at),
            area_id: entry.map(|entry| entry.area_id),
            other_id: earning.map(|earning| earning.earning_id.0),
            points: to_i64(visit.earned.0),
            entered_at: [
                visit.exit().and_then(|exit| late(exit.key, exit.recorded_at)),
                entry.and_then(|entry| late(entry.key, entry.recorded_at)),
            ]
            .into_iter()
            .flatten()
            .max(),
            decided: self.decided(entry.map(|entry| entry.key), visit.exit().map(|exit| exit.key)),
            ..self.row(self.subject, EntryKind::Visit, visit_status(visit.status()), at, by)
        })
    }

    fn payment(&self) -> Vec<EntryRow> {
        let payment = Payment::of(recorded(self.facts));
        let Some(made) = &payment.made else { return Vec::new() };
        let points = to_i64(made.points.sum());
        let voided = payment.status() == PaymentStatus::Voided;
        let by = (made.incarnation, made.recorder_id);
        let status = if voided { "VOIDED" } else { "PAID" };
        let mut rows = vec![EntryRow {
            other_id: Some(made.deduction_id.0),
            points: -points,
            note_id: made.note_id,
            entered_at: late(made.key, made.recorded_at),
            ..self.row(self.subject, EntryKind::Payment, status, made.key.occurred_at, by)
        }];
        let void = self.first(|recorded| {
            matches!(recorded.fact.payload, Payload::PaymentVoided(_))
                && recorded.fact.origin.incarnation == made.incarnation
        });
        if let Some((key, by)) = void {
            rows.push(EntryRow {
                other_id: Some(self.subject),
                points,
                ..self.row(key.event_id.0, EntryKind::PaymentVoid, "RECORDED", key.occurred_at, by)
            });
        }
        rows
    }

    fn adjustment(&self) -> Option<EntryRow> {
        let facts = distinct(recorded(self.facts));
        let first = facts.first()?;
        let Payload::PointsAdjusted(p) = &first.fact.payload else { return None };
        let by = (first.fact.origin.incarnation, first.fact.recorded_by.id());
        Some(EntryRow {
            points: p.points().get(),
            note_id: p.note_id,
            ..self.row(self.subject, EntryKind::Adjustment, "ADJUSTED", first.fact.occurred_at, by)
        })
    }

    fn penalty(&self) -> Vec<EntryRow> {
        let penalty = Penalty::of(recorded(self.facts));
        let (mut left, mut rows) = (0, Vec::new());
        if let Some(imposed) = &penalty.imposed {
            let by = (imposed.incarnation, imposed.recorder_id);
            let accrued_after =
                self.facts.iter().find(|change| change.recorded.key() == imposed.key).map(|change| change.change_seq);
            let status = if penalty.voided.is_some() { "VOIDED" } else { "IMPOSED" };
            left = imposed.points.sum();
            rows.push(EntryRow {
                other_id: Some(imposed.accrual_id.0),
                area_id: imposed.area_id,
                penalty_points: to_i64(left),
                code: Some(imposed.code),
                note_id: imposed.note_id,
                accrued_after,
                entered_at: late(imposed.key, imposed.recorded_at),
                decided: self.decided(Some(imposed.key), None),
                ..self.row(self.subject, EntryKind::Penalty, status, imposed.key.occurred_at, by)
            });
        }
        let code = penalty.imposed.as_ref().map(|imposed| imposed.code);
        let shown = |deducted: &Deducted| penalty.imposed.is_some() || deducted.price.is_some();
        for (deduction_id, deducted, taken) in penalty.effective_deductions() {
            if !shown(deducted) {
                continue;
            }
            left -= taken;
            let is_voided = penalty.is_deduction_voided(deduction_id);
            // A voided deduction and its void add up to 0.
            let shown_points = if is_voided { penalty.most_deducted(deducted) } else { taken };
            let by = (deducted.incarnation, deducted.recorder_id);
            let status = if is_voided { "VOIDED" } else { "DEDUCTED" };
            let row = EntryRow {
                other_id: Some(self.subject),
                points: -to_i64(deducted.price()),
                penalty_points: -to_i64(shown_points),
                code,
                ground: Some(deducted.ground),
                note_id: deducted.note_id,
                entered_at: late(deducted.key, deducted.recorded_at),
                ..self.row(deduction_id.0, EntryKind::PenaltyDeduction, status, deducted.key.occurred_at, by)
            };
            let void = self.first(|recorded| {
                matches!(&recorded.fact.payload, Payload::PenaltyDeductionVoided(p) if p.deduction_id == deduction_id)
                    && (deducted.price.is_none() || recorded.fact.origin.incarnation == deducted.incarnation)
            });
            if let Some((key, by)) = void {
                rows.push(EntryRow {
                    other_id: Some(deduction_id.0),
                    points: -row.points,
                    penalty_points: -row.penalty_points,
                    code,
                    ground: row.ground,
                    ..self.row(key.event_id.0, EntryKind::PenaltyDeductionVoid, "RECORDED", key.occurred_at, by)
                });
            }
            rows.push(row);
        }
        let void = self.first(|recorded| matches!(recorded.fact.payload, Payload::PenaltyVoided(_)));
        if let Some((key, by)) = void.filter(|_| penalty.imposed.is_some()) {
            rows.push(EntryRow {
                other_id: Some(self.subject),
                penalty_points: -to_i64(left),
                code,
                ..self.row(key.event_id.0, EntryKind::PenaltyVoid, "RECORDED", key.occurred_at, by)
            });
        }
        rows
    }

    /// Returns how the facts with these keys decided: the check-in and the end of a visit, or a penalty.
    fn decided(&self, begin: Option<OrderKey>, end: Option<OrderKey>) -> Option<Decided> {
        let of = |key: OrderKey| {
            let fact = recorded(self.facts).find(|it| it.key() == key)?;
            Some(decided(&fact.fact))
        };
        match (begin.and_then(of), end.and_then(of)) {
            (Some(begin), Some(end)) => Some(Decided { admitted: begin.admitted, ..end }),
            (begin, end) => end.or(begin),
        }
    }

    /// Returns the key of the first fact, by `OrderKey`, for which `is` is true, with the incarnation and the staff
    /// that recorded it.
    fn first(&self, is: impl Fn(&Recorded) -> bool) -> Option<(OrderKey, (IncarnationId, RecorderId))> {
        let facts = distinct(recorded(self.facts));
        let first = facts.into_iter().find(|recorded| is(recorded))?;
        Some((first.key(), (first.fact.origin.incarnation, first.fact.recorded_by.id())))
    }

    fn row(
        &self,
        entry_id: Uuid,
        kind: EntryKind,
        status: &str,
        at: DateTime<Utc>,
        (incarnation, recorder_id): (IncarnationId, RecorderId),
    ) -> EntryRow {
        let customer_id = self.facts.first().map_or(CustomerId(Uuid::nil()), |it| it.recorded.fact.customer_id);
        EntryRow {
            entry_id,
            customer_id,
            subject: self.subject,
            kind,
            other_id: None,
            at,
            started_at: None,
            ended_at: None,
            area_id: None,
            status: status.to_owned(),
            points: 0,
            penalty_points: 0,
            code: None,
            ground: None,
            note_id: None,
            incarnation,
            recorder_id,
            accrued_after: None,
            entered_at: None,
            decided: None,
        }
    }
}

/// How a fact decided; the default for a fact that decides nothing about points.
pub fn decided(fact: &Fact) -> Decided {
    let of_rules = Decided { rules: fact.rules, ..Decided::default() };
    match &fact.payload {
        Payload::CheckedIn(p) => Decided { admitted: p.admission.is_some(), ..of_rules },
        Payload::CheckedOut(p) => {
            Decided { points: p.earning.map(|earning| earning.points.get()), capped: p.daily_cap.is_some(), ..of_rules }
        }
        Payload::PenaltyImposed(p) => Decided { points: Some(p.points().get()), ..of_rules },
        _ => of_rules,
    }
}

/// Returns how often a decision departs from the rules in force: by an admission, and by its points. Of unknown rules
/// nothing is said.
pub fn departures(decided: &Decided, code: Option<PenaltyCode>, rules: Option<&Rules>) -> i64 {
    let by_points = decided.points.zip(rules).is_some_and(|(points, rules)| match (code, rules.daily_cap) {
        (Some(code), _) => rules.points_of(code).is_some_and(|of_code| of_code.get() != points),
        // With a cap in the rules, only points that somebody chose have none.
        (None, Some(_)) => !decided.capped,
        (None, None) => rules.points_per_visit.get() != points,
    });
    i64::from(decided.admitted) + i64::from(by_points)
}

/// When something was entered, if that was after it happened.
fn late(key: OrderKey, recorded_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (key.occurred_at < recorded_at).then_some(recorded_at)
}

fn visit_status(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::CheckedIn => "CHECKED_IN",
        VisitStatus::CheckedOut => "CHECKED_OUT",
        VisitStatus::Closed => "CLOSED",
        VisitStatus::Earned => "EARNED",
        VisitStatus::Voided => "VOIDED",
    }
}
