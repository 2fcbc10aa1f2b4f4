//! The kinds of slips, each with its data.

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::point::Notice;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::Language;

use super::block::{Slip, Style};
use super::code::{Code, CodeTooLong};
use super::words::{Word, day, moment, notice, penalty_points, points, standing};

/// What every slip says first.
#[derive(Debug, Clone)]
pub struct Heading {
    pub language: Language,
    pub facility: String,
    /// When it happened or was read, not when it is printed.
    pub at: DateTime<Utc>,
    /// As it shall be printed.
    pub customer: String,
    /// Who recorded it; none if nobody was signed in.
    pub staff: Option<String>,
    /// Says that it was printed before.
    pub reprint: bool,
}

impl Heading {
    fn word(&self, word: Word) -> &'static str {
        word.in_language(self.language)
    }

    fn begin(&self, title: Word, number: Option<&str>) -> Slip {
        let mut slip = Slip::default();
        slip.text(&self.facility, Style::CENTERED);
        slip.text(self.word(title), Style::TITLE);
        if self.reprint {
            slip.text(&format!("({})", self.word(Word::Reprinted)), Style::CENTERED);
        }
        slip.rule();
        slip.pair(self.word(Word::At), &moment(self.at));
        if let Some(number) = number {
            slip.pair(self.word(Word::Number), number);
        }
        slip.pair(self.word(Word::Customer), &self.customer);
        if let Some(staff) = &self.staff {
            slip.pair(self.word(Word::Staff), staff);
        }
        slip.rule();
        slip
    }

    fn notices(&self, slip: &mut Slip, notices: &[Notice]) {
        if !notices.is_empty() {
            slip.rule();
        }
        for each in notices {
            slip.text(&format!("* {}", notice(*each, self.language)), Style::PLAIN);
        }
    }
}

#[derive(Debug, Clone)]
pub struct Receipt {
    pub heading: Heading,
    /// Tells payments apart on paper.
    pub number: String,
    pub points: Points,
    /// What was left right after the payment.
    pub balance: i128,
    pub note: Option<String>,
    pub voided: bool,
    /// What is about to expire or end.
    pub notices: Vec<Notice>,
}

impl Receipt {
    pub fn slip(&self) -> Slip {
        let heading = &self.heading;
        let mut slip = heading.begin(Word::ReceiptTitle, Some(&self.number));
        if self.voided {
            slip.text(heading.word(Word::Voided), Style { bold: true, ..Style::CENTERED });
        }
        slip.bold_pair(heading.word(Word::Paid), &points(self.points.sum()));
        // A voided payment gave its points back, so what was left after it says nothing.
        if !self.voided {
            slip.pair(heading.word(Word::BalanceAfter), &points(self.balance));
        }
        if let Some(note) = &self.note {
            slip.text(&format!("{}: {note}", heading.word(Word::Note)), Style::PLAIN);
        }
        heading.notices(&mut slip, &self.notices);
        slip
    }
}

#[derive(Debug, Clone)]
pub struct PenaltyNotice {
    pub heading: Heading,
    pub number: String,
    /// The code's name: words are the facility's own.
    pub reason: String,
    pub place: Option<String>,
    pub points: Points,
    /// All that counts, with this one.
    pub total: i128,
    pub standing: Standing,
    /// The day on which a ban ends by time alone.
    pub lifted_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub voided: bool,
    /// Where to ask, such as a telephone number or an office.
    pub contact: Option<String>,
}

