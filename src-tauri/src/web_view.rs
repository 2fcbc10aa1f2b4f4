//! Settings of the web view that Tauri has no words for (WebKitGTK only).

use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, SettingsExt, WebViewExt};

pub(crate) fn adjust(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|view| {
        let view = view.inner();
        // wry turns preedit text off on Linux; Hangul is then invisible until its syllable is complete.
        if let Some(input) = view.input_method_context() {
            input.set_enable_preedit(true);
        }
        // The window tests read the page's errors, and what the content policy refused, from this program's output.
        if cfg!(debug_assertions)
            && let Some(settings) = view.settings()
        {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
    })
}
