//! Made-up names, phones and cards.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::draw::Draw;

/// The most frequent surnames, each as often as its frequency requires.
const SURNAMES: &str = "김김김김김김김김김김이이이이이이이박박박박최최최정정정강강조조윤윤장장임임한오서신권황안송전홍유고문양손배백허\
                        남심노하곽성차주우구민진나지엄채원천방공현함변염추도석";
const RARE_SURNAMES: [&str; 4] = ["선우", "남궁", "황보", "제갈"];
const GIVEN: &str = "민준서준도윤예준시우하준지호주원지후준우도현건우우진현우지훈유준연우민재현준은우정우승우시윤준서유찬이준지환승현\
                     시현진우수현민성승민준혁재윤한결윤우태윤영수영호영철정훈성호상훈성민동현재현준영경수광수병철기영태호진호종수상철\
                     서연서윤지우서현하은하윤민서지유윤서채원수아지민지아지윤다은은서예은소율예린수빈소윤유진수연채은지원혜진은정미경\
                     영희정숙미숙은주현정은영선영지영수진지혜민지유나보람가람나래슬기아름";
const SINGLE_GIVEN: [&str; 8] = ["솔", "준", "훈", "빈", "결", "산", "별", "린"];
const FROM_ABROAD: [&str; 8] = [
    "Nguyen Van An",
    "Emma Clark",
    "王 小明",
    "田中 健",
    "Batbayar Tömör",
    "José García",
    "Anna Kowalska",
    "Mohammed Al-Rashid",
];

/// A customer's details as they were typed at the desk.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) card: Option<String>,
}

pub(super) fn person(draw: &mut Draw, ordinal: usize, registered_at: DateTime<Utc>) -> Person {
    if draw.per_mille(8) {
        // A walk-in who hasn't been named yet.
        return Person { name: None, phone: None, card: None };
    }
    let name = name(draw);
    // The number blocks 010-0 and 010-1 aren't assigned to anybody.
    let phone = (!draw.per_mille(70)).then(|| format!("010-{:04}-{:04}", draw.from(0, 2000), draw.from(0, 10_000)));
    let date = registered_at + TimeDelta::hours(9);
    let card =
        (!draw.per_mille(220)).then(|| format!("NS-{:02}{:02}-{:04}", date.year() % 100, date.month(), ordinal + 1));
    Person { name: Some(name), phone, card }
}

fn name(draw: &mut Draw) -> String {
    if draw.per_mille(6) {
        return draw.of(&FROM_ABROAD, "").to_owned();
    }
    let mut name = if draw.per_mille(8) {
        draw.of(&RARE_SURNAMES, "").to_owned()
    } else {
        let place = draw.index(SURNAMES.chars().count());
        SURNAMES.chars().skip(place).take(1).collect()
    };
    if draw.per_mille(15) {
        name.push_str(draw.of(&SINGLE_GIVEN, ""));
    } else {
        let place = draw.index(GIVEN.chars().count() / 2);
        name.extend(GIVEN.chars().skip(2 * place).take(2));
    }
    name
}
