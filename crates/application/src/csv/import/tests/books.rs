//! Lists as phone books and mail programs write them.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "Google's contacts",
            "First Name,Middle Name,Last Name,Nickname,File As,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value\n\
             민수,,김,,,a@b.kr,Mobile,010-1234-5678 ::: 02-123-4567,\nJohn,,Smith,,,,Work,+82 10-9999-0000,\n",
            "UTF-8 , 1: First_Name=given Middle_Name=- Last_Name=surname Nickname=- File_As=- E-mail_1_-_Value=- Phone_1_-_Label=- Phone_1_-_Value=phone Phone_2_-_Value=-
             2 김민수/010-1234-5678\n3 John Smith/+82 10-9999-0000",
        ),
        case(
            "Google's contacts of old",
            "Name,Given Name,Additional Name,Family Name,Phone 1 - Type,Phone 1 - Value\n김민수,민수,,김,Mobile,010-1\n",
            "UTF-8 , 1: Name=name Given_Name=- Additional_Name=- Family_Name=- Phone_1_-_Type=- Phone_1_-_Value=phone\n2 김민수/010-1",
        ),
        case(
            "Outlook",
            "\u{feff}First Name,Last Name,Home Phone,Business Phone,Mobile Phone\r\n민수,김,02-1,02-2,010-3\r\n",
            "UTF-8 , 1: First_Name=given Last_Name=surname Home_Phone=- Business_Phone=- Mobile_Phone=phone\n2 김민수/010-3",
        ),
        case(
            "Outlook in Korean",
            cp949("성,이름,근무처 전화,집 전화 번호,휴대폰\r\n김,민수,02-1,02-2,010-3\r\n"),
            "CP949 , 1: 성=surname 이름=given 근무처_전화=- 집_전화_번호=- 휴대폰=phone\n2 김민수/010-3",
        ),
        case(
            "a surname that the name repeats",
            cp949("성,이름,휴대폰\r\n김,김민수,010-1\r\n박,박서준,010-2\r\n"),
            "CP949 , 1: 성=- 이름=name 휴대폰=phone\n2 김민수/010-1\n3 박서준/010-2",
        ),
        case(
            "Naver's address book",
            cp949("이름,소속/직함,휴대전화,전화번호,이메일,주소\r\n가나다,,010-1234-5678,02-111-2222,a@b.kr,\"서울, 중구\"\r\n"),
            "CP949 , 1: 이름=name 소속/직함=- 휴대전화=phone 전화번호=- 이메일=- 주소=-\n2 가나다/010-1234-5678",
        ),
        case(
            "a phone's marks around numbers",
            "이름,전화번호\n\u{200e}가나다\u{200f},\u{202d}010-1234-5678\u{202c}\n",
            "UTF-8 , 1: 이름=name 전화번호=phone\n2 가나다/010-1234-5678",
        ),
        case("a vCard", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:가나다\r\nEND:VCARD\r\n", "!not_a_list vcard"),
        case(
            "a plus that was lost",
            "이름,휴대폰\n가,821012345678\n나,82-10-1234-5679\n다,+82-10-1234-5670\n",
            "UTF-8 , 1: 이름=name 휴대폰=phone\n2 가/+821012345678(821012345678)\n3 나/+82-10-1234-5679(82-10-1234-5679)
             4 다/+82-10-1234-5670",
        ),
        case(
            "numbers without the zero of their town",
            "이름,전화\n가,311234567\n나,7012345678\n다,21234567\n라,1588-1234\n마,(10) 1234-5678\n",
            "UTF-8 , 1: 이름=name 전화=phone\n2 가/0311234567(311234567)\n3 나/07012345678(7012345678)\n4 다/21234567
             5 라/1588-1234\n6 마/(010) 1234-5678((10) 1234-5678)",
        ),
        case(
            "given names without a surname",
            "First,Cell\n가나다,010-1\n",
            "UTF-8 , 1: First=name Cell=phone\n2 가나다/010-1",
        ),
    ]
}
