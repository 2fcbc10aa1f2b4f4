//! Lays out each kind of slip.

use nosmoke_domain::point::Notice;
use nosmoke_ports::contract::Language;
use nosmoke_ports::slips::{Balance, Card, Heading, PenaltyNotice, Receipt, SlipContent, StandingThen, TestPrint};

use super::block::{Slip, Style};
use super::code::{Code, CodeTooLong};
use super::words::{Word, code, day, moment, notice, penalty_points, points, standing, whose};

/// Syllables of every printer, then some that only CP949 and pictures have.
const SAMPLE: &str = "가나다라 흡연구역 똠방각하 쾟 뷁";

/// Lays out a slip.
///
/// # Errors
/// `CodeTooLong` if a card's number fits no code.
pub fn slip(content: &SlipContent) -> Result<Slip, CodeTooLong> {
    Ok(match content {
        SlipContent::Receipt(content) => receipt(content),
        SlipContent::Penalty(content) => penalty(content),
        SlipContent::Card(content) => card(content)?,
        SlipContent::Balance(content) => balance(content),
        SlipContent::Test(content) => test_print(content),
    })
}

/// Returns the customer as a list of slips names them, masked; none for a card, which has the whole name, and a test print.
pub fn customer(content: &SlipContent) -> Option<String> {
    let of = |heading: &Heading| whose(&heading.customer, heading.language);
    match content {
        SlipContent::Receipt(content) => Some(of(&content.heading)),
        SlipContent::Penalty(content) => Some(of(&content.heading)),
        SlipContent::Balance(content) => Some(of(&content.heading)),
        SlipContent::Card(_) | SlipContent::Test(_) => None,
    }
}

/// The words of a slip in its language.
fn words(language: Language) -> impl Fn(Word) -> &'static str {
    move |word| word.in_language(language)
}

fn begin(heading: &Heading, title: Word, number: Option<&str>) -> Slip {
    let word = words(heading.language);
    let mut slip = Slip::new(heading.language);
    slip.text(&heading.facility, Style::CENTERED);
    slip.text(word(title), Style::TITLE);
    if heading.reprint {
        slip.text(&format!("({})", word(Word::Reprinted)), Style::CENTERED);
    }
    slip.rule();
    slip.pair(word(Word::At), &moment(heading.at));
    if let Some(number) = number {
        slip.pair(word(Word::Number), number);
    }
    slip.pair(word(Word::Customer), &whose(&heading.customer, heading.language));
    if let Some(staff) = &heading.staff {
        slip.pair(word(Word::Staff), staff);
    }
    slip.rule();
    slip
}

fn push_notices(slip: &mut Slip, notices: &[Notice], language: Language) {
    if !notices.is_empty() {
        slip.rule();
    }
    for each in notices {
        slip.text(&format!("* {}", notice(*each, language)), Style::PLAIN);
    }
}

fn push_note(slip: &mut Slip, note: Option<&str>, language: Language) {
    if let Some(note) = note {
        slip.text(&format!("{}: {note}", Word::Note.in_language(language)), Style::PLAIN);
    }
}

fn push_voided(slip: &mut Slip, says: Word, language: Language) {
    slip.text(says.in_language(language), Style { bold: true, ..Style::CENTERED });
}

fn push_standing(slip: &mut Slip, then: StandingThen, language: Language) {
    let word = words(language);
    slip.pair(word(Word::PenaltyPoints), &penalty_points(then.penalty_points, language));
    slip.bold_pair(word(Word::State), word(standing(then.standing)));
    if let Some(on) = then.lifted_on {
        slip.pair(word(Word::LiftedOn), &day(on, language));
    }
}

fn receipt(content: &Receipt) -> Slip {
    let Receipt { heading, number, .. } = content;
    let word = words(heading.language);
    let mut slip = begin(heading, Word::ReceiptTitle, Some(number));
    if content.voided {
        push_voided(&mut slip, Word::Voided, heading.language);
    }
    slip.bold_pair(word(Word::Paid), &points(content.points.sum()));
    // A voided payment gave its points back, so what was left after it says nothing.
    if !content.voided {
        slip.pair(word(Word::BalanceAfter), &points(content.balance));
    }
    push_note(&mut slip, content.note.as_deref(), heading.language);
    push_notices(&mut slip, &content.notices, heading.language);
    slip
}

fn penalty(content: &PenaltyNotice) -> Slip {
    let PenaltyNotice { heading, number, .. } = content;
    let word = words(heading.language);
    let mut slip = begin(heading, Word::PenaltyTitle, Some(number));
    if content.voided {
        push_voided(&mut slip, Word::VoidedPenalty, heading.language);
    }
    let reason = match &content.code_name {
        Some(name) => name.clone(),
        None => code(content.code, heading.language),
    };
    slip.pair(word(Word::Reason), &reason);
    if let Some(place) = &content.place {
        slip.pair(word(Word::Place), place);
    }
    slip.bold_pair(word(Word::Imposed), &penalty_points(content.points.sum(), heading.language));
    if !content.voided {
        push_standing(&mut slip, content.then, heading.language);
    }
    push_note(&mut slip, content.note.as_deref(), heading.language);
    if !content.voided {
        slip.rule();
        slip.text(word(Word::AppealTitle), Style::BOLD);
        slip.text(word(Word::AppealHow), Style::PLAIN);
    }
    slip
}

/// The bar code is left out where it can't hold the number, or is wider than the paper: the QR code always can.
fn card(content: &Card) -> Result<Slip, CodeTooLong> {
    let word = words(content.language);
    let mut slip = Slip::new(content.language);
    slip.text(&content.facility, Style::CENTERED);
    slip.text(word(Word::CardTitle), Style::TITLE);
    slip.text(&whose(&content.customer, content.language), Style { bold: true, ..Style::CENTERED });
    slip.gap();
    slip.code(Code::qr(&content.number)?);
    if let Ok(bars) = Code::bars(&content.number) {
        slip.code(bars);
    }
    slip.text(&content.number, Style::CENTERED);
    slip.gap();
    slip.text(word(Word::CardHint), Style::CENTERED);
    Ok(slip)
}

fn balance(content: &Balance) -> Slip {
    let heading = &content.heading;
    let mut slip = begin(heading, Word::BalanceTitle, None);
    slip.bold_pair(Word::BalanceLeft.in_language(heading.language), &points(content.balance));
    push_standing(&mut slip, content.then, heading.language);
    push_notices(&mut slip, &content.notices, heading.language);
    slip
}

fn test_print(content: &TestPrint) -> Slip {
    let word = words(content.language);
    let mut slip = Slip::new(content.language);
    slip.text(word(Word::TestTitle), Style::TITLE);
    slip.pair(word(Word::At), &moment(content.at));
    slip.rule();
    slip.pair(word(Word::TestLeft), word(Word::TestRight));
    slip.text(SAMPLE, Style::PLAIN);
    slip.text(SAMPLE, Style::BOLD);
    slip.text("ABC abc 0123456789 1,240 P", Style::PLAIN);
    slip.rule();
    slip.text(word(Word::TestHint), Style::PLAIN);
    for code in [Code::qr("NOSMOKE-12345678"), Code::bars("12345678")].into_iter().flatten() {
        slip.code(code);
    }
    slip
}
