//! What a person does, as drafts of facts in the order of time. The stories keep the rules of the desk: payments don't
//! exceed what this life holds, prohibited customers aren't admitted without a reason, what was voided is given back.

mod named;
mod others;
mod teller;

use std::collections::VecDeque;

use nosmoke_domain::fact::Draft;
use nosmoke_ports::{Note, Profile, SearchKeys};

use super::draw::Draw;
use super::people;
use super::setting::{BEGIN_MS, REGULAR, SPAN_MS, Setting, Size, arrival_ms, time};
use teller::Teller;

/// A customer as it is registered.
#[derive(Debug, Clone)]
pub struct Person {
    pub profile: Profile,
    pub keys: SearchKeys,
}

/// Something that happens, with the note that it names, if any.
#[derive(Debug, Clone)]
pub struct Happening {
    pub draft: Draft,
    pub note: Option<Note>,
}

impl Happening {
    pub(super) fn at_ms(&self) -> i64 {
        self.draft.recorded_at.timestamp_millis()
    }
}

/// All that one person does. A person whom the desk knows under two ids has two customers.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) people: Vec<Person>,
    pub(super) happenings: VecDeque<Happening>,
}

/// The story of one person by number. Number 0 is the regular; of every 13 others, 3 are named.
pub(super) fn story(setting: &Setting, size: Size, person: u64) -> Story {
    let mut draw = Draw::of_person(size.seed, person);
    let Some(other) = person.checked_sub(1) else {
        let registered = people::named(&mut draw, REGULAR, time(BEGIN_MS), 0);
        return others::regular(Teller::new(setting, draw, vec![registered], BEGIN_MS), size.of_regular(), SPAN_MS);
    };
    let at_ms = arrival_ms(size, other);
    if other % 13 >= 3 {
        let id = draw.random();
        let profile = people::walk_in(&mut draw, id, time(at_ms));
        return others::walk_in(Teller::new(setting, draw, vec![profile], at_ms));
    }
    let ids = if draw.per_mille(20) { 2 } else { 1 };
    let mut registered = Vec::new();
    for place in 0..ids {
        let id = draw.random();
        registered.push(people::named(&mut draw, id, time(at_ms), 2 * person + place));
    }
    named::named(Teller::new(setting, draw, registered, at_ms))
}
