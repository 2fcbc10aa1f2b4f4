//! The REST gateway that the window may serve.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::AppError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GatewaySetting {
    pub enabled: bool,
    /// Of loopback, from 1,024.
    pub port: u16,
}

impl Default for GatewaySetting {
    fn default() -> Self {
        Self { enabled: false, port: 8_080 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct GatewayView {
    pub setting: GatewaySetting,
    /// While it answers.
    pub address: Option<String>,
    /// Where the token is.
    pub token_file: String,
    /// Why it doesn't answer though it should.
    pub problem: Option<AppError>,
}
