//! What is said when not even a window of the screens can open: on the error output, and in a dialog of the system if there
//! is a display.

use std::process::ExitCode;

/// Why no window can open, in Korean and English. The screens have the words of all other errors.
#[derive(Debug)]
pub(crate) enum CannotStart {
    /// The display: there is none.
    #[cfg(target_os = "linux")]
    Display,
    /// The folder of the web view, in which nothing can be written. Has the message of the system.
    Folder(String),
    /// The window itself. Has the message of Tauri.
    Window(String),
}

impl CannotStart {
    fn words(&self) -> (String, String) {
        match self {
            #[cfg(target_os = "linux")]
            Self::Display => (
                "화면이 없어 창을 열 수 없습니다. 데스크톱에 로그인해 실행하거나, 창 없이 쓰려면 nosmoke serve를 실행하세요.".into(),
                "There is no display, so no window can open. Start it in a desktop session, or run `nosmoke serve` to work without a window.".into(),
            ),
            Self::Folder(detail) => (
                format!(
                    "임시 파일을 쓸 수 없어 창을 열 수 없습니다. 디스크의 공간을 비우거나, 관리자에게 폴더의 쓰기 권한을 요청해 주세요. 기록은 그대로 있습니다. ({detail})"
                ),
                format!(
                    "No temporary file can be written, so no window can open. Free some space on the disk, or ask an administrator for permission to write there. Your records are safe. ({detail})"
                ),
            ),
            Self::Window(detail) => (
                format!("창을 열 수 없습니다. 관리자에게 알려 주세요. 기록은 그대로 있습니다. ({detail})"),
                format!("No window can open. Tell an administrator. Your records are safe. ({detail})"),
            ),
        }
    }

    /// Says it, and returns the exit code of the program.
    pub(crate) fn say(&self) -> ExitCode {
        let (korean, english) = self.words();
        eprintln!("nosmoke-desk: {korean}\nnosmoke-desk: {english}");
        tracing::error!(reason = ?self, "no window can open");
        #[cfg(target_os = "linux")]
        if !matches!(self, Self::Display) {
            show(&korean, &english);
        }
        ExitCode::FAILURE
    }
}

/// Shows a dialog until the user closes it.
#[cfg(target_os = "linux")]
fn show(korean: &str, english: &str) {
    use gtk::prelude::*;
    let text = format!("{korean}\n\n{english}");
    let (flags, kind, buttons) = (gtk::DialogFlags::empty(), gtk::MessageType::Error, gtk::ButtonsType::Close);
    let dialog = gtk::MessageDialog::new(None::<&gtk::Window>, flags, kind, buttons, &text);
    dialog.set_title("Nosmoke Desk");
    dialog.show_all();
    dialog.run();
}
