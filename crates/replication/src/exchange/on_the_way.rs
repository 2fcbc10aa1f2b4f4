//! Own facts that were handed over and haven't been read back, so that they are recognised without a look into the journal.

use std::collections::HashMap;

use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::CustomerId;

/// As many as may be on their way at once, and some that are being read at this moment; about 60 bytes each.
const MOST: usize = 32_768;

/// Whom each is about and its change, by its hash. What isn't here is looked for in the journal.
#[derive(Debug, Default)]
pub(crate) struct OnTheWay(HashMap<Hash, (CustomerId, i64)>);

impl OnTheWay {
    /// Those that there is room for.
    pub(crate) fn extend(&mut self, facts: impl Iterator<Item = (Hash, (CustomerId, i64))>) {
        self.0.extend(facts.take(MOST.saturating_sub(self.0.len())));
    }

    /// It came back: the change that it is here, once.
    pub(crate) fn take(&mut self, hash: Hash, customer: CustomerId) -> Option<i64> {
        let (_, change_seq) = *self.0.get(&hash).filter(|(about, _)| *about == customer)?;
        self.0.remove(&hash);
        Some(change_seq)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const WHO: CustomerId = CustomerId(Uuid::from_u128(1));

    fn hash(number: usize) -> Hash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
        Hash(bytes)
    }

    fn facts(numbers: std::ops::Range<usize>) -> impl Iterator<Item = (Hash, (CustomerId, i64))> {
        numbers.map(|number| (hash(number), (WHO, i64::try_from(number).unwrap())))
    }

    #[test]
    fn what_comes_back_is_recognised_once() {
        let mut on_the_way = OnTheWay::default();
        on_the_way.extend(facts(0..3));
        assert_eq!(on_the_way.take(hash(1), WHO), Some(1));
        assert_eq!(on_the_way.take(hash(1), WHO), None);
        assert_eq!(on_the_way.take(hash(3), WHO), None);
    }

    #[test]
    fn under_another_customers_key_it_is_not_what_was_sent() {
        let mut on_the_way = OnTheWay::default();
        on_the_way.extend(facts(0..1));
        assert_eq!(on_the_way.take(hash(0), CustomerId(Uuid::from_u128(2))), None);
        assert_eq!(on_the_way.take(hash(0), WHO), Some(0));
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut on_the_way = OnTheWay::default();
        on_the_way.extend(facts(0..MOST - 1));
        on_the_way.extend(facts(MOST - 1..MOST + 1));
        assert_eq!((on_the_way.0.len(), on_the_way.take(hash(MOST), WHO)), (MOST, None));
    }
}
