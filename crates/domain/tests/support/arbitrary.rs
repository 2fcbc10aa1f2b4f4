//! Arbitrary facts of one customer. Most ids come from small pools, so that facts repeat, collide, refer to unknown
//! items, and void or earn an item of another incarnation.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::days::Days;
use nosmoke_domain::fact::{
    Approver, CaseAbout, CaseId, CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased,
    CustomersLinked, CustomersParted, Deduction, Draft, Earned, Earning, Given, Hash, LevelsRevised, Novelty, Origin,
    Paid, Payload, PaymentVoided, PenaltyDeducted, PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided,
    PointsAdjusted, Reclaimed, Recorded, Recorder, VisitClosed, VisitVoided, seal,
};
use nosmoke_domain::ids::{CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId, TokenId};
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::points::{MAX_AMOUNT, Points};
use nosmoke_domain::rules::{Level, Levels, Prohibit};
use nosmoke_domain::words::{OpenWord, Role, Standing, Word};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use uuid::Uuid;

pub(crate) fn incarnation(n: u128) -> IncarnationId {
    IncarnationId(Uuid::from_u128(0x1ca0 + n))
}

pub(crate) fn origin(n: u128) -> Origin {
    Origin {
        facility_id: FacilityId(Uuid::from_u128(1)),
        terminal_id: TerminalId(Uuid::from_u128(0x7e0 + n)),
        incarnation: incarnation(n),
    }
}

/// Seals a draft as the first fact of a chain, so that equal facts have equal hashes.
pub(crate) fn record(draft: Draft, n: u128) -> Recorded {
    let sealed = seal(draft, origin(n), 1, Hash::ZERO, Vec::new());
    Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::New }
}

/// An id: mostly from a small pool of its kind, sometimes from a pool shared by all kinds, and sometimes unique.
fn id<T: From<Uuid> + std::fmt::Debug>(kind: u128) -> impl Strategy<Value = T> {
    prop_oneof![8 => (0..4_u128).prop_map(move |n| kind * 100 + n), 1 => 0..2_u128, 3 => 10_000..u128::MAX]
        .prop_map(|n| T::from(Uuid::from_u128(n)))
}

fn incarnations() -> impl Strategy<Value = IncarnationId> {
    (0..4_u128).prop_map(incarnation)
}

pub(crate) fn points() -> impl Strategy<Value = Points> {
    prop_oneof![6 => 1..60_u64, 1 => Just(MAX_AMOUNT), 1 => 1..=MAX_AMOUNT]
        .prop_filter_map("an amount", |n| Points::new(n).ok())
}

fn last_day() -> impl Strategy<Value = LastDay> {
    let days = ["2026-11-30", "2026-12-31", "2027-03-31"].map(|day| LastDay::On(day.parse().unwrap_or_default()));
    prop_oneof![2 => Just(LastDay::Never), 1 => select(days.to_vec())]
}

fn lots() -> impl Strategy<Value = Lots> {
    btree_map(last_day(), points(), 1..4).prop_filter_map("lots", |lots| Lots::try_from(lots).ok())
}

fn days() -> impl Strategy<Value = Days> {
    prop_oneof![6 => 1..12_u32, 1 => Just(36_500)].prop_filter_map("days", |days| Days::new(days).ok())
}

fn levels() -> impl Strategy<Value = Levels> {
    (points(), btree_map(points(), option::of(days()), 1..=4)).prop_filter_map("levels", |(warn_at, levels)| {
        let levels: Vec<_> = levels.into_iter().map(|(at, days)| Level { at, days }).collect();
        Some(Levels { warn_at, prohibit: Prohibit::try_from(levels).ok()? })
    })
}

fn lapse() -> impl Strategy<Value = Lapse> {
    (days(), select(vec![How::Fixed, How::Quiet])).prop_map(|(days, how)| Lapse { days, how })
}

