//! The codec of facts: bytes decode to the fact that was sealed, and no bytes make the decoder panic.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other suites")]
mod arbitrary;

use nosmoke_domain::fact::{
    Draft, Hash, MAX_AFTER, MAX_READ_BYTES, Malformed, Recorder, Sealed, chain_hash, decode, decode_kept, seal,
};
use nosmoke_domain::ids::{EventId, StaffId, TokenId};
use nosmoke_domain::words::Role;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::strategy::ValueTree;
use serde_json::json;
use uuid::Uuid;

use arbitrary::{draft, origin};

fn sealed() -> impl Strategy<Value = Sealed> {
    let after = vec(any::<u128>().prop_map(|n| EventId(Uuid::from_u128(n))), 0..=MAX_AFTER);
    let chain = (1..1_u64 << 53, any::<[u8; 32]>().prop_map(Hash), 0..4_u128);
    (draft(), chain, after, option::of("[ -~가-힣\"\\\\]{0,60}")).prop_map(
        |(draft, (seq, previous, n), after, traceparent)| {
            seal(Draft { traceparent, ..draft }, origin(n), seq, previous, after)
        },
    )
}

fn sealed_json() -> serde_json::Value {
    let bytes = include_bytes!("../golden/Paid.v1.json");
    serde_json::from_slice(bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_sealed_fact_is_read_back_as_it_was(sealed in sealed()) {
        prop_assert_eq!(decode(&sealed.bytes).unwrap(), sealed.fact);
        prop_assert_eq!(chain_hash(sealed.previous, &sealed.bytes), sealed.hash);
        prop_assert_eq!(sealed.hash.to_string().parse::<Hash>().unwrap(), sealed.hash);
    }

    #[test]
    fn the_same_draft_gives_the_same_bytes(draft in draft(), n in 0..4_u128) {
        let seal = |draft| seal(draft, origin(n), 1, Hash::ZERO, Vec::new());
        prop_assert_eq!(seal(draft.clone()), seal(draft));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        let _no_panic = decode(&bytes);
    }

    #[test]
    fn damaged_facts_are_read_or_refused(sealed in sealed(), damage in vec((any::<usize>(), any::<u8>()), 1..4)) {
        let mut bytes = sealed.bytes;
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let _no_panic = decode(&bytes);
        bytes.truncate(bytes.len() / 2);
        prop_assert!(decode(&bytes).is_err(), "half a fact");
    }
}

#[test]
fn times_are_cut_to_milliseconds_when_they_are_sealed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut draft = draft().new_tree(&mut runner).unwrap().current();
    draft.occurred_at = "2026-11-20T01:02:03.123999999Z".parse().unwrap();
    let sealed = seal(draft, origin(0), 1, Hash::ZERO, Vec::new());
    assert_eq!(sealed.fact.occurred_at.to_rfc3339(), "2026-11-20T01:02:03.123+00:00");
}

/// Decodes the golden payment with one field changed.
fn with(pointer: &str, value: serde_json::Value) -> Result<nosmoke_domain::fact::Fact, Malformed> {
    let mut json = sealed_json();
    *json.pointer_mut(pointer).unwrap() = value;
    decode(&serde_json::to_vec(&json).unwrap())
}

#[test]
fn bytes_that_are_no_fact_are_malformed() {
    assert!(with("/seq", 1.into()).is_ok());
    assert!(matches!(with("/seq", 0.into()), Err(Malformed::Seq(0))));
    assert!(matches!(with("/seq", (1_u64 << 53).into()), Err(Malformed::Seq(_))));
    assert!(matches!(with("/occurred_at", "+10000-01-01T00:00:00Z".into()), Err(Malformed::Year(10_000))));
    assert!(matches!(with("/occurred_at", "-0001-01-01T00:00:00Z".into()), Err(Malformed::Year(-1))));
    assert!(matches!(decode(&vec![b' '; MAX_READ_BYTES + 1]), Err(Malformed::TooLarge(_))));
    for amount in [0_i64, -1, 1 << 53] {
        assert!(matches!(with("/payload/points", amount.into()), Err(Malformed::Json(_))), "{amount}");
    }
    for (pointer, value) in [("/event_id", "x".into()), ("/version", (-1).into()), ("/recorded_by/role", "boss".into())]
    {
        assert!(matches!(with(pointer, value), Err(Malformed::Json(_))), "{pointer}");
    }
}

