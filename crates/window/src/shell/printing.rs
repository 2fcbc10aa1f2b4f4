//! Slips on this terminal's receipt printer.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_application::settings::printer;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::{FailedSlip, OnPaper, Printing, check_printer, slip_view};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{
    AccessAct, AppError, ErrorCode, PrintPageInput, PrinterSetting, PrinterView, SlipInput, SlipView,
};
use nosmoke_ports::{Access, StoreError, read};
use serde_json::json;
use tokio::runtime::Handle;

use super::Shell;

const PAGE_MIN_MM: u32 = 40;
const WIDTH_MAX_MM: u32 = 300;
const HEIGHT_MAX_MM: u32 = 2_000;

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
    pub(crate) async fn print_slip(&self, input: SlipInput) -> Result<PrinterView, AppError> {
        let setting = self.printer_setting().await?;
        let terminal = self.terminal().await?;
        let printing = self.printing()?;
        // One that is under way will be on paper first.
        let (content, customer) = terminal.queries.slip(input, printing.is_under_way(input)).await?;
        let at = terminal.core.present.moment();
        let on_paper = on_paper(&terminal, input);
        // Drawing takes some milliseconds.
        let print = move || printing.print(&setting, input, &content, at, on_paper);
        let printed = tokio::task::spawn_blocking(print).await;
        printed.map_err(|error| internal(&error.to_string()))??;
        self.note_slip(customer).await;
        self.printer().await
    }

    /// Sends a failed slip again as it is now: what it says may have changed, and the printer too.
    pub(crate) async fn retry_slip(&self, id: u64) -> Result<PrinterView, AppError> {
        let printing = self.printing()?;
        if let Some(FailedSlip { input, partly }) = printing.failed(id) {
            let setting = self.printer_setting().await?;
            let (content, customer) = self.terminal().await?.queries.slip(input, partly).await?;
            let printed = tokio::task::spawn_blocking(move || printing.try_again(&setting, id, &content)).await;
            printed.map_err(|error| internal(&error.to_string()))??;
            self.note_slip(customer).await;
        }
        self.printer().await
    }

    /// Returns a slip for the system's printers, on the paper of this terminal's printer. The access log
    /// says that the customer was shown: nothing is printed yet.
    pub(crate) async fn slip_view(&self, input: SlipInput) -> Result<SlipView, AppError> {
        let roll = self.printer_setting().await?.roll;
        let (content, customer) = self.terminal().await?.queries.slip(input, false).await?;
        let view = slip_view(roll, &content)?;
        if customer.is_some() {
            self.note(Access::done(self.by().await, AccessAct::CardOpened).of(customer)).await;
        }
        Ok(view)
    }

    /// Prints the slip that the page shows by the system's dialog, or into a file without it. Unless the dialog is cancelled, it
    /// counts as printed: whether a printer of the system prints it can't be asked.
    pub(crate) async fn print_page(&self, input: PrintPageInput, to: Option<PathBuf>) -> Result<(), AppError> {
        let PrintPageInput { slip, page } = input;
        for (field, mm, max) in [("widthMm", page.width_mm, WIDTH_MAX_MM), ("heightMm", page.height_mm, HEIGHT_MAX_MM)]
        {
            if !(PAGE_MIN_MM..=max).contains(&mm) {
                let params = json!({ "field": field, "min": PAGE_MIN_MM, "max": max });
                return Err(AppError::with(ErrorCode::OutOfRange, params));
            }
        }
        let terminal = self.terminal().await?;
        let (_, customer) = terminal.queries.slip(slip, false).await?;
        let on_paper = on_paper(&terminal, slip);
        let (shell, runtime) = (self.clone(), Handle::current());
        let printed = move || {
            on_paper.call();
            runtime.spawn(async move { shell.note_slip(customer).await });
        };
        self.host().print_page(page, to, Box::new(printed)).map_err(|detail| internal(&detail))
    }

    /// How many slips aren't on paper yet.
    pub(super) fn slips_waiting(&self) -> u32 {
        let waiting = self.printing.as_ref().map_or(0, |printing| printing.waiting().len());
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }

    async fn note_slip(&self, customer: Option<CustomerId>) {
        if customer.is_some() {
            self.note(Access::done(self.by().await, AccessAct::Printed).of(customer)).await;
        }
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

/// Notes in the data folder that is open now that the slip of an entry is on paper, unless it is closed meanwhile.
fn on_paper(terminal: &Arc<Terminal>, input: SlipInput) -> OnPaper {
    let (terminal, runtime) = (Arc::downgrade(terminal), Handle::current());
    OnPaper::new(move || {
        let (Some(entry), Some(terminal)) = (input.entry(), terminal.upgrade()) else { return };
        runtime.spawn(async move {
            let at = terminal.core.present.moment();
            if let Err(error) = printer::note_printed(&*terminal.core.journal, entry, at).await {
                tracing::warn!(%error, "it can't be noted that a slip was printed");
            }
        });
    })
}

fn internal(detail: &str) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": detail }))
}

#[cfg(test)]
mod tests;
