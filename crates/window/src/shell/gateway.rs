//! The REST gateway, which the window serves if it is enabled in the settings.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use nosmoke_application::settings;
use nosmoke_composition::{OpenFolder, forget_gateway, gateway_socket, note_gateway_address};
use nosmoke_gateway::{Limits, Listeners, RunningGateway, Served, bind, serve};
use nosmoke_ports::contract::{AppError, ErrorCode, GatewaySetting, GatewayView};
use nosmoke_ports::{StoreError, read};
use serde_json::json;
use tokio::sync::Mutex;

pub(super) struct Gateway {
    /// The demonstration's folder, for which no gateway is started.
    unserved: PathBuf,
    state: Mutex<GatewayState>,
}

/// The running gateway, or the reason why it can't run; neither if the gateway is disabled.
#[derive(Default)]
struct GatewayState {
    running: Option<RunningGateway>,
    problem: Option<AppError>,
}

impl Gateway {
    pub(super) fn new(unserved: PathBuf) -> Self {
        Self { unserved, state: Mutex::default() }
    }

    pub(super) async fn view(&self, open: &OpenFolder) -> Result<GatewayView, AppError> {
        let setting = read::<_, StoreError>(&*open.terminal().core.journal, |tx| settings::gateway::kept(tx)).await?;
        let state = self.state.lock().await;
        Ok(GatewayView {
            setting,
            address: state.running.as_ref().map(|running| format!("http://{}", running.address)),
            token_file: open.folder().join("gateway.token").display().to_string(),
            problem: state.problem.clone(),
        })
    }

    /// Saves the setting and restarts the gateway.
    pub(super) async fn save(&self, open: &OpenFolder, setting: GatewaySetting) -> Result<GatewayView, AppError> {
        settings::gateway::keep(&*open.terminal().core.journal, setting).await?;
        self.end(open).await;
        self.begin(open).await;
        self.view(open).await
    }

    /// Starts the gateway if it is enabled. A failure is only shown in the gateway's state, so that the desk works
    /// without it.
    pub(super) async fn begin(&self, open: &OpenFolder) {
        let begun = self.try_begin(open).await;
        let mut state = self.state.lock().await;
        match begun {
            Ok(running) => *state = GatewayState { running, problem: None },
            Err(problem) => {
                tracing::warn!(%problem, "the gateway can't be started");
                *state = GatewayState { running: None, problem: Some(problem) };
            }
        }
    }

    async fn try_begin(&self, open: &OpenFolder) -> Result<Option<RunningGateway>, AppError> {
        let setting = read::<_, StoreError>(&*open.terminal().core.journal, |tx| settings::gateway::kept(tx)).await?;
        if !setting.enabled || open.folder() == self.unserved {
            return Ok(None);
        }
        let unavailable = |detail: String| {
            AppError::with(ErrorCode::PortUnavailable, json!({ "port": setting.port, "detail": detail }))
        };
        // A caller that can connect finds the token.
        open.tokens().owner_secret()?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, setting.port));
        let listener = bind(listen).await.map_err(|error| unavailable(error.to_string()))?;
        let listeners = Listeners::with_socket(listener, &gateway_socket(open.folder()));
        note_gateway_address(open.folder(), listen)?;
        let served = Served::new(open.terminal().clone(), open.tokens().clone(), Limits::default());
        serve(listeners, served).map(Some).map_err(|error| unavailable(error.to_string()))
    }

    pub(super) async fn end(&self, open: &OpenFolder) {
        let Some(running) = std::mem::take(&mut *self.state.lock().await).running else { return };
        running.stop().await;
        if let Err(error) = forget_gateway(open.folder()) {
            tracing::warn!(%error, "the file with the gateway's address can't be cleared");
        }
    }
}
