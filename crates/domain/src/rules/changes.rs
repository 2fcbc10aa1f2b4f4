//! What differs between two sets of rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::set::Rules;

/// A value that differs between two sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// The path of the value: `points_per_visit`, `levels.prohibit.1.at`, `codes.LITTER.points`.
    pub field: String,
    /// `None` if the earlier set has no value there.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Returns what differs between two sets, by path. The generation isn't part of it.
pub fn changes(before: &Rules, after: &Rules) -> Vec<RuleChange> {
    let (before, after) = (values(before), values(after));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |path: &String| RuleChange {
        field: path.clone(),
        before: before.get(path).cloned(),
        after: after.get(path).cloned(),
    };
    paths.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

/// The values of a set by path, without null ones.
fn values(rules: &Rules) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    let Ok(Value::Object(fields)) = serde_json::to_value(rules) else { return values };
    for (field, value) in fields.iter().filter(|(field, _)| *field != "generation") {
        collect(field, value, &mut values);
    }
    values
}

fn collect(path: &str, value: &Value, values: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(field, value)| collect(&format!("{path}.{field}"), value, values));
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                let named = ["code", "ground"].iter().find_map(|key| entry.get(key)?.as_str());
                let name = named.map_or_else(|| (index + 1).to_string(), str::to_owned);
                collect(&format!("{path}.{name}"), entry, values);
            }
        }
        Value::Null => {}
        value => drop(values.insert(path.to_owned(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::points::Points;

    #[test]
    fn a_change_names_the_value_and_the_code_however_the_codes_are_sorted() {
        let before = Rules::default();
        let mut after = Rules { generation: 9, daily_cap: Points::new(300).ok(), ..before.clone() };
        after.codes.reverse();
        after.codes[0].points = Points::new(35).unwrap();
        let changes = changes(&before, &after);
        let changes: Vec<_> =
            changes.iter().map(|it| (it.field.as_str(), it.before.clone(), it.after.clone())).collect();
        assert_eq!(
            changes,
            [("codes.AGGRAVATED.points", Some(json!(30)), Some(json!(35))), ("daily_cap", None, Some(json!(300))),]
        );
    }
}
