//! The standing that point derives from penalties.

use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{PenaltyImposed, PenaltyVoided};
use nosmoke_domain::point::{Owed, standing};
use nosmoke_domain::rules::{Levels, Rules};
use nosmoke_domain::words::{PenaltyCode, Standing};

use super::history::{HERE, History, THERE, YONDER, at, id, p};
use super::penalties::{deducted, imposed, voided};

fn levels(warn_at: u64, prohibit_at: u64) -> Levels {
    Levels::without_end(p(warn_at), p(prohibit_at))
}

fn imposed_under(penalty: u128, points: u64, levels: Levels) -> PenaltyImposed {
    PenaltyImposed::new(id(penalty), id(penalty + 1000), p(points), PenaltyCode::BASIC, levels)
}

#[test]
fn f09_accumulated_penalties_warn_at_20_and_prohibit_at_40() {
    let rules = Rules::default();
    for (outstanding, expected) in [
        (i128::MIN, Standing::Allowed),
        (0, Standing::Allowed),
        (19, Standing::Allowed),
        (20, Standing::Warned),
        (39, Standing::Warned),
        (40, Standing::Prohibited),
        (i128::MAX, Standing::Prohibited),
    ] {
        let owed = Owed { points: outstanding, latest: None };
        assert_eq!(standing(owed, &rules.levels, seoul_date(at(0))), expected, "{outstanding}");
    }
    let one = History::new().and(HERE, 0, imposed(1, 10));
    let two = one.clone().and(THERE, 1, imposed(2, 10));
    let three = two.clone().and(YONDER, 2, imposed(3, 20));
    let standings = [History::new(), one, two, three].map(|history| history.account().standing(&rules, at(0)));
    assert_eq!(standings, [Standing::Allowed, Standing::Allowed, Standing::Warned, Standing::Prohibited]);
}

#[test]
fn f09_a_penalty_with_no_points_left_prohibits_nothing() {
    let rules = Rules::default();
    let history = History::new().and(HERE, 0, imposed(1, 39)).and(HERE, 1, imposed(2, 10));
    assert_eq!(history.account().standing(&rules, at(0)), Standing::Prohibited);
    let settled = history.clone().and(HERE, 2, deducted(2, 3, 500));
    assert_eq!(
        (settled.account().outstanding(at(0)), settled.account().standing(&rules, at(0))),
        (39, Standing::Warned)
    );
    let unknown = History::new().and(HERE, 2, deducted(2, 3, 500)).and(HERE, 0, imposed(1, 40));
    assert_eq!(unknown.account().outstanding(at(0)), 40, "what is deducted from one takes nothing off another");
}

#[test]
fn f09_the_highest_generation_of_rules_counts_then_the_lower_levels() {
    let strict = levels(5, 30);
    let old = History::new().and(HERE, 0, imposed_under(1, 35, levels(20, 40)));
    let rules = Rules { levels: levels(1, 2), ..Rules::default() };
    for (history, expected) in [
        (History::new(), rules.levels.clone()),
        (old.clone(), levels(20, 40)),
        (old.clone().under(2).and(HERE, 1, imposed_under(2, 1, strict.clone())), strict.clone()),
        (old.clone().under(0).and(HERE, 1, imposed_under(2, 1, strict.clone())), levels(20, 40)),
        (old.clone().under(2).and(HERE, 1, imposed_under(2, 1, levels(90, 99))), levels(90, 99)),
        (old.clone().and(HERE, 1, imposed_under(2, 1, strict.clone())), strict.clone()),
        (old.clone().and(HERE, 1, imposed_under(2, 1, levels(19, 41))), levels(20, 40)),
        (old.clone().and(HERE, 1, imposed_under(2, 1, levels(19, 40))), levels(19, 40)),
        (old.under(2).and(HERE, 1, PenaltyVoided { levels: strict.clone(), ..voided(1) }), strict),
    ] {
        assert_eq!(history.account().levels(&rules), expected);
    }
}
