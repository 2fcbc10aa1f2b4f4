//! A rule set as a form that a manager edits, and back.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use nosmoke_domain::lapse::Lapse;
use nosmoke_domain::rules::{
    CodeRule, GroundRule, Level, Levels, MAX_CODES, MAX_EXPIRY_MONTHS, MAX_PENALTY_POINTS, MAX_VISIT_POINTS, Prohibit,
    Rules,
};
use nosmoke_domain::words::{Ground, OpenWord, PenaltyCode, Role, Word};
use nosmoke_ports::contract::{CodeForm, GroundForm, LapseForm, LevelForm, RuleProblem, RuleProblemKind, RulesForm};

use super::fields::{Problems, named};

/// The most grounds of a set, retired ones included.
const MAX_GROUNDS: usize = 20;
const VISIT_POINTS: RangeInclusive<u64> = 1..=MAX_VISIT_POINTS;
const CODE_POINTS: RangeInclusive<u64> = 1..=MAX_PENALTY_POINTS;
const LEVEL_POINTS: RangeInclusive<u64> = 1..=100_000;
const LEVELS: RangeInclusive<u64> = 1..=Prohibit::MOST as u64;
const STAY_MINUTES: RangeInclusive<u64> = 1..=1_440;
const FORGOTTEN_HOURS: RangeInclusive<u64> = 1..=168;
const STALE_HOURS: RangeInclusive<u64> = 1..=8_760;
/// Ten years.
const DAYS: RangeInclusive<u64> = 1..=3_650;
const AFTERWARDS_DAYS: RangeInclusive<u64> = 1..=365;
const EXPIRY_MONTHS: RangeInclusive<u64> = 1..=MAX_EXPIRY_MONTHS as u64;
/// Up to a year.
const WINDOW_MINUTES: RangeInclusive<u64> = 1..=525_600;

/// Returns the form that shows a set.
pub(crate) fn form_of(rules: &Rules) -> RulesForm {
    let labels = |labels: &Option<nosmoke_domain::rules::Labels>| {
        labels.as_ref().map_or_else(Default::default, |labels| (labels.ko.clone(), labels.en.clone()))
    };
    let code = |rule: &CodeRule| {
        let (ko, en) = labels(&rule.labels);
        CodeForm { code: rule.code.to_string(), points: text(rule.points.get()), ko, en, retired: rule.retired }
    };
    let ground = |rule: &GroundRule| {
        let (ko, en) = labels(&rule.labels);
        let most = rule.most.map(|most| text(most.get()));
        let GroundRule { ground, takes, once, role, retired, .. } = rule;
        let (takes, once, role, retired) = (*takes, *once, (*role).max(lowest_role(*ground)), *retired);
        GroundForm { ground: ground.to_string(), takes, once, most, role, ko, en, retired }
    };
    let level = |level: &Level| LevelForm { at: text(level.at.get()), days: level.days.map(|days| text(days.get())) };
    RulesForm {
        points_per_visit: text(rules.points_per_visit.get()),
        daily_cap: rules.daily_cap.map(|cap| text(cap.get())),
        minimum_stay_minutes: rules.minimum_stay_minutes.map(text),
        forgotten_after_hours: text(rules.forgotten_after_hours),
        codes: rules.codes.iter().map(code).collect(),
        grounds: rules.grounds.iter().map(ground).collect(),
        warn_at: text(rules.levels.warn_at.get()),
        levels: rules.levels.prohibit.iter().map(level).collect(),
        lapse: rules.lapse.map(|lapse| LapseForm { days: text(lapse.days.get()), how: lapse.how }),
        expiry_months: rules.expiry_months.map(text),
        void_window_minutes: text(rules.void_window_minutes),
        supervisor_void_window_minutes: rules.supervisor_void_window_minutes.map(text),
        enter_afterwards_days: text(rules.enter_afterwards_days),
        stale_after_hours: text(rules.stale_after_hours),
        price_per_penalty_point: rules.price_per_penalty_point.map(|price| text(price.get())),
        unknown_areas_allowed: rules.unknown_areas_allowed,
    }
}

