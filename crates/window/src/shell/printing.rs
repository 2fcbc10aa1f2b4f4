//! Slips on this terminal's receipt printer.

use std::io;
use std::sync::Arc;

use nosmoke_application::settings::printer;
use nosmoke_composition::{Printing, check_printer};
use nosmoke_ports::contract::{AccessAct, AppError, ErrorCode, PrintInput, PrinterSetting, PrinterView};
use nosmoke_ports::{Access, StoreError, read};
use serde_json::json;

use super::Shell;
use crate::host::{Event, Host};

/// Starts the queue of slips, whose changes the screens hear of.
pub(super) fn start(host: Arc<dyn Host>) -> io::Result<Printing> {
    Printing::start(move || host.emit(Event::Printer(())))
}

impl Shell {
    pub(crate) async fn printer(&self) -> Result<PrinterView, AppError> {
        let setting = self.printer_setting().await?;
        let waiting = self.printing.as_ref().map(|printing| printing.waiting()).unwrap_or_default();
        Ok(PrinterView { setting, waiting })
    }

    pub(crate) async fn save_printer(&self, setting: PrinterSetting) -> Result<PrinterView, AppError> {
        check_printer(&setting)?;
        printer::keep(&*self.terminal().await?.core.journal, setting).await?;
        self.printer().await
    }

    /// Hands a slip over to the printer. Whether it comes out shows among the waiting slips.
    pub(crate) async fn print_slip(&self, input: PrintInput) -> Result<PrinterView, AppError> {
        let setting = self.printer_setting().await?;
        let (content, customer) = self.terminal().await?.queries.slip(input).await?;
        // Drawing takes some milliseconds.
        let printing = self.printing()?;
        let printed = tokio::task::spawn_blocking(move || printing.print(&setting, &content)).await;
        printed.map_err(|error| internal(&error.to_string()))??;
        if customer.is_some() {
            self.note(Access::done(self.by().await, AccessAct::Printed).of(customer)).await;
        }
        self.printer().await
    }

    pub(crate) async fn retry_slip(&self, id: u64) -> Result<PrinterView, AppError> {
        self.printing()?.try_again(&self.printer_setting().await?, id)?;
        self.printer().await
    }

    pub(crate) async fn discard_slip(&self, id: u64) -> Result<PrinterView, AppError> {
        self.printing()?.discard(id);
        self.printer().await
    }

    fn printing(&self) -> Result<Arc<Printing>, AppError> {
        self.printing.clone().ok_or_else(|| internal("the system can start no thread for the printer"))
    }

    async fn printer_setting(&self) -> Result<PrinterSetting, AppError> {
        let terminal = self.terminal().await?;
        Ok(read::<_, StoreError>(&*terminal.core.journal, |tx| printer::kept(tx)).await?)
    }
}

fn internal(detail: &str) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": detail }))
}
