//! One fact of each type, with every optional field set.

use nosmoke_domain::days::Days;
use nosmoke_domain::fact::{
    Approver, CaseAbout, CaseId, CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased,
    CustomersLinked, CustomersParted, Deduction, Draft, Earned, Earning, FACT_TYPES, FactType, Given, Hash,
    LevelsRevised, Origin, Paid, Payload, PaymentVoided, PenaltyDeducted, PenaltyDeductionVoided, PenaltyImposed,
    PenaltyVoided, PointsAdjusted, Reclaimed, Recorder, Sealed, VisitClosed, VisitVoided, seal,
};
use nosmoke_domain::ids::TokenId;
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::points::{MAX_AMOUNT, Points};
use nosmoke_domain::rules::{Level, Levels, Prohibit};
use nosmoke_domain::words::{
    AdjustReason, CaseReason, CaseResolution, CloseReason, Ground, OverrideReason, PenaltyCode, Role, Standing,
    VoidReason,
};
use uuid::Uuid;

/// An id in the form of a UUIDv7.
fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(0x0193_5a00_0000_7000_8000_0000_0000_0000 + n))
}

fn points(amount: u64) -> Points {
    Points::new(amount).unwrap()
}

fn day(text: &str) -> LastDay {
    text.parse().unwrap()
}

fn lots(parts: &[(&str, u64)]) -> Lots {
    let parts = parts.iter().map(|(last_day, amount)| (day(last_day), points(*amount)));
    Lots::try_from(parts.collect::<std::collections::BTreeMap<_, _>>()).unwrap()
}

fn days(days: u32) -> Days {
    Days::new(days).unwrap()
}

fn levels() -> Levels {
    let levels = vec![Level { at: points(40), days: Some(days(7)) }, Level { at: points(80), days: None }];
    Levels { warn_at: points(20), prohibit: Prohibit::try_from(levels).unwrap() }
}

fn payload(fact_type: FactType) -> Payload {
    let (visit_id, levels, note_id) = (id(0x10), levels(), Some(id(0x90)));
    match fact_type {
        FactType::CheckedIn => CheckedIn {
            visit_id,
            area_id: id(0x20),
            standing: Standing::Prohibited,
            outstanding: 40,
            standing_as_of: "2026-11-20T01:32:00Z".parse().unwrap(),
            admission: Some(OverrideReason::MEDICAL),
        }
        .into(),
        FactType::CheckedOut => CheckedOut {
            visit_id,
            earning: Some(Earning { earning_id: id(0x30), points: points(100), expires_on: day("2027-11-30") }),
            daily_cap: Some(points(300)),
        }
        .into(),
        FactType::CheckOutTakenBack => {
            CheckOutTakenBack { visit_id, check_out: id(0xe02), lots: Some(lots(&[("2027-11-30", 100)])) }.into()
        }
        FactType::VisitClosed => VisitClosed { visit_id, reason: CloseReason::NEXT_CHECK_IN }.into(),
        FactType::VisitVoided => VisitVoided { visit_id, reason: VoidReason::WRONG_CUSTOMER }.into(),
        FactType::Earned => {
            Earned { earning_id: id(0x30), visit_id, points: points(100), expires_on: day("2027-11-30") }.into()
        }
        FactType::Paid => Paid::new(id(0x40), id(0x41), lots(&[("2027-03-31", 30), ("never", 10)]), note_id).into(),
        FactType::PaymentVoided => PaymentVoided { payment_id: id(0x40), reason: VoidReason::WRONG_AMOUNT }.into(),
        FactType::PointsAdjusted => {
            let mut taken = PointsAdjusted::taken(id(0x50), lots(&[("never", 30)]), AdjustReason::CORRECTION);
            (taken.payment_id, taken.note_id) = (Some(id(0x42)), note_id);
            taken.into()
        }
        FactType::PenaltyImposed => {
            let mut imposed = PenaltyImposed::new(id(0x60), id(0x61), points(20), PenaltyCode::REPEAT, levels);
            (imposed.area_id, imposed.note_id) = (Some(id(0x21)), note_id);
            imposed.lapse = Some(Lapse { days: days(365), how: How::Quiet });
            imposed.into()
        }
        FactType::PenaltyDeducted => PenaltyDeducted {
            deduction_id: id(0x62),
            penalty_id: id(0x60),
            points: points(10),
            ground: Ground::SERVICE,
            once: false,
            price: Some(Deduction::new(id(0x63), lots(&[("never", 500)]))),
            note_id,
            levels,
        }
        .into(),
        FactType::PenaltyVoided => PenaltyVoided { penalty_id: id(0x60), reason: VoidReason::MISTAKEN, levels }.into(),
        FactType::PenaltyDeductionVoided => PenaltyDeductionVoided {
            penalty_id: id(0x60),
            deduction_id: id(0x62),
            reason: VoidReason::WRONG_CUSTOMER,
            levels,
        }
        .into(),
        FactType::Given => Given { to: id(0x80), lots: lots(&[("never", MAX_AMOUNT)]), request: Some(id(0x70)) }.into(),
        FactType::Reclaimed => Reclaimed { from: id(0x81), lots: Some(lots(&[("2027-03-31", 1)])) }.into(),
        FactType::LevelsRevised => LevelsRevised { levels }.into(),
        FactType::CustomerErased => CustomerErased {}.into(),
        FactType::CustomersLinked => CustomersLinked { link_id: id(0xc1), other_id: id(0xb0) }.into(),
        FactType::CustomersParted => CustomersParted { link_id: id(0xc1) }.into(),
        FactType::CaseResolved => {
            let case = CaseId { reason: CaseReason::WRITTEN_OFF, about: CaseAbout::holding(id(0xb1), id(0x81)) };
            CaseResolved { case, resolution: CaseResolution::CORRECTED, facts: vec![id(0xe02), id(0xe0e)] }.into()
        }
    }
}

pub(crate) fn sample(fact_type: FactType) -> Sealed {
    let number = FACT_TYPES.iter().position(|it| *it == fact_type).map_or(0, |at| at + 1);
    let (recorded_by, approved_by) = match fact_type {
        FactType::Earned | FactType::Given => (Recorder::Program, None),
        FactType::CheckedIn | FactType::CheckedOut => {
            (Recorder::Token { id: TokenId::Owner, role: Role::Manager }, None)
        }
        _ => (
            Recorder::Staff { id: id(0xd0), role: Role::Staff },
            Some(Approver { id: id(0xd1), role: Role::Supervisor }),
        ),
    };
    // One of them was entered afterwards.
    let late = fact_type == FactType::VisitClosed;
    let recorded_at = if late { "2026-11-20T09:00:00.000Z" } else { "2026-11-20T01:33:07.250Z" };
    let draft = Draft {
        event_id: id(0xe00 + number as u128),
        customer_id: id(0xb1),
        occurred_at: "2026-11-20T01:33:07.250Z".parse().unwrap(),
        recorded_at: recorded_at.parse().unwrap(),
        recorded_by,
        approved_by,
        causation_id: Some(id(0xe00)),
        rules: 3,
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
        payload: payload(fact_type),
    };
    let origin = Origin { facility_id: id(1), terminal_id: id(2), incarnation: id(3) };
    let after = vec![id(0xe30), id(0xe31)];
    seal(draft, origin, number as u64, Hash::ZERO, after)
}