impl PenaltyNotice {
    pub fn slip(&self) -> Slip {
        let heading = &self.heading;
        let mut slip = heading.begin(Word::PenaltyTitle, Some(&self.number));
        if self.voided {
            slip.text(heading.word(Word::VoidedPenalty), Style { bold: true, ..Style::CENTERED });
        }
        slip.pair(heading.word(Word::Reason), &self.reason);
        if let Some(place) = &self.place {
            slip.pair(heading.word(Word::Place), place);
        }
        slip.bold_pair(heading.word(Word::Imposed), &penalty_points(self.points.sum(), heading.language));
        slip.pair(heading.word(Word::PenaltyPoints), &penalty_points(self.total, heading.language));
        slip.bold_pair(heading.word(Word::State), heading.word(standing(self.standing)));
        if let Some(on) = self.lifted_on {
            slip.pair(heading.word(Word::LiftedOn), &day(on, heading.language));
        }
        if let Some(note) = &self.note {
            slip.text(&format!("{}: {note}", heading.word(Word::Note)), Style::PLAIN);
        }
        if !self.voided {
            slip.rule();
            slip.text(heading.word(Word::AppealTitle), Style::BOLD);
            slip.text(heading.word(Word::AppealHow), Style::PLAIN);
            if let Some(contact) = &self.contact {
                slip.pair(heading.word(Word::AppealContact), contact);
            }
        }
        slip
    }
}

#[derive(Debug, Clone)]
pub struct CustomerCard {
    pub language: Language,
    pub facility: String,
    pub customer: String,
    /// The card's number in the form in which it is kept.
    pub card: String,
}

impl CustomerCard {
    /// The bar code is left out where it can't hold the number, or is wider than the paper: the QR code always can.
    ///
    /// # Errors
    /// `CodeTooLong` if the number fits no QR code.
    pub fn slip(&self) -> Result<Slip, CodeTooLong> {
        let word = |word: Word| word.in_language(self.language);
        let mut slip = Slip::default();
        slip.text(&self.facility, Style::CENTERED);
        slip.text(word(Word::CardTitle), Style::TITLE);
        slip.text(&self.customer, Style { bold: true, ..Style::CENTERED });
        slip.gap();
        slip.code(Code::qr(&self.card)?);
        if let Ok(bars) = Code::bars(&self.card) {
            slip.code(bars);
        }
        slip.text(&self.card, Style::CENTERED);
        slip.gap();
        slip.text(word(Word::CardHint), Style::CENTERED);
        Ok(slip)
    }
}

#[derive(Debug, Clone)]
pub struct Balance {
    pub heading: Heading,
    pub balance: i128,
    pub penalty_points: i128,
    pub standing: Standing,
    pub notices: Vec<Notice>,
}

impl Balance {
    pub fn slip(&self) -> Slip {
        let heading = &self.heading;
        let mut slip = heading.begin(Word::BalanceTitle, None);
        slip.bold_pair(heading.word(Word::BalanceLeft), &points(self.balance));
        slip.pair(heading.word(Word::PenaltyPoints), &penalty_points(self.penalty_points, heading.language));
        slip.pair(heading.word(Word::State), heading.word(standing(self.standing)));
        heading.notices(&mut slip, &self.notices);
        slip
    }
}

/// Shows whether width and Korean are set as the printer needs them.
#[derive(Debug, Clone)]
pub struct TestPrint {
    pub language: Language,
    pub at: DateTime<Utc>,
}

impl TestPrint {
    /// Syllables of every printer, then some that only CP949 and pictures have.
    const SAMPLE: &str = "가나다라 흡연구역 똠방각하 쾟 뷁";

    pub fn slip(&self) -> Slip {
        let word = |word: Word| word.in_language(self.language);
        let mut slip = Slip::default();
        slip.text(word(Word::TestTitle), Style::TITLE);
        slip.pair(word(Word::At), &moment(self.at));
        slip.rule();
        slip.pair(word(Word::TestLeft), word(Word::TestRight));
        slip.text(Self::SAMPLE, Style::PLAIN);
        slip.text(Self::SAMPLE, Style::BOLD);
        slip.text("ABC abc 0123456789 1,240 P", Style::PLAIN);
        slip.rule();
        slip.text(word(Word::TestHint), Style::PLAIN);
        for code in [Code::qr("NOSMOKE-12345678"), Code::bars("12345678")].into_iter().flatten() {
            slip.code(code);
        }
        slip
    }
}
