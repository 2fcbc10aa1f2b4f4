//! `nosmoke backup`: makes a backup, also while another program has the folder open.

use std::path::Path;

use nosmoke_application::csv::read_limited;
use nosmoke_composition::{Environment, Passphrase, Remarks, back_up_folder, is_stick_or_share};
use serde_json::json;

use crate::backup_args::BackupArgs;
use crate::error::{Answer, Failed, note};
use crate::signals::until_stopped;
use crate::texts::both;

pub async fn backup(environment: Environment, args: BackupArgs) -> Result<Answer, Failed> {
    let into = std::path::absolute(&args.out)?;
    let passphrase = args.passphrase_file.as_deref().map(read_passphrase).transpose()?;
    let made = back_up_folder(environment, &args.folder.data_dir, &into, passphrase, until_stopped()?).await?;
    let path = made.path.display().to_string();
    if !made.locked && is_stick_or_share(&made.path) {
        note(both(
            "백업이 USB 메모리나 공유 폴더에 암호 없이 있습니다. 가진 사람은 누구나 이름, 전화번호, 카드, 기록을 읽고 PIN을 맞혀 볼 수 \
             있습니다. --passphrase-file로 잠글 수 있습니다.",
            "the backup lies unlocked on a stick or a share: whoever has it reads all names, phones, cards and records, and can \
             try PINs. Lock it with --passphrase-file",
        ));
    }
    if made.remarks.not_private {
        note(both(
            "이 디스크는 파일을 이 사용자만 읽게 할 수 없습니다.",
            "this disk can't restrict files to this user",
        ));
    }
    if made.remarks.not_synced {
        note(both(
            "이 디스크는 다 썼다고 확인해 주지 않습니다. 안전하게 꺼낸 뒤 뽑으세요.",
            "this disk doesn't confirm that all is written: eject it before you pull it out",
        ));
    }
    let Remarks { not_private, not_synced } = made.remarks;
    let json = json!({
        "path": path, "facts": made.facts, "locked": made.locked, "notPrivate": not_private, "notSynced": not_synced,
    });
    Ok(Answer::with_text(json, path))
}

/// Reads a passphrase from a file.
///
/// # Errors
/// `file_unreadable`; a usage error if the file is empty or no text.
pub fn read_passphrase(path: &Path) -> Result<Passphrase, Failed> {
    let text = String::from_utf8(read_limited(path)?).ok();
    text.and_then(|text| Passphrase::new(&text)).ok_or(Failed::Usage(both(
        "--passphrase-file: 파일에 암호가 없습니다.",
        "--passphrase-file: the file has no passphrase",
    )))
}
