//! Reads the tables that are written in Korean: records, the moment at which is asked, and the answer.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use nosmoke_domain::days::{Days, seoul_midnight};
use nosmoke_domain::fact::{
    Draft, Earned, Hash, LevelsRevised, Novelty, Origin, Payload, PaymentVoided, PenaltyDeducted,
    PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided, Recorded, Recorder, seal,
};
use nosmoke_domain::fold::fold;
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::lots::LastDay;
use nosmoke_domain::pay::pay;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::{Level, Levels, Prohibit, Rules};
use nosmoke_domain::words::{Ground, PenaltyCode, Standing, VoidReason};
use uuid::Uuid;

/// The incarnation that records everything.
pub(crate) const HERE: Uuid = Uuid::from_u128(0xa);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Standing(i128, Standing),
    /// The balance, the lots that aren't over, and what expired by its last day.
    Balance(i128, Vec<(LastDay, Points)>, Vec<(NaiveDate, i128)>),
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) facts: Vec<Recorded>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) then: Answer,
}

/// Reads all rows of all tables.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| 기록");
    text.lines().filter(is_row).map(row).collect()
}

fn row(text: &str) -> Row {
    let cells: Vec<&str> = text.trim_matches('|').split('|').map(str::trim).collect();
    let [given, when, then] = cells[..] else { panic!("three cells: {text}") };
    let mut history = Records { facts: Vec::new(), levels: Rules::default().levels, rules: 1 };
    given.split(';').for_each(|record| history.record(record.trim()));
    Row { text: text.to_owned(), facts: history.facts, at: moment(when), then: answer(then) }
}

fn number<T: std::str::FromStr>(text: &str, unit: &str) -> T {
    let digits = text.strip_suffix(unit).unwrap_or_else(|| panic!("{unit} is missing: {text}"));
    digits.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

fn points(text: &str, unit: &str) -> Points {
    Points::new(number(text, unit)).unwrap()
}

/// `11-01` (of 2026) or `27-11-01`.
fn date(text: &str) -> NaiveDate {
    let whole = if text.len() == 5 { format!("2026-{text}") } else { format!("20{text}") };
    whole.parse().unwrap_or_else(|_| panic!("no date: {text}"))
}

/// `27-03`: the last day of March 2027.
fn month(text: &str) -> NaiveDate {
    date(&format!("{text}-01")).checked_add_months(Months::new(1)).unwrap().pred_opt().unwrap()
}

/// A date, with a time or at noon.
fn moment(text: &str) -> DateTime<Utc> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "12:00"));
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    seoul_midnight(date(day)) + time.signed_duration_since(NaiveTime::MIN)
}

fn answer(text: &str) -> Answer {
    let (main, expired) = text.split_once("; 만료 ").unwrap_or((text, ""));
    let (first, rest) = main.split_once(' ').unwrap_or((main, ""));
    if let Some(outstanding) = first.strip_suffix('점') {
        let standing = match rest {
            "가능" => Standing::Allowed,
            "주의" => Standing::Warned,
            "금지" => Standing::Prohibited,
            other => panic!("no standing: {other}"),
        };
        return Answer::Standing(outstanding.parse().unwrap(), standing);
    }
    let parts = |text: &str| -> Vec<(String, String)> {
        let part = |part: &str| part.split_once(' ').map(|(one, two)| (one.to_owned(), two.to_owned())).unwrap();
        text.split(", ").filter(|text| !text.is_empty()).map(part).collect()
    };
    let last_day = |text: &str| if text == "무기한" { LastDay::Never } else { LastDay::On(month(text)) };
    let lots = parts(rest.trim_matches(['(', ')']));
    Answer::Balance(
        number(first, "P"),
        lots.iter().map(|(last, amount)| (last_day(last), points(amount, "P"))).collect(),
        parts(expired).iter().map(|(last, amount)| (month(last), number(amount, "P"))).collect(),
    )
}

struct Records {
    facts: Vec<Recorded>,
    levels: Levels,
    rules: u64,
}

impl Records {
    fn record(&mut self, text: &str) {
        let words: Vec<&str> = text.split(' ').collect();
        if words[0] == "기준" {
            self.rules = words.get(2).map_or(1, |generation| number(generation, "세대"));
            self.levels = levels(words[1]);
            return;
        }
        let with_time = words.get(1).is_some_and(|word| word.contains(':'));
        let at = moment(&words[..if with_time { 2 } else { 1 }].join(" "));
        let what = &words[if with_time { 2 } else { 1 }..];
        // Of several records of one moment the one written first comes first.
        let at = at + TimeDelta::milliseconds(i64::try_from(self.facts.len()).unwrap());
        let payload = self.payload(at, what);
        if let Some(payload) = payload {
            self.add(at, payload);
        }
    }

