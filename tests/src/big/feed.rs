//! All stories as one feed, in the order of time. Only the stories that have begun and not ended are in memory.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use nosmoke_domain::fact::{CheckedOut, Origin, Payload};

use super::setting::{Setting, Size, arrival_ms};
use super::story::{Happening, Person, Story, story};

/// What comes next in a facility.
#[derive(Debug)]
pub enum Event {
    /// The folder records as another incarnation from now on.
    Life(Origin),
    /// These customers are registered; they are one person.
    Began {
        person: u64,
        customers: Vec<Person>,
    },
    Happened(Box<Happened>),
}

/// Something that a person does.
#[derive(Debug)]
pub struct Happened {
    pub person: u64,
    pub happening: Happening,
    /// Whether nothing more will come of this person.
    pub is_last: bool,
}

/// The events of a facility up to a number of facts. Then stories that haven't ended break off, as they do at any present
/// moment; but an earning still comes after its check-out, because the program would record it at once.
#[derive(Debug)]
pub struct Feed<'s> {
    setting: &'s Setting,
    size: Size,
    life: usize,
    next_person: u64,
    stories: HashMap<u64, Story>,
    /// The time of the next happening of each story.
    next: BinaryHeap<Reverse<(i64, u64)>>,
    ready: VecDeque<Event>,
    left: u64,
    /// Check-outs whose earnings are still to come.
    unearned: u64,
}

impl<'s> Feed<'s> {
    pub fn new(setting: &'s Setting, size: Size) -> Self {
        let (stories, next, ready) = (HashMap::new(), BinaryHeap::new(), VecDeque::new());
        Self { setting, size, life: 0, next_person: 0, stories, next, ready, left: size.facts, unearned: 0 }
    }

    /// Lets everybody come who arrives before the next happening.
    fn arrive(&mut self) {
        loop {
            let next_ms = self.next.peek().map_or(i64::MAX, |Reverse((at_ms, _))| *at_ms);
            let person = self.next_person;
            if arrival_ms(self.size, person.saturating_sub(1)) > next_ms {
                return;
            }
            self.next_person += 1;
            let mut story = story(self.setting, self.size, person);
            self.ready.push_back(Event::Began { person, customers: std::mem::take(&mut story.people) });
            if let Some(first) = story.happenings.front() {
                self.next.push(Reverse((first.at_ms(), person)));
                self.stories.insert(person, story);
            }
        }
    }

    fn happen(&mut self) {
        let Some(Reverse((at_ms, person))) = self.next.pop() else { return };
        while self.life < self.setting.life_at(at_ms) {
            self.life += 1;
            self.ready.push_back(Event::Life(self.setting.origin(self.life)));
        }
        let story = self.stories.get_mut(&person).expect("its next happening is due");
        let happening = story.happenings.pop_front().expect("its next happening is due");
        match &happening.draft.payload {
            Payload::CheckedOut(CheckedOut { earning: Some(_), .. }) => self.unearned += 1,
            Payload::Earned(_) => self.unearned -= 1,
            _ => {}
        }
        let next_ms = story.happenings.front().map(Happening::at_ms);
        match next_ms {
            Some(next_ms) => self.next.push(Reverse((next_ms, person))),
            None => drop(self.stories.remove(&person)),
        }
        self.ready.push_back(Event::Happened(Box::new(Happened { person, happening, is_last: next_ms.is_none() })));
        self.left = self.left.saturating_sub(1);
    }
}

impl Iterator for Feed<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && (self.left > 0 || self.unearned > 0) {
            self.arrive();
            self.happen();
        }
        self.ready.pop_front()
    }
}
