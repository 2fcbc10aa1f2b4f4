//! A rule set and its defaults.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::levels::Levels;
use crate::days::{end_of_month, seoul_date, seoul_midnight};
use crate::lapse::Lapse;
use crate::lots::LastDay;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::words::{Ground, PenaltyCode, Role};

/// Names in the languages of the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub ko: String,
    pub en: String,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// What a penalty of a code weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRule {
    pub code: PenaltyCode,
    pub points: Points,
    /// `None` for the codes that the screens know by themselves.
    #[serde(default)]
    pub labels: Option<Labels>,
    /// A retired code stays in the set for the penalties that have it; no new ones get it.
    #[serde(default)]
    pub retired: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// How many points a ground takes off a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// Half of the imposed points, but no more than is outstanding.
    Half,
    /// As many as staff say, but no more than is outstanding.
    AsSaid,
}

/// How a ground deducts from a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundRule {
    pub ground: Ground,
    pub takes: Takes,
    /// Whether it deducts only once from a penalty.
    #[serde(default)]
    pub once: bool,
    /// The most points that one deduction takes; `None` means no limit.
    #[serde(default)]
    pub most: Option<Points>,
    /// The lowest role that may deduct on this ground.
    pub role: Role,
    /// `None` for the grounds that the screens know by themselves.
    #[serde(default)]
    pub labels: Option<Labels>,
    /// A retired ground stays in the set for the deductions that have it; no new ones get it.
    #[serde(default)]
    pub retired: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// A rule set. Amounts in points (P) and penalty points (점), times in minutes and hours. A stored set that lacks a field
/// has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub generation: u64,
    pub points_per_visit: Points,
    /// The points that one customer can earn in one day (Asia/Seoul); `None` means no cap.
    pub daily_cap: Option<Points>,
    /// Visits shorter than this earn nothing; `None` means no minimum.
    pub minimum_stay_minutes: Option<u32>,
    pub forgotten_after_hours: u32,
    /// At most [`MAX_CODES`].
    pub codes: Vec<CodeRule>,
    pub grounds: Vec<GroundRule>,
    pub levels: Levels,
    /// When penalties lapse; `None` means never.
    pub lapse: Option<Lapse>,
    /// Points expire at the end of the month that comes this many months after they were earned, at most
    /// [`MAX_EXPIRY_MONTHS`]; `None` means never.
    pub expiry_months: Option<u32>,
    /// How long the role staff may void.
    pub void_window_minutes: u32,
    /// How long the role supervisor may void; `None` means no limit. Managers have none.
    pub supervisor_void_window_minutes: Option<u32>,
    /// How many days back something may be entered afterwards.
    pub enter_afterwards_days: u32,
    pub stale_after_hours: u32,
    /// The price of one penalty point in points (P), if a deduction is paid for; `None` means that deductions can't be
    /// paid for.
    pub price_per_penalty_point: Option<Points>,
    /// Whether a check-in may name an area that isn't known yet.
    pub unknown_areas_allowed: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// The most penalty codes of a set, retired ones included.
pub const MAX_CODES: usize = 50;
/// The longest life of points in months. Their lots end with a month, so a holding has at most one more lot than this
/// that isn't over, besides the one of points that never expire.
pub const MAX_EXPIRY_MONTHS: u32 = 60;
/// Upper bound for the points that staff give at a check-out instead of the points of the rules.
pub const MAX_VISIT_POINTS: u64 = 1_000_000;
/// Upper bound for the points that staff give a penalty instead of the points of its code.
pub const MAX_PENALTY_POINTS: u64 = 1_000;

const fn points(amount: u64) -> Points {
    match Points::new(amount) {
        Ok(points) => points,
        Err(_) => Points::ONE,
    }
}

