//! Tests that read slips back from the bytes for the printer: text, pictures and codes.

mod decoder;
mod letters;

use chrono::NaiveDate;
use nosmoke_domain::point::Notice;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::contract::{HangulPrint, Language, Roll};
use nosmoke_ports::slips::{
    Balance, Card, Heading, PenaltyNotice, Receipt, SlipContent, StandingThen, TestPrint, Whose,
};
use rxing::BarcodeFormat;

use crate::drawing::{Dots, Picture, line_height};
use crate::escpos::{Paper, bytes, dots};
use crate::layout::fit;
use crate::slip::{Align, Block, Size, Slip, Style, slip};
use decoder::{Printed, print};

const ROLLS: [Roll; 2] = [Roll::Mm58, Roll::Mm80];

fn heading(language: Language) -> Heading {
    Heading {
        language,
        facility: "한빛 흡연구역".into(),
        at: "2026-12-02T08:05:00Z".parse().unwrap(),
        customer: Whose::Named("추○람".into()),
        staff: Some("김민수".into()),
        reprint: true,
    }
}

fn receipt(language: Language) -> Receipt {
    let last_day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
    Receipt {
        heading: heading(language),
        number: "3F2A-91C0".into(),
        points: Points::new(1_200).unwrap(),
        balance: 34_560,
        note: Some("커피 두 잔\n쟁반은 돌려받음".into()),
        voided: false,
        notices: vec![
            Notice::BanEnds { on: last_day },
            Notice::PointsExpire { last_day, days_left: 29, before_days: 30, points: 500 },
        ],
    }
}

fn penalty(language: Language) -> PenaltyNotice {
    PenaltyNotice {
        heading: heading(language),
        number: "77B1-0D42".into(),
        code: PenaltyCode::BASIC,
        code_name: None,
        place: Some("정문 앞".into()),
        points: Points::new(10).unwrap(),
        then: StandingThen {
            penalty_points: 30,
            standing: Standing::Prohibited,
            lifted_on: NaiveDate::from_ymd_opt(2027, 1, 5),
        },
        note: None,
        voided: false,
    }
}

fn card(number: &str) -> Slip {
    let card = Card {
        language: Language::Ko,
        facility: "한빛".into(),
        customer: Whose::Named("추가람".into()),
        number: number.into(),
    };
    slip(&SlipContent::Card(card)).unwrap()
}

fn balance(language: Language) -> Balance {
    let then = StandingThen { penalty_points: 1, standing: Standing::Warned, lifted_on: None };
    Balance { heading: heading(language), balance: -120, then, notices: Vec::new() }
}

fn laid_out(content: SlipContent) -> Slip {
    slip(&content).unwrap()
}

fn all_slips() -> Vec<Slip> {
    let languages = [Language::Ko, Language::En];
    let of = |language| {
        let test = TestPrint { language, at: "2026-12-02T08:05:00Z".parse().unwrap() };
        [
            SlipContent::Receipt(receipt(language)),
            SlipContent::Penalty(penalty(language)),
            SlipContent::Balance(balance(language)),
            SlipContent::Test(test),
        ]
        .map(laid_out)
    };
    languages.into_iter().flat_map(of).chain([card("22040391")]).collect()
}

/// Prints a slip on a roll of paper.
fn printed(slip: &Slip, roll: Roll, hangul: HangulPrint) -> Vec<Printed> {
    let (printed, state) = print(&bytes(slip, Paper { roll, hangul }), dots(roll));
    assert_eq!(state, decoder::State::default(), "the next program finds the printer as if switched on");
    assert_eq!(printed.iter().filter(|it| **it == Printed::Cut).count(), 1);
    assert_eq!(printed.last(), Some(&Printed::Cut), "nothing stands behind the cut");
    printed
}

fn printed_picture(slip: &Slip, roll: Roll) -> Picture {
    let printed = printed(slip, roll, HangulPrint::Picture);
    let [Printed::Picture(picture), Printed::Cut] = printed.as_slice() else { panic!("{printed:?}") };
    picture.clone()
}

