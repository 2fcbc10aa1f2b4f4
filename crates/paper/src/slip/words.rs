//! The words of all slips, in both languages. The other texts of a slip come from the facility: names, notes and its own words.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::point::Notice;
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::contract::Language;
use nosmoke_ports::slips::Whose;

/// Makes an enumeration whose members each have a Korean and an English text.
macro_rules! words {
    ($($name:ident: $ko:literal, $en:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Word { $($name),+ }

        impl Word {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            pub(super) const fn in_language(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Ko) => $ko, (Self::$name, Language::En) => $en,)+
                }
            }
        }
    };
}

words! {
    ReceiptTitle: "결제 영수증", "Receipt";
    PenaltyTitle: "패널티 안내", "Penalty notice";
    CardTitle: "고객 카드", "Customer card";
    BalanceTitle: "잔액 안내", "Balance";
    TestTitle: "시험 인쇄", "Test print";
    Customer: "고객", "Customer";
    Number: "번호", "No.";
    At: "일시", "Time";
    Staff: "담당", "Served by";
    Paid: "결제", "Paid";
    BalanceLeft: "잔액", "Balance";
    BalanceAfter: "결제 후 잔액", "Balance after";
    Note: "메모", "Note";
    Voided: "취소된 결제입니다", "This payment was voided";
    VoidedPenalty: "취소된 패널티입니다", "This penalty was voided";
    LackingLetters: "‘?’는 인쇄할 수 없는 글자입니다.", "'?' stands for letters that can't be printed.";
    Reprinted: "다시 인쇄", "Reprint";
    Reason: "사유", "Reason";
    Place: "장소", "Place";
    Imposed: "패널티", "Penalty";
    PenaltyPoints: "패널티 합계", "Penalty points";
    State: "상태", "Status";
    Allowed: "흡연 가능", "Allowed";
    Warned: "경고", "Warned";
    Prohibited: "흡연 금지", "Prohibited";
    WalkIn: "손님", "Walk-in";
    Basic: "비흡연구역 흡연", "Smoking outside an area";
    Repeat: "반복", "Repeated";
    Aggravated: "가중", "Aggravated";
    LiftedOn: "풀리는 날", "Lifted on";
    AppealTitle: "이의가 있으면", "To appeal";
    AppealHow: "이 안내문을 가지고 데스크로 오시면 책임자가 기록을 확인합니다. 이의가 인정되면 패널티를 차감합니다.",
        "Bring this notice to the desk. A supervisor checks the record. If your appeal is accepted, the penalty is deducted.";
    CardHint: "체크인과 결제할 때 보여 주세요.", "Show this card to check in or pay.";
    TestHint: "왼쪽 끝과 오른쪽 끝의 글자가 모두 보이고 한글이 바르면 설정이 맞습니다.",
        "The setting is right if both ends of each line can be read and the Korean is right.";
    TestLeft: "왼쪽", "Left";
    TestRight: "오른쪽", "Right";
}

pub(super) const fn standing(standing: Standing) -> Word {
    match standing {
        Standing::Allowed => Word::Allowed,
        Standing::Warned => Word::Warned,
        Standing::Prohibited => Word::Prohibited,
    }
}

/// The name of a code that the facility's rules don't name.
pub(super) fn code(code: PenaltyCode, language: Language) -> String {
    let word = match code {
        PenaltyCode::BASIC => Word::Basic,
        PenaltyCode::REPEAT => Word::Repeat,
        PenaltyCode::AGGRAVATED => Word::Aggravated,
        _ => return code.as_str().to_owned(),
    };
    word.in_language(language).to_owned()
}

pub(super) fn whose(whose: &Whose, language: Language) -> String {
    match whose {
        Whose::Named(name) => name.clone(),
        Whose::WalkIn { tag } => format!("{} {tag}", Word::WalkIn.in_language(language)),
    }
}

