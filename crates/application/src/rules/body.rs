//! The body of a set to publish.

use nosmoke_domain::rules::Rules;
use nosmoke_ports::StoreError;
use nosmoke_reading::rule_sets::{PUBLICATION, Publication, RuleSet};
use serde_json::Value;

/// Returns the body of the set `rules`, a change of the set `base`. What this program couldn't understand of `base`
/// stays as it is there.
///
/// # Errors
/// `Failed` if the rules can't be serialised.
pub(crate) fn body_of(rules: &Rules, base: &RuleSet, publication: &Publication) -> Result<Value, StoreError> {
    let failed = |error: serde_json::Error| StoreError::Failed(error.to_string());
    let mut body = serde_json::to_value(rules).map_err(failed)?;
    for field in &base.not_understood {
        match field.split_once('.') {
            Some((list, name)) => body[list].as_array_mut().into_iter().for_each(|entries| {
                entries.extend(entry_named(&base.body[list], name).cloned());
            }),
            None => body[field] = base.body[field].clone(),
        }
    }
    body[PUBLICATION] = serde_json::to_value(publication).map_err(failed)?;
    Ok(body)
}

/// The entry of a stored list with the name that [`nosmoke_domain::rules::ReadRules::not_understood`] gives it.
fn entry_named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    let entries = list.as_array()?;
    let is_named = |entry: &&Value| ["code", "ground"].iter().any(|key| entry[*key].as_str() == Some(name));
    let by_position = || name.parse::<usize>().ok().and_then(|position| entries.get(position.checked_sub(1)?));
    entries.iter().find(is_named).or_else(by_position)
}