/// The texts of the lines of normal size with the rows at which they begin, from the blocks alone.
fn expected(slip: &Slip, roll: Roll) -> Vec<(usize, bool, Vec<String>)> {
    let mut top = 0;
    let mut lines = Vec::new();
    let plain = |text: &str| text.replace('\u{a0}', " ");
    for block in fit(&slip.blocks, &Dots, dots(roll)) {
        match block {
            Block::Text { text, style } => {
                if style.size == Size::Normal {
                    lines.push((top, style.bold, vec![plain(&text)]));
                }
                top += usize::from(line_height(style.size));
            }
            Block::Pair { label, value, bold } => {
                lines.push((top, bold, vec![plain(&label), plain(&value)]));
                top += usize::from(line_height(Size::Normal));
            }
            Block::Rule | Block::Gap => top += 16,
            // Codes come last on every slip but the card, whose texts above the codes are enough.
            Block::Code(_) => break,
        }
    }
    lines
}

#[test]
fn pictures_read_back_as_the_text_of_the_slip() {
    for slip in all_slips() {
        for roll in ROLLS {
            let picture = printed_picture(&slip, roll);
            for (top, bold, mut texts) in expected(&slip, roll) {
                let mut read = letters::read(&picture, top, bold);
                // Where label and value come close, they read as one text.
                if read.len() != texts.len() {
                    (read, texts) = (vec![read.concat()], vec![texts.concat()]);
                    read.iter_mut().chain(&mut texts).for_each(|text| text.retain(|c| c != ' '));
                }
                assert_eq!(read, texts, "{roll:?}");
            }
        }
    }
}

#[test]
fn no_text_is_cut_at_the_edge() {
    let mut slip = Slip::default();
    slip.text(&"뷁WM똠".repeat(40), Style::PLAIN);
    slip.text(&"가나다".repeat(20), Style::TITLE);
    slip.pair("이름", &"남궁".repeat(30));
    for roll in ROLLS {
        let before: usize = fit(&slip.blocks, &Dots, dots(roll)).len();
        let picture = printed_picture(&slip, roll);
        // The letters of all lines together are the text.
        let lines = expected(&slip, roll);
        let read: String = lines.iter().flat_map(|(top, bold, _)| letters::read(&picture, *top, *bold)).collect();
        assert_eq!(read, format!("{}이름{}", "뷁WM똠".repeat(40), "남궁".repeat(30)));
        assert!(before > 10);
    }
}

/// Reads a code of one kind from a picture.
fn code(picture: &Picture, format: BarcodeFormat) -> Option<String> {
    let dots = (0..picture.height()).flat_map(|y| (0..picture.width()).map(move |x| (x, y)));
    let luma = dots.map(|(x, y)| if picture.is_black(x, y) { 0 } else { 255 }).collect();
    let (width, height) = (u32::try_from(picture.width()).unwrap(), u32::try_from(picture.height()).unwrap());
    rxing::helpers::detect_in_luma(luma, width, height, Some(format)).ok().map(|read| read.getText().to_owned())
}

#[test]
fn the_codes_of_a_card_can_be_read() {
    let longest = "9".repeat(64);
    for number in ["22040391", "220403917", "AB-12 cd", "A0012345678", longest.as_str()] {
        for roll in ROLLS {
            let picture = printed_picture(&card(number), roll);
            assert_eq!(code(&picture, BarcodeFormat::QR_CODE).as_deref(), Some(number), "{roll:?}");
            let bars = code(&picture, BarcodeFormat::CODE_128);
            assert_eq!(bars.as_deref(), Some(number).filter(|_| number.len() < 64), "{roll:?}");
        }
    }
    // No bar code holds Hangul.
    let picture = printed_picture(&card("카드-7"), Roll::Mm58);
    assert_eq!(code(&picture, BarcodeFormat::QR_CODE).as_deref(), Some("카드-7"));
    assert_eq!(code(&picture, BarcodeFormat::CODE_128), None);
}

