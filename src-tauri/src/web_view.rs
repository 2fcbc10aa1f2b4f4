//! Settings of the web view that Tauri's API lacks (WebKitGTK only).

use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, SettingsExt, WebViewExt};

pub(crate) fn adjust(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|view| {
        let view = view.inner();
        // wry disables preedit text on Linux, which hides a Hangul syllable until it is complete.
        if let Some(input) = view.input_method_context() {
            input.set_enable_preedit(true);
        }
        // The window tests read JavaScript errors and violations of the content policy from this program's output.
        if nosmoke_window::TEST_HOOKS
            && let Some(settings) = view.settings()
        {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
    })
}
