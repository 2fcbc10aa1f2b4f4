//! The names that columns have in other programs: spreadsheets, phone books, cash registers, mail services.

use std::collections::BTreeSet;

use nosmoke_ports::contract::ColumnUse;
use unicode_normalization::UnicodeNormalization;

/// The names of each use, in lower case and without anything but letters and digits; the better names come first, because
/// of several columns with the same use the one with the best name is read.
const NAMES: [(ColumnUse, &[&str]); 7] = [
    (
        ColumnUse::Name,
        &[
            "이름 성명 성함 실명 한글이름 한글성명 이름성명 성명이름 성명한글 이름한글 전체이름 표시이름 \
             표시명 name fullname displayname personname koreanname nameko namekr namekorean",
            "고객 회원 이용자 사용자이름 사용자명 직원명 사원명 학생명 가입자 방문자 방문객 손님 수령인 \
             수취인 받는분 받는사람 주문자 구매자 예약자 신청자 참가자 참석자 입주자 당첨자 customer \
             member client guest visitor contact recipient holder",
            "닉네임 별명 호칭 nickname fileas alias",
        ],
    ),
    (ColumnUse::Surname, &["성 성씨 姓 surname lastname familyname last namelast namefamily"]),
    (ColumnUse::GivenName, &["given givenname firstname forename first namefirst namegiven 명 名"]),
    (
        ColumnUse::Phone,
        &[
            "휴대폰 휴대폰번호 휴대전화 휴대전화번호 휴대폰전화 휴대폰전화번호 휴대폰연락처 휴대번호 휴대 \
             휴대폰no 핸드폰 핸드폰번호 핸드폰연락처 핸드폰no 핸폰 핸폰번호 핸펀 모바일 모바일번호 \
             모바일전화 모바일전화번호 이동전화 이동전화번호 이동통신 hp hpno hp번호 폰 폰번호 휴대폰1 \
             휴대폰번호1 핸드폰1 핸드폰번호1 휴대전화1 휴대전화번호1 전화휴대폰 전화휴대전화 전화휴대 \
             전화핸드폰 전화번호휴대폰 전화번호휴대 전화모바일 cell cellno cellphone cellphoneno \
             cellphonenumber cellnumber cellular mobile mobileno mobilenumber mobilephone mobilephoneno \
             mobilephonenumber mobiletel mobiletelephone mobile1 phonemobile phonecell telcell telmobile \
             手机",
            "전화 전화번호 연락처 연락처번호 연락전화 연락전화번호 연락번호 연락가능번호 전번 전화1 \
             전화번호1 연락처1 대표전화 대표번호 전화no tel telno telephone telephoneno telephonenumber \
             tel1 phone phoneno phonenumber phone1 phone1value phonevalue primaryphone mainphone \
             contactnumber contactno contactphone phoneprimary 电话",
            "집전화 집전화번호 자택 자택전화 자택전화번호 집 전화집 전화자택 유선전화 유선전화번호 \
             유선번호 일반전화 일반전화번호 직장전화 직장전화번호 회사전화 회사전화번호 근무처전화 \
             전화직장 전화회사 기타전화 휴대폰2 휴대폰번호2 핸드폰2 전화2 전화번호2 연락처2 보조연락처 \
             homephone hometel home businessphone workphone officephone otherphone phone2 phone2value \
             tel2 mobile2",
        ],
    ),
    (
        ColumnUse::Card,
        &[
            "카드 카드번호 카드no 카드id 카드코드 카드넘버 카드일련번호 카드바코드 카드바코드번호 카드uid \
             회원카드 회원카드번호 회원카드no 회원증 회원증번호 멤버십카드 멤버십카드번호 멤버쉽카드 \
             멤버쉽카드번호 적립카드 적립카드번호 포인트카드 포인트카드번호 이용카드 이용카드번호 \
             출입카드 출입카드번호 출입증 출입증번호 rf카드 rf카드번호 rfid rfid번호 rfid카드 \
             rfid카드번호 rfidno nfc nfc카드 nfc번호 nfcid 태그 태그번호 키카드 키카드번호 card cardno \
             cardnum cardnumber cardid cardcode cardbarcode membercard membercardno membercardnumber \
             membershipcard membershipcardno membershipcardnumber loyaltycard loyaltycardno \
             loyaltycardnumber pointcard accesscard badge badgeno badgenumber tag tagid tagno",
            "회원번호 회원no 회원id 회원코드 회원바코드 멤버십 멤버십번호 멤버십no 멤버쉽 멤버쉽번호 \
             고객번호 고객코드 고객no 고객바코드 바코드 바코드번호 barcode barcodeno barcodenumber \
             memberno membernumber memberid membercode membershipno membershipnumber membershipid \
             customerno customernumber customercode loyaltyno loyaltynumber loyaltyid",
        ],
    ),
    (
        ColumnUse::Points,
        &["포인트 포인트잔액 포인트잔여 잔여포인트 보유포인트 현재포인트 가용포인트 사용가능포인트 남은포인트 \
             points point pointbalance pointsbalance currentpoints availablepoints openingpoints"],
    ),
    (
        ColumnUse::PenaltyPoints,
        &["패널티 패널티점수 패널티잔여 잔여패널티 벌점 벌점합계 누적벌점 잔여벌점 현재벌점 페널티 페널티점수 \
             penaltypoints penaltypoint penalty penalties openingpenalty"],
    ),
];

