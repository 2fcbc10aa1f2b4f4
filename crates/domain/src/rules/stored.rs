//! Reads stored sets, also those of newer programs.

use serde_json::{Map, Value};

use super::set::Rules;

/// A set as far as this program understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRules {
    pub rules: Rules,
    /// The names of the fields that have their defaults because a newer program wrote something that this one can't
    /// understand; of codes and grounds, those that are left out: `codes.LITTER`.
    pub not_understood: Vec<String>,
}

impl ReadRules {
    /// The highest generation, so that every set can have a successor that is exact in JSON.
    pub const MAX_GENERATION: u64 = 1 << 52;

    /// Reads the body of a stored set. `None` if it isn't an object, or has no usable generation: then nothing can say
    /// when it is in force.
    pub fn of(body: &Value) -> Option<Self> {
        let body = body.as_object()?;
        if let Some(generation) = body.get("generation")
            && !generation.as_u64().is_some_and(|it| (1..=Self::MAX_GENERATION).contains(&it))
        {
            return None;
        }
        if let Some(rules) = parse(body.clone()) {
            return Some(Self { rules, not_understood: Vec::new() });
        }
        let (mut understood, mut not_understood) = (Map::new(), Vec::new());
        for (field, value) in body {
            match (field.as_str(), value) {
                (field @ ("codes" | "grounds"), Value::Array(entries)) => {
                    let (kept, others): (Vec<_>, Vec<_>) =
                        entries.iter().cloned().enumerate().partition(|(_, entry)| is_field(field, &list(entry)));
                    not_understood
                        .extend(others.iter().map(|(index, entry)| format!("{field}.{}", name(*index, entry))));
                    understood.insert(field.to_owned(), kept.into_iter().map(|(_, entry)| entry).collect());
                }
                (field, value) if is_field(field, value) => {
                    understood.insert(field.to_owned(), value.clone());
                }
                (field, _) => not_understood.push(field.to_owned()),
            }
        }
        parse(understood).map(|rules| Self { rules, not_understood })
    }
}

/// The name of a code or ground; its position if it has none.
fn name(index: usize, entry: &Value) -> String {
    let name = ["code", "ground"].iter().find_map(|key| entry.get(key)?.as_str());
    name.map_or_else(|| (index + 1).to_string(), str::to_owned)
}

fn list(entry: &Value) -> Value {
    Value::Array(vec![entry.clone()])
}

fn is_field(field: &str, value: &Value) -> bool {
    parse(Map::from_iter([(field.to_owned(), value.clone())])).is_some()
}

fn parse(body: Map<String, Value>) -> Option<Rules> {
    serde_json::from_value(Value::Object(body)).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::words::{Ground, PenaltyCode};

    #[test]
    fn what_a_newer_program_wrote_is_named_and_the_rest_is_in_force() {
        let read = ReadRules::of(&json!({
            "generation": 3,
            "points_per_visit": 70,
            "levels": { "warn_at": 5, "prohibit": [] },
            "codes": [{ "code": "BASIC", "points": 9 }, { "code": "FIRE", "points": { "by_hour": 3 } }, 7],
            "grounds": [{ "ground": "service", "takes": "third", "role": "staff" }],
            "holidays": [1],
        }))
        .unwrap();
        assert_eq!(read.not_understood, ["codes.FIRE", "codes.3", "grounds.service", "levels"]);
        let rules = read.rules;
        assert_eq!((rules.generation, rules.points_per_visit.get()), (3, 70));
        assert_eq!(rules.levels, Rules::default().levels);
        assert_eq!(rules.points_of(PenaltyCode::BASIC).unwrap().get(), 9);
        assert_eq!((rules.codes.len(), rules.ground(Ground::SERVICE)), (1, None));
        assert!(rules.unknown.contains_key("holidays"));
    }

    #[test]
    fn a_set_without_a_usable_generation_isn_t_one() {
        for body in
            [json!([]), json!({ "generation": 0 }), json!({ "generation": "2" }), json!({ "generation": 1u64 << 53 })]
        {
            assert_eq!(ReadRules::of(&body), None, "{body}");
        }
        assert_eq!(ReadRules::of(&json!({})).unwrap().rules, Rules::default());
    }
}