/// A code, a ground or a reason: one that is known here, or one of a newer program.
fn word<W: OpenWord + From<Word> + std::fmt::Debug>() -> impl Strategy<Value = W> {
    let unknown = "[A-Za-z0-9_]{1,24}".prop_filter_map("a word", |text| text.parse::<Word>().ok().map(W::from));
    prop_oneof![4 => select(W::KNOWN), 1 => unknown]
}

/// A time with nanoseconds: mostly in a few days of November 2026 and often the same, sometimes in the first or last
/// possible year.
pub(crate) fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap_or_default();
    prop_oneof![
        8 => (0..20_i64, 0..3_i64).prop_map(move |(days, hours)| {
            at("2026-11-01T14:00:00Z") + TimeDelta::days(days) + TimeDelta::hours(hours)
        }),
        1 => any::<u32>().prop_map(move |ns| at("2026-11-03T23:59:58Z") + TimeDelta::nanoseconds(i64::from(ns))),
        1 => select(vec![
            at("0000-01-01T00:00:00Z"),
            at("9999-12-31T23:59:59.999Z"),
            at("2016-12-31T23:59:60.5Z"),
            at("1970-01-01T00:00:00Z"),
        ]),
    ]
}

fn visit_payload() -> impl Strategy<Value = Payload> {
    let standing = select(vec![Standing::Allowed, Standing::Warned, Standing::Prohibited]);
    let earning = (id(2), points(), last_day()).prop_map(|(earning_id, points, expires_on)| Earning {
        earning_id,
        points,
        expires_on,
    });
    prop_oneof![
        (id(1), id(9), standing, any::<u64>(), time(), option::of(word())).prop_map(
            |(visit_id, area_id, standing, outstanding, standing_as_of, admission)| {
                CheckedIn { visit_id, area_id, standing, outstanding, standing_as_of, admission }.into()
            }
        ),
        (id(1), option::of(earning), option::of(points())).prop_map(|(visit_id, earning, daily_cap)| CheckedOut {
            visit_id,
            earning,
            daily_cap
        }
        .into()),
        (id(1), word()).prop_map(|(visit_id, reason)| VisitClosed { visit_id, reason }.into()),
        (id(1), word()).prop_map(|(visit_id, reason)| VisitVoided { visit_id, reason }.into()),
        (id(2), id(1), points(), last_day()).prop_map(|(earning_id, visit_id, points, expires_on)| {
            Earned { earning_id, visit_id, points, expires_on }.into()
        }),
        (id(1), id(13), option::of(lots())).prop_map(|(visit_id, check_out, lots)| CheckOutTakenBack {
            visit_id,
            check_out,
            lots
        }
        .into()),
    ]
}

fn point_payload() -> impl Strategy<Value = Payload> {
    prop_oneof![
        3 => (id(3), id(4), lots(), option::of(id(8))).prop_map(|(a, b, lots, n)| Paid::new(a, b, lots, n).into()),
        2 => (id(3), word()).prop_map(|(payment_id, reason)| PaymentVoided { payment_id, reason }.into()),
        1 => (id(5), lots(), any::<bool>(), option::of(id(3)), word()).prop_map(|(id, lots, taken, payment_id, reason)| {
            let mut adjusted =
                if taken { PointsAdjusted::taken(id, lots, reason) } else { PointsAdjusted::given(id, lots, reason) };
            adjusted.payment_id = payment_id;
            adjusted.into()
        }),
        2 => (incarnations(), lots(), option::of(id(6)))
            .prop_map(|(to, lots, request)| Given { to, lots, request }.into()),
        1 => (incarnations(), option::of(lots())).prop_map(|(from, lots)| Reclaimed { from, lots }.into()),
    ]
}

