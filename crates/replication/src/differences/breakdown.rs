//! Breaks a digest down by the first digits of the customer ids. Terminals with equal heads but different digests
//! exchange breakdowns under ever longer prefixes, until they find the first customer that differs (ADR 0016).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_ports::{Digest, Extent, Rehashed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::heads::is_listed;

/// Most customers listed in one message. More customers are grouped by the next byte of their ids.
const MAX_LISTED_CUSTOMERS: usize = 500;
/// Longest message that is parsed; our own messages are never longer.
const MAX_BREAKDOWN_BYTES: usize = 256 * 1024;
/// Hexadecimal digits of a complete customer id.
const ID_DIGITS: usize = 32;

/// A message of type `digest` on the heartbeats topic. It holds no names and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Breakdown {
    pub terminal_id: TerminalId,
    /// When the message was sent, by the cluster's clock as the sender knows it. One that was stored long after is
    /// ignored.
    pub at: DateTime<Utc>,
    /// Highest contiguous seq of each incarnation. Only breakdowns with equal heads are compared.
    #[schemars(extend("propertyNames" = { "format": "uuid" }))]
    pub heads: BTreeMap<IncarnationId, u64>,
    /// Count and digest of all facts, as the journal keeps them up to date with every fact that it adds. The parts are
    /// recomputed from the stored bytes; if their total differs from this, the journal file was modified from outside.
    pub tally: Count,
    /// Prefix of the customer ids covered, as whole bytes in hexadecimal; empty covers all customers.
    pub prefix: String,
    pub parts: Parts,
    /// Terminals that are asked to send their breakdown of the same prefix.
    pub asks: Vec<TerminalId>,
}

/// Number and digest of a set of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    pub facts: u64,
    /// Sum of the facts' hashes modulo 2^256, hexadecimal.
    pub digest: Digest,
}

/// The groups that a breakdown splits its facts into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    /// One group per customer.
    Customers(#[schemars(extend("propertyNames" = { "format": "uuid" }))] BTreeMap<CustomerId, Count>),
    /// One group per value of the id byte that follows the prefix, as two hexadecimal digits.
    Bytes(#[schemars(extend("propertyNames" = { "pattern": "^[0-9a-f]{2}$" }))] BTreeMap<String, Count>),
}

/// The first difference between two breakdowns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Differs {
    Nowhere,
    /// In the group of this longer prefix.
    Under(String),
    /// At this customer, with the number of facts in our journal and in the other terminal's.
    At {
        customer: CustomerId,
        here: u64,
        there: u64,
    },
}

impl Count {
    fn add(&mut self, other: Self) {
        self.facts += other.facts;
        self.digest.add(Hash(other.digest.0));
    }
}

impl From<&Extent> for Count {
    fn from(extent: &Extent) -> Self {
        Self { facts: extent.facts, digest: extent.digest }
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self::Customers(BTreeMap::new())
    }
}

impl Parts {
    /// Adds a fact whose customer's id has the prefix.
    pub fn add(&mut self, prefix: &str, fact: &Rehashed) {
        let one = Count { facts: 1, digest: Digest(fact.hash.0) };
        match self {
            Self::Customers(customers) => {
                customers.entry(fact.customer_id).or_default().add(one);
                if customers.len() > MAX_LISTED_CUSTOMERS {
                    *self = Self::Bytes(self.by_byte(prefix));
                }
            }
            Self::Bytes(bytes) => bytes.entry(byte_after(prefix, fact.customer_id)).or_default().add(one),
        }
    }

    /// Sums up all groups.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        match self {
            Self::Customers(customers) => customers.values().for_each(|count| total.add(*count)),
            Self::Bytes(bytes) => bytes.values().for_each(|count| total.add(*count)),
        }
        total
    }

    /// Returns the first difference between our groups and those of the other terminal (`there`), both under `prefix`.
    pub fn compare(&self, there: &Self, prefix: &str) -> Differs {
        if let (Self::Customers(here), Self::Customers(there)) = (self, there) {
            return first(here, there).map_or(Differs::Nowhere, |(customer, here, there)| Differs::At {
                customer,
                here,
                there,
            });
        }
        first(&self.by_byte(prefix), &there.by_byte(prefix))
            .map_or(Differs::Nowhere, |(byte, ..)| Differs::Under(format!("{prefix}{byte}")))
    }

    fn by_byte(&self, prefix: &str) -> BTreeMap<String, Count> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Customers(customers) => {
                let mut bytes: BTreeMap<String, Count> = BTreeMap::new();
                for (customer, count) in customers {
                    bytes.entry(byte_after(prefix, *customer)).or_default().add(*count);
                }
                bytes
            }
        }
    }
}

impl Breakdown {
    /// Parses a message; `None` if it isn't a valid breakdown.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let read: Self = (bytes.len() <= MAX_BREAKDOWN_BYTES).then(|| serde_json::from_slice(bytes).ok())??;
        let is_hexadecimal = |text: &str| text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        let whole_bytes = read.prefix.len().is_multiple_of(2) && read.prefix.len() < ID_DIGITS;
        let parts = match &read.parts {
            Parts::Customers(customers) => customers.keys().all(|it| digits(*it).starts_with(&read.prefix)),
            Parts::Bytes(bytes) => bytes.keys().all(|byte| byte.len() == 2 && is_hexadecimal(byte)),
        };
        (whole_bytes && is_hexadecimal(&read.prefix) && parts).then_some(read)
    }

    /// Whether the breakdown was made at the same heads as `extent`, and neither side has facts beyond its heads (after
    /// a gap in the seqs).
    pub fn is_of(&self, extent: &Extent) -> bool {
        is_listed(&self.heads, &extent.heads)
            && extent.beyond_heads() == 0
            && self.tally.facts <= self.heads.values().fold(0, |sum, head| sum.saturating_add(*head))
    }

    /// Whether the stored facts don't add up to the tally. Only a breakdown of all customers shows that.
    pub fn is_altered(&self) -> bool {
        self.prefix.is_empty() && self.parts.total() != self.tally
    }
}

