//! Prints the page by the system's dialog, with a size of paper that the dialog begins with.

use std::path::PathBuf;

use nosmoke_ports::contract::PageSize;
use nosmoke_window::OnPrinted;
use tauri::WebviewWindow;

/// Opens the system's dialog, or writes a PDF to a file. Returns before it is printed; calls `printed` unless the dialog is
/// cancelled.
#[cfg(target_os = "linux")]
pub(crate) fn print(
    window: &WebviewWindow,
    page: PageSize,
    to: Option<PathBuf>,
    printed: OnPrinted,
) -> Result<(), String> {
    use gtk::prelude::{Cast as _, WidgetExt as _};
    use gtk::{PageSetup, PaperSize, PrintSettings, Unit};
    use webkit2gtk::{PrintOperation, PrintOperationExt, PrintOperationResponse};

    let printing = window.with_webview(move |view| {
        let view = view.inner();
        let (width, height) = (f64::from(page.width_mm), f64::from(page.height_mm));
        let setup = PageSetup::new();
        setup.set_paper_size(&PaperSize::new_custom("nosmoke-slip", "Slip", width, height, Unit::Mm));
        // The page has margins of its own.
        setup.set_top_margin(0.0, Unit::Mm);
        setup.set_bottom_margin(0.0, Unit::Mm);
        setup.set_left_margin(0.0, Unit::Mm);
        setup.set_right_margin(0.0, Unit::Mm);
        let operation = PrintOperation::new(&view);
        operation.set_page_setup(&setup);
        operation.connect_failed(|_, error| tracing::warn!(%error, "the page can't be printed"));
        match to {
            Some(path) => {
                let settings = PrintSettings::new();
                settings.set_printer("Print to File");
                settings.set("output-file-format", Some("pdf"));
                settings.set("output-uri", Some(&format!("file://{}", path.display())));
                operation.set_print_settings(&settings);
                operation.print();
                printed();
            }
            None => {
                let parent = view.toplevel().and_then(|widget| widget.downcast::<gtk::Window>().ok());
                if operation.run_dialog(parent.as_ref()) == PrintOperationResponse::Print {
                    printed();
                }
            }
        }
    });
    printing.map_err(|error| error.to_string())
}

/// Opens the system's dialog, which asks for the size of the paper itself and doesn't say whether it was cancelled.
#[cfg(not(target_os = "linux"))]
pub(crate) fn print(window: &WebviewWindow, _: PageSize, _: Option<PathBuf>, printed: OnPrinted) -> Result<(), String> {
    window.print().map_err(|error| error.to_string())?;
    printed();
    Ok(())
}
