//! The setting of this terminal's receipt printer, and what was printed.

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::{AppError, PrinterPlace, PrinterSetting};
use nosmoke_ports::limits::check_text;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};
use uuid::Uuid;

const SETTING: &str = nosmoke_ports::setting::outward::PRINTER;
const PLACE_MAX: usize = 300;

/// Reads the saved setting; by default there is no printer.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<PrinterSetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves the setting. The caller has checked the address, which only the adapter for printers can read.
///
/// # Errors
/// `too_long`, `invalid_text`, or an error of the store.
pub async fn keep(journal: &dyn Journal, chosen: PrinterSetting) -> Result<(), AppError> {
    match &chosen.place {
        PrinterPlace::None => {}
        PrinterPlace::Network { address } => check_text("address", address, PLACE_MAX)?,
        PrinterPlace::Usb { path } => check_text("path", path, PLACE_MAX)?,
    }
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Notes that the slip of a payment or penalty is on paper, whole or in part: the next one is a reprint.
///
/// # Errors
/// An error of the store.
pub async fn note_printed(journal: &dyn Journal, entry: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    let unit = move |tx: &mut dyn Write| tx.note_printed(entry, at);
    write::<(), StoreError>(journal, Priority::Background, unit).await.map(drop)
}