fn line(text: &str, align: u8, bold: bool, large: bool) -> Printed {
    Printed::Line { text: text.into(), align, bold, large }
}

#[test]
fn text_reads_back_from_the_printers_own_letters() {
    let printed = printed(&laid_out(SlipContent::Receipt(receipt(Language::Ko))), Roll::Mm58, HangulPrint::Cp949);
    let expected = [
        line("한빛 흡연구역", 1, false, false),
        line("결제 영수증", 1, true, true),
        line("(다시 인쇄)", 1, false, false),
        line(&"-".repeat(32), 0, false, false),
        line("일시            2026-12-02 17:05", 0, false, false),
        line("번호                   3F2A-91C0", 0, false, false),
        line("고객                      추○람", 0, false, false),
        line("담당                      김민수", 0, false, false),
        line(&"-".repeat(32), 0, false, false),
        line("결제                     1,200 P", 0, true, false),
        line("결제 후 잔액            34,560 P", 0, false, false),
        line("메모: 커피 두 잔", 0, false, false),
        line("쟁반은 돌려받음", 0, false, false),
        line(&"-".repeat(32), 0, false, false),
        line("* 흡연 금지가 2026년 12월 31일에", 0, false, false),
        line("풀립니다.", 0, false, false),
        line("* 2026년 12월 31일까지 쓰지", 0, false, false),
        line("않으면 500 P가 만료됩니다.", 0, false, false),
        Printed::Cut,
    ];
    assert_eq!(printed, expected);
}

#[test]
fn every_slip_is_text_that_fits_but_for_letters_the_printer_may_lack() {
    for slip in all_slips() {
        for roll in ROLLS {
            // The decoder refuses lines that are too wide and bytes of no letter.
            assert!(printed(&slip, roll, HangulPrint::Cp949).len() > 3);
        }
    }
    let mut slip = Slip::default();
    slip.text("김똠방", Style::PLAIN);
    slip.pair("고객", "Müller");
    slip.text("김민수", Style { align: Align::Right, ..Style::PLAIN });
    let printed = printed(&slip, Roll::Mm58, HangulPrint::Cp949);
    let [Printed::Picture(drawn), Printed::Line { text, align: 2, .. }, Printed::Cut] = printed.as_slice() else {
        panic!("{printed:?}")
    };
    assert_eq!(letters::read(drawn, 0, false), ["김똠방"]);
    assert_eq!(letters::read(drawn, letters::ROWS, false)[0], "고객");
    assert_eq!(text, "김민수");
}

#[test]
fn a_slip_names_a_walk_in_by_the_tag_and_a_code_by_the_facilitys_name() {
    let heading = Heading { customer: Whose::WalkIn { tag: "A1B2".into() }, ..heading(Language::Ko) };
    let content = PenaltyNotice { heading, code_name: Some("꽁초 투기".into()), ..penalty(Language::Ko) };
    let text = format!("{:?}", laid_out(SlipContent::Penalty(content)));
    assert!(text.contains("손님 A1B2") && text.contains("꽁초 투기") && !text.contains("비흡연구역"));
}

#[test]
fn a_voided_payment_says_so_and_shows_no_balance() {
    let slip = laid_out(SlipContent::Receipt(Receipt { voided: true, ..receipt(Language::En) }));
    let text = format!("{slip:?}");
    assert!(text.contains("This payment was voided"));
    assert!(!text.contains("34,560"));
}

#[test]
fn a_notice_of_a_penalty_says_how_to_appeal_unless_it_is_voided() {
    for language in [Language::Ko, Language::En] {
        let text = |content| format!("{:?}", laid_out(SlipContent::Penalty(content)));
        let appeal = match language {
            Language::Ko => "이의가 인정되면",
            Language::En => "If your appeal is accepted",
        };
        assert!(text(penalty(language)).contains(appeal));
        assert!(!text(PenaltyNotice { voided: true, ..penalty(language) }).contains(appeal));
    }
}
