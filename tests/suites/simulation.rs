//! The simulator over many seeds; that it replays; and that each invariant finds a fault that breaks it.

use std::collections::BTreeMap;

use nosmoke_tests::many::over_seeds;
use nosmoke_tests::simulation::{Fault, Found, Invariant, Plan, simulate};

const SEEDS: u64 = 300;
const OPERATIONS: usize = 2_000;
/// Seeds within which a planted fault must be found.
const WITHIN: u64 = 12;

fn plan(seed: u64) -> Plan {
    Plan { seed, operations: OPERATIONS, fault: None, aloud: false }
}

#[test]
fn terminals_agree_whatever_befalls_them() {
    let outcomes = over_seeds(1..1 + SEEDS, |seed| simulate(plan(seed)));
    let broken: Vec<String> =
        outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(|found| found.to_string()).collect();
    assert!(broken.is_empty(), "{}\n{} of {SEEDS} seeds", broken.join("\n\n"), broken.len());
    let mut kinds = BTreeMap::<&str, u64>::new();
    for told in outcomes.into_iter().flatten() {
        for (kind, count) in told.kinds {
            *kinds.entry(kind).or_default() += count;
        }
    }
    let needed = ["Earned", "Paid", "PaymentVoided", "Asked", "Given", "Reclaimed", "CustomerErased"];
    for kind in needed {
        assert!(kinds.get(kind).is_some_and(|count| *count > SEEDS / 3), "{kind} hardly happens: {kinds:?}");
    }
}

#[test]
fn a_seed_replays_to_the_same_trace() {
    for seed in [3, 4] {
        let [first, again] = [(); 2].map(|()| simulate(plan(seed)).unwrap());
        assert_eq!(first, again);
    }
    assert_ne!(simulate(plan(3)).unwrap().trace, simulate(plan(4)).unwrap().trace);
}

fn finds(fault: Fault, invariant: Invariant) {
    let found: Vec<Box<Found>> =
        (1..=WITHIN).filter_map(|seed| simulate(Plan { fault: Some(fault), ..plan(seed) }).err()).take(1).collect();
    let found = found.first().unwrap_or_else(|| panic!("{fault:?} isn't found within {WITHIN} seeds"));
    assert_eq!(found.invariant, invariant, "{fault:?}: {found}");
}

macro_rules! finds {
    ($($name:ident: $fault:ident is $invariant:ident;)+) => {
        $(#[test]
        fn $name() {
            finds(Fault::$fault, Invariant::$invariant);
        })+
    };
}

finds! {
    a_step_that_fails_is_found: StepsFail is Works;
    points_given_twice_are_found: GivesTwice is Overdrawn;
    a_sum_changed_on_one_side_is_found: ChangesASum is Balance;
    an_answer_before_the_commit_is_found: AnswersTooSoon is NothingLost;
    less_than_nothing_outstanding_is_found: PublishesANegative is Outstanding;
    a_snapshot_that_forgets_is_found: ForgetsMarks is Snapshot;
    a_check_out_earned_twice_is_found: EarnsTwice is PointsMade;
    a_life_used_again_is_found: ReusesALife is OneLife;
    a_mark_passed_over_is_found: IgnoresMarks is OneLife;
    a_crash_taken_for_a_restore_is_found: MarksAhead is SameLife;
    a_command_recorded_twice_is_found: ForgetsKeys is OnlyOnce;
    what_an_upgrade_does_not_understand_is_found: LearnsNothing is Understood;
    a_lie_about_facts_is_found: LiesAboutItsFacts is Digest;
    terminals_that_never_rest_are_found: NeverComesToRest is Rest;
    a_fact_passed_over_is_found: PassesOverFacts is SameFacts;
    a_log_replaced_unseen_is_found: HearsNobody is SameFacts;
    a_fact_never_published_is_found: ReadsBackTooSoon is SameFacts;
    what_is_never_read_back_is_found: NeverReadsBack is Outbox;
    a_person_kept_in_the_log_is_found: KeepsTheErased is Erased;
    a_profile_passed_over_is_found: PassesOverProfiles is SameRecords;
    a_wrong_projection_is_found: ProjectsWrongly is SameState;
    a_projection_wrong_everywhere_is_found: AllProjectWrongly is Replay;
}
