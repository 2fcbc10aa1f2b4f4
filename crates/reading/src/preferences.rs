//! Reads this terminal's preferences.

use std::collections::BTreeMap;

use nosmoke_ports::contract::Preferences;
use nosmoke_ports::{ReadSettings, StoreError};
use serde_json::{Map, Value};

/// The key of the setting that stores this terminal's preferences.
pub const PREFERENCES_SETTING: &str = "preferences";

/// The stored preferences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    pub preferences: Preferences,
    /// The names of those whose stored values can't be used; they have their defaults.
    pub lost: Vec<String>,
}

/// Reads this terminal's preferences. A stored value that can't be used is replaced by the default of that preference
/// alone, so that the program still starts.
///
/// # Errors
/// An error of the store.
pub fn preferences(tx: &mut dyn ReadSettings) -> Result<Kept, StoreError> {
    Ok(tx.setting(PREFERENCES_SETTING)?.map(|text| kept(&text)).unwrap_or_default())
}

fn kept(text: &str) -> Kept {
    let Ok(Value::Object(defaults)) = serde_json::to_value(Preferences::default()) else { return Kept::default() };
    let Ok(stored) = serde_json::from_str::<BTreeMap<String, Value>>(text) else {
        return Kept { lost: defaults.keys().cloned().collect(), ..Kept::default() };
    };
    let (mut usable, mut kept) = (Map::new(), Kept::default());
    // Another version of the program may have stored preferences that this one doesn't know.
    for (name, value) in stored.into_iter().filter(|(name, _)| defaults.contains_key(name)) {
        let mut with = usable.clone();
        with.insert(name.clone(), value);
        match serde_json::from_value(Value::Object(with.clone())) {
            Ok(preferences) => (kept.preferences, usable) = (preferences, with),
            Err(_) => kept.lost.push(name),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use nosmoke_ports::contract::{Language, Theme};

    use super::*;

    #[test]
    fn a_preference_that_cannot_be_used_has_its_default_alone() {
        let text = r#"{"language":"en","theme":"blue","zoom":150,"scanner":{"paceMs":0,"prefix":"~"},"newer":1}"#;
        let Kept { preferences, lost } = kept(text);
        assert_eq!((preferences.language, preferences.theme), (Language::En, Theme::Light));
        assert_eq!((u16::from(preferences.zoom), preferences.scanner), (150, Default::default()));
        assert_eq!(lost, ["scanner", "theme"]);
    }

    #[test]
    fn preferences_of_an_earlier_version_are_kept() {
        let Kept { preferences, lost } = kept(r#"{"language":"en","theme":"dark","sound":true}"#);
        assert_eq!((preferences.language, preferences.sound, lost.len()), (Language::En, true, 0));
    }

    #[test]
    fn a_damaged_setting_loses_every_preference_and_names_them() {
        for text in ["", "[]", "{", "null"] {
            let Kept { preferences, lost } = kept(text);
            assert_eq!(preferences, Preferences::default());
            assert!(lost.contains(&"scanner".to_owned()), "{text} {lost:?}");
        }
    }

    #[test]
    fn the_setting_of_a_scanner_has_limits() {
        for (scanner, fits) in [
            (r#"{"paceMs":120,"prefix":"~"}"#, true),
            (r#"{"paceMs":200,"prefix":"!$%&*+/~"}"#, true),
            (r#"{"paceMs":201}"#, false),
            (r#"{"paceMs":-1}"#, false),
            (r#"{"prefix":"a b"}"#, false),
            (r#"{"prefix":"\u0002"}"#, false),
            (r#"{"prefix":"가"}"#, false),
            (r#"{"prefix":"123456789"}"#, false),
            ("7", false),
        ] {
            assert_eq!(kept(&format!(r#"{{"scanner":{scanner}}}"#)).lost.is_empty(), fits, "{scanner}");
        }
    }
}
