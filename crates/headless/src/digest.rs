//! `nosmoke digest`: prints the number, heads and digest of all facts. Equal sets of facts print equal lines.

use nosmoke_composition::{Environment, ReadOnlyFolder};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use serde::Serialize;

use crate::args::Folder;
use crate::error::{Answer, Failed};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Head {
    /// Null if the incarnation's first facts haven't arrived, because only facts name its terminal.
    terminal: Option<TerminalId>,
    incarnation: IncarnationId,
    seq: u64,
}

pub async fn digest(environment: Environment, folder: Folder) -> Result<Answer, Failed> {
    let folder = ReadOnlyFolder::open(environment, &folder.data_dir).await?;
    let extent = folder.extent().await;
    folder.close().await;
    let (extent, terminals) = extent?;
    let of = |(incarnation, seq): (IncarnationId, u64)| {
        let terminal = terminals.get(&incarnation).copied();
        Head { terminal, incarnation, seq }
    };
    let mut heads: Vec<Head> = extent.heads.into_iter().filter(|(_, seq)| *seq > 0).map(of).collect();
    heads.sort_unstable();
    let digest = extent.digest.to_string();
    Ok(Answer::json(serde_json::json!({ "facts": extent.facts, "heads": heads, "digest": digest })))
}
