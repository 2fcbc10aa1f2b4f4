//! Keeps the window on the program's own screens: a dropped file, a link or a script can't replace them, and opens no other
//! window. Whoever works at the desk would else type names into a stranger's page, and have no way back.

use tauri::webview::NewWindowResponse;
use tauri::{Runtime, Url};

/// Whether the window, or the frame of the isolation pattern in it, may show a page.
pub(crate) fn is_allowed(url: &Url) -> bool {
    let is_own = is_own_page(url) || (tauri::is_dev() && is_dev_server(url));
    if !is_own {
        // Only the scheme: the rest may be a path with somebody's name.
        tracing::warn!(scheme = url.scheme(), "the window doesn't leave the program's screens");
    }
    is_own
}

/// Refuses to open another window.
pub(crate) fn refuse_window<R: Runtime>(url: &Url) -> NewWindowResponse<R> {
    tracing::warn!(scheme = url.scheme(), "the program opens no other window");
    NewWindowResponse::Deny
}

fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri" | "isolation", Some("localhost")) => true,
        // On Windows and Android custom schemes are hosts.
        ("http" | "https", Some("tauri.localhost" | "isolation.localhost")) => cfg!(windows),
        _ => false,
    }
}

fn is_dev_server(url: &Url) -> bool {
    (url.scheme(), url.host_str(), url.port()) == ("http", Some("localhost"), Some(1420))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_programs_own_pages_are_shown() {
        let own = |url: &str| Url::parse(url).is_ok_and(|url| is_own_page(&url));
        assert!(own("tauri://localhost/") && own("tauri://localhost/index.html#desk") && own("isolation://localhost/"));
        for other in [
            "file:///home/desk/form.html",
            "https://example.com/",
            "http://localhost:1420/",
            "http://localhost/",
            "tauri://example.com/",
            "data:text/html,x",
            "about:blank",
            "blob:tauri://localhost/1",
        ] {
            assert!(!own(other), "{other}");
        }
    }
}
