//! A second start on the same data folder brings the first window to the front and ends. A name on the session bus, one for
//! each folder, tells that there is a first one. Without a session bus the second window opens, and says that the folder is
//! in use.

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};

/// Returns the plugin for this data folder's name on the bus; `None` if there is no bus, or if the first program has the
/// name but doesn't answer: then the plugin would panic or wait for ever.
#[cfg(target_os = "linux")]
pub(crate) fn plugin(identifier: &str, data_folder: &std::path::Path) -> Option<TauriPlugin<Wry>> {
    let id = format!("{identifier}.{}", nosmoke_window::folder_tag(data_folder));
    if !bus::answers(format!("{id}.SingleInstance")) {
        return None;
    }
    Some(tauri_plugin_single_instance::Builder::new().dbus_id(id).callback(|app, _, _| to_front(app)).build())
}

/// On these systems the plugin's name is one for all data folders, so it is left out: the folder's lock still keeps a second
/// program out.
#[cfg(not(target_os = "linux"))]
pub(crate) fn plugin(_: &str, _: &std::path::Path) -> Option<TauriPlugin<Wry>> {
    None
}

/// Gives the name on the bus back, so that another start opens a window of its own.
pub(crate) fn give_way(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    tauri_plugin_single_instance::destroy(app);
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

#[cfg(target_os = "linux")]
fn to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else { return };
    for done in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = done {
            tracing::warn!(%error, "the window can't come to the front");
        }
    }
}

#[cfg(target_os = "linux")]
mod bus {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use zbus::blocking::connection::Builder;
    use zbus::blocking::fdo::{DBusProxy, PeerProxy};

    /// A bus that works answers within milliseconds, a first program on a busy PC within a few seconds.
    const TIMEOUT: Duration = Duration::from_secs(5);

    /// Whether there is a session bus that answers, and, if another process has this name, that process too. The question is
    /// put on a thread of its own, because connecting has no timeout.
    pub(super) fn answers(name: String) -> bool {
        let (answer, answered) = mpsc::channel();
        thread::spawn(move || answer.send(ask(&name)));
        match answered.recv_timeout(TIMEOUT) {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "no session bus: a second start isn't recognised");
                false
            }
            Err(_) => {
                tracing::warn!("the session bus or the first program doesn't answer: a second start isn't recognised");
                false
            }
        }
    }

    fn ask(name: &str) -> zbus::Result<()> {
        let connection = Builder::session()?.method_timeout(TIMEOUT).build()?;
        let is_taken = DBusProxy::new(&connection)?.name_has_owner(name.try_into()?)?;
        if is_taken {
            PeerProxy::builder(&connection).destination(name)?.path("/")?.build()?.ping()?;
        }
        Ok(())
    }
}