fn text(number: impl ToString) -> String {
    number.to_string()
}

/// The lowest role that may deduct on a ground, whatever the rules say.
fn lowest_role(ground: Ground) -> Role {
    if [Ground::APPEAL, Ground::WAIVER].contains(&ground) { Role::Supervisor } else { Role::Staff }
}

/// Parses a form as a change of the set `base`: unknown fields of `base` stay, and its codes and grounds that the form
/// lacks are retired.
///
/// # Errors
/// What is wrong with the fields.
pub(crate) fn parse(form: &RulesForm, base: &Rules) -> Result<Rules, Vec<RuleProblem>> {
    let mut problems = Problems::default();
    let it = &mut problems;
    let mut rules = base.clone();
    set(&mut rules.points_per_visit, it.points("pointsPerVisit", &form.points_per_visit, &VISIT_POINTS));
    rules.daily_cap = form.daily_cap.as_ref().and_then(|text| it.points("dailyCap", text, &VISIT_POINTS));
    rules.minimum_stay_minutes =
        form.minimum_stay_minutes.as_ref().and_then(|text| it.small("minimumStayMinutes", text, &STAY_MINUTES));
    set(
        &mut rules.forgotten_after_hours,
        it.small("forgottenAfterHours", &form.forgotten_after_hours, &FORGOTTEN_HOURS),
    );
    rules.codes = codes(it, &form.codes, &base.codes);
    rules.grounds = grounds(it, &form.grounds, &base.grounds);
    set(&mut rules.levels, levels(it, form));
    rules.lapse = form.lapse.as_ref().and_then(|lapse| {
        let days = it.days("lapse.days", &lapse.days, &DAYS)?;
        Some(Lapse { days, how: lapse.how })
    });
    rules.expiry_months = form.expiry_months.as_ref().and_then(|text| it.small("expiryMonths", text, &EXPIRY_MONTHS));
    set(&mut rules.void_window_minutes, it.small("voidWindowMinutes", &form.void_window_minutes, &WINDOW_MINUTES));
    rules.supervisor_void_window_minutes = form
        .supervisor_void_window_minutes
        .as_ref()
        .and_then(|text| it.small("supervisorVoidWindowMinutes", text, &WINDOW_MINUTES));
    set(
        &mut rules.enter_afterwards_days,
        it.small("enterAfterwardsDays", &form.enter_afterwards_days, &AFTERWARDS_DAYS),
    );
    set(&mut rules.stale_after_hours, it.small("staleAfterHours", &form.stale_after_hours, &STALE_HOURS));
    rules.price_per_penalty_point =
        form.price_per_penalty_point.as_ref().and_then(|text| it.points("pricePerPenaltyPoint", text, &VISIT_POINTS));
    rules.unknown_areas_allowed = form.unknown_areas_allowed;
    if problems.0.is_empty() { Ok(rules) } else { Err(problems.0) }
}

fn set<T>(field: &mut T, parsed: Option<T>) {
    if let Some(parsed) = parsed {
        *field = parsed;
    }
}

/// Parses the word of an entry; each may occur once.
fn word<W: From<Word>>(it: &mut Problems, field: String, text: &str, seen: &mut BTreeSet<String>) -> Option<W> {
    match text.trim().parse::<Word>() {
        _ if text.trim().is_empty() => it.add(field, RuleProblemKind::Empty),
        Ok(word) if seen.insert(word.to_string()) => return Some(word.into()),
        Ok(_) => it.add(field, RuleProblemKind::Taken),
        Err(_) => it.add(field, RuleProblemKind::NotAWord),
    }
    None
}