/// Returns the lowest and the highest customer id with a prefix.
pub fn ids_under(prefix: &str) -> (CustomerId, CustomerId) {
    let padded = |digit: char| {
        let padding = std::iter::repeat_n(digit, ID_DIGITS.saturating_sub(prefix.len()));
        let digits: String = prefix.chars().chain(padding).collect();
        CustomerId(Uuid::parse_str(&digits).unwrap_or_default())
    };
    (padded('0'), padded('f'))
}

fn digits(customer: CustomerId) -> String {
    customer.0.simple().to_string()
}

fn byte_after(prefix: &str, customer: CustomerId) -> String {
    digits(customer).get(prefix.len()..prefix.len() + 2).unwrap_or_default().to_owned()
}

fn first<K: Ord + Clone>(here: &BTreeMap<K, Count>, there: &BTreeMap<K, Count>) -> Option<(K, u64, u64)> {
    let keys: BTreeSet<&K> = here.keys().chain(there.keys()).collect();
    keys.into_iter().find_map(|key| {
        let [here, there] = [here, there].map(|side| side.get(key).copied().unwrap_or_default());
        (here != there).then(|| (key.clone(), here.facts, there.facts))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(first: u8, rest: u16) -> CustomerId {
        CustomerId(Uuid::from_u128(u128::from(first) << 120 | u128::from(rest)))
    }

    fn fact(customer_id: CustomerId, hash: u8) -> Rehashed {
        Rehashed { customer_id, change_seq: 0, hash: Hash([hash; 32]) }
    }

    /// Parts with `customers` customers of one fact each; their ids end in ascending numbers.
    fn counted(prefix: &str, customers: u16) -> Parts {
        let mut parts = Parts::default();
        (0..customers).for_each(|n| parts.add(prefix, &fact(customer(0x3f, n), 1)));
        parts
    }

    #[test]
    fn up_to_500_customers_are_listed_and_more_are_grouped_by_byte() {
        let (few, many) = (counted("", 500), counted("", 501));
        assert!(matches!(&few, Parts::Customers(listed) if listed.len() == 500));
        assert!(matches!(&many, Parts::Bytes(bytes) if bytes.keys().eq(["3f"])));
        assert_eq!(few.total().facts, 500);
        let mut one_more = few;
        one_more.add("", &fact(customer(0x3f, 500), 1));
        assert_eq!(one_more, many);
    }

    #[test]
    fn the_first_customer_that_differs_is_named_with_both_counts() {
        let mut here = counted("", 3);
        assert_eq!(here.compare(&counted("", 3), ""), Differs::Nowhere);
        let of = customer(0x3f, 1);
        here.add("", &fact(of, 9));
        assert_eq!(here.compare(&counted("", 3), ""), Differs::At { customer: of, here: 2, there: 1 });
        // A customer that exists on one side only; then equal counts, but different facts.
        assert_eq!(counted("", 1).compare(&counted("", 2), ""), Differs::At { customer: of, here: 0, there: 1 });
        let (mut a, mut b) = (Parts::default(), Parts::default());
        a.add("", &fact(of, 1));
        b.add("", &fact(of, 2));
        assert_eq!(a.compare(&b, ""), Differs::At { customer: of, here: 1, there: 1 });
    }

    #[test]
    fn a_list_and_byte_groups_are_compared_by_the_next_byte() {
        let (few, many) = (counted("3f", 500), counted("3f", 501));
        assert_eq!(few.compare(&many, "3f"), Differs::Under("3f00".into()));
        assert_eq!(many.compare(&few, "3f"), Differs::Under("3f00".into()));
    }

    #[test]
    fn invalid_breakdowns_are_rejected() {
        let good = Breakdown {
            terminal_id: TerminalId(Uuid::nil()),
            at: DateTime::default(),
            heads: BTreeMap::new(),
            tally: Count::default(),
            prefix: "3f".into(),
            parts: counted("3f", 2),
            asks: Vec::new(),
        };
        let read = |breakdown: &Breakdown| Breakdown::read(&serde_json::to_vec(breakdown).unwrap());
        assert_eq!(read(&good), Some(good.clone()));
        let byte = |byte: &str| Parts::Bytes([(byte.to_owned(), Count::default())].into());
        for bad in [
            Breakdown { prefix: "3".into(), ..good.clone() },
            Breakdown { prefix: "3F".into(), ..good.clone() },
            Breakdown { prefix: "40".into(), ..good.clone() },
            Breakdown { prefix: "00".repeat(16), parts: Parts::default(), ..good.clone() },
            Breakdown { parts: byte("x0"), ..good.clone() },
            Breakdown { parts: byte("000"), ..good.clone() },
            Breakdown { asks: vec![TerminalId(Uuid::nil()); 8_000], ..good.clone() },
        ] {
            assert_eq!(read(&bad), None, "{bad:?}");
        }
        assert_eq!(ids_under("3f"), (customer(0x3f, 0), CustomerId(Uuid::from_u128((0x40 << 120) - 1))));
    }
}
