//! Counts strangers' messages: those without a valid code of this facility's key, and facts of another facility. They
//! are passed over as read, and nothing of them is kept but their number and place.

use std::collections::BTreeMap;

use nosmoke_ports::{Stranger, Strangers, StrangersKey, StrangersPlace, Topic};

/// The strangers' messages of one step, by topic and key.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted(BTreeMap<(Topic, StrangersKey), Strangers>);

impl Counted {
    pub(super) fn add(&mut self, stranger: &Stranger) {
        let Stranger { partition, offset, key_id, appended_at, .. } = *stranger;
        let key = key_id.map_or(StrangersKey::Unnamed, StrangersKey::Named);
        let place = StrangersPlace { partition: partition.number, offset, appended_at };
        let topic = partition.topic;
        let first = Strangers { topic, key, messages: 0, first: place, last: place };
        let counted = self.0.entry((topic, key)).or_insert(first);
        counted.messages += 1;
        counted.last = place;
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Strangers> {
        self.0.values()
    }
}