impl Default for Rules {
    fn default() -> Self {
        let code = |code, amount| CodeRule {
            code,
            points: points(amount),
            labels: None,
            retired: false,
            unknown: BTreeMap::new(),
        };
        let ground = |ground, takes, role| {
            let (once, unknown) = (takes == Takes::Half, BTreeMap::new());
            GroundRule { ground, takes, once, most: None, role, labels: None, retired: false, unknown }
        };
        Self {
            generation: 1,
            points_per_visit: points(100),
            daily_cap: None,
            minimum_stay_minutes: None,
            forgotten_after_hours: 12,
            codes: vec![code(PenaltyCode::BASIC, 10), code(PenaltyCode::REPEAT, 20), code(PenaltyCode::AGGRAVATED, 30)],
            grounds: vec![
                ground(Ground::EDUCATION, Takes::Half, Role::Staff),
                ground(Ground::SERVICE, Takes::AsSaid, Role::Staff),
                ground(Ground::APPEAL, Takes::AsSaid, Role::Supervisor),
                ground(Ground::WAIVER, Takes::AsSaid, Role::Supervisor),
            ],
            levels: Levels::without_end(points(20), points(40)),
            lapse: None,
            expiry_months: None,
            void_window_minutes: 15,
            supervisor_void_window_minutes: None,
            enter_afterwards_days: 14,
            stale_after_hours: 24,
            price_per_penalty_point: None,
            unknown_areas_allowed: true,
            unknown: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// The points of a code; `None` if the set has no such code, or has retired it.
    pub fn points_of(&self, code: PenaltyCode) -> Option<Points> {
        self.codes_in_use().find(|rule| rule.code == code).map(|rule| rule.points)
    }

    pub fn codes_in_use(&self) -> impl Iterator<Item = &CodeRule> {
        self.codes.iter().filter(|rule| !rule.retired)
    }

    /// How a ground deducts; `None` if the set has no such ground, or has retired it.
    pub fn ground(&self, ground: Ground) -> Option<&GroundRule> {
        self.grounds.iter().find(|rule| rule.ground == ground && !rule.retired)
    }

    /// The last day of points that are earned now.
    pub fn last_day(&self, now: DateTime<Utc>) -> LastDay {
        match self.expiry_months {
            Some(months) => LastDay::On(end_of_month(seoul_date(now), months.min(MAX_EXPIRY_MONTHS))),
            None => LastDay::Never,
        }
    }

    /// The points that one customer earns in one day with this many visits by the rules, beside points that staff chose,
    /// which count against the cap too.
    pub fn earned_in_day(&self, visits: u64, chosen: i128) -> i128 {
        let by_rules = self.points_per_visit.sum() * i128::from(visits);
        chosen + self.daily_cap.map_or(by_rules, |cap| by_rules.min((cap.sum() - chosen).max(0)))
    }

    pub fn forgotten(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(since) > TimeDelta::hours(i64::from(self.forgotten_after_hours))
    }

    /// Checks that something that happened at `at` may be entered at `now`: at most `enter_afterwards_days` days back,
    /// whole days in Seoul, and never ahead.
    ///
    /// # Errors
    /// `OutsideEntryDays`.
    pub fn check_entry_days(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let first = seoul_date(now).checked_sub_days(Days::new(self.enter_afterwards_days.into()));
        let from = seoul_midnight(first.unwrap_or(NaiveDate::MIN));
        if (from..=now).contains(&at) { Ok(()) } else { Err(Refusal::OutsideEntryDays { from, until: now }) }
    }

    /// How long a role may void, in minutes; `None` means no limit.
    pub const fn void_window_of(&self, role: Role) -> Option<u32> {
        match role {
            Role::Staff => Some(self.void_window_minutes),
            Role::Supervisor => self.supervisor_void_window_minutes,
            Role::Manager => None,
        }
    }

    pub fn void_window_passed(&self, role: Role, recorded: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let window = self.void_window_of(role).map(|minutes| TimeDelta::minutes(i64::from(minutes)));
        window.is_some_and(|window| now.signed_duration_since(recorded) > window)
    }

    /// Checks that a role may still void what was recorded at a moment.
    ///
    /// # Errors
    /// `VoidWindowPassed`, with the lowest role that may.
    pub fn check_void_window(&self, role: Role, recorded: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        if !self.void_window_passed(role, recorded, now) {
            return Ok(());
        }
        let needed = match self.void_window_passed(Role::Supervisor, recorded, now) {
            true => Role::Manager,
            false => Role::Supervisor,
        };
        let minutes = self.void_window_of(role).unwrap_or_default();
        let until = recorded.checked_add_signed(TimeDelta::minutes(i64::from(minutes))).unwrap_or(now);
        Err(Refusal::VoidWindowPassed { minutes, until, needed })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stored_set_has_defaults_for_what_it_lacks_and_keeps_what_it_doesn_t_know() {
        let stored = json!({
            "generation": 7,
            "holidays": ["2027-01-01"],
            "codes": [{ "code": "LITTER", "points": 5, "colour": "red", "labels": { "ko": "꽁초", "en": "Litter", "ja": "" } }],
        });
        let rules: Rules = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!((rules.generation, rules.levels.clone()), (7, Rules::default().levels));
        assert_eq!(rules.points_of("LITTER".parse().unwrap()), Some(points(5)));
        assert_eq!(rules.points_of(PenaltyCode::BASIC), None, "the set has other codes");
        let written = serde_json::to_value(&rules).unwrap();
        assert_eq!(written["holidays"], stored["holidays"]);
        assert_eq!(written["codes"][0]["colour"], stored["codes"][0]["colour"]);
        assert_eq!(written["codes"][0]["labels"], stored["codes"][0]["labels"]);
        assert_eq!(serde_json::from_value::<Rules>(json!({})).unwrap(), Rules::default());
        let default = serde_json::to_value(Rules::default()).unwrap();
        assert_eq!(serde_json::from_value::<Rules>(default).unwrap(), Rules::default());
    }

    #[test]
    fn a_retired_code_or_ground_isn_t_in_use() {
        let mut rules = Rules::default();
        rules.codes[1].retired = true;
        rules.grounds[0].retired = true;
        assert_eq!((rules.points_of(PenaltyCode::REPEAT), rules.ground(Ground::EDUCATION)), (None, None));
        assert_eq!(rules.codes_in_use().count(), 2);
    }

    #[test]
    fn points_last_until_the_end_of_a_month() {
        let now = "2026-11-30T15:00:00Z".parse().unwrap();
        let of = |expiry_months| Rules { expiry_months, ..Rules::default() }.last_day(now).to_string();
        assert_eq!(of(None), "never");
        assert_eq!(of(Some(12)), "2027-12-31", "in Seoul it is December already");
        assert_eq!(of(Some(600)), "2031-12-31", "at most 60 months");
    }

    #[test]
    fn a_day_earns_at_most_the_cap_and_always_what_staff_chose() {
        let capped = Rules { daily_cap: Points::new(250).ok(), ..Rules::default() };
        for (rules, visits, chosen, expected) in [
            (&Rules::default(), 3, 50, 350),
            (&capped, 2, 0, 200),
            (&capped, 3, 0, 250),
            (&capped, 3, 100, 250),
            (&capped, 1, 900, 900),
        ] {
            assert_eq!(rules.earned_in_day(visits, chosen), expected, "{visits} {chosen}");
        }
    }

    #[test]
    fn whole_days_back_can_be_entered_and_nothing_ahead() {
        let now = "2026-11-20T05:00:00Z".parse().unwrap();
        let check = |at: &str| Rules::default().check_entry_days(at.parse().unwrap(), now);
        let refused = Err(Refusal::OutsideEntryDays { from: "2026-11-05T15:00:00Z".parse().unwrap(), until: now });
        assert_eq!((check("2026-11-05T15:00:00Z"), check("2026-11-20T05:00:00Z")), (Ok(()), Ok(())));
        assert_eq!((check("2026-11-05T14:59:59.999Z"), check("2026-11-20T05:00:00.001Z")), (refused.clone(), refused));
    }

    #[test]
    fn each_role_has_its_void_window_and_managers_have_none() {
        let rules = Rules { supervisor_void_window_minutes: Some(60), ..Rules::default() };
        let recorded: DateTime<Utc> = "2026-11-20T01:00:00Z".parse().unwrap();
        let check = |role, minutes| rules.check_void_window(role, recorded, recorded + TimeDelta::minutes(minutes));
        let until = |minutes| recorded + TimeDelta::minutes(i64::from(minutes));
        let passed = |minutes, needed| Err(Refusal::VoidWindowPassed { minutes, until: until(minutes), needed });
        assert_eq!((check(Role::Staff, 15), check(Role::Supervisor, 60)), (Ok(()), Ok(())));
        assert_eq!(check(Role::Staff, 16), passed(15, Role::Supervisor));
        assert_eq!(
            (check(Role::Staff, 61), check(Role::Supervisor, 61)),
            (passed(15, Role::Manager), passed(60, Role::Manager))
        );
        assert_eq!(check(Role::Manager, 1_000_000), Ok(()));
        assert!(!Rules::default().void_window_passed(Role::Supervisor, recorded, recorded + TimeDelta::days(900)));
    }
}
