//! What to tell a customer before time changes something: points that are about to expire, and a ban that is about to
//! end.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Account, lifted_on};
use crate::days::seoul_date;
use crate::lots::LastDay;
use crate::rules::Rules;

/// How many days before the last day of points the notices begin, the first one first.
pub const EXPIRY_NOTICES: [u32; 3] = [60, 30, 3];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// These points count up to and including a day.
    PointsExpire {
        last_day: NaiveDate,
        /// The days from today to the last day: 0 on the last day itself.
        days_left: u32,
        /// Which of [`EXPIRY_NOTICES`] it is.
        before_days: u32,
        points: i128,
    },
    /// This is the last day of a ban: it is lifted on the next day.
    BanEnds { on: NaiveDate },
}

/// Returns a customer's notices at a moment: the end of a ban, then the points by their last day. `accounts` are those
/// of all the person's linked ids, because a ban is the person's; points are only those of `account`.
pub fn notices(account: &Account, accounts: &[&Account], rules: &Rules, at: DateTime<Utc>) -> Vec<Notice> {
    let today = seoul_date(at);
    let ends = lifted_on(accounts, rules, at).filter(|on| Some(*on) == today.succ_opt());
    let mut notices: Vec<Notice> = ends.map(|on| Notice::BanEnds { on }).into_iter().collect();
    for (last_day, points) in account.lots(at) {
        let LastDay::On(last_day) = last_day else { continue };
        // A lot that counts has a day that isn't over.
        let days_left = u32::try_from(last_day.signed_duration_since(today).num_days()).unwrap_or_default();
        let before_days = EXPIRY_NOTICES.into_iter().rev().find(|days| days_left <= *days);
        if let Some(before_days) = before_days.filter(|_| points > 0) {
            notices.push(Notice::PointsExpire { last_day, days_left, before_days, points });
        }
    }
    notices
}