fn codes(it: &mut Problems, forms: &[CodeForm], base: &[CodeRule]) -> Vec<CodeRule> {
    let (mut codes, mut seen) = (Vec::new(), BTreeSet::new());
    for (index, form) in forms.iter().enumerate() {
        let path = format!("codes.{index}");
        let points = it.points(&format!("{path}.points"), &form.points, &CODE_POINTS);
        let code = word::<PenaltyCode>(it, format!("{path}.code"), &form.code, &mut seen);
        let is_known = form.code.trim().parse::<PenaltyCode>().is_ok_and(OpenWord::is_known);
        let names = it.labels(&path, (&form.ko, &form.en), is_known);
        if code == Some(PenaltyCode::BASIC) && form.retired {
            it.add(format!("{path}.retired"), RuleProblemKind::Needed);
        }
        let (Some(code), Some(points)) = (code, points) else { continue };
        let kept = base.iter().find(|rule| rule.code == code).cloned();
        let labels = named(kept.as_ref().and_then(|kept| kept.labels.clone()), names);
        let unknown = kept.map(|kept| kept.unknown).unwrap_or_default();
        codes.push(CodeRule { code, points, labels, retired: form.retired, unknown });
    }
    let lacking = base.iter().filter(|rule| !seen.contains(rule.code.as_str()));
    codes.extend(lacking.map(|rule| CodeRule { retired: true, ..rule.clone() }));
    if codes.len() > MAX_CODES {
        it.add_bounds("codes", RuleProblemKind::Count, &(1..=MAX_CODES as u64));
    }
    if !seen.contains(PenaltyCode::BASIC.as_str()) {
        it.add("codes", RuleProblemKind::Needed);
    }
    codes
}

fn grounds(it: &mut Problems, forms: &[GroundForm], base: &[GroundRule]) -> Vec<GroundRule> {
    let (mut grounds, mut seen) = (Vec::new(), BTreeSet::new());
    for (index, form) in forms.iter().enumerate() {
        let path = format!("grounds.{index}");
        let most = form.most.as_ref().map(|text| it.points(&format!("{path}.most"), text, &LEVEL_POINTS));
        let ground = word::<Ground>(it, format!("{path}.ground"), &form.ground, &mut seen);
        let is_known = form.ground.trim().parse::<Ground>().is_ok_and(OpenWord::is_known);
        let names = it.labels(&path, (&form.ko, &form.en), is_known);
        let Some(ground) = ground else { continue };
        let kept = base.iter().find(|rule| rule.ground == ground).cloned();
        let labels = named(kept.as_ref().and_then(|kept| kept.labels.clone()), names);
        let unknown = kept.map(|kept| kept.unknown).unwrap_or_default();
        let GroundForm { takes, once, retired, .. } = *form;
        let (role, most) = (form.role.max(lowest_role(ground)), most.flatten());
        grounds.push(GroundRule { ground, takes, once, most, role, labels, retired, unknown });
    }
    let lacking = base.iter().filter(|rule| !seen.contains(rule.ground.as_str()));
    grounds.extend(lacking.map(|rule| GroundRule { retired: true, ..rule.clone() }));
    if grounds.len() > MAX_GROUNDS {
        it.add_bounds("grounds", RuleProblemKind::Count, &(1..=MAX_GROUNDS as u64));
    }
    grounds
}

fn levels(it: &mut Problems, form: &RulesForm) -> Option<Levels> {
    let warn_at = it.points("warnAt", &form.warn_at, &LEVEL_POINTS);
    if !LEVELS.contains(&(form.levels.len() as u64)) {
        it.add_bounds("levels", RuleProblemKind::Count, &LEVELS);
        return None;
    }
    let mut levels: Vec<Level> = Vec::new();
    for (index, form) in form.levels.iter().enumerate() {
        let path = format!("levels.{index}");
        let at = it.points(&format!("{path}.at"), &form.at, &LEVEL_POINTS);
        let days = form.days.as_ref().map(|text| it.days(&format!("{path}.days"), text, &DAYS));
        let Some(at) = at else { continue };
        if levels.last().is_some_and(|before| at <= before.at) || warn_at.is_some_and(|warn_at| at < warn_at) {
            it.add(format!("{path}.at"), RuleProblemKind::NotAbove);
        }
        levels.push(Level { at, days: days.flatten() });
    }
    Some(Levels { warn_at: warn_at?, prohibit: Prohibit::try_from(levels).ok()? })
}

#[cfg(test)]
mod tests {
    use nosmoke_domain::rules::ReadRules;
    use serde_json::json;

