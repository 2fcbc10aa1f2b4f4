//! PINs as they are typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A typed PIN. It is hashed or compared, and goes nowhere else: `Debug` hides it, and so does the error for one that
/// isn't a text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export_to = "contract.ts", type = "string")]
pub struct Pin(#[serde(deserialize_with = "text")] String);

impl Pin {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pin {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Serde's own error would quote a number that stands where the text belongs.
fn text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(text),
        _ => Err(serde::de::Error::custom("a PIN is a text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_in_no_debug_output_and_in_no_error() {
        let pin: Pin = serde_json::from_str("\"271828\"").unwrap();
        assert_eq!(pin.as_str(), "271828");
        assert!(!format!("{pin:?}").contains("271828"));
        let error = serde_json::from_str::<Pin>("271828").unwrap_err().to_string();
        assert!(!error.contains("271828"), "{error}");
    }
}
