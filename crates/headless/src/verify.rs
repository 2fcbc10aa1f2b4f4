//! `nosmoke verify`.

use nosmoke_composition::{Beside, Means};
use serde_json::json;

use crate::args::Folder;
use crate::error::{Failed, say};

pub async fn verify(means: Means, folder: Folder) -> Result<(), Failed> {
    let beside = Beside::open(means, &folder.data_dir).await?;
    let verified = beside.verify().await;
    beside.close().await;
    let verified = verified?;
    let broken: Vec<_> = verified
        .broken
        .iter()
        .map(|it| json!({ "incarnation": it.incarnation, "seq": it.seq, "flaw": format!("{:?}", it.flaw).to_lowercase() }))
        .collect();
    let whole = broken.is_empty();
    say(json!({ "ok": whole, "facts": verified.facts, "broken": broken }))?;
    if whole { Ok(()) } else { Err(Failed::Damaged) }
}