/// Words before the name of a column that say whose it is: `고객 전화번호`, `수취인 연락처`.
const WHOSE: &str = "고객 회원 이용자 사용자 가입자 방문자 방문객 손님 수령인 수취인 받는분 주문자 주문인 구매자 예약자 신청자 신청인 \
                     참가자 참석자 입주자 직원 사원 학생 customer member client guest visitor contact";

/// Words with a column's name that only say how to fill it in: `이름 *필수`.
const HOW: [&str; 6] = ["필수입력", "필수항목", "필수", "선택", "required", "optional"];

/// Notes in brackets that make a column another one: `성명(영문)`, `연락처(보호자)`.
const OTHERS: &str = "영문 영어 한자 english 보호자 비상 배우자 추천인 담당자 직원 대리인 집 자택 회사 직장 가족";

/// No column has a longer name.
const MAX_NAME_BYTES: usize = 1024;

/// Returns what the name of a column says that it is, and how good the name is (0 is the best).
pub(super) fn known(header: &str) -> Option<(ColumnUse, usize)> {
    if header.len() > MAX_NAME_BYTES {
        return None;
    }
    let whole = key(header);
    let (bare, note) = without_note(header);
    one(&whole).or_else(|| of_several(header)).or_else(|| {
        let note = key(&note);
        if note.is_empty() || OTHERS.split(' ').any(|other| note.contains(other)) {
            return None;
        }
        one(&key(&bare)).or_else(|| of_several(&bare))
    })
}

fn one(key: &str) -> Option<(ColumnUse, usize)> {
    exact(key).or_else(|| of_somebody(key)).or_else(|| {
        let rest = HOW.iter().find_map(|how| key.strip_suffix(how).or_else(|| key.strip_prefix(how)))?;
        exact(rest).or_else(|| of_somebody(rest))
    })
}

fn exact(key: &str) -> Option<(ColumnUse, usize)> {
    NAMES.iter().find_map(|(becomes, ranks)| {
        let rank = ranks.iter().position(|names| names.split(' ').any(|name| name == key));
        rank.map(|rank| (*becomes, rank))
    })
}

fn of_somebody(key: &str) -> Option<(ColumnUse, usize)> {
    let rest = WHOSE.split(' ').find_map(|whose| key.strip_prefix(whose))?;
    if rest == "명" { Some((ColumnUse::Name, 0)) } else { exact(rest) }
}

/// Returns what several names of one column say, if they agree: `이름 / 성함`, `휴대폰 Mobile`.
fn of_several(header: &str) -> Option<(ColumnUse, usize)> {
    let parts = header.split(['/', '·', ',', '|']).flat_map(by_script);
    let mut parts = parts.map(|part| key(&part)).filter(|part| !part.is_empty()).map(|part| one(&part));
    let first = parts.next()??;
    parts.all(|part| part.is_some_and(|(becomes, _)| becomes == first.0)).then_some(first)
}

/// Splits a text where Hangul and Latin letters follow each other.
fn by_script(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = None;
    for c in text.nfkc() {
        let is_latin = c.is_alphabetic().then(|| c.is_ascii());
        if is_latin.is_some() && before.is_some() && is_latin != before {
            parts.push(String::new());
        }
        before = is_latin.or(before);
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// Returns a header in lower case, composed, with only its letters and digits, and without a number before it (`1. 이름`).
/// Of a cell too long for a header, the start.
pub(super) fn key(header: &str) -> String {
    let text: String = header[..header.floor_char_boundary(MAX_NAME_BYTES)].nfkc().collect();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\'');
    let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = if numbered.starts_with(['.', ')']) { numbered } else { text };
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Splits a header into what stands outside of brackets and inside.
fn without_note(header: &str) -> (String, String) {
    let (mut bare, mut note, mut depth) = (String::new(), String::new(), 0_usize);
    for c in header.nfkc() {
        match c {
            '(' | '[' | '{' | '<' | '【' | '〔' => depth += 1,
            ')' | ']' | '}' | '>' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => note.push(c),
        }
    }
    (bare, note)
}

/// How many rows from the top a header is looked for.
pub(super) const HEADER_ROWS: usize = 30;

/// Returns how much a row looks like a header: whether it names a name, and how many uses it names.
pub(super) fn header_score<'a>(cells: impl Iterator<Item = &'a str>) -> (bool, usize) {
    let uses: BTreeSet<ColumnUse> = cells.filter_map(known).map(|(becomes, _)| becomes).collect();
    (uses.contains(&ColumnUse::Name) || uses.contains(&ColumnUse::GivenName), uses.len())
}
