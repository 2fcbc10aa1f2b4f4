//! Made-up names, phones and cards. The number blocks 010-0 and 010-1 aren't assigned to anybody.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::Profile;

use super::draw::Draw;

/// Syllables of given names, two to a name.
pub const SYLLABLES: [&str; 20] = [
    "민", "서", "지", "도", "하", "윤", "준", "은", "현", "수", "유", "아", "연", "우", "진", "호", "영", "재", "채",
    "원",
];
pub const FAMILIES: [&str; 8] = ["김", "이", "박", "최", "정", "강", "조", "윤"];

/// Makes the profile of a walk-in: nobody knows more than that somebody came.
pub(super) fn walk_in(draw: &mut Draw, customer_id: CustomerId, registered_at: DateTime<Utc>) -> Profile {
    Profile {
        customer_id,
        revision: 1,
        event_id: draw.ordered(registered_at.timestamp_millis()),
        base_revision: 0,
        bases: Vec::new(),
        name: None,
        phone: None,
        card: None,
        registered_at,
        consent_on: None,
        erased: false,
    }
}

/// Makes the profile of a registered customer. No two `number`s have the same card.
pub(super) fn named(draw: &mut Draw, customer_id: CustomerId, registered_at: DateTime<Utc>, number: u64) -> Profile {
    let name = [draw.of(&FAMILIES), draw.of(&SYLLABLES), draw.of(&SYLLABLES)].concat();
    let phone = draw.per_mille(900).then(|| format!("010-{:04}-{:04}", draw.from(0, 2_000), draw.from(0, 10_000)));
    let card = draw.per_mille(800).then(|| format!("NS-{number:08}"));
    Profile { name: Some(name), phone, card, ..walk_in(draw, customer_id, registered_at) }
}