    use super::*;

    fn kinds(form: &RulesForm, base: &Rules) -> Vec<(String, RuleProblemKind)> {
        parse(form, base).unwrap_err().into_iter().map(|problem| (problem.field, problem.kind)).collect()
    }

    #[test]
    fn a_form_gives_back_the_set_that_it_shows() {
        let own = json!({
            "generation": 4, "daily_cap": 300, "minimum_stay_minutes": 3, "expiry_months": 12, "holidays": [1],
            "lapse": { "days": 365, "how": "quiet" }, "supervisor_void_window_minutes": 600,
            "codes": [
                { "code": "BASIC", "points": 10, "colour": "red" },
                { "code": "LITTER", "points": 5, "labels": { "ko": "꽁초", "en": "Litter", "ja": "x" }, "retired": true },
            ],
            "levels": { "warn_at": 10, "prohibit": [{ "at": 40, "days": 7 }, { "at": 80, "days": null }] },
        });
        for rules in [Rules::default(), ReadRules::of(&own).unwrap().rules] {
            assert_eq!(parse(&form_of(&rules), &rules), Ok(rules));
        }
    }

    #[test]
    fn each_problem_names_its_field() {
        let base = Rules::default();
        let mut form = form_of(&base);
        form.points_per_visit = "1,000,001".into();
        form.daily_cap = Some(" ".into());
        form.codes[0].retired = true;
        form.codes[1].code = "BASIC".into();
        form.codes[2].en = "Only English".into();
        form.grounds[0].most = Some("half".into());
        form.levels = vec![LevelForm { at: "30".into(), days: None }, LevelForm { at: "30".into(), days: None }];
        form.expiry_months = Some("61".into());
        let expected = [
            ("pointsPerVisit", RuleProblemKind::OutOfRange),
            ("dailyCap", RuleProblemKind::Empty),
            ("codes.0.retired", RuleProblemKind::Needed),
            ("codes.1.code", RuleProblemKind::Taken),
            ("codes.2.ko", RuleProblemKind::Empty),
            ("grounds.0.most", RuleProblemKind::NotWhole),
            ("levels.1.at", RuleProblemKind::NotAbove),
            ("expiryMonths", RuleProblemKind::OutOfRange),
        ];
        assert_eq!(kinds(&form, &base), expected.map(|(field, kind)| (field.to_owned(), kind)));
    }

    #[test]
    fn published_codes_are_retired_and_never_removed_and_there_are_at_most_50() {
        let base = Rules::default();
        let mut form = form_of(&base);
        form.codes.truncate(1);
        form.grounds.clear();
        let rules = parse(&form, &base).unwrap();
        assert_eq!(rules.codes.iter().map(|code| code.retired).collect::<Vec<_>>(), [false, true, true]);
        assert!(rules.grounds.iter().all(|ground| ground.retired));
        let basic = form.codes[0].clone();
        let own = |number: u32| CodeForm {
            code: format!("OWN_{number}"),
            ko: "자체".into(),
            en: "Own".into(),
            ..basic.clone()
        };
        form.codes.extend((0..47).map(own));
        assert_eq!(parse(&form, &base).unwrap().codes.len(), 50);
        form.codes.push(own(47));
        assert_eq!(kinds(&form, &base), [("codes".to_owned(), RuleProblemKind::Count)]);
        form.codes.truncate(3);
        form.codes.remove(0);
        assert_eq!(kinds(&form, &base), [("codes".to_owned(), RuleProblemKind::Needed)]);
    }

    #[test]
    fn objections_and_waivers_stay_above_the_role_staff() {
        let base = Rules::default();
        let mut form = form_of(&base);
        form.grounds.iter_mut().for_each(|ground| ground.role = Role::Staff);
        let rules = parse(&form, &base).unwrap();
        assert_eq!(rules.ground(Ground::WAIVER).map(|rule| rule.role), Some(Role::Supervisor));
        assert_eq!(rules.ground(Ground::SERVICE).map(|rule| rule.role), Some(Role::Staff));
    }
}