/// `1,240 P`, with a space that doesn't break.
pub(super) fn points(amount: i128) -> String {
    format!("{}\u{a0}P", grouped(amount))
}

pub(super) fn penalty_points(amount: i128, language: Language) -> String {
    match language {
        Language::Ko => format!("{}점", grouped(amount)),
        Language::En if amount == 1 => "1\u{a0}point".to_owned(),
        Language::En => format!("{}\u{a0}points", grouped(amount)),
    }
}

/// Groups the digits by three. A receipt printer's code page may have no typographic minus, so it is a hyphen.
fn grouped(amount: i128) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = String::from(if amount < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2026-12-02 17:05` in Korea.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    let there = at.naive_utc().checked_add_signed(TimeDelta::hours(9)).unwrap_or(at.naive_utc());
    format!("{} {:02}:{:02}", seoul_date(at), there.hour(), there.minute())
}

pub(super) fn day(date: NaiveDate, language: Language) -> String {
    match language {
        Language::Ko => format!("{}년 {}월 {}일", date.year(), date.month(), date.day()),
        Language::En => date.format("%-d %B %Y").to_string(),
    }
}

pub(super) fn notice(notice: Notice, language: Language) -> String {
    match (notice, language) {
        (Notice::PointsExpire { last_day, points: amount, .. }, Language::Ko) => {
            format!("{}까지 쓰지 않으면 {}가 만료됩니다.", day(last_day, language), points(amount))
        }
        (Notice::PointsExpire { last_day, points: amount, .. }, Language::En) => {
            format!("{} will expire unless used by {}.", points(amount), day(last_day, language))
        }
        (Notice::BanEnds { on }, Language::Ko) => format!("흡연 금지가 {}에 풀립니다.", day(on, language)),
        (Notice::BanEnds { on }, Language::En) => format!("Your ban ends on {}.", day(on, language)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_both_languages() {
        for word in Word::ALL {
            let (ko, en) = (word.in_language(Language::Ko), word.in_language(Language::En));
            assert!(ko.chars().any(|c| ('가'..='힣').contains(&c)), "{word:?}: {ko}");
            assert!(!en.is_empty() && en.is_ascii(), "{word:?}: {en}");
        }
    }

    #[test]
    fn amounts_are_grouped_and_keep_their_unit() {
        assert_eq!(points(0), "0\u{a0}P");
        assert_eq!(points(999), "999\u{a0}P");
        assert_eq!(points(1_000), "1,000\u{a0}P");
        assert_eq!(points(-1_234_567), "-1,234,567\u{a0}P");
        assert_eq!(penalty_points(1, Language::En), "1\u{a0}point");
        assert_eq!(penalty_points(12, Language::En), "12\u{a0}points");
        assert_eq!(penalty_points(12, Language::Ko), "12점");
    }

    #[test]
    fn times_and_days_are_those_of_korea() {
        let at = "2026-12-31T15:04:59Z".parse().unwrap();
        assert_eq!(moment(at), "2027-01-01 00:04");
        let date = NaiveDate::from_ymd_opt(2027, 1, 5).unwrap();
        assert_eq!(day(date, Language::Ko), "2027년 1월 5일");
        assert_eq!(day(date, Language::En), "5 January 2027");
    }

    #[test]
    fn a_notice_says_what_happens_and_when() {
        let last_day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        let expires = Notice::PointsExpire { last_day, days_left: 29, before_days: 30, points: 1_200 };
        assert_eq!(notice(expires, Language::Ko), "2026년 12월 31일까지 쓰지 않으면 1,200\u{a0}P가 만료됩니다.");
        assert_eq!(notice(expires, Language::En), "1,200\u{a0}P will expire unless used by 31 December 2026.");
        let ends = Notice::BanEnds { on: last_day };
        assert_eq!(notice(ends, Language::Ko), "흡연 금지가 2026년 12월 31일에 풀립니다.");
        assert_eq!(notice(ends, Language::En), "Your ban ends on 31 December 2026.");
    }
}
