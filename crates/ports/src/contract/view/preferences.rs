//! The preferences of this terminal: how its screens look and sound, and how its scanner types.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Light,
    Dark,
    Auto,
}

/// The size of the screens, in percent of the normal size: one of [`Zoom::STEPS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts", type = "100 | 110 | 125 | 150 | 175 | 200")]
#[serde(try_from = "u16", into = "u16")]
pub struct Zoom(u16);

impl Zoom {
    pub const STEPS: [u16; 6] = [100, 110, 125, 150, 175, 200];

    /// The factor by which the screens are larger than normal.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Default for Zoom {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<u16> for Zoom {
    type Error = String;

    fn try_from(percent: u16) -> Result<Self, String> {
        if Self::STEPS.contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(format!("{percent} isn't a step of the zoom"))
        }
    }
}

impl From<Zoom> for u16 {
    fn from(zoom: Zoom) -> Self {
        zoom.0
    }
}

/// How this terminal's card scanner types.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ScannerSetting {
    /// The largest median time between two keys of a scan. Above the default, fast typing may count as a scan.
    pub pace_ms: ScannerPace,
    /// What the scanner sends before each card; empty for nothing. It is no part of the card's number.
    pub prefix: ScannerPrefix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts", type = "number")]
#[serde(try_from = "u16", into = "u16")]
pub struct ScannerPace(u16);

impl ScannerPace {
    /// Slower than this, nothing tells a scanner from a hand.
    const MAX_MS: u16 = 200;
}

impl Default for ScannerPace {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for ScannerPace {
    type Error = String;

    fn try_from(ms: u16) -> Result<Self, String> {
        if (1..=Self::MAX_MS).contains(&ms) {
            Ok(Self(ms))
        } else {
            Err(format!("{ms} ms isn't the pace of a scanner"))
        }
    }
}

impl From<ScannerPace> for u16 {
    fn from(pace: ScannerPace) -> Self {
        pace.0
    }
}

/// Up to eight characters that a keyboard types, without spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts", type = "string")]
#[serde(try_from = "String", into = "String")]
pub struct ScannerPrefix(String);

impl ScannerPrefix {
    const LENGTH_MAX: usize = 8;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ScannerPrefix {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.len() <= Self::LENGTH_MAX && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err("not the prefix of a scanner".to_owned())
        }
    }
}

impl From<ScannerPrefix> for String {
    fn from(prefix: ScannerPrefix) -> Self {
        prefix.0
    }
}

/// After how many minutes without a key or a click the screen is locked; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts", type = "number")]
#[serde(try_from = "u16", into = "u16")]
pub struct AutoLock(u16);

impl AutoLock {
    const MAX_MINUTES: u16 = 240;
}

impl Default for AutoLock {
    fn default() -> Self {
        Self(10)
    }
}

impl TryFrom<u16> for AutoLock {
    type Error = String;

    fn try_from(minutes: u16) -> Result<Self, String> {
        if minutes <= Self::MAX_MINUTES {
            Ok(Self(minutes))
        } else {
            Err(format!("{minutes} minutes are no time after which a screen is locked"))
        }
    }
}

impl From<AutoLock> for u16 {
    fn from(minutes: AutoLock) -> Self {
        minutes.0
    }
}

/// The preferences of this terminal; never sent to another terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Preferences {
    pub language: Language,
    pub theme: Theme,
    pub sound: bool,
    pub zoom: Zoom,
    pub scanner: ScannerSetting,
    pub auto_lock_minutes: AutoLock,
}
