//! Has a package installed by the system's tool, which asks for the administrator's password.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// The exit codes with which `pkexec` says that nobody gave the password: the dialog was closed, or nobody may.
const REFUSED: [i32; 2] = [126, 127];
/// Letters of the tool's own message that are shown.
const DETAIL_MAX: usize = 500;

/// Installs a package, and waits for the end.
///
/// # Errors
/// `update_not_installed` with its reason.
pub async fn install(installer: &[OsString], package: &Path) -> Result<(), AppError> {
    let not_installed = |reason: &str, detail: String| {
        let params = json!({ "reason": reason, "detail": detail, "path": package.display().to_string() });
        AppError::with(ErrorCode::UpdateNotInstalled, params)
    };
    let Some((program, words)) = installer.split_first() else {
        return Err(not_installed("noDialog", "no tool installs packages here".into()));
    };
    let mut command = Command::new(program);
    command.args(words).arg(package).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = match output {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(not_installed("noDialog", error.to_string())),
        Err(error) => return Err(not_installed("failed", error.to_string())),
    };
    if output.status.success() {
        return Ok(());
    }
    let detail: String = String::from_utf8_lossy(&output.stderr).trim().chars().take(DETAIL_MAX).collect();
    match output.status.code() {
        Some(code) if REFUSED.contains(&code) => Err(not_installed("refused", detail)),
        _ => Err(not_installed("failed", detail)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    async fn reason(installer: &[&str]) -> Option<String> {
        let installer: Vec<OsString> = installer.iter().map(OsString::from).collect();
        let failed = install(&installer, Path::new("/tmp/nosmoke desk.deb")).await.err()?;
        assert_eq!(failed.code, ErrorCode::UpdateNotInstalled);
        assert_eq!(failed.params["path"], "/tmp/nosmoke desk.deb");
        Some(format!("{}: {}", failed.params["reason"].as_str().unwrap(), failed.params["detail"].as_str().unwrap()))
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_tool_gets_the_path_and_its_end_is_said_in_words() {
        assert_eq!(reason(&["test", "/tmp/nosmoke desk.deb", "="]).await, None);
        assert_eq!(reason(&["sh", "-c", "exit 126"]).await.unwrap(), "refused: ");
        assert_eq!(reason(&["sh", "-c", "exit 127"]).await.unwrap(), "refused: ");
        assert_eq!(reason(&["sh", "-c", "echo no space >&2; exit 2"]).await.unwrap(), "failed: no space");
        assert!(reason(&["/nowhere/pkexec"]).await.unwrap().starts_with("noDialog: "));
        assert!(reason(&[]).await.unwrap().starts_with("noDialog: "));
    }
}
