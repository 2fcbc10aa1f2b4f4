//! Heads as messages list them. Whoever has the key can make up incarnations without end, and a message that lists them
//! all would once be too large for the log.

use std::collections::BTreeMap;

use nosmoke_domain::ids::IncarnationId;

/// Most heads in one message, the lowest ids first: at most 56 KiB.
pub const MAX_LISTED_HEADS: usize = 1_000;

/// Returns the heads that a message lists.
pub fn listed(mut heads: BTreeMap<IncarnationId, u64>) -> BTreeMap<IncarnationId, u64> {
    if let Some(first_left_out) = heads.keys().nth(MAX_LISTED_HEADS).copied() {
        drop(heads.split_off(&first_left_out));
    }
    heads
}

/// Whether a message lists these heads, as far as it lists any.
pub fn is_listed(in_message: &BTreeMap<IncarnationId, u64>, heads: &BTreeMap<IncarnationId, u64>) -> bool {
    in_message.iter().eq(heads.iter().take(MAX_LISTED_HEADS))
}

/// Returns the head of an incarnation at the sender, 0 if it has none; `None` if the message couldn't list it.
pub fn head_in(in_message: &BTreeMap<IncarnationId, u64>, incarnation: IncarnationId) -> Option<u64> {
    let lists = in_message.len() < MAX_LISTED_HEADS
        || in_message.last_key_value().is_some_and(|(last, _)| incarnation <= *last);
    lists.then(|| in_message.get(&incarnation).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn heads(count: u128) -> BTreeMap<IncarnationId, u64> {
        (1..=count).map(|n| (IncarnationId(Uuid::from_u128(n * 10)), (1 << 53) - 1)).collect()
    }

    #[test]
    fn a_message_lists_at_most_1_000_heads_and_says_nothing_of_the_others() {
        let (few, many) = (heads(3), listed(heads(5_000)));
        assert_eq!((listed(few.clone()), many.len()), (few.clone(), 1_000));
        assert!(is_listed(&many, &heads(5_000)) && is_listed(&few, &few) && !is_listed(&few, &heads(4)));
        let of = |n| IncarnationId(Uuid::from_u128(n));
        assert_eq!((head_in(&few, of(99)), head_in(&few, of(20))), (Some(0), Some((1 << 53) - 1)));
        assert_eq!((head_in(&many, of(5)), head_in(&many, of(10_001))), (Some(0), None));
        assert!(serde_json::to_vec(&many).unwrap().len() <= 56 * 1024 + 2);
    }
}
