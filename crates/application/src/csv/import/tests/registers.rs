//! Lists as cash registers, shops' back offices and mail services write them.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "bars between cells",
            cp949("회원명|HP|적립카드번호|적립금\r\n가나다|010-1|0001|300\r\n"),
            "CP949 | 1: 회원명=name HP=phone 적립카드번호=card 적립금=-\n2 가나다/010-1/0001",
        ),
        case(
            "numbered headers",
            cp949("1. 이름,2. 휴대폰,3) 카드번호\r\n가나다,010-1,1\r\n"),
            "CP949 , 1: 1._이름=name 2._휴대폰=phone 3)_카드번호=card\n2 가나다/010-1/1",
        ),
        case(
            "stars and spread letters",
            cp949("* 성  명,연락처 *,카 드 번 호\r\n가나다,010-1,1\r\n"),
            "CP949 , 1: *_성_명=name 연락처_*=phone 카_드_번_호=card\n2 가나다/010-1/1",
        ),
        case(
            "full width letters",
            "이름，,ＨＰ,ＣＡＲＤ　ＮＯ．\n가나다,０１０－１,ＮＳ－１\n",
            "UTF-8 , 1: 이름，=name ＨＰ=phone ＣＡＲＤ_ＮＯ．=card\n2 가나다/０１０－１/NS-1",
        ),
        case(
            "whose phone it is",
            "고객 이름,고객 휴대폰번호,회원 바코드,보호자 연락처\n가나다,010-1,880,010-2\n",
            "UTF-8 , 1: 고객_이름=name 고객_휴대폰번호=phone 회원_바코드=card 보호자_연락처=-\n2 가나다/010-1/880",
        ),
        case(
            "somebody else's name and phone",
            "성명(영문),성명,연락처(보호자),연락처(휴대폰)\nGA,가나다,010-2,010-1\n",
            "UTF-8 , 1: 성명(영문)=- 성명=name 연락처(보호자)=- 연락처(휴대폰)=phone\n2 가나다/010-1",
        ),
        case(
            "orders of a shop",
            cp949("주문번호,주문일,수취인명,수취인 휴대폰,배송지\r\n20261101-1,2026-11-01,가나다,010-1,서울\r\n"),
            "CP949 , 1: 주문번호=- 주문일=- 수취인명=name 수취인_휴대폰=phone 배송지=-\n2 가나다/010-1",
        ),
        case(
            "the same line twice",
            "고객명,전화,카드번호\n가나다,010-1234-5678,A1\n가나다,01012345678,A1\n라마바,010-1,\n라마바,010-1,\n가,,\n가,,\n",
            "UTF-8 , 1: 고객명=name 전화=phone 카드번호=card\n2 가나다/010-1234-5678/A1\n3 가나다/01012345678/A1 = 2\n4 라마바/010-1
             5 라마바/010-1 = 4\n6 가\n7 가",
        ),
        case(
            "a page of a cash register",
            cp949("포스 회원 조회\r\n조회기간 : 2026-01-01 ~ 2026-11-30\r\n순번\t회원명\t핸드폰\t회원카드\t포인트\r\n1\t가나다\t010-1\t0001\t100\r\n\t합  계\t\t\t100\r\n"),
            "CP949 tab 3: 순번=- 회원명=name 핸드폰=phone 회원카드=card 포인트=points\n4 가나다/010-1/0001\n5 합  계 !not_a_customer total",
        ),
        case(
            "somebody called 계",
            cp949("이름,전화\r\n계,010-1234-5678\r\n합,\r\n"),
            "CP949 , 1: 이름=name 전화=phone\n2 계/010-1234-5678\n3 합 !not_a_customer total",
        ),
        case(
            "cells too long or not storable",
            format!("이름,카드\n{},1\n가\u{0},2\n나,{}\n", "가".repeat(201), "1".repeat(65)),
            format!("UTF-8 , 1: 이름=name 카드=card\n2 {}//1 !too_long name\n3 가\u{0}//2 !invalid_text name\n4 나//{} !too_long card",
                "가".repeat(201), "1".repeat(65)).leak(),
        ),
        case(
            "a text that isn't a list",
            "안녕하세요.\n오늘 모임은 없습니다.\n",
            "UTF-8 , 1: 안녕하세요.=-\n!missing_column name",
        ),
        case(
            "what to fill in, and names in two languages",
            "이름 *필수,휴대폰 / 연락처,카드번호 Card No.,이름/직급,등록번호\n가나다,010-1,1,x,y\n",
            "UTF-8 , 1: 이름_*필수=name 휴대폰_/_연락처=phone 카드번호_Card_No.=card 이름/직급=- 등록번호=-\n2 가나다/010-1/1",
        ),
        case(
            "H/P, Tel. and the like",
            "성함/성명,H/P,회원카드 번호\n가나다,010-1,1\n합계,,1\n총 회원수: 1명,,\n",
            "UTF-8 , 1: 성함/성명=name H/P=phone 회원카드_번호=card\n2 가나다/010-1/1\n3 합계//1 !not_a_customer total
             4 총 회원수: 1명 !not_a_customer total",
        ),
        case("SpreadsheetML", "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>", "!not_a_list xml"),
    ]
}
