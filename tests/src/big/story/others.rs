//! The stories of walk-ins, and of the one regular with a visit at almost every hour.

use nosmoke_domain::fact::VisitClosed;
use nosmoke_domain::words::CloseReason;

use super::super::setting::{HOUR_MS, MINUTE_MS};
use super::Story;
use super::teller::{Course, Teller};

/// A walk-in comes once. Most get their points and keep them; some pay at once; a few are forgotten.
pub(super) fn walk_in(mut teller: Teller<'_>) -> Story {
    teller.pass(5_000, 30_000);
    if teller.draw.per_mille(20) {
        let visit_id = teller.visit(0, Course::Forgotten, None, (3, 25));
        if teller.draw.per_mille(975) {
            teller.pass(2 * HOUR_MS, 10 * HOUR_MS);
            teller.record(0, VisitClosed { visit_id, reason: CloseReason::DAY_CLOSE });
        }
        return teller.end();
    }
    teller.visit(0, Course::CheckedOut, None, (3, 25));
    if teller.draw.per_mille(250) {
        teller.pass(MINUTE_MS / 4, 3 * MINUTE_MS);
        teller.pay(0, 100, 0);
    }
    teller.end()
}

/// The regular pays with what each visit earned, so that two of four facts become lines of Mypage.
pub(super) fn regular(mut teller: Teller<'_>, facts: u64, span_ms: i64) -> Story {
    let visits = (facts / 4).max(1);
    let begin_ms = teller.at_ms;
    let every_ms = span_ms / i64::try_from(visits).expect("a number of visits");
    for number in 0..i64::try_from(visits).expect("a number of visits") {
        teller.at_ms = teller.at_ms.max(begin_ms + number * every_ms) + 1_000;
        teller.visit(0, Course::CheckedOut, None, (1, 3));
        teller.pass(1_000, 5_000);
        let balance = teller.accounts[0].balance;
        teller.pay(0, balance, 0);
    }
    teller.end()
}
