//! `nosmoke verify`: checks every page of the journal and the hash chain of every incarnation.

use nosmoke_composition::{Environment, ReadOnlyFolder};
use serde_json::json;

use crate::args::Folder;
use crate::error::{Answer, Failed};

pub async fn verify(environment: Environment, folder: Folder) -> Result<Answer, Failed> {
    let folder = ReadOnlyFolder::open(environment, &folder.data_dir).await?;
    let verified = folder.verify().await;
    folder.close().await;
    let verified = verified?;
    let broken: Vec<_> = verified
        .broken
        .iter()
        .map(|it| json!({ "incarnation": it.incarnation, "seq": it.seq, "flaw": format!("{:?}", it.flaw).to_lowercase() }))
        .collect();
    let whole = broken.is_empty();
    let found = json!({ "ok": whole, "facts": verified.facts, "broken": broken });
    if whole { Ok(Answer::json(found)) } else { Err(Failed::Partly(found, Box::new(Failed::Damaged))) }
}