    fn payload(&self, at: DateTime<Utc>, what: &[&str]) -> Option<Payload> {
        let next = Uuid::from_u128(0x100 + self.facts.len() as u128);
        let (levels, reason) = (self.levels.clone(), VoidReason::MISTAKEN);
        let of = |name: &str| Uuid::from_u128(u128::from(u32::from(name.chars().next().unwrap())));
        Some(match *what {
            ["기준개정"] => LevelsRevised { levels }.into(),
            ["적립", amount, ref until @ ..] => {
                let last = until.first().map(|until| LastDay::On(month(until.trim_start_matches('~'))));
                let (earning_id, visit_id, points) = (next.into(), next.into(), points(amount, ""));
                Earned { earning_id, visit_id, points, expires_on: last.unwrap_or(LastDay::Never) }.into()
            }
            ["결제", amount, ref refused @ ..] => {
                let account: Account = fold(&self.facts);
                let ids = (next.into(), next.into());
                let paid = pay(&account.summary(HERE.into(), at), points(amount, ""), ids, None);
                assert_eq!(paid.is_err(), *refused == ["거절"], "{what:?}: {paid:?}");
                paid.ok()?.into()
            }
            ["결제취소"] => {
                let made = self.facts.iter().rev().find_map(|it| match &it.fact.payload {
                    Payload::Paid(paid) => Some(paid.payment_id()),
                    _ => None,
                });
                PaymentVoided { payment_id: made.unwrap(), reason }.into()
            }
            [name, "취소"] => PenaltyVoided { penalty_id: of(name).into(), reason, levels }.into(),
            [name, "차감", amount] => PenaltyDeducted {
                deduction_id: next.into(),
                penalty_id: of(name).into(),
                points: points(amount, ""),
                ground: Ground::SERVICE,
                once: false,
                price: None,
                note_id: None,
                levels,
            }
            .into(),
            [name, "차감취소"] => {
                let made = self.facts.iter().rev().find_map(|it| match &it.fact.payload {
                    Payload::PenaltyDeducted(p) if p.penalty_id == of(name).into() => Some(p.deduction_id),
                    _ => None,
                });
                let (penalty_id, deduction_id) = (of(name).into(), made.unwrap());
                PenaltyDeductionVoided { penalty_id, deduction_id, reason, levels }.into()
            }
            [name, amount, ref lapse @ ..] => {
                let (penalty_id, points) = (of(name).into(), points(amount, "점"));
                let mut imposed = PenaltyImposed::new(penalty_id, next.into(), points, PenaltyCode::BASIC, levels);
                imposed.lapse = match *lapse {
                    [] => None,
                    ["고정", days] => Some(Lapse { days: days_of(days), how: How::Fixed }),
                    ["연속", days] => Some(Lapse { days: days_of(days), how: How::Quiet }),
                    _ => panic!("no lapse: {lapse:?}"),
                };
                imposed.into()
            }
            _ => panic!("no record: {what:?}"),
        })
    }

    fn add(&mut self, occurred_at: DateTime<Utc>, payload: Payload) {
        let number = Uuid::from_u128(self.facts.len() as u128 + 1);
        let draft = Draft {
            event_id: number.into(),
            customer_id: Uuid::from_u128(0xc0).into(),
            occurred_at,
            recorded_at: occurred_at,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: self.rules,
            traceparent: None,
            payload,
        };
        let origin = Origin { facility_id: HERE.into(), terminal_id: HERE.into(), incarnation: HERE.into() };
        let sealed = seal(draft, origin, 1, Hash::ZERO, Vec::new());
        self.facts.push(Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::New });
        assert!((2026..2036).contains(&occurred_at.year()));
    }
}

fn days_of(text: &str) -> Days {
    Days::new(number(text, "일")).unwrap()
}

/// `20/40:7일,80`: warned from 20, prohibited from 40 for 7 days, from 80 without an end.
fn levels(text: &str) -> Levels {
    let (warn_at, prohibit) = text.split_once('/').unwrap();
    let level = |text: &str| {
        let (at, days) = text.split_once(':').map_or((text, None), |(at, days)| (at, Some(days_of(days))));
        Level { at: points(at, ""), days }
    };
    let prohibit = Prohibit::try_from(prohibit.split(',').map(level).collect::<Vec<_>>()).unwrap();
    Levels { warn_at: points(warn_at, ""), prohibit }
}
