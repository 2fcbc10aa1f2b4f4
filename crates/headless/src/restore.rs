//! `nosmoke restore`: replaces the data of a folder that no program has open by a backup.

use std::io::{self, BufRead, Write};
use std::path::Path;

use nosmoke_composition::{BackupContent, Environment, inspect_backup, is_in_use, note_access, restore_backup};
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{AccessAct, AppError, ErrorCode, Language};
use nosmoke_ports::{Access, AccessBy};
use serde_json::json;

use crate::backup::read_passphrase;
use crate::backup_args::RestoreArgs;
use crate::error::{Answer, Failed};
use crate::signals::until_stopped;
use crate::texts::both;

pub async fn restore(environment: Environment, args: RestoreArgs, language: Language) -> Result<Answer, Failed> {
    let folder = &args.folder.data_dir;
    let content = inspect_backup(&args.backup)?;
    let passphrase = args.passphrase_file.as_deref().map(read_passphrase).transpose()?;
    if content.locked && passphrase.is_none() {
        return Err(AppError::new(ErrorCode::BackupLocked).into());
    }
    // Before the question; the restore itself looks again.
    if is_in_use(folder)? {
        return Err(AppError::new(ErrorCode::FolderInUse).into());
    }
    if !args.yes {
        ask(&content, folder, language)?;
    }
    let restored = restore_backup(&environment, folder, &args.backup, passphrase, until_stopped()?).await;
    let row = Access::done(AccessBy::Token(TokenId::Owner), AccessAct::Restored);
    if folder.is_dir() {
        note_access(&environment, folder, None, row.ended(&restored)).await;
    }
    let restored = restored?;
    let kept_in = restored.kept_in.map(|path| path.display().to_string());
    let text = match (&kept_in, language) {
        (Some(kept), Language::Ko) => format!("되살렸습니다. 이전 데이터는 {kept} 에 있습니다."),
        (Some(kept), Language::En) => format!("Restored. The previous data is in {kept}"),
        (None, Language::Ko) => "되살렸습니다.".to_owned(),
        (None, Language::En) => "Restored.".to_owned(),
    };
    let json = json!({
        "facility": content.facility_name,
        "createdAt": nosmoke_gateway::time(content.created_at),
        "facts": restored.content.facts,
        "keptIn": kept_in,
    });
    Ok(Answer::with_text(json, text))
}

fn ask(content: &BackupContent, folder: &Path, language: Language) -> Result<(), Failed> {
    let (facility, facts, folder) = (&content.facility_name, content.facts, folder.display());
    let question = match language {
        Language::Ko => format!(
            "‘{facility}’의 백업(기록 {facts}건)으로 {folder} 의 데이터를 바꿉니다. 지금 데이터는 그 옆에 남습니다.\n\
             되살린 단말은 새 단말로 시작하므로 예전 PC를 더 쓰면 안 됩니다. 되살릴까요? [y/N] "
        ),
        Language::En => format!(
            "The data in {folder} is replaced by a backup of '{facility}' with {facts} facts, and kept beside it.\n\
             The restored terminal begins as a new one, so the old PC must be out of use. Restore? [y/N] "
        ),
    };
    let mut errors = io::stderr().lock();
    write!(errors, "{question}").and_then(|()| errors.flush())?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        return Err(Failed::Usage(both(
            "대답할 사람이 없으면 --yes를 주어야 합니다.",
            "where nobody can answer, --yes is needed",
        )));
    }
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "예" | "네");
    if is_yes { Ok(()) } else { Err(AppError::new(ErrorCode::Cancelled).into()) }
}
