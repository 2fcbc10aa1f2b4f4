//! What was found out can be chosen otherwise.

use nosmoke_ports::contract::{ColumnUse as Use, DuplicateBy, LineAction, LineChoice, ListEncoding};

use super::*;

fn with(text: impl AsRef<[u8]>, choices: ImportChoices) -> Vec<String> {
    written(&read_list(text.as_ref(), choices))
}

fn refused(choices: ImportChoices) -> ErrorCode {
    read_list(b"name\nA\n", choices).unwrap_err().code
}

#[test]
fn a_column_becomes_what_somebody_chose() {
    let text = "A,B,C,D\n가,010-1,02-2,NS-1\n나,,02-3,NS-2\n";
    let unknown = with(text, ImportChoices::default());
    assert_eq!(unknown, ["UTF-8 , 1: A=- B=- C=- D=-", "!missing_column name"]);
    let columns = Some(vec![Use::Name, Use::Phone, Use::Phone]);
    let chosen = with(text, ImportChoices { columns, ..ImportChoices::default() });
    assert_eq!(chosen, ["UTF-8 , 1: A=name B=phone C=phone D=-", "2 가/010-1", "3 나/02-3"]);
}

#[test]
fn a_column_tells_what_it_could_be_and_its_first_texts() {
    let file =
        read_customers("이름,회원번호,바코드,비고\n가,1,11,\n나,2,,x\n다,3,33,y\n라,4,44,z\n마,5,55,w\n".as_bytes())
            .unwrap();
    let told: Vec<_> = file.columns.iter().map(|it| (it.becomes, it.suggested, it.samples.join(" "))).collect();
    let expected = [
        (Use::Name, Use::Name, "가 나 다"),
        (Use::Card, Use::Card, "1 2 3"),
        (Use::Nothing, Use::Card, "11 33 44"),
        (Use::Nothing, Use::Nothing, "x y z"),
    ];
    assert_eq!(told, expected.map(|(becomes, suggested, samples)| (becomes, suggested, samples.to_owned())));
}

#[test]
fn a_list_without_a_header_is_read_from_its_first_line() {
    let columns = Some(vec![Use::Name, Use::Phone]);
    let choices = ImportChoices { header_line: Some(0), columns, ..ImportChoices::default() };
    assert_eq!(with("가,010-1\n나,010-2\n", choices), ["UTF-8 , 0: =name =phone", "1 가/010-1", "2 나/010-2"]);
    let text = "제목\n이름,전화\n가,010-1\n";
    let choices = ImportChoices { header_line: Some(1), columns: Some(vec![Use::Name]), ..ImportChoices::default() };
    assert_eq!(with(text, choices), ["UTF-8 , 1: 제목=name =-", "2 이름 !not_a_customer header", "3 가"]);
    assert_eq!(read_customers(text.as_bytes()).unwrap().titles, ["제목"]);
}

#[test]
fn encoding_and_delimiter_are_taken_as_chosen() {
    let choices = ImportChoices { encoding: Some(ListEncoding::Cp949), ..ImportChoices::default() };
    assert_eq!(with("name\n\u{e9}\n", choices)[0], "CP949 , 1: name=name");
    let choices = ImportChoices { delimiter: Some(";".into()), ..ImportChoices::default() };
    assert_eq!(with("이름,전화;카드\n가;1\n", choices)[0], "UTF-8 ; 1: 이름,전화=- 카드=card");
}

#[test]
fn zeros_are_put_back_as_chosen() {
    let text = "이름,전화,카드\n가,1012345678,391\n나,,00000392\n";
    assert_eq!(read_customers(text.as_bytes()).unwrap().card_digits_lost, Some(8));
    let choices = ImportChoices { phone_zeros: Some(false), card_digits: Some(8), ..ImportChoices::default() };
    let file = read_list(text.as_bytes(), choices).unwrap();
    assert_eq!((file.phone_zeros_lost, file.card_digits_lost), (1, Some(8)));
    assert_eq!(written(&Ok(file))[1..], ["2 가/1012345678/00000391(391)", "3 나//00000392"]);
}

#[test]
fn lines_are_skipped_or_added_as_chosen() {
    let text = "이름,전화\n가,010-1\n가,010-1\n합계,\n나,010-1\n";
    let line = |line, action| LineChoice { line, action };
    let lines = Some(vec![line(2, LineAction::Skip), line(4, LineAction::Add)]);
    let found = with(text, ImportChoices { lines, ..ImportChoices::default() });
    assert_eq!(found[1..], ["2 가/010-1 skipped", "3 가/010-1", "4 합계", "5 나/010-1"]);
    let by_phone = ImportChoices { duplicates_by: Some(DuplicateBy::Phone), ..ImportChoices::default() };
    assert_eq!(with(text, by_phone)[4], "5 나/010-1 = 2");
    let all = ImportChoices { duplicates: Some(LineAction::Add), ..ImportChoices::default() };
    let file = read_list(text.as_bytes(), all).unwrap();
    assert_eq!((file.rows[1].action, file.rows[1].duplicate_of.is_some()), (LineAction::Add, true));
}

#[test]
fn choices_that_the_list_does_not_have_are_refused() {
    assert_eq!(refused(ImportChoices { header_line: Some(9), ..ImportChoices::default() }), ErrorCode::InvalidInput);
    assert_eq!(
        refused(ImportChoices { delimiter: Some("x".into()), ..ImportChoices::default() }),
        ErrorCode::InvalidInput
    );
}
