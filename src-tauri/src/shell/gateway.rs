//! The REST gateway that the window serves when the setting says so.

use std::net::{Ipv4Addr, SocketAddr};

use nosmoke_application::settings;
use nosmoke_composition::{OpenFolder, note_gateway_address, open_gateway_token};
use nosmoke_gateway::{Limits, Running, Served, bind, serve};
use nosmoke_ports::contract::{AppError, ErrorCode, GatewaySetting, GatewayView};
use nosmoke_ports::{StoreError, read};
use serde_json::json;

use super::{Shell, not_set_up};

/// What became of the setting.
#[derive(Default)]
pub(crate) struct Gateway {
    running: Option<Running>,
    problem: Option<AppError>,
}

impl Shell {
    pub(crate) async fn gateway(&self) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        self.gateway_view(open.as_ref().ok_or_else(not_set_up)?).await
    }

    /// Keeps the setting and begins the gateway anew.
    pub(crate) async fn save_gateway(&self, setting: GatewaySetting) -> Result<GatewayView, AppError> {
        let open = self.open.lock().await;
        let open = open.as_ref().ok_or_else(not_set_up)?;
        settings::gateway::keep(&*open.terminal().ports.journal, setting).await?;
        self.end_gateway(open).await;
        self.begin_gateway(open).await;
        self.gateway_view(open).await
    }

    async fn gateway_view(&self, open: &OpenFolder) -> Result<GatewayView, AppError> {
        let setting = read::<_, StoreError>(&*open.terminal().ports.journal, |tx| settings::gateway::kept(tx)).await?;
        let gateway = self.gateway.lock().await;
        Ok(GatewayView {
            setting,
            address: gateway.running.as_ref().map(|running| format!("http://{}", running.address)),
            token_file: open.folder().join("gateway.token").display().to_string(),
            problem: gateway.problem.clone(),
        })
    }

    /// The desk goes on without it, whatever is wrong with it.
    pub(super) async fn begin_gateway(&self, open: &OpenFolder) {
        let begun = self.try_begin(open).await;
        let mut gateway = self.gateway.lock().await;
        match begun {
            Ok(running) => *gateway = Gateway { running, problem: None },
            Err(problem) => {
                tracing::warn!(%problem, "the gateway doesn't answer");
                *gateway = Gateway { running: None, problem: Some(problem) };
            }
        }
    }

    async fn try_begin(&self, open: &OpenFolder) -> Result<Option<Running>, AppError> {
        let setting = read::<_, StoreError>(&*open.terminal().ports.journal, |tx| settings::gateway::kept(tx)).await?;
        if !setting.enabled || open.folder() == self.demonstration() {
            return Ok(None);
        }
        let unavailable = |detail: String| {
            AppError::with(ErrorCode::PortUnavailable, json!({ "port": setting.port, "detail": detail }))
        };
        let token = open_gateway_token(open.folder(), &*self.means.ids)?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, setting.port));
        let listener = bind(listen).await.map_err(|error| unavailable(error.to_string()))?;
        note_gateway_address(open.folder(), Some(listen))?;
        let served = Served::new(open.terminal().clone(), &token, Limits::default());
        serve(listener, served).map(Some).map_err(|error| unavailable(error.to_string()))
    }

    pub(super) async fn end_gateway(&self, open: &OpenFolder) {
        let Some(running) = std::mem::take(&mut *self.gateway.lock().await).running else { return };
        running.stop().await;
        if let Err(error) = note_gateway_address(open.folder(), None) {
            tracing::warn!(%error, "the gateway's address can't be taken away");
        }
    }
}
