//! The stored sets of rules, and which of them is in force.
//!
//! A set is a reference document of its own that is never changed. The one with the highest generation is in force; of
//! several, the one whose bytes have the smaller BLAKE3, so that every terminal chooses the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Hash, Recorder};
use nosmoke_domain::ids::TerminalId;
use nosmoke_domain::rules::{ReadRules, Rules};
use nosmoke_ports::{ReadReference, Reference, ReferenceKind, StoreError, StoredRules};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The field of a set's body that says who published it.
pub const PUBLICATION: &str = "published";

/// Who published a set, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    pub by: Recorder,
    pub terminal_id: TerminalId,
    pub at: DateTime<Utc>,
    pub reason: String,
    /// The set that was in force then, and of which this one is a change.
    pub base: Option<Uuid>,
    /// Whether its levels count for the present standings of customers too.
    pub to_present: bool,
}

/// A stored set of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSet {
    /// `None` for the defaults, which are in force without a stored set.
    pub id: Option<Uuid>,
    pub rules: Rules,
    /// See [`ReadRules::not_understood`].
    pub not_understood: Vec<String>,
    /// `None` for the set with which the facility was founded.
    pub published: Option<Publication>,
    /// As stored, without its publication.
    pub body: Value,
    hash: Hash,
}

impl RuleSet {
    fn defaults() -> Self {
        let read = ReadRules { rules: Rules::default(), not_understood: Vec::new() };
        Self::new(None, read, None, Value::Object(serde_json::Map::new()), Hash::ZERO)
    }

    fn of(id: Uuid, mut body: Value) -> Option<Self> {
        let hash = Hash::of(sorted(&body).to_string().as_bytes());
        let published = body.as_object_mut()?.remove(PUBLICATION);
        let published = published.and_then(|published| serde_json::from_value(published).ok());
        Some(Self::new(Some(id), ReadRules::of(&body)?, published, body, hash))
    }

    fn new(id: Option<Uuid>, read: ReadRules, published: Option<Publication>, body: Value, hash: Hash) -> Self {
        let ReadRules { rules, not_understood } = read;
        Self { id, rules, not_understood, published, body, hash }
    }
}

/// As many sets as conflict at most in one generation, and those of some other journals of the process.
const PARSED_SETS: usize = 16;

/// The sets that were parsed last, by their text. Shared by all journals of the process, because a text means the same
/// everywhere. Without it, parsing the rules was a fifth of a command's work.
static PARSED: Mutex<Vec<(StoredRules, Option<Arc<RuleSet>>)>> = Mutex::new(Vec::new());

/// Returns the set of a stored text; `None` if it isn't one.
///
/// # Errors
/// Returns `Corrupt` if the text isn't JSON.
fn parsed(stored: StoredRules) -> Result<Option<Arc<RuleSet>>, StoreError> {
    if let Some((_, known)) = PARSED.lock().iter().find(|(text, _)| *text == stored) {
        return Ok(known.clone());
    }
    let body = serde_json::from_str(&stored.body)
        .map_err(|error| StoreError::Corrupt(format!("the rules {} are unreadable: {error}", stored.id)))?;
    let set = RuleSet::of(stored.id, body).map(Arc::new);
    let mut memory = PARSED.lock();
    if memory.len() == PARSED_SETS {
        memory.remove(0);
    }
    memory.push((stored, set.clone()));
    Ok(set)
}

/// The value with the fields of all objects sorted, so that its text is the same at every terminal.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(entries) => Value::Array(entries.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Returns the set in force. Without a stored one, these are the defaults.
///
/// # Errors
/// An error of the store.
pub fn in_force(tx: &mut dyn ReadReference) -> Result<Arc<RuleSet>, StoreError> {
    Ok(newest(tx)?.into_iter().next().unwrap_or_else(|| Arc::new(RuleSet::defaults())))
}

/// Returns the sets of the highest generation, first the one that is in force. The others are in conflict with it until
/// a set with a higher generation is published.
///
/// # Errors
/// An error of the store.
pub fn newest(tx: &mut dyn ReadReference) -> Result<Vec<Arc<RuleSet>>, StoreError> {
    let sets: Result<Vec<_>, _> =
        tx.newest_rules()?.into_iter().filter_map(|stored| parsed(stored).transpose()).collect();
    let mut sets = sets?;
    sets.sort_by_key(|set| set.hash);
    Ok(sets)
}

/// Returns all sets, the highest generation first, and of one generation first the one that is or was in force.
///
/// # Errors
/// An error of the store.
pub fn all(tx: &mut dyn ReadReference) -> Result<Vec<RuleSet>, StoreError> {
    let stored = tx.references(ReferenceKind::Rules)?;
    let of = |reference: Reference| RuleSet::of(reference.id, reference.body);
    let mut sets: Vec<RuleSet> = stored.into_iter().filter_map(of).collect();
    sets.sort_by_key(|set| (std::cmp::Reverse(set.rules.generation), set.hash));
    Ok(sets)
}

/// Returns the rules that were in force at a moment, by the clocks of those who published them. Before the first
/// publication, these are the rules with which the facility was founded, else the defaults.
///
/// # Errors
/// An error of the store.
pub fn in_force_at(tx: &mut dyn ReadReference, at: DateTime<Utc>) -> Result<Rules, StoreError> {
    let was_published = |set: &RuleSet| set.published.as_ref().is_none_or(|published| published.at <= at);
    Ok(all(tx)?.into_iter().find(was_published).unwrap_or_else(RuleSet::defaults).rules)
}

/// Returns the rules of each generation.
///
/// # Errors
/// An error of the store.
pub fn by_generation(tx: &mut dyn ReadReference) -> Result<BTreeMap<u64, Rules>, StoreError> {
    // Of one generation, the set that is in force comes first in `all`, so last here, and stays.
    Ok(all(tx)?.into_iter().rev().map(|set| (set.rules.generation, set.rules)).collect())
}

/// Returns the latest set whose levels count for present standings too. Sets that another one of their generation beats
/// aren't looked at.
///
/// # Errors
/// An error of the store.
pub fn for_present(tx: &mut dyn ReadReference) -> Result<Option<RuleSet>, StoreError> {
    let is_for_present = |set: &RuleSet| set.published.as_ref().is_some_and(|published| published.to_present);
    // Usually it is the set in force, and the earlier ones needn't be read.
    let in_force = in_force(tx)?;
    if is_for_present(&in_force) {
        return Ok(Some(Arc::unwrap_or_clone(in_force)));
    }
    let mut sets = all(tx)?;
    sets.dedup_by_key(|set| set.rules.generation);
    Ok(sets.into_iter().find(is_for_present))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn sets_are_remembered_by_their_text_and_memory_is_bounded() {
        let stored = |points: usize| StoredRules {
            id: Uuid::from_u128(1),
            body: serde_json::json!({ "generation": 1, "points_per_visit": points }).to_string(),
        };
        for points in 1..3 * PARSED_SETS {
            let first = parsed(stored(points)).unwrap().unwrap();
            assert_eq!(usize::try_from(first.rules.points_per_visit.get()).unwrap(), points);
            assert_eq!(parsed(stored(points)).unwrap().unwrap(), first, "remembered");
        }
        assert!(PARSED.lock().len() <= PARSED_SETS);
        let broken = StoredRules { id: Uuid::from_u128(2), body: "{".to_owned() };
        assert!(matches!(parsed(broken), Err(StoreError::Corrupt(_))));
    }
}
