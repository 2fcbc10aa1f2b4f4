//! The port to the program that shows the screens: events, file dialogs, and what a desktop offers.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use nosmoke_ports::contract::{Changed, Closing, Job, PageSize, Zoom};

/// A file type that a dialog filters by.
#[derive(Debug, Clone, Copy)]
pub struct FileKind {
    pub name: &'static str,
    pub extensions: &'static [&'static str],
}

/// Called when a page was handed over to the system's printers.
pub type OnPrinted = Box<dyn FnOnce() + Send>;

/// The program that shows the screens. It opens the file dialogs, so that a screen can never choose a path by itself.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// Emits an event to the screens; the event is lost if no screen listens.
    fn emit(&self, event: Event);

    /// Sets the size of the screens.
    fn set_zoom(&self, zoom: Zoom);

    /// Ends the program; the user has decided about what would be lost.
    fn close(&self);

    /// Whether nobody can see the window, because it is minimised or hidden.
    fn is_hidden(&self) -> bool;

    /// Shows a notification of the system. The texts name no person.
    fn notify(&self, title: &str, text: &str);

    /// Opens a folder in the system's file manager.
    ///
    /// # Errors
    /// The system's message.
    fn show_folder(&self, folder: &Path) -> Result<(), String>;

    /// Prints what the page shows: by the system's dialog, or as a PDF into a file. Calls `printed` unless the dialog is cancelled.
    ///
    /// # Errors
    /// The system's message.
    fn print_page(&self, page: PageSize, to: Option<PathBuf>, printed: OnPrinted) -> Result<(), String>;

    /// Opens a dialog for a file to save; `None` if cancelled.
    async fn pick_save(&self, suggested_name: &str, kind: FileKind) -> Option<PathBuf>;

    /// Opens a dialog for a file to read; `None` if cancelled.
    async fn pick_open(&self, kind: FileKind) -> Option<PathBuf>;

    /// Opens a dialog for a folder; `None` if cancelled.
    async fn pick_folder(&self) -> Option<PathBuf>;
}

/// Defines the events by rows `Variant(Payload) as name`, and their TypeScript type for the screens.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) as $name:ident;)*) => {
        /// An event for the screens.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $($(#[$doc])* $variant($payload)),*
        }

        impl Event {
            /// The event's name, by which the screens subscribe to it.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($name)),*
                }
            }

            /// The event's payload as JSON.
            ///
            /// # Errors
            /// An error if the payload can't be serialised, which never happens with the present events.
            pub fn payload(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self {
                    $(Self::$variant(payload) => serde_json::to_value(payload)),*
                }
            }
        }

        /// Each event by its name, with its payload.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export_to = "calls.ts", rename_all = "camelCase")]
        #[expect(dead_code, reason = "its type is what matters")]
        struct EventPayloads {
            $($(#[$doc])* $name: $payload),*
        }

        /// Writes only `calls.ts`; the types that it refers to are exported with the contract.
        #[cfg(test)]
        #[test]
        fn export_bindings_events() {
            <EventPayloads as ts_rs::TS>::export(&ts_rs::Config::from_env()).unwrap();
        }
    };
}

events! {
    /// Facts or documents became visible in the views.
    Changed(Changed) as changed;
    /// A job began, went on or ended.
    Job(Job) as job;
    /// The user wants to close the window, and something would be lost.
    Closing(Closing) as closing;
    /// The connection to the cluster changed its state, or the number of waiting facts changed.
    Connection(()) as connection;
    /// The slips that aren't on paper yet have changed.
    Printer(()) as printer;
}