#[test]
fn a_recorder_is_staff_a_token_or_the_program() {
    let id = Uuid::from_u128(7);
    for (json, recorder) in [
        (json!({ "kind": "staff", "id": id, "role": "staff" }), Recorder::Staff { id: StaffId(id), role: Role::Staff }),
        (
            json!({ "kind": "token", "id": "owner", "role": "manager" }),
            Recorder::Token { id: TokenId::Owner, role: Role::Manager },
        ),
        (
            json!({ "kind": "token", "id": id, "role": "staff" }),
            Recorder::Token { id: TokenId::Named(id), role: Role::Staff },
        ),
        (json!({ "kind": "program" }), Recorder::Program),
    ] {
        assert_eq!(serde_json::to_value(recorder).unwrap(), json);
        assert_eq!(with("/recorded_by", json).unwrap().recorded_by, recorder);
    }
    for wrong in [
        json!({ "staff_id": id, "role": "staff" }),
        json!({ "kind": "robot", "id": id, "role": "staff" }),
        json!({ "kind": "staff", "id": "owner", "role": "staff" }),
        json!({ "kind": "token", "id": "", "role": "staff" }),
        json!(null),
    ] {
        assert!(matches!(with("/recorded_by", wrong.clone()), Err(Malformed::Json(_))), "{wrong}");
    }
}

#[test]
fn an_unknown_type_or_version_is_a_fact_that_is_skipped() {
    for (pointer, value) in [("/type", "Suspended".into()), ("/version", 2.into())] {
        let fact = with(pointer, value).unwrap();
        assert_eq!((fact.payload.fact_type(), fact.subject()), (None, None), "{pointer}");
    }
    let fact = with("/type", "Suspended".into()).unwrap();
    let nosmoke_domain::fact::Payload::Unknown { name, version } = fact.payload else { panic!("unknown") };
    assert_eq!((name.as_str(), version), ("Suspended", 1));
}

#[test]
fn unknown_fields_of_the_envelope_and_of_payloads_are_ignored() {
    let mut json = sealed_json();
    json["weather"] = "rain".into();
    json["payload"]["tip"] = 1.into();
    assert!(decode(&serde_json::to_vec(&json).unwrap()).is_ok());
}

#[test]
fn n01_a_payment_whose_deduction_differs_is_malformed() {
    let refused = with("/payload/points", 41.into()).unwrap_err();
    assert!(refused.to_string().contains("a payment and its deduction have different points"), "{refused}");
    let refused = with("/payload/deduction/lots/never", 11.into()).unwrap_err();
    assert!(refused.to_string().contains("the sum of the lots is another number of points"), "{refused}");
    let mut json = sealed_json();
    json["payload"].as_object_mut().unwrap().remove("deduction");
    assert!(matches!(decode(&serde_json::to_vec(&json).unwrap()), Err(Malformed::Json(_))), "none at all");
}

#[test]
fn n02_a_penalty_whose_accrual_differs_is_malformed() {
    let mut json: serde_json::Value =
        serde_json::from_slice(include_bytes!("../golden/PenaltyImposed.v1.json")).unwrap();
    assert!(decode(&serde_json::to_vec(&json).unwrap()).is_ok());
    json["payload"]["accrual"]["points"] = 19.into();
    let refused = decode(&serde_json::to_vec(&json).unwrap()).unwrap_err();
    assert!(refused.to_string().contains("a penalty and its accrual have different points"), "{refused}");
    json["payload"].as_object_mut().unwrap().remove("accrual");
    assert!(matches!(decode(&serde_json::to_vec(&json).unwrap()), Err(Malformed::Json(_))), "none at all");
}

#[test]
fn a_stored_fact_that_breaks_its_schema_stays_unknown() {
    let mut json = sealed_json();
    let whole = serde_json::to_vec(&json).unwrap();
    assert_eq!(decode_kept(&whole).unwrap(), decode(&whole).unwrap());
    *json.pointer_mut("/payload/points").unwrap() = 0.into();
    let odd = serde_json::to_vec(&json).unwrap();
    assert!(decode(&odd).is_err());
    let fact = decode_kept(&odd).unwrap();
    let nosmoke_domain::fact::Payload::Unknown { name, version } = fact.payload else { panic!("unknown") };
    assert_eq!((name.as_str(), version), ("Paid", 1));
    assert!(decode_kept(b"{}").is_err());
}