fn penalty_payload() -> impl Strategy<Value = Payload> {
    let price = (id(4), lots()).prop_map(|(deduction_id, lots)| Deduction::new(deduction_id, lots));
    prop_oneof![
        4 => (id(7), id(10), points(), word(), levels(), option::of(id(9)), option::of(id(8)), option::of(lapse()))
            .prop_map(|(penalty_id, accrual_id, points, code, levels, area_id, note_id, lapse)| {
                let mut imposed = PenaltyImposed::new(penalty_id, accrual_id, points, code, levels);
                (imposed.area_id, imposed.note_id, imposed.lapse) = (area_id, note_id, lapse);
                imposed.into()
            }),
        3 => (id(11), id(7), points(), word(), any::<bool>(), option::of(price), option::of(id(8)), levels()).prop_map(
            |(deduction_id, penalty_id, points, ground, once, price, note_id, levels)| {
                PenaltyDeducted { deduction_id, penalty_id, points, ground, once, price, note_id, levels }.into()
            }
        ),
        1 => (id(7), word(), levels())
            .prop_map(|(penalty_id, reason, levels)| PenaltyVoided { penalty_id, reason, levels }.into()),
        2 => (id(11), id(7), word(), levels()).prop_map(|(deduction_id, penalty_id, reason, levels)| {
            PenaltyDeductionVoided { penalty_id, deduction_id, reason, levels }.into()
        }),
        1 => levels().prop_map(|levels| LevelsRevised { levels }.into()),
    ]
}

fn other_payload() -> impl Strategy<Value = Payload> {
    let about = prop_oneof![
        id(1).prop_map(CaseAbout::visit),
        incarnations().prop_map(|incarnation| CaseAbout::holding(CustomerId(Uuid::from_u128(7)), incarnation)),
    ];
    prop_oneof![
        Just(CustomerErased {}.into()),
        (id(14), id(12)).prop_map(|(link_id, other_id)| CustomersLinked { link_id, other_id }.into()),
        id(14).prop_map(|link_id| CustomersParted { link_id }.into()),
        (about, word(), word(), vec(id(13), 0..8)).prop_map(|(about, reason, resolution, facts)| {
            CaseResolved { case: CaseId { reason, about }, resolution, facts }.into()
        }),
        (0..3_u32).prop_map(|version| Payload::Unknown { name: "Suspended".into(), version }),
    ]
}

pub(crate) fn payload() -> impl Strategy<Value = Payload> {
    prop_oneof![5 => visit_payload(), 5 => point_payload(), 4 => penalty_payload(), 1 => other_payload()]
}

fn role() -> impl Strategy<Value = Role> {
    select(vec![Role::Staff, Role::Supervisor, Role::Manager])
}

fn recorder() -> impl Strategy<Value = Recorder> {
    let token = prop_oneof![Just(TokenId::Owner), Just(TokenId::Named(Uuid::from_u128(9)))];
    prop_oneof![
        role().prop_map(|role| Recorder::Staff { id: StaffId(Uuid::from_u128(8)), role }),
        (token, role()).prop_map(|(id, role)| Recorder::Token { id, role }),
        Just(Recorder::Program),
    ]
}

fn approver() -> impl Strategy<Value = Approver> {
    role().prop_map(|role| Approver { id: StaffId(Uuid::from_u128(10)), role })
}

pub(crate) fn draft() -> impl Strategy<Value = Draft> {
    let event_id = prop_oneof![1 => id(13), 4 => any::<u128>().prop_map(|n| EventId(Uuid::from_u128(n)))];
    (event_id, time(), recorder(), option::of(approver()), option::of(id(13)), 0..3_u64, payload()).prop_map(
        |(event_id, occurred_at, recorded_by, approved_by, causation_id, rules, payload)| Draft {
            event_id,
            customer_id: CustomerId(Uuid::from_u128(7)),
            occurred_at,
            recorded_at: occurred_at,
            recorded_by,
            approved_by,
            causation_id,
            rules,
            traceparent: None,
            payload,
        },
    )
}

/// A set of one customer's facts as the journals of several terminals may hold it.
pub(crate) fn facts(most: usize) -> impl Strategy<Value = Vec<Recorded>> {
    let fact = (draft(), 0..4_u128).prop_map(|(draft, n)| {
        let occurred_at = draft.occurred_at;
        let mut recorded = record(draft, n);
        // Sealing truncates times to milliseconds, but facts that other programs wrote may have finer times.
        recorded.fact.occurred_at = occurred_at;
        recorded
    });
    vec(fact, 1..most)
}
