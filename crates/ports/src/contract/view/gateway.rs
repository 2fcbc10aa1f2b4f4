//! The setting and the state of the REST gateway, a server that the window's program can run.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::AppError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GatewaySetting {
    pub enabled: bool,
    /// The port on the loopback interface, 1,024 or higher.
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
    /// The gateway's address; null while it isn't listening.
    pub address: Option<String>,
    /// The path of the file with the token that callers must send.
    pub token_file: String,
    /// Why the gateway isn't listening although it is enabled.
    pub problem: Option<AppError>,
}
