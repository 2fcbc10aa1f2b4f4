//! A cache of own facts that were published and not yet read back from the log. Most facts that are read back are
//! recognised by it, without a query to the journal.

use std::collections::HashMap;

use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::CustomerId;

/// Most facts kept, at about 60 bytes each: more than the producer's window, plus the facts that are being read.
const MAX_IN_FLIGHT: usize = 32_768;

/// Maps a fact's hash to its customer and its change. A fact that isn't in the cache is looked up in the journal.
#[derive(Debug, Default)]
pub(crate) struct InFlight(HashMap<Hash, (CustomerId, i64)>);

impl InFlight {
    /// Adds facts as long as there is room, and drops the others.
    pub(crate) fn extend(&mut self, facts: impl Iterator<Item = (Hash, (CustomerId, i64))>) {
        self.0.extend(facts.take(MAX_IN_FLIGHT.saturating_sub(self.0.len())));
    }

    /// Removes a fact that was read back from the log, and returns its change in this journal.
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

    const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(1));

    fn hash(number: usize) -> Hash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
        Hash(bytes)
    }

    fn facts(numbers: std::ops::Range<usize>) -> impl Iterator<Item = (Hash, (CustomerId, i64))> {
        numbers.map(|number| (hash(number), (CUSTOMER, i64::try_from(number).unwrap())))
    }

    #[test]
    fn a_fact_that_is_read_back_is_recognised_once() {
        let mut in_flight = InFlight::default();
        in_flight.extend(facts(0..3));
        assert_eq!(in_flight.take(hash(1), CUSTOMER), Some(1));
        assert_eq!(in_flight.take(hash(1), CUSTOMER), None);
        assert_eq!(in_flight.take(hash(3), CUSTOMER), None);
    }

    #[test]
    fn a_fact_under_another_customers_key_is_not_recognised() {
        let mut in_flight = InFlight::default();
        in_flight.extend(facts(0..1));
        assert_eq!(in_flight.take(hash(0), CustomerId(Uuid::from_u128(2))), None);
        assert_eq!(in_flight.take(hash(0), CUSTOMER), Some(0));
    }

    #[test]
    fn facts_beyond_the_limit_are_dropped() {
        let mut in_flight = InFlight::default();
        in_flight.extend(facts(0..MAX_IN_FLIGHT - 1));
        in_flight.extend(facts(MAX_IN_FLIGHT - 1..MAX_IN_FLIGHT + 1));
        assert_eq!((in_flight.0.len(), in_flight.take(hash(MAX_IN_FLIGHT), CUSTOMER)), (MAX_IN_FLIGHT, None));
    }
}
