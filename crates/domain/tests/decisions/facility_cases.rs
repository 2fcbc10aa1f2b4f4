//! The cases of the facility: a forked incarnation, a shared card, rule sets of one generation; and facts that only a newer
//! program understands.

use std::slice::from_ref;

use nosmoke_domain::fact::{
    CaseAbout, CaseId, CaseResolved, CheckedIn, Paid, Payload, PaymentVoided, PenaltyDeducted, PenaltyDeductionVoided,
    PenaltyVoided, PointsAdjusted, Recorded, VisitClosed, VisitVoided,
};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::review::{Case, forked, rival_rules, shared_card};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{AdjustReason, CaseReason, CaseResolution, CloseReason, OverrideReason, VoidReason, Word};

use super::history::{HERE, History, THERE, at, checked_in, id, p, terminal};
use super::penalties::{deducted, imposed, voided};

fn newer<W: From<Word>>() -> W {
    Word::new("from_a_newer_program").unwrap().into()
}

/// Whether each of these facts is a case, alone or behind others, and what it is about.
#[test]
fn a_fact_that_only_a_newer_program_understands_is_a_case() {
    let deduction_voided = |reason| PenaltyDeductionVoided {
        penalty_id: id(1),
        deduction_id: id(2),
        reason,
        levels: Rules::default().levels,
    };
    let adjusted = |reason| PointsAdjusted::given(id(1), Lots::never(p(5)), reason);
    let entered = |admission| CheckedIn { admission, ..checked_in(1) };
    let resolved = |resolution| {
        let case = CaseId { reason: newer(), about: CaseAbout::visit(id(1)) };
        CaseResolved { case, resolution, facts: vec![id(1)] }
    };
    let mut of_code = imposed(1, 10);
    of_code.code = newer();
    let of_code: Payload = of_code.into();
    let table: Vec<(Payload, bool)> = vec![
        (Payload::Unknown { name: "Suspended".into(), version: 1 }, true),
        (Payload::Unknown { name: "Paid".into(), version: 2 }, true),
        (entered(Some(newer())).into(), true),
        (entered(Some(OverrideReason::MEDICAL)).into(), false),
        (entered(None).into(), false),
        (VisitClosed { visit_id: id(1), reason: newer() }.into(), true),
        (VisitClosed { visit_id: id(1), reason: CloseReason::FORGOTTEN }.into(), false),
        (VisitVoided { visit_id: id(1), reason: newer() }.into(), true),
        (VisitVoided { visit_id: id(1), reason: VoidReason::OTHER }.into(), false),
        (PaymentVoided { payment_id: id(1), reason: newer() }.into(), true),
        (PaymentVoided { payment_id: id(1), reason: VoidReason::MISTAKEN }.into(), false),
        (PenaltyVoided { reason: newer(), ..voided(1) }.into(), true),
        (voided(1).into(), false),
        (deduction_voided(newer()).into(), true),
        (deduction_voided(VoidReason::MISTAKEN).into(), false),
        (adjusted(newer()).into(), true),
        (adjusted(AdjustReason::MIGRATION).into(), false),
        // A facility's own code and ground, and a resolution of which this program needs nothing.
        (of_code, false),
        (PenaltyDeducted { ground: newer(), ..deducted(1, 2, 5) }.into(), false),
        (resolved(newer()).into(), false),
    ];
    for (payload, is_case) in table {
        let text = format!("{payload:?}");
        let history = History::new().checked_in(HERE, 0, 9).checked_out(HERE, 5, 9, None).and(HERE, 10, payload);
        let expected = if is_case { vec![(CaseReason::NEEDS_UPDATE, vec![3])] } else { vec![] };
        assert_eq!(history.cases(), expected, "{text}");
        if let Some(case) = history.all_cases().first() {
            assert_eq!(case.id.about, CaseAbout::fact(id(3)));
        }
    }
}

fn of_fork(facts: &[Recorded], resolutions: &[CaseResolved]) -> Option<(CaseId, Vec<u128>, Option<CaseResolution>)> {
    let case = forked(terminal(THERE), facts, resolutions)?;
    Some((case.id, case.facts.iter().map(|fact| fact.0.as_u128()).collect(), case.resolution))
}

#[test]
fn a_forked_incarnation_is_a_case_that_a_further_fork_opens_again() {
    let paid = |payment: u128| Paid::new(id(payment), id(payment + 1000), Lots::never(p(1)), None);
    let history = History::new().and(THERE, 10, paid(1)).and(THERE, 5, paid(2)).and(THERE, 20, paid(3));
    let facts = history.facts();
    let case = || CaseId { reason: CaseReason::FORKED, about: CaseAbout::incarnation(terminal(THERE)) };
    let seen = |facts: &[u128]| CaseResolved {
        case: case(),
        resolution: CaseResolution::ACCEPTED,
        facts: facts.iter().map(|fact| id(*fact)).collect(),
    };
    assert_eq!(of_fork(&[], &[]), None);
    assert_eq!(of_fork(&facts[..2], &[]), Some((case(), vec![2, 1], None)));
    let (mut backwards, resolved) = (facts.to_vec(), seen(&[1, 2]));
    backwards.reverse();
    backwards.extend(facts.to_vec());
    assert_eq!(of_fork(&backwards, &[]), of_fork(facts, &[]), "in any order, with duplicates");
    assert_eq!(of_fork(&facts[..2], from_ref(&resolved)).unwrap().2, Some(CaseResolution::ACCEPTED));
    assert_eq!(of_fork(facts, from_ref(&resolved)).unwrap().2, None, "a further fact of the fork");
    assert_eq!(of_fork(facts, &[resolved, seen(&[1, 2, 3])]).unwrap().2, Some(CaseResolution::ACCEPTED));
    let elsewhere =
        CaseResolved { case: CaseId { about: CaseAbout::incarnation(terminal(HERE)), ..case() }, ..seen(&[1, 2, 3]) };
    assert_eq!(of_fork(facts, &[elsewhere]).unwrap().2, None, "of another incarnation");
}

#[test]
fn a_shared_card_is_a_case_of_the_pair_whichever_came_first() {
    let about = |case: Case| (case.id.about.to_string(), case.began_at, case.facts.len());
    let expected = (format!("customers/{}/{}", uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2)), at(7), 0);
    assert_eq!(about(shared_card(id(1), id(2), at(7))), expected);
    assert_eq!(about(shared_card(id(2), id(1), at(7))), expected);
}

#[test]
fn several_newest_rule_sets_of_one_generation_are_a_case() {
    let of = |published: &[Option<i64>]| {
        let published: Vec<_> = published.iter().map(|minute| minute.map(at)).collect();
        rival_rules(7, &published).map(|case| (case.id.about.to_string(), case.began_at, case.resolution))
    };
    let case = |minute| Some(("rules/7".to_owned(), at(minute), None));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[Some(1)]), None);
    assert_eq!(of(&[Some(1), Some(5)]), case(5));
    assert_eq!(of(&[Some(5), Some(1)]), case(5), "it began with the later one");
    assert_eq!(of(&[None, Some(5)]), case(5), "the set with which the facility was founded has no time");
    assert_eq!(of(&[None, None]), None);
}
